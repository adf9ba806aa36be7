package naturalgradient

import (
	"cmp"
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// SVD decomposes T = VΣUᵀ and solves with what lies above a cut-off,
//
//	d = −Σ_{σ_i > c σ₁} u_i σ_i/(σ_i² + μ) v_iᵀr,
//
// the exact direction for c → 0. It never squares T, so that it resolves singular values down to εσ₁ where TᵀT and TTᵀ end at
// √ε σ₁; with μ = 0 it is the pseudo-inverse of the cut-off T. The report's rank is the number of singular values kept.
//
// A decomposition that fails is a Breakdown. Cost: about 10 max(n, P) min(n, P)² flops per point; memory 4nP and some
// min(n, P)².
//
// Source: Schwencke, Furtlehner (2025, ANaGRAM), with an absolute cut-off of 1e-6 to 1e-5 and no damping.
type SVD struct {
	Cut float64 // c in (0, 1); 0: 1e-12

	m       *cost.Meter
	t, turn blas64.General // T; Tᵀ, where n > P
	svd     linalg.ThinSVD
	ok      bool
	c       []float64 // coefficients
}

// Class is explicit.
func (*SVD) Class() solvers.Class { return solvers.Explicit }

// Needs asks for least squares: only there is ∇L = Tᵀr.
func (*SVD) Needs() objective.Quantity {
	return inSamples
}

// Space is that of samples.
func (*SVD) Space() solvers.Space { return solvers.Sample }

// Validate refuses a cut-off outside (0, 1).
func (e *SVD) Validate() error {
	if !(e.Cut >= 0 && e.Cut < 1) {
		return fmt.Errorf("naturalgradient: SVD cut-off %g outside (0, 1)", e.Cut)
	}
	return nil
}

// Start makes T and the workspace of its decomposition.
func (e *SVD) Start(p *objective.Point, env solvers.Env) error {
	if err := e.Validate(); err != nil {
		return err
	}
	rows, cols := p.T.Dims()
	e.m = env.Meter
	e.t = linalg.New(e.m, rows, cols)
	if rows > cols {
		e.turn = linalg.New(e.m, cols, rows)
	}
	e.svd.Reset(min(rows, cols), max(rows, cols), e.m)
	e.c = e.m.Floats(min(rows, cols))
	return nil
}

// Prepare decomposes T, or Tᵀ where that has fewer rows.
func (e *SVD) Prepare(p *objective.Point) {
	p.T.Dense(e.t)
	defer e.m.Enter(e.m.Enter(cost.Factor))
	if !e.tall() {
		e.ok = e.svd.Decompose(e.t)
		return
	}
	transpose(e.turn, e.t)
	e.ok = e.svd.Decompose(e.turn)
}

func (e *SVD) tall() bool { return e.t.Rows > e.t.Cols }

// Solve computes d = U σ/(σ² + μ) Vᵀ rhs.
func (e *SVD) Solve(d, rhs []float64, damping float64) solvers.Report {
	r := solvers.Report{Damping: damping}
	if !e.ok {
		r.Status = solvers.Breakdown
		return r
	}
	from, to := linalg.MulT, linalg.MulT // c = Vᵀ rhs, d = U c
	left, right := e.svd.U, e.svd.VT
	if e.tall() {
		from, to, left, right = linalg.Mul, linalg.Mul, e.svd.VT, e.svd.U
	}
	from(e.c, left, rhs)
	least := cmp.Or(e.Cut, 1e-12) * e.svd.Values[0]
	for i, s := range e.svd.Values {
		if !(s > least) {
			clear(e.c[i:])
			break
		}
		e.c[i] *= s / (s*s + damping)
		r.Rank++
	}
	to(d, right, e.c)
	return r
}

// transpose computes dst = aᵀ, by squares that stay in cache.
func transpose(dst, a blas64.General) {
	const edge = 32
	for i0 := 0; i0 < a.Rows; i0 += edge {
		for j0 := 0; j0 < a.Cols; j0 += edge {
			for i := i0; i < min(i0+edge, a.Rows); i++ {
				row := linalg.Row(a, i)
				for j := j0; j < min(j0+edge, a.Cols); j++ {
					dst.Data[j*dst.Stride+i] = row[j]
				}
			}
		}
	}
}

// Bill is the cost by parts: T and its decomposition; products with the singular vectors.
func (*SVD) Bill(s *cost.Shape, _ solvers.Report) (b cost.Bill) {
	few, many := float64(min(s.Rows, s.Params)), float64(max(s.Rows, s.Params))
	b.Prepare.Form(cost.Form, s, 1)
	b.Prepare.Decompose(few, many, 1)
	b.Solve.LowRank(few, (few+many)/2, 1)
	b.Floats = 4*few*many + 3*few*few
	return b
}
