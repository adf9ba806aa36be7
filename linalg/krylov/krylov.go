// Package krylov solves (A + μI) x = b with A symmetric positive semi-definite and known by its products.
//
// Letters: n the order of A, μ ≥ 0 the shift, M the preconditioner.
package krylov

// Status is how a solve ended. Whatever it is, x is finite.
type Status int

// Only Converged promises the tolerance, and Bounded the bound. With Progress, Capped and Stagnated x is the best that was paid for; with
// Breakdown it is the iterate before the failure (zero at the first iteration).
const (
	Converged Status = iota // the true residual meets the tolerance
	Bounded                 // the bound on the missing decrease is met, with the true residual
	Progress                // the quadratic model hardly fell over the last iterations
	Capped                  // the cap on iterations was reached
	Stagnated               // the residual is at rounding level, above the tolerance
	Breakdown               // the recurrence cannot go on; Reason says why
)

// String returns the name of s.
func (s Status) String() string {
	return [...]string{"converged", "bounded", "progress", "capped", "stagnated", "breakdown"}[s]
}

// The reasons of a Breakdown.
const (
	NegativeCurvature = "negative curvature"
	ZeroCurvature     = "zero curvature"
	NotFinite         = "not finite"
	Indefinite        = "preconditioner not positive definite"
)

// Result is the outcome of one solve.
type Result struct {
	Status     Status
	Iterations int     // products with A inside the recurrence; the one that broke down is counted
	Residual   float64 // ‖b − (A + μI)x‖/‖b‖, computed from x at the end and not by recurrence; 0 for b = 0
	Reason     string  // of a Breakdown
}

// Preconditioner is a symmetric positive definite M⁻¹ ≈ c (A + μI)⁻¹, c > 0.
type Preconditioner interface {
	Precondition(dst, x []float64) // dst = M⁻¹ x, overwritten, no overlap
}

// Bounder is a Preconditioner that knows more than M⁻¹: a bound of the error.
type Bounder interface {
	// Bound returns an upper bound of rᵀ(A + μI)⁻¹r, given z = M⁻¹r.
	Bound(r, z []float64) float64
}
