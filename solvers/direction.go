package solvers

import (
	"ngdbench/cost"
	"ngdbench/objective"
)

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
	Choice     string // of a direction that chooses among others: which, in words
	Random     bool   // d depends on random numbers: the same call after another Prepare may give another d
}

// Billed is a Direction that can say what it costs: what a Prepare, a factorisation and the Solve that ended with r take for a tangent
// map of shape s. It reads settings alone, so that it answers before Start too. A training with a direction that is not Billed has no
// modelled seconds, and plan says nothing of its cost.
type Billed interface {
	Bill(s *cost.Shape, r Report) cost.Bill
}

// Expecter is a Direction that wants to know before Prepare which damping the first Solve after it will have.
type Expecter interface{ Expect(mu float64) }

// Typical, as the iterations of a report that is handed to Bill, asks for the price of a typical solve: the cap of conjugate gradients
// without a preconditioner, TypicalIterations with one.
const (
	Typical           = -1
	TypicalIterations = 10
)

// Forecaster is a Solver that can say what a typical step costs before it is started: its work, and the numbers that the training holds.
// false: a part of it cannot.
type Forecaster interface {
	Forecast(s *cost.Shape) (w cost.Work, floats float64, ok bool)
}

// TypicalLosses are the trials of a search that a forecast assumes for a step.
const TypicalLosses = 8
