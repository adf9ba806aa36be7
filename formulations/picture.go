package formulations

import (
	"ngdbench/networks"
	"ngdbench/objective"
)

// Cells of the lattice that a picture is drawn on, in one dimension and in more.
const (
	lineCells  = 1000
	plainCells = 100
)

var _ objective.Fielder = (*Judge)(nil)

// Field is the network and the exact solution on a lattice over the domain: of its first two coordinates, where it has
// more the others being in the middle.
func (j *Judge) Field(theta []float64) objective.Field {
	f := objective.Field{Names: j.problem.Fields, Dim: j.d, X: j.grid()}
	n := len(f.X) / j.d
	f.U, f.Exact = make([]float64, n*j.f), make([]float64, n*j.f)
	networks.New(j.net, []networks.Group{{X: f.X, Order: networks.Value}}, nil, networks.Values, nil).Jets(theta, f.U)
	for i := range n {
		j.problem.Exact(f.X[i*j.d:][:j.d], f.Exact[i*j.f:][:j.f], nil)
	}
	return f
}

// grid lists the vertices of the lattice that a cell of the domain is at.
func (j *Judge) grid() []float64 {
	if j.d == 1 {
		return j.problem.Domain.Lattice(lineCells).Lines[0]
	}
	l := j.problem.Domain.Lattice(plainCells)
	cell, x := make([]int, j.d), make([]float64, j.d)
	for a := range j.d {
		cell[a] = l.Cells(a) / 2
		x[a] = l.Lines[a][cell[a]]
	}
	var out []float64
	for i, a := range l.Lines[0] {
		for k, b := range l.Lines[1] {
			has := false
			for corner := range 4 {
				cell[0], cell[1] = i-corner&1, k-corner>>1
				has = has || l.Has(cell)
			}
			if has {
				x[0], x[1] = a, b
				out = append(out, x...)
			}
		}
	}
	return out
}
