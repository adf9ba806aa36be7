package naturalgradient

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Dense forms T and TᵀT and factors TᵀT + μI: the exact direction, for small P.
//
// Where the factorisation fails, which is routine as μ nears ε‖TᵀT‖, it is tried again with ten times the damping from
// rounding level on, and the report says so. Cost: nP² + P³/3 flops per point; memory nP + 2P².
//
// Source: Müller, Zeinhofer (2023), with damping in place of the pseudo-inverse.
type Dense struct {
	factored
	t blas64.General
}

// Class is explicit.
func (*Dense) Class() solvers.Class { return solvers.Explicit }

// Needs asks for the tangent map: any metric will do.
func (*Dense) Needs() objective.Quantity { return objective.Tangent }

// Space is that of parameters.
func (*Dense) Space() solvers.Space { return solvers.Parameter }

// Start makes T, TᵀT and its factor.
func (e *Dense) Start(p *objective.Point, env solvers.Env) error {
	rows, cols := p.T.Dims()
	e.t = linalg.New(env.Meter, rows, cols)
	e.start(cols, env)
	return nil
}

// Prepare forms TᵀT.
func (e *Dense) Prepare(p *objective.Point) {
	e.changed()
	p.T.Dense(e.t)
	linalg.SyrkT(e.g, e.t)
}

// Solve computes d = (TᵀT + μI)⁻¹ rhs.
func (e *Dense) Solve(d, rhs []float64, damping float64) solvers.Report {
	r := e.factor(damping)
	if r.Status == solvers.Running {
		copy(d, rhs)
		e.chol.Solve(d)
	}
	return r
}

// Bill is the cost by parts: T, TᵀT; its factor; two triangular solves.
func (*Dense) Bill(s *cost.Shape, _ solvers.Report) (b cost.Bill) {
	n, p := float64(s.Rows), float64(s.Params)
	b.Prepare.Form(cost.Form, s, 1)
	b.Prepare.Syrk(n, p, 1)
	b.Factor.Cholesky(p, 1, 0)
	b.Solve.Cholesky(p, 0, 1)
	b.Floats = n*p + 2*p*p + 400*p
	return b
}
