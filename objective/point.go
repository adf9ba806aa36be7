package objective

import (
	"math"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
)

// Point is an Objective at one θ. Have says which of Loss, Grad, Residual and T are valid there; the slices are the
// point's own and keep their place. It is not safe for concurrent use.
type Point struct {
	Theta    []float64
	Loss     float64
	Grad     []float64
	Residual []float64
	T        *operator.Map
	Have     Quantity
	Work     any // the objective's own

	o       Objective
	m       *cost.Meter
	version int
}

// NewPoint makes a point with room for want. It has no θ yet. Its memory is booked on m, and so is its work; m may be
// nil.
func NewPoint(o Objective, want Quantity, m *cost.Meter) *Point {
	n := o.Params().Size()
	p := &Point{o: o, m: m, version: -1, Theta: m.Floats(n)}
	if want&Grad != 0 {
		p.Grad = m.Floats(n)
	}
	if op := o.Start(p, want&computed); op != nil {
		p.T = operator.Bind(op, m)
	}
	return p
}

// Floats returns n zeros booked on the point's meter: for the objective's own buffers.
func (p *Point) Floats(n int) []float64 { return p.m.Floats(n) }

// Meter is the point's, nil where it has none: for workspaces that book their memory themselves.
func (p *Point) Meter() *cost.Meter { return p.m }

// Layout is the objective's: what the parts of Theta are.
func (p *Point) Layout() Layout { return p.o.Params() }

// Shape is what the objective's evaluation and tangent map cost by. Of an objective that does not say, a point without room for T or the
// residual knows no rows.
func (p *Point) Shape() cost.Shape {
	switch s, says := p.o.(Shaper); {
	case says:
		return s.Shape()
	case p.T != nil:
		return cost.Dense(p.T.Dims())
	}
	return cost.Dense(len(p.Residual), len(p.Theta))
}

// Offers is the objective's.
func (p *Point) Offers() Quantity { return p.o.Offers() }

// Eval makes p hold want at theta, computing only what it lacks there. It allocates nothing.
func (p *Point) Eval(theta []float64, want Quantity) {
	if !p.At(theta) {
		copy(p.Theta, theta)
		p.Have, p.version = 0, p.o.Version()
	}
	todo := want & computed &^ p.Have
	if todo == 0 {
		return
	}
	p.count(todo)
	if todo&Tangent != 0 {
		defer p.m.Enter(p.m.Enter(cost.Linearise))
	}
	p.o.Eval(p, todo)
	p.Have |= todo
}

// At reports whether p is at theta, bit for bit, with the present points. A NaN is equal to itself here, 0 and −0 differ.
func (p *Point) At(theta []float64) bool {
	if p.version != p.o.Version() {
		return false
	}
	for i, v := range p.Theta {
		if math.Float64bits(v) != math.Float64bits(theta[i]) {
			return false
		}
	}
	return true
}

// Take moves p to where q is, with q's loss, gradient and residual, as far as p has room for them: an accepted trial's
// gradient is not computed again, and no second tangent map is kept alive.
func (p *Point) Take(q *Point) {
	copy(p.Theta, q.Theta)
	p.version, p.Loss = q.version, q.Loss
	p.Have = q.Have & Loss
	if q.Have&Grad != 0 && p.Grad != nil {
		copy(p.Grad, q.Grad)
		p.Have |= Grad
	}
	if q.Have&Residual != 0 && p.Residual != nil {
		copy(p.Residual, q.Residual)
		p.Have |= Residual
	}
}

// Finite reports whether loss and gradient, as far as computed, are finite.
func (p *Point) Finite() bool {
	s := 0.0
	if p.Have&Loss != 0 {
		s += p.Loss * 0
	}
	if p.Have&Grad != 0 {
		for _, g := range p.Grad {
			s += g * 0
		}
	}
	return s == 0
}

func (p *Point) count(todo Quantity) {
	if p.m == nil {
		return
	}
	c := &p.m.Counts
	if todo&Tangent != 0 {
		c.Tangents++
	}
	if todo&Grad != 0 {
		c.Grads++
	}
	// Only where T is the Jacobian of r is the gradient one product with it: another metric linearises by itself.
	if todo&Tangent != 0 && todo&Grad != 0 && p.o.Offers()&LeastSquares != 0 {
		c.Joint++
	}
	if todo&(Loss|Residual) != 0 && todo&Grad == 0 {
		c.Losses++
	}
}
