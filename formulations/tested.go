package formulations

import (
	"ngdbench/cost"
	"ngdbench/linalg/operator"
	"ngdbench/networks"
	"ngdbench/objective"
)

// tested is the least-squares problem L(θ) = ½‖r(θ)‖² of residuals that mix what a network does at many points,
//
//	r(θ) = M(f(θ)),
//
// f being functionals of the network's jets at fixed points, of a tape, and M a fixed map: test functions, finite
// element matrices, whitening. Its metric is Gauss-Newton: T = M′·∂f/∂θ, of which the second factor is a Khatri-Rao
// operator. All formulations but the PINN and Deep Ritz are made of it.
//
// Group 0 of the tape is the formulation's own; the groups behind it are the parts of the domain with data, as in a PINN.
type tested struct {
	net     *networks.Network
	layout  objective.Layout
	own     networks.Group
	data    []collocation
	measure func() networks.Functional // of group 0
	rowMap  func(m *cost.Meter) rowMap // of group 0
	rows    int                        // of group 0 under the map
}

// rowMap takes the functionals f of group 0 to residuals. It owns what it writes, and serves one point.
type rowMap interface {
	residual(r, f []float64)
	linearise(f []float64)         // moves the derivative to f
	derivative() operator.Operator // valid until the next linearise; one value for the map's life
}

var _ objective.Objective = (*tested)(nil)

// Params is the network's layout.
func (o *tested) Params() objective.Layout { return o.layout }

// Offers everything but layer factors.
func (o *tested) Offers() objective.Quantity {
	return objective.Loss | objective.Grad | objective.Residual | objective.Tangent | objective.LeastSquares | objective.Nonnegative
}

// Version is 0: the points stay.
func (o *tested) Version() int { return 0 }

// Shape is the points with the functionals that the network is asked for there; the map behind them has no price.
func (o *tested) Shape() cost.Shape {
	return networkShape(cost.Shape{Params: o.layout.Size(), Rows: o.rows + rowsOf(o.data)}, o.net, o.groups())
}

func (o *tested) groups() []networks.Group { return append([]networks.Group{o.own}, groups(o.data)...) }

// testedWork is what a point keeps.
type testedWork struct {
	tape *networks.Tape
	m    rowMap
	f, y []float64 // of all groups; y = M′ᵀr
	own  int       // functionals of group 0
	t    operator.Operator
	r    []float64 // of an objective that is no sum of squares
}

// Start makes the point's tape and map.
func (o *tested) Start(p *objective.Point, want objective.Quantity) operator.Operator {
	use, m := useOf(want), p.Meter()
	w := &testedWork{m: o.rowMap(m)}
	w.tape = networks.New(o.net, o.groups(), mixed{o.measure(), newStrong(o.data, m)}, use, m)
	n, _ := w.tape.Dims()
	w.own = n - rowsOf(o.data)
	w.f = m.Floats(n)
	if want&(objective.Grad|objective.Tangent) != 0 {
		w.y = m.Floats(n)
	}
	p.Residual, p.Work = p.Floats(o.rows+rowsOf(o.data)), w
	if use != networks.Tangents {
		return nil
	}
	all := w.m.derivative()
	if n := rowsOf(o.data); n > 0 {
		all = operator.DirectSum(all, operator.Identity(n))
	}
	w.t = operator.ComposeOn(m, all, w.tape.Tangent())
	return w.t
}

// forward computes f, and moves the tape's tangent map where that is wanted.
func (w *testedWork) forward(theta []float64, want objective.Quantity) {
	if want&objective.Tangent != 0 {
		w.tape.Linearise(theta, w.f)
	} else {
		w.tape.Residual(theta, w.f)
	}
}

// backward computes the gradient (∂f/∂θ)ᵀy: by the tangent map where forward has just moved it, else in a second pass.
func (w *testedWork) backward(theta, y, grad []float64, want objective.Quantity) {
	if want&objective.Tangent != 0 {
		w.tape.Tangent().ApplyT(grad, y)
	} else {
		w.tape.Pull(theta, w.f, y, grad)
	}
}

// Eval computes the residual and the loss always. A gradient without the tangent map takes a second pass through the
// network, for what is pulled back is known only after the first.
func (o *tested) Eval(p *objective.Point, want objective.Quantity) {
	w := p.Work.(*testedWork)
	w.forward(p.Theta, want)
	w.m.residual(p.Residual[:o.rows], w.f[:w.own])
	copy(p.Residual[o.rows:], w.f[w.own:])
	p.Loss = objective.HalfSquare(p.Residual)
	p.Have |= objective.Loss | objective.Residual
	if want&(objective.Tangent|objective.Grad) == 0 {
		return
	}
	w.m.linearise(w.f[:w.own])
	if want&objective.Grad == 0 {
		return
	}
	w.m.derivative().ApplyT(w.y[:w.own], p.Residual[:o.rows])
	copy(w.y[w.own:], p.Residual[o.rows:])
	w.backward(p.Theta, w.y, p.Grad, want)
}

// mixed asks one functional for group 0 and strong residuals for the groups behind it.
type mixed struct {
	own  networks.Functional
	data *strong
}

// Rows asks whoever the group belongs to.
func (f mixed) Rows(group, lo, hi int, jets, r, seed []float64) {
	if group == 0 {
		f.own.Rows(0, lo, hi, jets, r, seed)
	} else {
		f.data.Rows(group-1, lo, hi, jets, r, seed)
	}
}

// linear is a rowMap that is a matrix.
type linear struct{ operator.Operator }

func (l linear) residual(r, f []float64)       { l.Apply(r, f) }
func (l linear) linearise([]float64)           {}
func (l linear) derivative() operator.Operator { return l.Operator }
