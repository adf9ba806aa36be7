package formulations

import (
	"fmt"
	"math/rand/v2"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
)

// Weak is the least-squares problem of the residuals of a weak form against test functions φ_1 … φ_n, beside the strong
// residuals of the data,
//
//	r_k(θ) = ∫ F₀(u_θ) φ_k + F(u_θ)·∇φ_k,   L(θ) = ½‖Wr‖² + the blocks of a PINN outside of the interior,
//
// by quadrature. A variational PINN has W = n^{-1/2}: a mean over the tests. A robust one has W = L⁻¹, LLᵀ = G being the
// Gram matrix of the tests in the inner product ε∫∇v·∇w of H¹₀: its loss ½rᵀG⁻¹r, the squared dual norm of the residual,
// does not depend on the basis of the test space, and its root estimates the error in the energy norm.
//
// Sources: Kharazmi, Zhang, Karniadakis (2021), hp-VPINNs, arXiv 2003.05385; Berrone, Canuto, Pintore (2022), arXiv
// 2109.02035 (hats); Rojas, Maczuga, Muñoz-Matute, Pardo, Paszyński (2024), Robust VPINNs, arXiv 2308.16910, section 3.
type Weak struct {
	tested
	problem *problems.Problem
	space   *TestSpace
}

// WeakSetup says what a Weak is made of. The zero value is a variational PINN with its usual tests and weights.
type WeakSetup struct {
	Tests   Tests
	Robust  bool
	Weights Weights // of the data: Data and Scaling as in a PINN; tests know no points
}

// NewWeak makes the objective with at least counts[0] quadrature points in the interior and counts[k] random points,
// drawn from r, on the parts behind it; the network is made to fit the problem.
func NewWeak(p *problems.Problem, net *networks.Network, counts []int, s WeakSetup, r *rand.Rand) (*Weak, error) {
	if p.Weak == nil {
		return nil, fmt.Errorf("%s has no weak form", p.Name)
	}
	net, err := Fit(p, net)
	if err != nil {
		return nil, err
	}
	if err := checkPoints(p, counts, net.Ansatz != nil); err != nil {
		return nil, err
	}
	space, err := NewTestSpace(p, s.Tests, counts[0])
	if err != nil {
		return nil, err
	}
	data, err := dataBlocks(p, counts, s.Weights, r)
	if err != nil {
		return nil, err
	}
	newMap, err := space.Map(s.Robust)
	if err != nil {
		return nil, err
	}
	f := newFlux(p, space.rule.X)
	return &Weak{problem: p, space: space, tested: tested{
		net: net, layout: Params(net), data: data, rows: space.n,
		own:     networks.Group{X: space.rule.X, Order: networks.Gradient, Rows: p.Dim() + 1},
		measure: func() networks.Functional { return f },
		rowMap:  func(m *cost.Meter) rowMap { return linear{newMap(m)} },
	}}, nil
}

// Tests is the test space.
func (f *Weak) Tests() *TestSpace { return f.space }

// Counts is the number of quadrature points, then those of points on the other parts.
func (f *Weak) Counts() []int {
	n := []int{f.space.Points()}
	for _, c := range f.data {
		n = append(n, c.n)
	}
	return n
}

// Dual is the metric of the dual norm over the test space: T is the derivative of L⁻¹r, whatever W is, with the rows of
// the data below. For a robust VPINN it is Gauss-Newton.
func (f *Weak) Dual() (objective.Metric, error) {
	newMap, err := f.space.Map(true)
	if err != nil {
		return nil, err
	}
	g := f.tested
	g.rowMap = func(m *cost.Meter) rowMap { return linear{newMap(m)} }
	return jacobian{&g}, nil
}

// jacobian is the metric of a least-squares problem, its Jacobian being the tangent map.
type jacobian struct{ o *tested }

// New makes a point of the least-squares problem.
func (j jacobian) New(m *cost.Meter) (operator.Operator, func(theta []float64)) {
	p := objective.NewPoint(j.o, objective.Tangent, m)
	w := p.Work.(*testedWork)
	return w.t, func(theta []float64) {
		w.tape.Linearise(theta, w.f)
		w.m.linearise(w.f[:w.own])
	}
}

// Shape is that of the least-squares problem.
func (j jacobian) Shape() cost.Shape { return j.o.Shape() }
