package objective

import (
	"math/rand/v2"

	"ngdbench/linalg/operator"
)

// Funcs is a least-squares objective given by functions: r(θ), J(θ)v and J(θ)ᵀy. It is how code with its own
// differentiation comes in. Layout may be nil where P alone is known.
type Funcs struct {
	N, P     int
	Layout   Layout
	Residual func(dst, theta []float64)
	JVP      func(dst, theta, v []float64)
	VJP      func(dst, theta, y []float64)
}

// FromFuncs makes the objective ½‖r(θ)‖².
func FromFuncs(f Funcs) Objective {
	if f.Layout == nil {
		f.Layout = Layout{{Name: "theta", Rows: f.P, Cols: 1, Role: Scalar}}
	}
	return funcs{f}
}

type funcs struct{ Funcs }

func (f funcs) Params() Layout   { return f.Layout }
func (f funcs) Offers() Quantity { return computed | LeastSquares | Nonnegative }
func (f funcs) Version() int     { return 0 }

func (f funcs) Start(p *Point, want Quantity) operator.Operator {
	p.Residual = p.Floats(f.N)
	return tangent{f, p}
}

func (f funcs) Eval(p *Point, want Quantity) {
	if want&^Tangent == 0 {
		return
	}
	if p.Have&Residual == 0 {
		f.Residual(p.Residual, p.Theta)
		p.Have |= Residual
	}
	p.Loss = HalfSquare(p.Residual)
	p.Have |= Loss
	if want&Grad != 0 {
		f.VJP(p.Grad, p.Theta, p.Residual)
	}
}

type tangent struct {
	f funcs
	p *Point
}

func (t tangent) Dims() (int, int)        { return t.f.N, t.f.P }
func (t tangent) Apply(dst, x []float64)  { t.f.JVP(dst, t.p.Theta, x) }
func (t tangent) ApplyT(dst, y []float64) { t.f.VJP(dst, t.p.Theta, y) }

// HalfSquare returns ½‖r‖².
func HalfSquare(r []float64) float64 {
	s := 0.0
	for _, v := range r {
		s += v * v
	}
	return s / 2
}

// WithMetric returns o with another metric: loss, gradient and residual are o's, the tangent map is m's.
func WithMetric(o Objective, m Metric) Objective { return metric{o, m} }

// Metric is a tangent map on its own points. New returns an operator and the function that linearises it at θ.
type Metric interface {
	New() (t operator.Operator, linearise func(theta []float64))
}

type metric struct {
	Objective
	m Metric
}

type metricWork struct {
	inner     *Point
	linearise func([]float64)
}

// Resample redraws the objective's points, where they can be.
func (m metric) Resample(theta []float64, r *rand.Rand) {
	if o, ok := m.Objective.(Resampler); ok {
		o.Resample(theta, r)
	}
}

func (m metric) Offers() Quantity {
	return m.Objective.Offers()&^(LeastSquares|Factors) | Tangent
}

func (m metric) Start(p *Point, want Quantity) operator.Operator {
	w := &metricWork{inner: NewPoint(m.Objective, want&^Tangent, nil)} // p counts; a metered inner point would count twice
	p.Residual, p.Work = p.Floats(len(w.inner.Residual)), w
	if want&Tangent == 0 {
		return nil
	}
	t, lin := m.m.New()
	w.linearise = lin
	return t
}

func (m metric) Eval(p *Point, want Quantity) {
	w := p.Work.(*metricWork)
	if rest := want &^ Tangent; rest != 0 {
		w.inner.Eval(p.Theta, rest)
		p.Loss = w.inner.Loss
		copy(p.Grad, w.inner.Grad) // copied, not shared: Point.Take writes into p's
		copy(p.Residual, w.inner.Residual)
		p.Have |= w.inner.Have &^ Tangent
	}
	if want&Tangent != 0 {
		w.linearise(p.Theta)
	}
}
