package formulations

import (
	"errors"
	"fmt"
	"math"
	"sync"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// Tests says which functions a weak form is tested with. The zero value is Legendre bubbles on one element.
type Tests struct {
	Family Family
	Hats   bool // finite element hats on a mesh instead of a Family
	// PerAxis is K, the tests along each axis of an element, or the hats along the longest side; 0: half of the quadrature
	// points there, or as many as leave three points to each cell.
	PerAxis int
	// Elements is the number of elements along each axis, between breaks of the problem; 0: 1. Not for Hats and Sines.
	Elements int
}

// TestSpace is test functions φ_1 … φ_n with a quadrature rule.
type TestSpace struct {
	rule          geometry.Rule
	n             int
	plain, robust func() (mapMaker, error)
}

// mapMaker makes a map of the fluxes to residuals for a point of an objective, its workspace booked on the meter.
type mapMaker func(*cost.Meter) operator.Operator

// newTestSpace computes what its maps share once, when it is first asked for.
func newTestSpace(rule geometry.Rule, n int, maps func(robust bool) (mapMaker, error)) *TestSpace {
	once := func(robust bool) func() (mapMaker, error) {
		return sync.OnceValues(func() (mapMaker, error) { return maps(robust) })
	}
	return &TestSpace{rule: rule, n: n, plain: once(false), robust: once(true)}
}

// errNotABox says what tensor products need.
var errNotABox = errors.New("tensor-product tests need a box; take hats (the part hats)")

// NewTestSpace makes tests for a problem with about count quadrature points, at least as many. It refuses a quadrature
// that is too coarse for the tests, and names the number of points that is needed.
func NewTestSpace(p *problems.Problem, t Tests, count int) (*TestSpace, error) {
	if p.Weak == nil {
		return nil, fmt.Errorf("%s has no weak form", p.Name)
	}
	if t.PerAxis < 0 || t.Elements < 0 {
		return nil, fmt.Errorf("%d tests on %d elements along an axis: want numbers > 0", t.PerAxis, t.Elements)
	}
	if t.Hats {
		return newHats(p, t, count)
	}
	base := p.Domain.Lattice(1)
	if base.Inside != nil {
		return nil, errNotABox
	}
	d := p.Dim()
	axes := make([]tests1d, d)
	x, w := make([][]float64, d), make([][]float64, d)
	perAxis := int(math.Ceil(math.Pow(float64(count), 1/float64(d)) - 1e-9))
	for a := range axes {
		lines := breakLines(p, base, a)
		if t.Family == Legendre {
			lines = (geometry.Lattice{Lines: [][]float64{lines}}).Refine(max(1, t.Elements)).Lines[0]
		}
		elements := len(lines) - 1
		points := max(1, (perAxis+elements-1)/elements)
		axes[a] = tests1d{t.Family, lines, t.PerAxis}
		if t.PerAxis == 0 {
			axes[a].k = usualTests(t.Family, points)
		}
		if err := enough(axes[a], points, elements, d); err != nil {
			return nil, err
		}
		x[a], w[a] = geometry.Composite(lines, points)
	}
	return newTestSpace(geometry.Tensor(x, w), size(axes), func(robust bool) (mapMaker, error) {
		return tensorMaps(axes, x, w, p.Weak.Weight(), robust)
	}), nil
}

// breakLines are the ends of an axis of a box with the problem's breaks between.
func breakLines(p *problems.Problem, base geometry.Lattice, a int) []float64 {
	lines := base.Lines[a]
	out := []float64{lines[0]}
	if a < len(p.Breaks) {
		out = append(out, p.Breaks[a]...)
	}
	return append(out, lines[len(lines)-1])
}

// usualTests is half of the points of an element: then the products of tests with what the network does on their scale are
// integrated too; a third for sines, whose quadrature is never exact.
func usualTests(f Family, points int) int {
	if f == Sines {
		return max(1, points/3)
	}
	return max(1, min(points/2, points-2))
}

// enough refuses tests that the quadrature cannot tell apart.
func enough(t tests1d, points, elements, d int) error {
	need := t.needed()
	if t.family == Sines { // two points a half wave, in the widest interval
		widest, all := 0.0, t.lines[len(t.lines)-1]-t.lines[0]
		for i, hi := range t.lines[1:] {
			widest = max(widest, hi-t.lines[i])
		}
		need = int(math.Ceil(2*float64(t.k)*widest/all - 1e-9))
	}
	if points >= need {
		return nil
	}
	total := 1.0
	for range d {
		total *= float64(need * elements)
	}
	return fmt.Errorf("%d quadrature points along an axis of an element are too few for %d tests there: they need %d, %.0f points in all",
		points, t.k, need, total)
}

// Len is n.
func (s *TestSpace) Len() int { return s.n }

// Points is the number of quadrature points.
func (s *TestSpace) Points() int { return len(s.rule.W) }

// Map returns how a map of the fluxes to residuals is made for each point of an objective: functional f at quadrature point
// i, row f·N + i, goes to its integral against each test, times n^{-1/2}: a mean of squares over the tests. Robust, the map
// is a W with WᵀW = MᵀG⁻¹M for the matrix M of the integrals alone and the Gram matrix G of the tests in the inner product
// ε∫∇v·∇w: the norm of the residuals is the dual norm of the residual functional over the test space. It fails where the
// Gram matrix is singular.
func (s *TestSpace) Map(robust bool) (func(*cost.Meter) operator.Operator, error) {
	if robust {
		return s.robust()
	}
	return s.plain()
}
