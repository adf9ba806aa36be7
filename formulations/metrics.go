package formulations

import (
	"fmt"
	"math"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// field is a metric of functions, g(v,w) = Σ_i w_i (C_iᵀ j_i(v))·(C_iᵀ j_i(w)) with j_i(v) the jet v, ∂₁v … ∂_d v at
// quadrature point i: the tangent map has the rows √w_i C_iᵀ j_i, behind them those of the data, if any.
type field struct {
	net   *networks.Network
	rule  geometry.Rule
	order networks.Order
	rows  int // of each point
	data  []collocation
	c     int // entries of the jet
	// factor writes C_iᵀ for the jet of u_θ, rows×c.
	factor func(i int, jet, out []float64) error
}

// Values is the metric ∫ v w of L².
func Values(p *problems.Problem, net *networks.Network, count int) (objective.Metric, error) {
	return sobolev(p, net, count, networks.Value)
}

// Sobolev is the metric ∫ v w + ∇v·∇w of H¹.
func Sobolev(p *problems.Problem, net *networks.Network, count int) (objective.Metric, error) {
	return sobolev(p, net, count, networks.Gradient)
}

func sobolev(p *problems.Problem, net *networks.Network, count int, order networks.Order) (objective.Metric, error) {
	f, err := newField(p, net, count, order)
	if err != nil {
		return nil, err
	}
	f.factor = func(_ int, _, out []float64) error {
		clear(out)
		for k := range f.rows {
			out[k*f.c+k] = 1
		}
		return nil
	}
	return f.check()
}

// newField prepares a metric of functions of one field or several, with count quadrature points or more.
func newField(p *problems.Problem, net *networks.Network, count int, order networks.Order) (*field, error) {
	net, err := Fit(p, net)
	if err != nil {
		return nil, err
	}
	c := networks.Shape{Dim: p.Dim(), Order: order}.Channels() * len(p.Fields)
	return &field{net: net, rule: volumeRule(p, count), order: order, c: c, rows: c}, nil
}

// check refuses a tangent map with fewer rows than parameters: the part of the gradient outside of its range would be
// divided by the damping alone.
func (f *field) check() (objective.Metric, error) {
	if n, p := f.rowsAll(), f.net.Size(); n < p {
		return nil, fmt.Errorf("the metric has %d rows for %d parameters: it needs as many", n, p)
	}
	return f, nil
}

func (f *field) rowsAll() int { return len(f.rule.W)*f.rows + rowsOf(f.data) }

// Curvature says which part of an energy's second variation a metric takes.
type Curvature int

const (
	Whole    Curvature = iota // all of it; it must be positive semi-definite
	Positive                  // its positive part, pointwise
)

// Energy is the metric of the energy's second variation at u_θ, ∫ j(v)ᵀ e″ j(w): what natural gradients of Deep Ritz are
// taken in (Müller, Zeinhofer 2023). Data come as the squares of their residuals, where they are not built into the
// network.
func Energy(p *problems.Problem, net *networks.Network, count int, part Curvature, data Data) (objective.Metric, error) {
	if p.Energy == nil {
		return nil, fmt.Errorf("%s minimises no energy", p.Name)
	}
	if part == Whole && !p.Energy.Convex {
		return nil, fmt.Errorf("the second variation of %s is not positive: take its positive part (the part positive)", p.Name)
	}
	f, err := newField(p, net, count, networks.Gradient)
	if err != nil {
		return nil, err
	}
	f.data = data.parts
	d := p.Dim()
	f.factor = func(i int, jet, out []float64) error {
		p.Energy.Density(f.rule.X[i*d:][:d], jet, nil, out)
		return root(out, f.c, part)
	}
	return f, nil
}

// New makes a tape whose rows are those of T.
func (f *field) New(m *cost.Meter) (operator.Operator, func(theta []float64)) {
	tape := networks.New(f.net, f.groups(), mixed{f, newStrong(f.data, m)}, networks.Tangents, m)
	r := m.Floats(f.rowsAll())
	return tape.Tangent(), func(theta []float64) { tape.Linearise(theta, r) }
}

func (f *field) groups() []networks.Group {
	return append([]networks.Group{{X: f.rule.X, Order: f.order, Rows: f.rows}}, groups(f.data)...)
}

// Shape is the points of the metric.
func (f *field) Shape() cost.Shape {
	return networkShape(cost.Shape{Params: f.net.Size(), Rows: f.rowsAll()}, f.net, f.groups())
}

// Rows writes √w C_iᵀ; what it calls residuals means nothing.
func (f *field) Rows(_, lo, hi int, jets, r, seed []float64) {
	size := f.rows * f.c
	clear(r[:(hi-lo)*f.rows])
	if seed == nil {
		return
	}
	for i := range hi - lo {
		q := seed[i*size:][:size]
		if err := f.factor(lo+i, jets[i*f.c:][:f.c], q); err != nil {
			for k := range q {
				q[k] = math.NaN()
			}
		}
		w := math.Sqrt(f.rule.W[lo+i])
		for k := range q {
			q[k] *= w
		}
	}
}
