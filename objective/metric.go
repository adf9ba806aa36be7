package objective

import (
	"math/rand/v2"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
)

// Metric is a tangent map on its own points. New returns an operator, its memory booked on m, and the function that
// linearises it at θ; the operator is valid until the next linearisation.
type Metric interface {
	New(m *cost.Meter) (t operator.Operator, linearise func(theta []float64))
}

// WithMetric returns o with another metric: loss, gradient and residual are o's, the tangent map is m's. It offers
// neither LeastSquares nor Factors, for ∇L is no longer Tᵀr, nor does T belong to r's points.
//
// Note: the part of ∇L outside of range(Tᵀ) is multiplied by 1/μ in a natural gradient step; a metric with fewer rows
// than parameters needs a damping that knows of that.
func WithMetric(o Objective, m Metric) Objective { return metric{o, m} }

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
	// The inner point is made with the meter, which books its memory, and keeps none: p counts, and it would count twice.
	w := &metricWork{inner: NewPoint(m.Objective, want&^Tangent, p.m)}
	w.inner.m = nil
	p.Residual, p.Work = p.Floats(len(w.inner.Residual)), w
	if want&Tangent == 0 {
		return nil
	}
	t, lin := m.m.New(p.m)
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
