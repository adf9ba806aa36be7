package naturalgradient

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Block keeps of TᵀT one block for each layer, weights and bias together, and drops what couples layers: d_l = (T_lᵀT_l +
// μI)⁻¹ rhs_l, T_l the columns of T that belong to layer l. With one layer it is Dense.
//
// Breakdown is met as in Dense, block by block; the report has the largest damping used. Cost: n Σp_l² + Σp_l³/3 flops per
// point, p_l parameters in layer l; memory nP + 2 Σp_l².
type Block struct {
	t      blas64.General
	layers []layerBlock
}

type layerBlock struct {
	factored
	lo, hi int // its part of θ
}

// Class is explicit.
func (*Block) Class() solvers.Class { return solvers.Explicit }

// Needs asks for the tangent map: any metric will do.
func (*Block) Needs() objective.Quantity { return objective.Tangent }

// Space is that of parameters.
func (*Block) Space() solvers.Space { return solvers.Parameter }

// Start makes T and the blocks.
func (e *Block) Start(p *objective.Point, env solvers.Env) error {
	rows, cols := p.T.Dims()
	e.t, e.layers = linalg.New(env.Meter, rows, cols), nil
	at, last := 0, -1
	for _, b := range p.Layout() {
		n := b.Rows * b.Cols
		if b.Layer != last || len(e.layers) == 0 {
			e.layers = append(e.layers, layerBlock{lo: at})
			last = b.Layer
		}
		at += n
		e.layers[len(e.layers)-1].hi = at
	}
	for i := range e.layers {
		l := &e.layers[i]
		l.start(l.hi-l.lo, env)
	}
	return nil
}

// Prepare forms the blocks.
func (e *Block) Prepare(p *objective.Point) {
	p.T.Dense(e.t)
	for i := range e.layers {
		l := &e.layers[i]
		l.changed()
		linalg.SyrkT(l.g, linalg.Block(e.t, 0, l.lo, e.t.Rows, l.hi-l.lo))
	}
}

// Solve solves with each block.
func (e *Block) Solve(d, rhs []float64, damping float64) solvers.Report {
	out := solvers.Report{Damping: damping}
	copy(d, rhs)
	for i := range e.layers {
		l := &e.layers[i]
		r := l.factor(damping)
		out.Retries += r.Retries
		out.Damping = max(out.Damping, r.Damping)
		if r.Status != solvers.Running {
			out.Status = r.Status
			return out
		}
		l.chol.Solve(d[l.lo:l.hi])
	}
	return out
}

// Bill is the cost by parts: T, the blocks; their factors; triangular solves.
func (*Block) Bill(s *cost.Shape, _ solvers.Report) (b cost.Bill) {
	n := float64(s.Rows)
	b.Prepare.Form(cost.Form, s, 1)
	b.Floats = n * float64(s.Params)
	for _, l := range s.Layers {
		p := float64((l[0] + 1) * l[1])
		b.Prepare.Syrk(n, p, 1)
		b.Factor.Cholesky(p, 1, 0)
		b.Solve.Cholesky(p, 0, 1)
		b.Floats += 2 * p * p
	}
	return b
}
