// Package objective is the waist: all that a solver sees of a training problem.
//
// As in package operator, there is a thin interface for those who make one (Objective) and a concrete handle for those
// who use one (*Point), which counts, times, and never computes twice what it already has.
package objective

import (
	"math"
	"math/rand/v2"
	"slices"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
)

// Quantity is a set: things to compute at a point, then promises about the objective. A solver's Needs, a part's Needs
// and an objective's Offers are such sets; a pair fits where Missing is empty.
type Quantity uint

const (
	Loss     Quantity = 1 << iota
	Grad              // ∇L
	Residual          // whitened residual r
	Tangent           // whitened tangent map T of the metric

	LeastSquares // promise: L = ½‖r‖², T is the Jacobian of r, ∇L = Tᵀ r
	Nonnegative  // promise: L ≥ 0
	Factors      // promise: T offers operator.Factors

	computed = Loss | Grad | Residual | Tangent
)

var quantityNames = [...]string{"loss", "gradient", "residual", "tangent map", "least squares", "non-negative loss", "layer factors"}

// Missing names what need has and offer lacks: "least squares, layer factors".
func Missing(need, offer Quantity) string {
	s := ""
	for i, n := range quantityNames {
		if q := Quantity(1) << i; need&q != 0 && offer&q == 0 {
			if s != "" {
				s += ", "
			}
			s += n
		}
	}
	return s
}

// Role says what a block of parameters is.
type Role int

const (
	Hidden Role = iota
	Output
	Bias
	Scalar
)

// Block is one named array inside θ; Layout lists them in order. Blocks of one Layer (weight and bias) belong together.
type Block struct {
	Name       string
	Rows, Cols int
	Role       Role
	Layer      int
}

type Layout []Block

// Size returns P.
func (l Layout) Size() int {
	n := 0
	for _, b := range l {
		n += b.Rows * b.Cols
	}
	return n
}

// Join puts o behind l: two networks in one θ.
func (l Layout) Join(o Layout) Layout {
	l = slices.Clone(l)
	next := 0
	for _, b := range l {
		next = max(next, b.Layer+1)
	}
	for _, b := range o {
		b.Layer += next
		l = append(l, b)
	}
	return l
}

// Draw returns a start, uniform ±1/√fan_in; a bias has the fan-in of the weight before it.
func (l Layout) Draw(r *rand.Rand) []float64 {
	theta := make([]float64, 0, l.Size())
	fan := 1
	for _, b := range l {
		if b.Role == Hidden || b.Role == Output {
			fan = b.Cols
		}
		for range b.Rows * b.Cols {
			theta = append(theta, (2*r.Float64()-1)/math.Sqrt(float64(fan)))
		}
	}
	return theta
}

// Objective is what a formulation implements.
type Objective interface {
	Params() Layout
	Offers() Quantity
	// Start gives p what want needs: p.Residual, p.Work, and the operator of Tangent, which it returns (nil without
	// Tangent). It is the only place that allocates. Points share nothing that Eval writes.
	Start(p *Point, want Quantity) operator.Operator
	// Eval computes at p.Theta what want names, and may compute more (it then adds that to p.Have). The loss must have
	// the same bits whatever else is asked for.
	Eval(p *Point, want Quantity)
	// Version changes when the points were redrawn.
	Version() int
}

// Resampler is an Objective whose points can be redrawn. The loop calls it between steps.
type Resampler interface {
	Resample(theta []float64, r *rand.Rand)
}

// Judge measures the error of a network. It is handed over beside the objective, and no solver sees it.
type Judge interface {
	Measures() []string // "l2err", "h1err", …
	Errors(dst, theta []float64)
}

// Point is an Objective at one θ.
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

// NewPoint makes a point with room for want. It has no θ yet.
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

// Offers is the objective's.
func (p *Point) Offers() Quantity { return p.o.Offers() }

// Eval makes p hold want at theta, computing only what it lacks there.
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

// At reports whether p is at theta, bit for bit, with the present points.
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
	if todo&(Loss|Residual) != 0 && todo&Grad == 0 {
		c.Losses++
	}
}
