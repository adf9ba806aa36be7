// Package solvers is the contract of an optimiser and of the parts it is built from. A method sees an objective and
// nothing of problems, formulations or networks.
package solvers

import (
	"math/rand/v2"

	"ngdbench/cost"
	"ngdbench/objective"
)

// Class groups methods in every report.
type Class string

const (
	Explicit       Class = "explicit"
	MatrixFree     Class = "matrix-free"
	Preconditioned Class = "preconditioned"
	QuasiNewton    Class = "quasi-newton"
	FirstOrder     Class = "first-order"
)

// Status is how a step, or an inner solve, ended.
type Status int

const (
	Running   Status = iota
	Converged        // the gradient is zero, or the solver's own stop test holds
	Stalled          // no progress, and the next step would be the same one: the loop ends unless points are redrawn
	Diverged         // loss or gradient is not finite
	Breakdown        // the linear algebra failed, retries included
)

func (s Status) String() string {
	return [...]string{"running", "converged", "stalled", "diverged", "breakdown"}[s]
}

// Env is what the outside lends a solver for one training.
type Env struct {
	Rand  *rand.Rand
	Meter *cost.Meter // may be nil
}

// Solver is one optimiser in one training. Exported fields are settings, and their zero value is the documented default;
// unexported fields are state, and Start resets them.
type Solver interface {
	Class() Class
	Needs() objective.Quantity
	// Start may allocate. Its error is a bad setting (a rank above P). It evaluates nothing: a chain starts its second
	// method before the first has run.
	Start(o objective.Objective, env Env) error
	// Step moves theta once, in place. It allocates nothing after warm-up.
	Step(theta []float64) Info
}

// Info says what one step did. A part that the method lacks leaves zero.
type Info struct {
	Status     Status
	Loss       float64 // where the step started
	Scale      float64 // step length found by the search; 0: θ did not move
	Damping    float64 // the one really used
	Slope      float64 // ∇Lᵀd
	Norm       float64 // ‖d‖
	Iterations int     // inner iterations
	Rank       int
	Retries    int  // larger dampings tried: by a factorisation or by the damping rule
	Plain      bool // momentum was dropped, since ∇Lᵀd ≥ 0
}

// Direction solves (TᵀT + μI) d = rhs for one T and several rhs and μ.
type Direction interface {
	Class() Class
	Needs() objective.Quantity
	// Start sizes the workspace for p, whose T has its dimensions and not yet its content.
	Start(p *objective.Point, env Env) error
	// Prepare does what depends on T alone: Gramian, kernel, sketch, pivots. Once per accepted point.
	Prepare(p *objective.Point)
	// Space says, after Prepare, where rhs lives: with Parameter, (TᵀT + μI) d = rhs; with Sample, d = Tᵀ(TTᵀ + μI)⁻¹ rhs,
	// which is the minimiser of ‖Td − rhs‖² + μ‖d‖².
	Space() Space
	// Solve may be called several times after one Prepare, and factors again only where damping differs from the last call's.
	// It may extend a sketch where μ has fallen. A failed factorisation is retried here, with larger μ.
	Solve(d, rhs []float64, damping float64) Report
}

type Space int

const (
	Parameter Space = iota
	Sample
)

// Report is the outcome of one linear solve.
type Report struct {
	Status     Status
	Damping    float64
	Iterations int
	Rank       int
	Retries    int
	Random     bool // d depends on random numbers: the same call after another Prepare may give another d
}

// Momentum changes the right-hand side and the result of a solve: SPRING with d ← d + β φ, φ the last direction.
type Momentum struct{ Beta float64 }

// Model is the quadratic model along a direction d, and what came of it.
type Model struct {
	Loss, Slope, Curvature, Norm, Damping float64 // L, ∇Lᵀd, dᵀTᵀTd, ‖d‖, μ
	Outcome                               Outcome
}

// Predicted is the decrease that the undamped model promises for the step taken.
func (m Model) Predicted() float64 {
	s := m.Outcome.Scale
	return -s*m.Slope - s*s*m.Curvature/2
}

// Damping is a rule for μ. Start resets it.
type Damping interface {
	Needs() objective.Quantity
	Start()
	Value(p *objective.Point) float64 // for a step from p; called again after a retry
	Judge(m Model) (retry bool)       // after the search; retry: solve again from the same point with a new Value
}

// Line is the loss along a direction, counted and timed.
type Line interface {
	Loss(s float64) float64
	LossSlope(s float64) (loss, slope float64)
}

// Search finds a step length. It may not assume that Loss returns finite numbers.
type Search interface {
	Needs() objective.Quantity // Grad where it asks for slopes
	Find(loss, slope float64, l Line) Outcome
}

type Outcome struct {
	Scale, Loss float64 // Scale 0: nothing was good enough
	Evals       int
}
