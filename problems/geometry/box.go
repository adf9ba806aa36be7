package geometry

import (
	"math/rand/v2"
)

// Box is the axis-parallel box (Lo₁, Hi₁) × … × (Lo_d, Hi_d) in R^d, d ≥ 1. Its parts are the interior and the boundary,
// which consists of the 2d faces x_i = Lo_i and x_i = Hi_i.
//
// Every method panics where the box has no dimension or a side that is not longer than zero.
type Box struct{ Lo, Hi []float64 }

// Cube returns the unit cube (0,1)^d.
func Cube(d int) Box {
	b := Box{Lo: make([]float64, d), Hi: make([]float64, d)}
	for i := range b.Hi {
		b.Hi[i] = 1
	}
	return b
}

var _ Domain = Box{}

// Dim returns d.
func (b Box) Dim() int {
	b.check()
	return len(b.Lo)
}

// Parts lists Interior and Boundary.
func (b Box) Parts() []Part { return []Part{Interior, Boundary} }

// Draw fills dst (n×d, row-major) with n = len(dst)/d independent points, uniform on the part. A point of the interior
// takes d numbers from r; one of the boundary takes one for its face, faces being as likely as their measure is large,
// then d−1 for the place on it. In one dimension the boundary is two points, which take turns, and nothing is drawn.
//
// The stream is used point after point, so the first points of a longer draw are those of a shorter one.
func (b Box) Draw(dst []float64, part Part, r *rand.Rand) {
	d := b.Dim()
	if len(dst)%d != 0 {
		panic("geometry: the length of the destination is no multiple of the dimension")
	}
	draw := b.inside
	switch part {
	case Interior:
	case Boundary:
		if d == 1 {
			b.ends(dst)
			return
		}
		draw = b.onFace
	default:
		panic("geometry: a box has no such part")
	}
	for ; len(dst) > 0; dst = dst[d:] {
		draw(dst[:d], r)
	}
}

// Measure returns Π (Hi_i − Lo_i) for the interior and twice the sum of the face volumes for the boundary. In one
// dimension a face is a point and counts 1.
func (b Box) Measure(part Part) float64 {
	b.check()
	switch part {
	case Interior:
		v := 1.0
		for i := range b.Lo {
			v *= b.side(i)
		}
		return v
	case Boundary:
		v := 0.0
		for i := range b.Lo {
			v += 2 * b.face(i)
		}
		return v
	}
	panic("geometry: a box has no such part")
}

func (b Box) side(i int) float64 { return b.Hi[i] - b.Lo[i] }

// face is the (d−1)-volume of each of the two faces normal to e_i.
func (b Box) face(i int) float64 {
	v := 1.0
	for j := range b.Lo {
		if j != i {
			v *= b.side(j)
		}
	}
	return v
}

func (b Box) inside(x []float64, r *rand.Rand) {
	for i := range x {
		x[i] = b.Lo[i] + b.side(i)*r.Float64()
	}
}

func (b Box) onFace(x []float64, r *rand.Rand) {
	i, high := b.pick(r.Float64() * b.Measure(Boundary))
	for j := range x {
		switch {
		case j != i:
			x[j] = b.Lo[j] + b.side(j)*r.Float64()
		case high:
			x[j] = b.Hi[j]
		default:
			x[j] = b.Lo[j]
		}
	}
}

// ends fills x with the two ends of an interval in turn.
func (b Box) ends(x []float64) {
	for i := range x {
		if x[i] = b.Lo[0]; i%2 == 1 {
			x[i] = b.Hi[0]
		}
	}
}

// pick returns the face that the number s in [0, boundary measure) falls on when the faces are laid end to end, in the
// order Lo₁, Hi₁, Lo₂, …; what rounding leaves over falls on the last.
func (b Box) pick(s float64) (axis int, high bool) {
	for i := range b.Lo {
		f := b.face(i)
		if s < f {
			return i, false
		}
		if s -= f; s < f {
			return i, true
		}
		s -= f
	}
	return len(b.Lo) - 1, true
}

func (b Box) check() {
	if len(b.Lo) == 0 || len(b.Lo) != len(b.Hi) {
		panic("geometry: a box needs as many lower as upper ends, and at least one")
	}
	for i, lo := range b.Lo {
		if !(b.Hi[i] > lo) {
			panic("geometry: a box needs Lo < Hi on every axis")
		}
	}
}
