package cost

// Shape is what the price of a tangent map depends on. For an objective that does not say, it is that of a dense n×P
// matrix: one layer, one channel.
type Shape struct {
	Params int // P
	Rows   int // n
	Groups []PointGroup
	Layers [][2]int // inputs and outputs of each layer of the network
}

// PointGroup is N points that carry C channels of point derivatives and Rows residuals each.
type PointGroup struct{ Points, Channels, Rows int }

// Dense is the shape of an n×P matrix.
func Dense(rows, params int) Shape {
	return Shape{params, rows, []PointGroup{{rows, 1, 1}}, [][2]int{{max(0, params-1), 1}}}
}

// channels is Σ N·C, over the groups; with functionals, Σ N·C·Rows.
func (s *Shape) channels(functionals bool) float64 {
	sum := 0
	for _, g := range s.Groups {
		c := g.Points * g.Channels
		if functionals {
			c *= g.Rows
		}
		sum += c
	}
	return float64(sum)
}

// width is the sum of the widths of hidden layers.
func (s *Shape) width() float64 {
	sum := 0
	for _, l := range s.Layers[:max(0, len(s.Layers)-1)] {
		sum += l[1]
	}
	return float64(sum)
}

// product is CNP, half the flops of T v, and vectors is CNW, the numbers that T v reads; C counts each functional anew.
func (s *Shape) product() (product, vectors float64) {
	c := s.channels(true)
	return c * float64(s.Params), c * s.width()
}

// network is CNP and CNW of a pass through the network.
func (s *Shape) network() (product, activations float64) {
	c := s.channels(false)
	return c * float64(s.Params), c * s.width()
}

// kernel is the flops of TTᵀ from the diagonal on, each pair of groups and each layer in the cheaper of two ways: by products of
// channels, 2CC'(In + Out) for two rows, or as rows of T, 2·In·Out. The first and the last layer are taken as rows.
func (s *Shape) kernel() (channels, dense float64) {
	for _, g := range s.Groups {
		for _, h := range s.Groups {
			pairs := float64(g.Points*g.Rows) * float64(h.Points*h.Rows)
			for l, size := range s.Layers {
				rows, structured := size[0]*size[1]+size[1], g.Channels*h.Channels*(size[0]+size[1])
				if inner := l > 0 && l < len(s.Layers)-1; inner && structured < rows {
					channels += pairs * float64(structured)
				} else {
					dense += pairs * float64(rows)
				}
			}
		}
	}
	return channels, dense
}

// Store is about how many numbers a tangent map in Khatri-Rao form holds, NC·2W and the collapsed rows, with the 16 partial sums of
// a product.
func (s *Shape) Store() float64 {
	return (s.channels(false)+s.channels(true))*s.width() + s.Points()
}

// Points is about how many numbers an evaluation without a tangent map holds: coordinates and their channels, residuals, partial sums.
func (s *Shape) Points() float64 {
	return 8*s.channels(false) + 20*float64(s.Params)
}

// KernelFloats is about how many numbers TTᵀ needs beside itself: T where that is small and its rows are the cheaper way, and slabs.
func (s *Shape) KernelFloats() float64 {
	channels, dense := s.kernel()
	n, p := float64(s.Rows), float64(s.Params)
	if n*p <= 1<<23 && dense > channels {
		return n * p
	}
	return 64 * (n + p)
}
