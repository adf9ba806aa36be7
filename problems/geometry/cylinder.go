package geometry

import "math/rand/v2"

// Cylinder is space-time: Space × (0, End), time being the last coordinate. Its parts are the interior, the
// boundary ∂Space × (0, End), and the initial slice Space × {0}.
type Cylinder struct {
	Space Box
	End   float64
}

var _ Domain = Cylinder{}

// Box is the cylinder as a box, of dimension d = Space.Dim()+1.
func (c Cylinder) Box() Box {
	return Box{Lo: append(append([]float64{}, c.Space.Lo...), 0), Hi: append(append([]float64{}, c.Space.Hi...), c.End)}
}

// Dim returns the dimension of space and time together.
func (c Cylinder) Dim() int { return c.Space.Dim() + 1 }

// Parts lists Interior, Boundary and Initial.
func (c Cylinder) Parts() []Part { return []Part{Interior, Boundary, Initial} }

// Draw fills dst (n×d, row-major) with points uniform on the part. A point takes the numbers of a point of Space, then
// one for its time, which a point of the initial slice lacks.
func (c Cylinder) Draw(dst []float64, part Part, r *rand.Rand) {
	d := c.Dim()
	if len(dst)%d != 0 {
		panic("geometry: the length of the destination is no multiple of the dimension")
	}
	in := part
	if part == Initial {
		in = Interior
	}
	for i := 0; len(dst) > 0; i, dst = i+1, dst[d:] {
		if d == 2 && in == Boundary {
			dst[0] = [2]float64{c.Space.Lo[0], c.Space.Hi[0]}[i%2] // the ends take turns, as in a Box
		} else {
			c.Space.Draw(dst[:d-1], in, r)
		}
		if dst[d-1] = 0; part != Initial {
			dst[d-1] = c.End * r.Float64()
		}
	}
}

// Measure returns the volume of the part.
func (c Cylinder) Measure(part Part) float64 {
	if part == Initial {
		return c.Space.Measure(Interior)
	}
	return c.Space.Measure(part) * c.End
}

// Lattice divides the cylinder as a box.
func (c Cylinder) Lattice(cells int) Lattice { return c.Box().Lattice(cells) }
