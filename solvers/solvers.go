// Package solvers is the contract of an optimiser and of the parts it is built from. A method sees an objective and
// nothing of problems, formulations or networks.
//
// A Solver moves θ ∈ R^P one step at a time. The natural-gradient methods are composed of three parts,
//
//	Direction   d with (TᵀT + μI) d = −∇L, T the n×P whitened tangent map
//	Damping     the rule for μ
//	Search      the rule for the step length s in θ + s d
//
// so that a named method is a constructor of parts and never a flag. The parts that are no method of their own (damping
// rules, step searches) live here; directions live one floor up, one file each.
//
// Letters: P parameters, n rows of T, μ damping, L loss, s step length.
package solvers

import (
	"math/rand/v2"

	"ngdbench/cost"
	"ngdbench/objective"
)

// Class groups methods in every report.
type Class string

// The classes, best understood by what a step costs most: a factorisation, products, a low-rank set-up, gradients.
const (
	Explicit       Class = "explicit"
	MatrixFree     Class = "matrix-free"
	Preconditioned Class = "preconditioned"
	QuasiNewton    Class = "quasi-newton"
	FirstOrder     Class = "first-order"
	Automatic      Class = "automatic" // of a method that has not chosen yet
)

// Status is how a step, or an inner solve, ended. It is a result, not an error: a cell that ends with one becomes a row.
type Status int

// Anything but Running ends the training; θ is then what it was before the step.
const (
	Running   Status = iota
	Converged        // the gradient is zero, or the solver's own stop test holds
	Stalled          // no progress, and the next step would be the same one: the loop ends unless points are redrawn
	Diverged         // loss or gradient is not finite
	Breakdown        // the linear algebra failed, retries included
)

// String returns the name that records carry.
func (s Status) String() string {
	return [...]string{"running", "converged", "stalled", "diverged", "breakdown"}[s]
}

// Env is what the outside lends a solver for one training: its stream of random numbers and the meter that counts,
// times and books its workspace. Rand may be nil for a method that draws nothing; Meter may always be nil.
type Env struct {
	Rand  *rand.Rand
	Meter *cost.Meter
}

// Solver is one optimiser in one training. Exported fields are settings, and their zero value is the documented
// default; unexported fields are state, and Start resets them.
type Solver interface {
	Class() Class
	// Needs is what the objective must offer; where something is missing the cell is skipped with that reason.
	Needs() objective.Quantity
	// Start may allocate. Its error is a bad setting (a rank above P), with the valid range. It evaluates nothing: a
	// chain starts its second method before the first has run.
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
	Rank       int     // of the low-rank approximation in use
	Retries    int     // larger dampings tried, by a factorisation or by the damping rule; restarts of a quasi-Newton method
	Choice     string  // of a direction that chooses among others: which
	Plain      bool    // momentum was dropped, since ∇Lᵀd ≥ 0
}

// Validate returns the first error among the settings of parts. A part that has settings with a range implements
// Validate() error; others are always valid.
func Validate(parts ...any) error {
	for _, p := range parts {
		if v, ok := p.(interface{ Validate() error }); ok {
			if err := v.Validate(); err != nil {
				return err
			}
		}
	}
	return nil
}
