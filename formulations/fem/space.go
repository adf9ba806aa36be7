// Package fem holds finite elements of order k on structured meshes: spaces, the assembly of weak forms between a trial
// space and linear tests on the refined mesh, and direct solves.
//
// Letters: d dimensions, k the order of the trial space, N quadrature points, n test functions, α nodal values.
package fem

import (
	"fmt"
	"sort"

	"ngdbench/linalg"
	"ngdbench/problems/geometry"
)

// MaxOrder is the largest order of a space: equispaced nodes serve no higher one.
const MaxOrder = 8

// Space is the space Q_k of continuous functions that are polynomials of degree k in each coordinate on each cell of a
// mesh, with equispaced nodes: the vertices of the mesh refined k times. It is immutable.
type Space struct {
	mesh, fine geometry.Lattice
	order, d   int
	index      []int     // node of each vertex of the fine lattice, −1 where it belongs to no cell
	x          []float64 // nodes, len×d
	boundary   []bool
}

// NewSpace makes Q_order on a mesh.
func NewSpace(mesh geometry.Lattice, order int) (*Space, error) {
	if order < 1 || order > MaxOrder {
		return nil, fmt.Errorf("finite elements of order %d: want 1 to %d", order, MaxOrder)
	}
	for a := range mesh.Lines {
		if mesh.Cells(a) < 1 {
			return nil, fmt.Errorf("a mesh with %d elements along axis %d: want 1 or more", max(0, mesh.Cells(a)), a+1)
		}
	}
	s := &Space{mesh: mesh, fine: mesh.Refine(order), order: order, d: mesh.Dim()}
	at, cell := make([]int, s.d), make([]int, s.d)
	for ok := true; ok; ok = s.next(at) {
		switch n := s.around(at, cell); n {
		case 0:
			s.index = append(s.index, -1)
		default:
			s.index = append(s.index, len(s.boundary))
			s.boundary = append(s.boundary, n < 1<<s.d)
			for a, i := range at {
				s.x = append(s.x, s.fine.Lines[a][i])
			}
		}
	}
	return s, nil
}

// next moves at to the next vertex of the fine lattice.
func (s *Space) next(at []int) bool {
	for a := s.d - 1; a >= 0; a-- {
		if at[a]++; at[a] < len(s.fine.Lines[a]) {
			return true
		}
		at[a] = 0
	}
	return false
}

// around counts the cells of the fine lattice that a vertex belongs to.
func (s *Space) around(at, cell []int) int {
	n := 0
	for corner := range 1 << s.d {
		for a, i := range at {
			cell[a] = i - corner>>a&1
		}
		if s.fine.Has(cell) {
			n++
		}
	}
	return n
}

// Len is the number of nodes.
func (s *Space) Len() int { return len(s.boundary) }

// Nodes are the coordinates of the nodes, Len×d. They are not to be written to.
func (s *Space) Nodes() []float64 { return s.x }

// OnBoundary reports whether a node is on the boundary of the mesh.
func (s *Space) OnBoundary(node int) bool { return s.boundary[node] }

// Fine is the mesh whose vertices are the nodes.
func (s *Space) Fine() geometry.Lattice { return s.fine }

// Sampling is the matrix that takes nodal values to the values and gradients at the points x (N×d) of a function of the
// space: row f·N + i is functional f at point i, f = 0 the value, f = a the derivative along axis a. Columns are nodes.
func (s *Space) Sampling(x []float64) *linalg.CSR {
	n, per := len(x)/s.d, 1
	for range s.d {
		per *= s.order + 1
	}
	out := &linalg.CSR{Rows: (s.d + 1) * n, Cols: s.Len(), Start: make([]int, (s.d+1)*n+1),
		Col: make([]int, (s.d+1)*n*per), Val: make([]float64, (s.d+1)*n*per)}
	for r := range out.Rows {
		out.Start[r+1] = (r + 1) * per
	}
	cell, local := make([]int, s.d), make([]int, s.d)
	value, slope := make([][]float64, s.d), make([][]float64, s.d)
	for i := range n {
		for a, t := range x[i*s.d:][:s.d] {
			lines := s.mesh.Lines[a]
			c := sort.SearchFloat64s(lines, t) - 1
			cell[a] = min(max(c, 0), len(lines)-2)
			value[a], slope[a] = s.lagrange(lines[cell[a]], lines[cell[a]+1], t)
		}
		for at, ok := 0, true; ok; at, ok = at+1, s.nextLocal(local) {
			j := s.node(cell, local)
			for f := range s.d + 1 {
				k := (f*n+i)*per + at
				out.Col[k], out.Val[k] = j, shape(value, slope, local, f)
			}
		}
	}
	return out
}

// node is the node of a cell with the place local in it; nodes rise with the place.
func (s *Space) node(cell, local []int) int {
	v := 0
	for a := range cell {
		v = v*len(s.fine.Lines[a]) + cell[a]*s.order + local[a]
	}
	return s.index[v]
}

// shape is functional f of the basis function of a place in a cell.
func shape(value, slope [][]float64, local []int, f int) float64 {
	v := 1.0
	for a, l := range local {
		if a+1 == f {
			v *= slope[a][l]
		} else {
			v *= value[a][l]
		}
	}
	return v
}

// nextLocal runs through the nodes of a cell.
func (s *Space) nextLocal(local []int) bool {
	for a := s.d - 1; a >= 0; a-- {
		if local[a]++; local[a] <= s.order {
			return true
		}
		local[a] = 0
	}
	return false
}

// lagrange evaluates the k+1 Lagrange polynomials of the interval (lo, hi) at t, with their derivatives.
func (s *Space) lagrange(lo, hi, t float64) (value, slope []float64) {
	k := s.order
	z := (t - lo) / (hi - lo) * float64(k) // nodes at 0 … k
	value, slope = make([]float64, k+1), make([]float64, k+1)
	for j := range value {
		v, d := 1.0, 0.0
		for m := range k + 1 {
			if m != j {
				f := 1 / float64(j-m)
				d = d*(z-float64(m))*f + v*f
				v *= (z - float64(m)) * f
			}
		}
		value[j], slope[j] = v, d*float64(k)/(hi-lo)
	}
	return value, slope
}
