package solvers

import "ngdbench/objective"

// Direction solves (TᵀT + μI) d = rhs for one T and several rhs and μ.
type Direction interface {
	Class() Class
	Needs() objective.Quantity
	// Start sizes the workspace for p, whose T has its dimensions and not yet its content. Its error is a bad setting.
	Start(p *objective.Point, env Env) error
	// Prepare does what depends on T alone: Gramian, kernel, sketch, pivots. Once per accepted point.
	Prepare(p *objective.Point)
	// Space says, after Prepare, where rhs lives: with Parameter, (TᵀT + μI) d = rhs; with Sample,
	// d = Tᵀ(TTᵀ + μI)⁻¹ rhs, which is the minimiser of ‖Td − rhs‖² + μ‖d‖².
	Space() Space
	// Solve may be called several times after one Prepare, and factors again only where damping differs from the last
	// call's. It may extend a sketch where μ has fallen. A failed factorisation is retried here, with larger μ.
	Solve(d, rhs []float64, damping float64) Report
}

// Space is where a right-hand side lives.
type Space int

// R^P holds gradients, R^n residuals.
const (
	Parameter Space = iota
	Sample
)

// Report is the outcome of one linear solve.
type Report struct {
	Status     Status // Running, or Breakdown where d is of no use
	Damping    float64
	Iterations int
	Rank       int
	Retries    int
	Random     bool // d depends on random numbers: the same call after another Prepare may give another d
}
