package geometry

import "math/rand/v2"

// LShape is (−1,1)² without [0,1)×(−1,0]: three unit squares around a re-entrant corner at the origin, where the angle
// from the positive x axis runs from 0 to 3π/2. Its parts are the interior and the boundary, of length 8.
type LShape struct{}

var _ Domain = LShape{}

// lEdges are the six edges, from a to b.
var lEdges = [6][2][2]float64{
	{{0, 0}, {1, 0}}, {{1, 0}, {1, 1}}, {{1, 1}, {-1, 1}}, {{-1, 1}, {-1, -1}}, {{-1, -1}, {0, -1}}, {{0, -1}, {0, 0}},
}

// Dim returns 2.
func (LShape) Dim() int { return 2 }

// Parts lists Interior and Boundary.
func (LShape) Parts() []Part { return []Part{Interior, Boundary} }

// Draw fills dst (n×2) with points uniform on the part. An interior point takes three numbers, for its square and its
// place there; a boundary point takes one, for the arc length.
func (LShape) Draw(dst []float64, part Part, r *rand.Rand) {
	if len(dst)%2 != 0 {
		panic("geometry: the length of the destination is no multiple of the dimension")
	}
	for ; len(dst) > 0; dst = dst[2:] {
		switch part {
		case Interior:
			lo := [3][2]float64{{-1, -1}, {-1, 0}, {0, 0}}[r.IntN(3)]
			dst[0], dst[1] = lo[0]+r.Float64(), lo[1]+r.Float64()
		case Boundary:
			s, i := 8*r.Float64(), 0
			for ; s >= lLength(i) && i < len(lEdges)-1; i++ {
				s -= lLength(i)
			}
			a, b, l := lEdges[i][0], lEdges[i][1], lLength(i)
			dst[0], dst[1] = a[0]+(b[0]-a[0])*s/l, a[1]+(b[1]-a[1])*s/l
		default:
			panic("geometry: an L-shape has no such part")
		}
	}
}

// lLength is the length of edge i, one of whose two directions is zero.
func lLength(i int) float64 {
	a, b := lEdges[i][0], lEdges[i][1]
	return max(b[0]-a[0], a[0]-b[0]) + max(b[1]-a[1], a[1]-b[1])
}

// Measure returns 3 for the interior and 8 for the boundary.
func (LShape) Measure(part Part) float64 {
	switch part {
	case Interior:
		return 3
	case Boundary:
		return 8
	}
	panic("geometry: an L-shape has no such part")
}

// Lattice divides the sides of length 2 into cells, made even so that lines run through the corner.
func (LShape) Lattice(cells int) Lattice {
	l := Box{Lo: []float64{-1, -1}, Hi: []float64{1, 1}}.Lattice(cells + cells%2)
	n := l.Cells(0)
	l.Inside = make([]bool, n*n)
	for i := range l.Inside {
		l.Inside[i] = i/n < n/2 || i%n >= n/2 // cell (x, y) is x·n + y
	}
	return l
}
