package formulations

import (
	"fmt"
	"math"
	"slices"

	"ngdbench/cost"
	"ngdbench/formulations/fem"
	"ngdbench/linalg/operator"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// pointsPerCell is how many quadrature points a cell of hats has along each axis where nobody says how many hats there
// are: low-degree tests with a rule of high precision (Berrone, Canuto, Pintore 2022, arXiv 2109.02035).
const pointsPerCell = 3

// newHats makes the hats of a mesh that do not vanish where nothing is prescribed.
func newHats(p *problems.Problem, t Tests, count int) (*TestSpace, error) {
	if t.Elements > 1 {
		return nil, fmt.Errorf("hats on %d elements: the number of hats an axis says it all", t.Elements)
	}
	perAxis := alongAxis(p, count)
	cells, points := max(2, perAxis/pointsPerCell), pointsPerCell
	if t.PerAxis > 0 {
		cells = t.PerAxis + 1
		points = (perAxis + cells - 1) / cells
	}
	if points < 2 {
		return nil, fmt.Errorf("%d quadrature points along an axis are too few for %d hats: they need %d", perAxis, t.PerAxis, 2*cells)
	}
	s, err := fem.NewSystem(p, meshOf(p, cells), 1, points)
	if err != nil {
		return nil, err
	}
	return newTestSpace(s.Rule(), s.Order(), func(robust bool) (mapMaker, error) { return hatMaps(s, robust) }), nil
}

// hatMaps keeps L⁻¹ of the Gram matrix LLᵀ as an operator behind the sparse test matrix.
func hatMaps(s *fem.System, robust bool) (mapMaker, error) {
	if robust {
		l, err := s.GramCholesky(nil)
		return func(m *cost.Meter) operator.Operator {
			return operator.ComposeOn(m, operator.InverseLower{BandCholesky: l}, operator.Sparse{CSR: s.Tests()})
		}, err
	}
	mean := *s.Tests()
	mean.Val = slices.Clone(mean.Val)
	for k := range mean.Val {
		mean.Val[k] *= weight(s.Order())
	}
	return func(*cost.Meter) operator.Operator { return operator.Sparse{CSR: &mean} }, nil
}

// alongAxis is the number of points along the longest axis of the domain of a grid with at least count points inside.
func alongAxis(p *problems.Problem, count int) int {
	l := p.Domain.Lattice(4)
	all, inside, at := 0, 0, make([]int, l.Dim())
	for ok := true; ok; ok = l.Next(at) {
		all++
		if l.Has(at) {
			inside++
		}
	}
	stretch := 1.0 // how much longer the longest axis is than the mean
	for a := range l.Lines {
		stretch *= 4 / float64(l.Cells(a))
	}
	return int(math.Ceil(math.Pow(float64(count)*stretch*float64(all)/float64(inside), 1/float64(l.Dim())) - 1e-9))
}

// meshOf is the mesh of a domain with about some cells along its longest axis, and with lines at the problem's breaks.
func meshOf(p *problems.Problem, cells int) geometry.Lattice {
	l := p.Domain.Lattice(cells)
	for a, breaks := range p.Breaks {
		if len(breaks) > 0 {
			parts := len(breaks) + 1
			coarse := geometry.Lattice{Lines: [][]float64{breakLines(p, p.Domain.Lattice(1), a)}}
			l.Lines[a] = coarse.Refine((cells + parts - 1) / parts).Lines[0]
		}
	}
	return l
}
