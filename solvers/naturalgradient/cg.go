package naturalgradient

import (
	"fmt"
	"math/rand/v2"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/linalg/krylov"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Preconditioner is M⁻¹ ≈ c (A + μI)⁻¹, c > 0, symmetric positive definite, for one A and several μ.
type Preconditioner interface {
	krylov.Preconditioner
	// Start sizes the workspace for a, whose content comes later. Its error is a bad setting.
	Start(a operator.Symmetric, rng *rand.Rand, m *cost.Meter) error
	// Prepare does what depends on A alone. Once per accepted point.
	Prepare()
	// Set chooses μ and returns the rank in use. It is called before each solve, and may extend what Prepare did.
	Set(mu float64) (rank int)
	// Random reports whether M depends on random numbers.
	Random() bool
}

// CG solves (TᵀT + μI) d = rhs in parameter space by conjugate gradients, started from zero, with products TᵀT v alone.
//
// The inner solve ends by the first of: relative residual Tol, Martens' relative progress of the quadratic model, Cap.
// None of them bounds the error of a direction with small damping: there a relative residual of 1e-2 was met with a tenth of
// the model's decrease. So without a preconditioner the cap is what counts, and with one the rank. The default tolerance
// costs two iterations more than 1e-6 where the rank is above the effective dimension, and there ended a training of 200
// steps (2D Poisson, P = 257, μ = 1e-10, three seeds) at the errors of the exact direction, which 1e-2 and 1e-4 did not always.
// Every truncated iterate is a descent direction, so that ends by cap and by stagnation are not failures; only a solve
// without any iterate is a Breakdown.
//
// Cost: m products of 4CNP flops and 10mP; memory 4P.
type CG struct {
	Precond  Preconditioner // nil: none
	Tol      float64        // relative residual, in [0, 1); 0: 1e-8
	Progress float64        // Martens' ε per iteration, in [0, 1), as 5e-4; 0: not asked
	Cap      int            // iterations, at least 1; 0: 200

	a     operator.Symmetric
	inner krylov.CG
}

// Class says whether there is a preconditioner.
func (c *CG) Class() solvers.Class {
	if c.Precond == nil {
		return solvers.MatrixFree
	}
	return solvers.Preconditioned
}

// Needs asks for the tangent map: any metric will do.
func (*CG) Needs() objective.Quantity { return objective.Tangent }

// Space is that of parameters: CG on TTᵀ in the Euclidean product minimises another norm, and needs 10 to 100 times more
// iterations for the same decrease of the model.
func (*CG) Space() solvers.Space { return solvers.Parameter }

// Start makes the workspace.
func (c *CG) Start(p *objective.Point, env solvers.Env) error {
	c.a = operator.Normal{Map: p.T}
	c.inner = krylov.CG{Tol: c.Tol, Progress: c.Progress, Cap: c.Cap}
	if c.Tol == 0 {
		c.inner.Tol = 1e-8
	}
	if c.Cap == 0 {
		c.inner.Cap = 200
	}
	if err := c.inner.Start(c.a.Order(), env.Meter); err != nil {
		return fmt.Errorf("naturalgradient: %w", err)
	}
	if c.Precond == nil {
		return nil
	}
	if err := c.Precond.Start(c.a, env.Rand, env.Meter); err != nil {
		return fmt.Errorf("naturalgradient: %w", err)
	}
	return nil
}

// Prepare builds the preconditioner.
func (c *CG) Prepare(*objective.Point) {
	if c.Precond != nil {
		c.Precond.Prepare()
	}
}

// Solve computes d ≈ (TᵀT + μI)⁻¹ rhs.
func (c *CG) Solve(d, rhs []float64, damping float64) solvers.Report {
	rep := solvers.Report{Damping: damping}
	var m krylov.Preconditioner
	if c.Precond != nil {
		rep.Rank, rep.Random = c.Precond.Set(damping), c.Precond.Random()
		m = c.Precond
	}
	res := c.inner.Solve(d, c.a, damping, rhs, m)
	rep.Iterations = res.Iterations
	if res.Status == krylov.Breakdown && simd.Dot(d, d) == 0 {
		rep.Status = solvers.Breakdown
	}
	return rep
}
