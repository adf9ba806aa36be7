package solvers

import (
	"cmp"
	"fmt"
	"math"

	"ngdbench/objective"
)

// Marquardt is the Levenberg-Marquardt ratio rule: with ρ = actual/predicted decrease,
//
//	step refused, or ρ < ¼   μ ← Factor·μ
//	ρ > ¾                    μ ← μ/Factor
//
// kept within [1e-15, 1e12]. A refused step is solved again from the same point. Where a search of m trials fails for
// the second time in a row, μ grows by Factor^m at once: those m shortened steps were m refusals, and an objective that
// is finite nowhere else must come to an end. At the upper bound nothing more is asked for.
//
// Source: Marquardt (1963); thresholds as in Moré (1978).
type Marquardt struct {
	First  float64 // μ of the first step; 0: 1e-3
	Factor float64 // > 1; 0: 3

	mu     float64
	misses int // refusals in a row
}

const dampingFloor, dampingCeiling = 1e-15, 1e12

// Needs asks for the tangent map: the prediction reads the curvature.
func (l *Marquardt) Needs() objective.Quantity { return objective.Tangent }

// Start goes back to the first μ.
func (l *Marquardt) Start() { l.mu, l.misses = cmp.Or(l.First, 1e-3), 0 }

// Value is the present μ.
func (l *Marquardt) Value(*objective.Point) float64 { return l.mu }

// Judge applies the rule. The μ that the model reports is the one it scales: a factorisation may have raised it.
func (l *Marquardt) Judge(m Model) (retry bool) {
	f := cmp.Or(l.Factor, 3)
	if m.Outcome.Scale == 0 {
		l.misses++
		if l.misses > 1 {
			f = math.Pow(f, float64(max(1, m.Outcome.Evals)))
		}
		retry = m.Damping < dampingCeiling
		l.mu = clampDamping(m.Damping * f)
		return retry
	}
	l.misses = 0
	switch ratio := (m.Loss - m.Outcome.Loss) / m.Predicted(); {
	case !(ratio >= 0.25): // also where it is no number
		l.mu = clampDamping(m.Damping * f)
	case ratio > 0.75:
		l.mu = clampDamping(m.Damping / f)
	}
	return false
}

func clampDamping(mu float64) float64 {
	return math.Min(math.Max(mu, dampingFloor), dampingCeiling)
}

// Validate refuses a negative first damping and a factor that does not grow.
func (l *Marquardt) Validate() error {
	if l.Factor != 0 && !(l.Factor > 1 && l.Factor <= 1e6) {
		return fmt.Errorf("solvers: Levenberg-Marquardt factor %g outside (1, 1e6]", l.Factor)
	}
	return validDamping("first Levenberg-Marquardt damping", l.First)
}
