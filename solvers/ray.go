package solvers

import (
	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/objective"
)

// Ray is the Line of a real objective, φ(s) = L(θ + s d). At is the point that the solver works from, Trial the one that
// searches use, D the direction, filled by the solver.
type Ray struct {
	At, Trial *objective.Point
	D         []float64
	m         *cost.Meter
	x         []float64
}

// NewRay makes both points: At with all of want, Trial without a tangent map.
func NewRay(o objective.Objective, want objective.Quantity, env Env) *Ray {
	n := o.Params().Size()
	return &Ray{
		At:    objective.NewPoint(o, want, env.Meter),
		Trial: objective.NewPoint(o, want&^objective.Tangent, env.Meter),
		D:     env.Meter.Floats(n), x: env.Meter.Floats(n), m: env.Meter,
	}
}

func (r *Ray) to(s float64) []float64 {
	for i, v := range r.At.Theta {
		r.x[i] = v + s*r.D[i]
	}
	return r.x
}

// Loss is φ(s).
func (r *Ray) Loss(s float64) float64 {
	r.Trial.Eval(r.to(s), objective.Loss)
	return r.Trial.Loss
}

// LossSlope is φ(s) and φ'(s) = ∇L(θ + s d)ᵀd.
func (r *Ray) LossSlope(s float64) (loss, slope float64) {
	r.Trial.Eval(r.to(s), objective.Loss|objective.Grad)
	return r.Trial.Loss, simd.Dot(r.Trial.Grad, r.D)
}

// Find runs the search, booked as such.
func (r *Ray) Find(s Search, slope float64) Outcome {
	defer r.m.Enter(r.m.Enter(cost.Search))
	return s.Find(r.At.Loss, slope, r)
}

// Accept moves theta to scale s, and At with it if the last trial was there: that trial's gradient is kept.
func (r *Ray) Accept(theta []float64, s float64) {
	if s == 0 {
		return
	}
	copy(theta, r.to(s))
	if r.Trial.At(theta) {
		r.At.Take(r.Trial)
	}
}
