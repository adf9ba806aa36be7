package naturalgradient

import (
	"ngdbench/cost"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Dual forms K = TTᵀ and factors K + μI: the exact direction in its kernel (Woodbury) form, for n < P.
//
// Breakdown is met as in Dense. Cost: K (n²P flops, or fewer from Khatri-Rao factors) and n³/3 per point; memory 2n².
// With momentum it is SPRING.
//
// Source: Guzmán-Cordero, Dangel, Goldshlager, Zeinhofer (2025, ENGD-W); Jnini, Vella (2025, D-NGD).
type Dual struct {
	factored
	tangent *operator.Map
	y       []float64
}

// inSamples is what a direction in sample space needs: only with least squares is ∇L = Tᵀr.
const inSamples = objective.Tangent | objective.Residual | objective.LeastSquares

// Class is explicit.
func (*Dual) Class() solvers.Class { return solvers.Explicit }

// Needs asks for least squares: only there is ∇L = Tᵀr.
func (*Dual) Needs() objective.Quantity {
	return inSamples
}

// Space is that of samples.
func (*Dual) Space() solvers.Space { return solvers.Sample }

// Start makes K and its factor.
func (e *Dual) Start(p *objective.Point, env solvers.Env) error {
	rows, _ := p.T.Dims()
	e.tangent, e.y = p.T, env.Meter.Floats(rows)
	e.start(rows, env)
	return nil
}

// Prepare forms K.
func (e *Dual) Prepare(p *objective.Point) {
	e.changed()
	p.T.Kernel(e.g)
}

// Solve computes d = Tᵀ(TTᵀ + μI)⁻¹ rhs.
func (e *Dual) Solve(d, rhs []float64, damping float64) solvers.Report {
	r := e.factor(damping)
	if r.Status == solvers.Running {
		copy(e.y, rhs)
		e.chol.Solve(e.y)
		e.tangent.ApplyT(d, e.y)
	}
	return r
}

// Bill is the cost by parts: TTᵀ; its factor; two triangular solves and a product with Tᵀ.
func (*Dual) Bill(s *cost.Shape, _ solvers.Report) (b cost.Bill) {
	n := float64(s.Rows)
	b.Prepare.Kernel(s, 1)
	b.Factor.Cholesky(n, 1, 0)
	b.Solve.Cholesky(n, 0, 1)
	b.Solve.Product(cost.ApplyT, s, 1)
	b.Floats = 2*n*n + 400*n + s.KernelFloats()
	return b
}
