package solvers

import (
	"cmp"
	"math"

	"ngdbench/objective"
)

// Trust keeps the step inside a radius Δ by the damping: ‖d(μ)‖ falls with μ, and a direction longer than 1.5 Δ is solved for
// again with a larger μ, from the same factor, kernel or sketch. With ρ = actual/predicted decrease,
//
//	step refused   Δ ← ‖d‖/4, and again; from the second refusal on by 4 for each trial of the search, as in Marquardt
//	ρ < ¼          Δ ← ‖s d‖/2
//	ρ > ¾          Δ ← max(Δ, 2‖s d‖)
//
// and the next step begins with μ·‖d‖/Δ, since ‖d‖ goes like 1/μ where the damping counts. Δ begins as the length of the first
// direction at First. μ stays within [1e-15, 1e12]; at the upper bound nothing more is asked for.
//
// Source: Hebden (1973); Moré (1978).
type Trust struct {
	First float64 // μ of the first step; 0: 1e-3

	mu, radius float64
	misses     int // refusals in a row
}

// Needs asks for the tangent map: the prediction reads the curvature.
func (*Trust) Needs() objective.Quantity { return objective.Tangent }

// Start forgets the radius.
func (r *Trust) Start() { r.mu, r.radius, r.misses = cmp.Or(r.First, 1e-3), math.Inf(1), 0 }

// Value is the present μ.
func (r *Trust) Value(*objective.Point) float64 { return r.mu }

// Judge applies the rule. The μ that the model reports is the one it scales: a factorisation may have raised it.
func (r *Trust) Judge(m Model) (retry bool) {
	if math.IsInf(r.radius, 1) {
		r.radius = m.Norm
	}
	if r.misses == 0 && m.Norm > 1.5*r.radius { // after a refusal μ has grown as much as the radius fell
		return r.scale(m.Damping, math.Max(2, m.Norm/r.radius))
	}
	if m.Outcome.Scale == 0 {
		f := 4.0
		if r.misses++; r.misses > 1 {
			f = math.Pow(f, float64(max(1, m.Outcome.Evals)))
		}
		r.radius = m.Norm / f
		return r.scale(m.Damping, f)
	}
	r.misses = 0
	length := m.Outcome.Scale * m.Norm
	switch ratio := (m.Loss - m.Outcome.Loss) / m.Predicted(); {
	case !(ratio >= 0.25): // also where it is no number
		r.radius = length / 2
	case ratio > 0.75:
		r.radius = math.Max(r.radius, 2*length)
	}
	r.scale(m.Damping, m.Norm/r.radius)
	return false
}

// scale multiplies μ, and says whether it can still grow.
func (r *Trust) scale(mu, factor float64) bool {
	r.mu = clampDamping(mu * factor)
	return mu < dampingCeiling
}

// Validate refuses a negative first damping.
func (r *Trust) Validate() error {
	return validDamping("first damping of the trust radius", r.First)
}
