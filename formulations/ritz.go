package formulations

import (
	"fmt"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// Ritz is the energy of the network by quadrature, the Deep Ritz method:
//
//	L(θ) = Σ_i w_i e(x_i, u_θ, ∇u_θ).
//
// It has no residual and no metric of its own: Energy is its natural one. Prescribed values are built into the network,
// without which the energy has no lower bound but that of the natural conditions. The quadrature is a Gauss-Legendre
// rule: a network can exploit the error of a poor one.
//
// Sources: E, Yu (2018), The deep Ritz method; Müller, Zeinhofer (2023), section 4.
type Ritz struct {
	net    *networks.Network
	layout objective.Layout
	rule   geometry.Rule
	energy *problems.Energy
	d      int
}

var _ objective.Objective = (*Ritz)(nil)

// NewRitz makes the objective with at least count quadrature points; the network is made to fit the problem.
func NewRitz(p *problems.Problem, net *networks.Network, count int) (*Ritz, error) {
	if p.Energy == nil {
		return nil, fmt.Errorf("%s minimises no energy", p.Name)
	}
	net, err := Fit(p, net)
	if err != nil {
		return nil, err
	}
	if net.Ansatz == nil && p.Dirichlet != nil {
		return nil, fmt.Errorf("net %q: an energy needs the boundary data built in: the part hard", net)
	}
	return &Ritz{net: net, layout: Params(net), rule: volumeRule(p, count), energy: p.Energy, d: p.Dim()}, nil
}

// volumePoints is the most Gauss-Legendre points that volumeRule takes along an axis of a cell.
const volumePoints = 10

// volumeRule is a composite rule of at least count points on the domain, with lines at the problem's breaks.
func volumeRule(p *problems.Problem, count int) geometry.Rule {
	along := alongAxis(p, count)
	cells := (along + volumePoints - 1) / volumePoints
	return meshOf(p, cells).Rule((along + cells - 1) / cells)
}

// Params is the network's layout.
func (f *Ritz) Params() objective.Layout { return f.layout }

// Offers loss and gradient.
func (f *Ritz) Offers() objective.Quantity { return objective.Loss | objective.Grad }

// Version is 0: the points stay.
func (f *Ritz) Version() int { return 0 }

// Shape is the quadrature points, without rows.
func (f *Ritz) Shape() cost.Shape {
	return networkShape(cost.Shape{Params: f.layout.Size(), Rows: f.Points()}, f.net, f.groups())
}

// Points is the number of quadrature points.
func (f *Ritz) Points() int { return len(f.rule.W) }

func (f *Ritz) groups() []networks.Group {
	return []networks.Group{{X: f.rule.X, Order: networks.Gradient, Rows: 1}}
}

// ritzWork is what a point keeps: w_i e_i at each quadrature point, and ones.
type ritzWork struct {
	tape *networks.Tape
	e, y []float64
}

// Start makes the point's tape.
func (f *Ritz) Start(p *objective.Point, want objective.Quantity) operator.Operator {
	w := &ritzWork{tape: networks.New(f.net, f.groups(), density{f}, useOf(want), p.Meter()), e: p.Floats(f.Points())}
	if want&objective.Grad != 0 {
		w.y = p.Floats(f.Points())
		for i := range w.y {
			w.y[i] = 1
		}
	}
	p.Work = w
	return nil
}

// Eval sums in the order of the points.
func (f *Ritz) Eval(p *objective.Point, want objective.Quantity) {
	w := p.Work.(*ritzWork)
	if want&objective.Grad != 0 {
		w.tape.Pull(p.Theta, w.e, w.y, p.Grad)
	} else {
		w.tape.Residual(p.Theta, w.e)
	}
	p.Loss = 0
	for _, e := range w.e {
		p.Loss += e
	}
	p.Have |= objective.Loss
}

// density is the functional w·e.
type density struct{ f *Ritz }

// Rows computes w·e, and its derivatives by the jet.
func (q density) Rows(_, lo, hi int, jets, r, seed []float64) {
	f, c := q.f, q.f.d+1
	for i := range hi - lo {
		w := f.rule.W[lo+i]
		var grad []float64
		if seed != nil {
			grad = seed[i*c:][:c]
		}
		r[i] = w * f.energy.Density(f.rule.X[(lo+i)*f.d:][:f.d], jets[i*c:][:c], grad, nil)
		for k := range grad {
			grad[k] *= w
		}
	}
}
