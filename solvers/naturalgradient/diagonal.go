package naturalgradient

import (
	"ngdbench/cost"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Diagonal keeps of TᵀT its diagonal alone: d_j = rhs_j/(‖T e_j‖² + μ), 0 where that is 0/0. The cheapest curvature there is,
// and a yardstick for what the coupling of parameters is worth.
//
// Cost: the diagonal, (2C + 2)NP flops per point; memory P.
type Diagonal struct{ g []float64 }

// Class is explicit.
func (*Diagonal) Class() solvers.Class { return solvers.Explicit }

// Needs asks for the tangent map: any metric will do.
func (*Diagonal) Needs() objective.Quantity { return objective.Tangent }

// Space is that of parameters.
func (*Diagonal) Space() solvers.Space { return solvers.Parameter }

// Start makes the diagonal.
func (e *Diagonal) Start(p *objective.Point, env solvers.Env) error {
	_, cols := p.T.Dims()
	e.g = env.Meter.Floats(cols)
	return nil
}

// Prepare forms the diagonal.
func (e *Diagonal) Prepare(p *objective.Point) { p.T.SquaredNorms(nil, e.g) }

// Solve divides.
func (e *Diagonal) Solve(d, rhs []float64, damping float64) solvers.Report {
	for j, g := range e.g {
		if d[j] = 0; rhs[j] != 0 {
			d[j] = rhs[j] / (g + damping)
		}
	}
	return solvers.Report{Damping: damping}
}

// Bill is the diagonal, and P divisions.
func (*Diagonal) Bill(s *cost.Shape, _ solvers.Report) (b cost.Bill) {
	b.Prepare.Form(cost.Norms, s, 1)
	b.Solve.Iteration(float64(s.Params), 0.5)
	b.Floats = float64(s.Params)
	return b
}
