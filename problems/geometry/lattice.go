package geometry

import "math"

// Lattice is a structured mesh of axis-parallel cells: those of tensor-product lines that lie in the domain. Cells and
// points are numbered row by row, the last coordinate fastest.
type Lattice struct {
	Lines  [][]float64 // for each axis its lines, rising
	Inside []bool      // for each cell of the product whether it belongs to the domain; nil: all do
}

// Lattice divides the longest side of the box into the number of cells given, and the others into cells of about the
// same width, one at least.
func (b Box) Lattice(cells int) Lattice {
	b.check()
	longest := 0.0
	for i := range b.Lo {
		longest = max(longest, b.side(i))
	}
	l := Lattice{}
	for i := range b.Lo {
		n := int(math.Ceil(float64(cells)*b.side(i)/longest - 1e-9))
		l.Lines = append(l.Lines, split([]float64{b.Lo[i], b.Hi[i]}, n))
	}
	return l
}

// split divides each interval between neighbours of lines into n equal ones.
func split(lines []float64, n int) []float64 {
	out := []float64{lines[0]}
	for i, hi := range lines[1:] {
		lo := lines[i]
		for k := 1; k < n; k++ {
			out = append(out, lo+(hi-lo)*float64(k)/float64(n))
		}
		out = append(out, hi)
	}
	return out
}

// Dim returns d.
func (l Lattice) Dim() int { return len(l.Lines) }

// Cells is the number of cells along an axis.
func (l Lattice) Cells(axis int) int { return len(l.Lines[axis]) - 1 }

// Refine divides every cell into n along each axis.
func (l Lattice) Refine(n int) Lattice {
	out := Lattice{}
	for _, lines := range l.Lines {
		out.Lines = append(out.Lines, split(lines, n))
	}
	if l.Inside == nil {
		return out
	}
	coarse, at := make([]int, l.Dim()), make([]int, l.Dim())
	for ok := true; ok; ok = out.Next(at) {
		for a := range at {
			coarse[a] = at[a] / n
		}
		out.Inside = append(out.Inside, l.Has(coarse))
	}
	return out
}

// Next moves at to the next cell, whether or not it is inside; false after the last, with at back at the first.
func (l Lattice) Next(at []int) bool {
	for a := len(at) - 1; a >= 0; a-- {
		if at[a]++; at[a] < l.Cells(a) {
			return true
		}
		at[a] = 0
	}
	return false
}

// Has reports whether the cell is there and belongs to the domain.
func (l Lattice) Has(at []int) bool {
	k := 0
	for a, i := range at {
		if i < 0 || i >= l.Cells(a) {
			return false
		}
		k = k*l.Cells(a) + i
	}
	return l.Inside == nil || l.Inside[k]
}

// Cell is the box of a cell.
func (l Lattice) Cell(at []int) Box {
	b := Box{Lo: make([]float64, len(at)), Hi: make([]float64, len(at))}
	for a, i := range at {
		b.Lo[a], b.Hi[a] = l.Lines[a][i], l.Lines[a][i+1]
	}
	return b
}
