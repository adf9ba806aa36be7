package naturalgradient

import (
	"cmp"
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
// The inner solve ends by the first of: relative residual Tol, Martens' relative progress of the quadratic model, the bound on the
// decrease that is still missing, Cap. A relative residual does not bound the error of a direction with small damping: there
// 1e-2 was met with a tenth of the model's decrease. So without a preconditioner the cap is what counts, and with one the rank.
// The default tolerance costs two iterations more than 1e-6 where the rank is above the effective dimension, and there ended a
// training of 200 steps (2D Poisson, P = 257, μ = 1e-10, three seeds) at the errors of the exact direction, which 1e-2 and 1e-4 did
// not always.
// Every truncated iterate is a descent direction, so that ends by cap and by stagnation are not failures; only a solve
// without any iterate is a Breakdown.
//
// Cost: m products of 4CNP flops and 10mP; memory 4P.
type CG struct {
	Precond  Preconditioner // nil: none
	Tol      float64        // relative residual, in [0, 1); 0: 1e-8
	Progress float64        // Martens' ε per iteration, in [0, 1), as 5e-4; 0: not asked
	Bound    float64        // ε of krylov.CG.Bound, in [0, 1), as 0.1; 0: not asked
	Cap      int            // iterations, at least 1; 0: 200
	Warm     float64        // γ ∈ [0, 1]: the solve starts from γ times the direction of the last step; 0: from zero

	a     operator.Symmetric
	inner krylov.CG
	warm  warm
}

// warm remembers directions for a solve that starts from the last one.
type warm struct {
	last, next []float64 // directions of the last point and of this one
	rest       []float64 // right-hand side of the correction
	first      bool      // nothing was solved for at this point yet
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

// Space is that of parameters. SampleCG does the same in that of samples.
func (*CG) Space() solvers.Space { return solvers.Parameter }

// Start makes the workspace.
func (c *CG) Start(p *objective.Point, env solvers.Env) error {
	c.a = operator.Normal{Map: p.T}
	if err := c.start(c.a, env); err != nil {
		return err
	}
	if !(c.Warm >= 0 && c.Warm <= 1) {
		return fmt.Errorf("naturalgradient: share of the last direction %g outside [0, 1]", c.Warm)
	}
	c.warm = warm{}
	if c.Warm > 0 {
		n := c.a.Order()
		c.warm = warm{last: env.Meter.Floats(n), next: env.Meter.Floats(n), rest: env.Meter.Floats(n)}
	}
	return nil
}

// start makes the workspace for c.a, the preconditioner being one of a.
func (c *CG) start(a operator.Symmetric, env solvers.Env) error {
	c.inner = krylov.CG{Tol: cmp.Or(c.Tol, 1e-8), Progress: c.Progress, Bound: c.Bound, Cap: cmp.Or(c.Cap, 200)}
	if err := c.inner.Start(c.a.Order(), env.Meter); err != nil {
		return fmt.Errorf("naturalgradient: %w", err)
	}
	if c.Precond == nil {
		return nil
	}
	if err := c.Precond.Start(a, env.Rand, env.Meter); err != nil {
		return fmt.Errorf("naturalgradient: %w", err)
	}
	return nil
}

// Prepare builds the preconditioner.
func (c *CG) Prepare(*objective.Point) {
	c.warm.last, c.warm.next, c.warm.first = c.warm.next, c.warm.last, true
	if c.Precond != nil {
		c.Precond.Prepare()
	}
}

// Solve computes d ≈ (TᵀT + μI)⁻¹ rhs.
func (c *CG) Solve(d, rhs []float64, damping float64) solvers.Report {
	if c.Warm == 0 {
		return c.solve(d, rhs, damping)
	}
	// (TᵀT + μI) e = rhs − (TᵀT + μI) γd₀, d = γd₀ + e.
	w := &c.warm
	c.a.Mul(w.rest, w.last)
	for i, v := range rhs {
		w.rest[i] = v - c.Warm*(w.rest[i]+damping*w.last[i])
	}
	rep := c.solve(d, w.rest, damping)
	simd.Axpy(d, c.Warm, w.last)
	if w.first && finite(d) {
		copy(w.next, d)
		w.first = false
	}
	return rep
}

func (c *CG) solve(d, rhs []float64, damping float64) solvers.Report {
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

// billed is a Preconditioner that can say what it costs, for a map of its order and the rank reported last.
type billed interface {
	Bill(s *cost.Shape, order, rank int) cost.Bill
}

// billOf is p's bill, and a partial one where it has none.
func billOf(p Preconditioner, s *cost.Shape, order, rank int) cost.Bill {
	if p, ok := p.(billed); ok {
		return p.Bill(s, order, rank)
	}
	return cost.Bill{Partial: true}
}

// Bill is the cost by parts: the preconditioner's set-up; the iterations that r reports.
func (c *CG) Bill(s *cost.Shape, r solvers.Report) (b cost.Bill) {
	p := float64(s.Params)
	r.Iterations = c.iterations(r)
	b = c.bill(s, s.Params, r)
	m := float64(r.Iterations)
	if c.Warm > 0 {
		m++
		b.Floats += 3 * p
	}
	b.Solve.Product(cost.Gram, s, m)
	b.Solve.Iteration(p, m)
	b.Floats += 4 * p
	return b
}

// iterations are those of r, or the typical ones.
func (c *CG) iterations(r solvers.Report) int {
	switch most := cmp.Or(c.Cap, 200); {
	case r.Iterations != solvers.Typical:
		return r.Iterations
	case c.Precond == nil:
		return most
	default:
		return min(most, solvers.TypicalIterations)
	}
}

// bill is the preconditioner's, its share of the iterations included.
func (c *CG) bill(s *cost.Shape, order int, r solvers.Report) (b cost.Bill) {
	if c.Precond == nil {
		return b
	}
	b = billOf(c.Precond, s, order, r.Rank)
	one := b.Solve
	b.Solve.Add(float64(r.Iterations), &one)
	return b
}
