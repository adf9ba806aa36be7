package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/solvers"
	ng "ngdbench/solvers/naturalgradient"
)

// krylovEntries are conjugate gradients without a low-rank factor.
func krylovEntries() []harness.SolverEntry {
	return []harness.SolverEntry{
		natural("cg", "natural gradient: conjugate gradients on products with T and Tᵀ", solvers.MatrixFree, inner, nil, plain),
	}
}

// inner are the settings of the inner conjugate gradients; see naturalgradient.CG.
var inner = harness.Settings{"cg-cap": "200", "cg-tol": "1e-8", "cg-progress": "0"}

func plain(_ harness.Cell, r *reader) (solvers.Direction, error) { return conjugate(&ng.CG{}, r), nil }

// conjugate reads the settings of inner.
func conjugate(d *ng.CG, r *reader) *ng.CG {
	d.Cap, d.Tol, d.Progress = r.int("cg-cap"), r.float("cg-tol"), r.float("cg-progress")
	return d
}
