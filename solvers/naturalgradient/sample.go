package naturalgradient

import (
	"fmt"

	"ngdbench/cost"
	"ngdbench/linalg/krylov"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// SampleCG is CG in sample space: it solves (TTᵀ + μI) w = rhs in the inner product of K = TTᵀ, on pairs (w, Kw), and returns d = Tᵀw.
// Its iterates are those of CG in parameter space, with vectors of length n in place of P; so are its tests, for Tol, Progress and Bound
// read the same numbers. The preconditioner must be self-adjoint in that product, as lowrank.Paired is.
//
// In the Euclidean product, CG on (TTᵀ + μI) w = r minimises another norm and needs more iterations for the
// same decrease, five times as many for half of it in TestEuclideanSampleSpace.
//
// In the null space of Tᵀ, which the product does not see, w grows with 1/μ, and d = Tᵀw loses digits: about ε‖r‖λ₁/μ.
//
// Cost: m + 3 products of 4CNP flops and 20mn, one more with Tᵀ; memory 8n. With n > P the method of choice is CG.
type SampleCG struct {
	CG

	tangent *operator.Map
	pairs   krylov.Pairs
	b, x    []float64 // right-hand side and solution, with their second halves
}

// Needs asks for least squares: only there is ∇L = Tᵀr.
func (*SampleCG) Needs() objective.Quantity {
	return inSamples
}

// Space is that of samples.
func (*SampleCG) Space() solvers.Space { return solvers.Sample }

// Start makes the workspace.
func (c *SampleCG) Start(p *objective.Point, env solvers.Env) error {
	if c.Warm != 0 {
		return fmt.Errorf("naturalgradient: conjugate gradients in sample space start from zero")
	}
	k := operator.Dual{Map: p.T}
	c.tangent, c.pairs = p.T, krylov.NewPairs(k)
	c.a = c.pairs
	c.b, c.x = env.Meter.Floats(c.a.Order()), env.Meter.Floats(c.a.Order())
	return c.start(k, env)
}

// Solve computes d ≈ Tᵀ(TTᵀ + μI)⁻¹ rhs.
func (c *SampleCG) Solve(d, rhs []float64, damping float64) solvers.Report {
	copy(c.b, rhs)
	c.pairs.Pair(c.b)
	rep := c.solve(c.x, c.b, damping)
	c.tangent.ApplyT(d, c.x[:len(rhs)])
	return rep
}

// Bill is the cost by parts: the preconditioner's set-up; the iterations that r reports.
func (c *SampleCG) Bill(s *cost.Shape, r solvers.Report) (b cost.Bill) {
	r.Iterations = c.iterations(r)
	n, m := float64(s.Rows), float64(r.Iterations)
	b = c.bill(s, s.Rows, r)
	b.Solve.Product(cost.Apply, s, m+3)
	b.Solve.Product(cost.ApplyT, s, m+4)
	b.Solve.Iteration(2*n, m)
	b.Floats += 12 * n
	return b
}
