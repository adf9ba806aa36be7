package networks

// Order says which point derivatives a group of points carries.
type Order int

const (
	Value     Order = iota // u: C = 1
	Gradient               // u, ∂₁u … ∂_d u: C = d + 1
	Laplacian              // u, ∂₁u … ∂_d u, Δu: C = d + 2
)

// Shape is the list of channels of a jet in d dimensions.
type Shape struct {
	Dim   int
	Order Order
}

// Channels is C.
func (s Shape) Channels() int {
	switch s.Order {
	case Value:
		return 1
	case Gradient:
		return s.Dim + 1
	case Laplacian:
		return s.Dim + 2
	}
	panic("networks: unknown order")
}

// firsts is the number of first derivatives.
func (s Shape) firsts() int {
	if s.Order == Value {
		return 0
	}
	return s.Dim
}

// inputs writes the jets of x ↦ x at n points: channel c of point i is row c·n+i of dst, at leading dimension ld. It
// returns the number of channels that are not identically zero: the Laplacian of x is, and is left out.
func (s Shape) inputs(dst []float64, ld int, x []float64) int {
	n := len(x) / s.Dim
	for i := range n {
		copy(dst[i*ld:], x[i*s.Dim:][:s.Dim])
		for c := range s.firsts() {
			dst[((c+1)*n+i)*ld+c] = 1
		}
	}
	return s.active()
}

// active is the number of input channels that are not identically zero.
func (s Shape) active() int { return 1 + s.firsts() }
