package formulations

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
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
	rule   geometry.Rule
	n      int
	matrix operator.Operator                    // n × (1+d)N: weights times values and derivatives
	gram   blas64.General                       // the Gram matrix of Tests, where it is dense
	factor func() (*linalg.BandCholesky, error) // of the Gram matrix, where it is banded
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
			axes[a].k = usualTests(t.Family, points, elements)
		}
		if err := enough(axes[a], points, elements, d); err != nil {
			return nil, err
		}
		x[a], w[a] = geometry.Composite(lines, points)
	}
	return newTensor(p, axes, x, w), nil
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

// usualTests is half of the points: then the products of tests with what the network does on their scale are integrated
// too. The points of an element are fewer for Legendre bubbles than for sines, which see all.
func usualTests(f Family, points, elements int) int {
	if f == Sines {
		return max(1, points*elements/3)
	}
	return max(1, min(points/2, points-2))
}

// enough refuses tests that the quadrature cannot tell apart.
func enough(t tests1d, points, elements, d int) error {
	need := t.needed()
	if t.family == Sines { // two points a half wave
		need = (2*t.k + elements - 1) / elements
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

// newTensor makes the tensor products of functions of one coordinate, the last axis fastest.
func newTensor(p *problems.Problem, axes []tests1d, x, w [][]float64) *TestSpace {
	d := p.Dim()
	s := &TestSpace{rule: geometry.Tensor(x, w), n: 1}
	value, slope := make([]blas64.General, d), make([]blas64.General, d)
	mass, stiff := make([]blas64.General, d), make([]blas64.General, d)
	for a, t := range axes {
		s.n *= t.len()
		value[a], slope[a] = t.sample(x[a])
		mass[a], stiff[a] = t.gram()
	}
	n := len(s.rule.W)
	m := linalg.New(nil, s.n, (d+1)*n)
	for f := range d + 1 {
		factors := pickSlope(value, slope, f)
		kronecker(factors, func(i, j int, v float64) { m.Data[i*m.Stride+f*n+j] = v * s.rule.W[j] })
	}
	s.matrix = operator.Matrix{General: m}
	s.gram = linalg.New(nil, s.n, s.n)
	for f := 1; f <= d; f++ {
		kronecker(pickSlope(mass, stiff, f), func(i, j int, v float64) { s.gram.Data[i*s.gram.Stride+j] += p.Weak.Weight() * v })
	}
	return s
}

// pickSlope is the factors with that of axis f, if any, taken from slope.
func pickSlope(value, slope []blas64.General, f int) []blas64.General {
	out := append([]blas64.General(nil), value...)
	if f > 0 {
		out[f-1] = slope[f-1]
	}
	return out
}

// kronecker calls set for all elements of the Kronecker product of factors.
func kronecker(factors []blas64.General, set func(i, j int, v float64)) {
	rows, cols := 1, 1
	for _, f := range factors {
		rows, cols = rows*f.Rows, cols*f.Cols
	}
	for i := range rows {
		for j := range cols {
			v, ri, rj := 1.0, i, j
			for a := len(factors) - 1; a >= 0; a-- {
				f := factors[a]
				v *= f.Data[ri%f.Rows*f.Stride+rj%f.Cols]
				ri, rj = ri/f.Rows, rj/f.Cols
			}
			set(i, j, v)
		}
	}
}

// Len is n.
func (s *TestSpace) Len() int { return s.n }

// Points is the number of quadrature points.
func (s *TestSpace) Points() int { return len(s.rule.W) }

// Map returns how a map of the fluxes to residuals is made for each point of an objective: the integrals against the
// tests, each times scale. Robust, it is L⁻¹ times that, LLᵀ being the Gram matrix of the tests in the inner product
// ε∫∇v·∇w, so that the norm of the residuals is the dual norm of the residual functional over the test space: as one
// matrix where the Gram matrix is dense, with L⁻¹ kept as an operator where it is banded. It fails where the Gram matrix
// is singular.
func (s *TestSpace) Map(robust bool, scale float64) (func(*cost.Meter) operator.Operator, error) {
	if s.factor == nil {
		m, err := s.denseMap(robust, scale)
		return func(*cost.Meter) operator.Operator { return m }, err
	}
	m := *s.matrix.(operator.Sparse).CSR
	m.Val = slices.Clone(m.Val)
	for k := range m.Val {
		m.Val[k] *= scale
	}
	sparse := operator.Sparse{CSR: &m}
	if !robust {
		return func(*cost.Meter) operator.Operator { return sparse }, nil
	}
	l, err := s.factor()
	return func(meter *cost.Meter) operator.Operator {
		return operator.ComposeOn(meter, operator.InverseLower{BandCholesky: l}, sparse)
	}, err
}

func (s *TestSpace) denseMap(robust bool, scale float64) (operator.Matrix, error) {
	from := s.matrix.(operator.Matrix).General
	m := linalg.New(nil, from.Rows, from.Cols)
	linalg.Copy(m, from)
	for i := range m.Data {
		m.Data[i] *= scale
	}
	if !robust {
		return operator.Matrix{General: m}, nil
	}
	var c linalg.Cholesky
	c.Reset(s.n, nil)
	if !c.Factor(s.gram, 0) {
		return operator.Matrix{}, fmt.Errorf("the Gram matrix of %d tests is singular", s.n)
	}
	linalg.Trsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, 1, c.L(), m)
	return operator.Matrix{General: m}, nil
}
