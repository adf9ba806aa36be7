package formulations

import (
	"fmt"

	"ngdbench/cost"
	"ngdbench/formulations/fem"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
)

// FEINN fits the network's values α(θ) at the free nodes of a finite element space to the finite element equations
// r(α) = 0: the interpolated network satisfies the weak form against the hats of the refined mesh. Prescribed values are
// taken at the nodes, so that nothing weighs against the residual. With A = ∂r/∂α and J₀ = ∂α/∂θ, which needs no
// derivative of the network,
//
//	norm      loss                  Gramian
//	ℓ²        ½‖r‖²                 J₀ᵀAᵀA J₀
//	dual      ½ rᵀB⁻¹r              J₀ᵀAᵀB⁻¹A J₀, B the Gram matrix of the tests
//	energy    ½ αᵀAα − bᵀα          J₀ᵀA J₀, A symmetric positive definite: Deep Ritz on nodal values
//
// Sources: Badia, Li, Martín (2024), Finite element interpolated neural networks, arXiv 2306.06304, section 3; Berrone,
// Canuto, Pintore (2022), arXiv 2109.02035.
type FEINN struct {
	tested
	problem *problems.Problem
	system  *fem.System
	energy  bool
	b       []float64 // of the energy: −r(0)
}

// Norm is that of a FEINN's residual.
type Norm int

const (
	Euclidean Norm = iota
	DualNorm
	EnergyNorm
)

// FEINNSetup says what a FEINN is made of. The zero value is linear elements with the Euclidean norm.
type FEINNSetup struct {
	Order      int // k of the trial space; 0: 1
	Norm       Norm
	Quadrature int // Gauss-Legendre points along each axis of a cell of the refined mesh; 0: k+2
}

// NewFEINN makes the objective on a mesh whose refined vertices are about count, at most; the network is made to fit the
// problem.
func NewFEINN(p *problems.Problem, net *networks.Network, count int, s FEINNSetup) (*FEINN, error) {
	net, err := Fit(p, net)
	if err != nil {
		return nil, err
	}
	if s.Order == 0 {
		s.Order = 1
	}
	if p.Weak != nil && s.Norm == EnergyNorm && (!p.Weak.Symmetric || !p.Weak.Affine || s.Order > 1) {
		return nil, fmt.Errorf("the energy norm needs a linear symmetric problem and elements of order 1: %s, order %d, is none", p.Name, s.Order)
	}
	cells := (alongAxis(p, count) - 1) / s.Order
	if cells < 1 {
		return nil, fmt.Errorf("points: %d nodes make a mesh with no element of order %d", count, s.Order)
	}
	system, err := fem.NewSystem(p, meshOf(p, cells), s.Order, s.Quadrature)
	if err != nil {
		return nil, err
	}
	f := &FEINN{problem: p, system: system, energy: s.Norm == EnergyNorm}
	f.tested = tested{
		net: net, layout: Params(net), rows: system.Order(),
		own:     networks.Group{X: system.FreeNodes(), Order: networks.Value, Rows: 1},
		measure: func() networks.Functional { return nodal{} },
	}
	lower, err := f.whitening(s.Norm)
	if err != nil {
		return nil, err
	}
	f.rowMap = func(m *cost.Meter) rowMap { return newNodalMap(system, lower, m) }
	if f.energy {
		f.b = make([]float64, system.Order())
		system.NewState(nil).Residual(f.b, make([]float64, system.Order()))
		for i := range f.b {
			f.b[i] = -f.b[i]
		}
	}
	return f, nil
}

// whitening factors the matrix in whose inverse the residual is measured; nil for the Euclidean norm.
func (f *FEINN) whitening(norm Norm) (*linalg.BandCholesky, error) {
	switch norm {
	case DualNorm:
		return f.system.GramCholesky(nil)
	case EnergyNorm:
		return fem.Cholesky(f.system.NewState(nil).A(), "the finite element matrix", nil)
	}
	return nil, nil
}

// Dual is the metric of the dual norm: T is the derivative of L⁻¹r, LLᵀ being the Gram matrix of the tests, whatever the
// norm of the loss is.
func (f *FEINN) Dual() (objective.Metric, error) {
	lower, err := f.whitening(DualNorm)
	if err != nil {
		return nil, err
	}
	g := f.tested
	g.rowMap = func(m *cost.Meter) rowMap { return newNodalMap(f.system, lower, m) }
	return jacobian{&g}, nil
}

// System is the discretisation.
func (f *FEINN) System() *fem.System { return f.system }

// Offers no residual for the energy, which is no sum of squares; everything but layer factors else.
func (f *FEINN) Offers() objective.Quantity {
	if f.energy {
		return objective.Loss | objective.Grad | objective.Tangent
	}
	return f.tested.Offers()
}

// Start makes the point's tape and map.
func (f *FEINN) Start(p *objective.Point, want objective.Quantity) operator.Operator {
	t := f.tested.Start(p, want)
	if f.energy {
		p.Work.(*testedWork).r, p.Residual = p.Residual, nil
	}
	return t
}

// Eval computes the loss. The energy is that of A, of which the whitened residual is L⁻¹(Aα − b), so ½αᵀAα − bᵀα =
// ½αᵀ(r − b), and its gradient J₀ᵀr.
func (f *FEINN) Eval(p *objective.Point, want objective.Quantity) {
	if !f.energy {
		f.tested.Eval(p, want)
		return
	}
	w := p.Work.(*testedWork)
	m := w.m.(*nodalMap)
	w.forward(p.Theta, want)
	m.state.Residual(w.r, w.f)
	p.Loss = 0
	for i, a := range w.f {
		p.Loss += float64(a * (w.r[i] - f.b[i]) / 2)
	}
	p.Have |= objective.Loss
	if want&objective.Grad != 0 {
		w.backward(p.Theta, w.r, p.Grad, want)
	}
}

// nodal is the functional u: the network's value.
type nodal struct{}

// Rows copies the values.
func (nodal) Rows(_, _, _ int, jets, r, seed []float64) {
	copy(r, jets[:len(r)])
	for i := range seed {
		seed[i] = 1
	}
}

// nodalMap is α ↦ L⁻¹r(α), with or without L.
type nodalMap struct {
	state *fem.State
	lower *linalg.BandCholesky
	op    operator.Operator
}

func newNodalMap(s *fem.System, lower *linalg.BandCholesky, m *cost.Meter) *nodalMap {
	n := &nodalMap{state: s.NewState(m), lower: lower}
	n.op = operator.Sparse{CSR: n.state.A()}
	if lower != nil {
		n.op = operator.ComposeOn(m, operator.InverseLower{BandCholesky: lower}, n.op)
	}
	return n
}

func (n *nodalMap) residual(r, f []float64) {
	n.state.Residual(r, f)
	if n.lower != nil {
		n.lower.SolveL(linalg.Column(r))
	}
}

func (n *nodalMap) linearise(f []float64)         { n.state.Linearise(f) }
func (n *nodalMap) derivative() operator.Operator { return n.op }
