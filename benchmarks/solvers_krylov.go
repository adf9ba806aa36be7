package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/solvers"
	ng "ngdbench/solvers/naturalgradient"
)

// krylovEntries are conjugate gradients without a low-rank factor.
func krylovEntries() []harness.SolverEntry {
	return []harness.SolverEntry{
		natural("cg", "natural gradient: conjugate gradients on products with T and Tᵀ", solvers.MatrixFree, inner, sampleParts, plain),
		natural("jacobi", "natural gradient: CG with the diagonal of TᵀT as preconditioner", solvers.Preconditioned, inner, krylovParts, jacobi),
	}
}

// inner are the settings of the inner conjugate gradients; see naturalgradient.CG.
var inner = harness.Settings{"cg-cap": "200", "cg-tol": "1e-8", "cg-progress": "0"}

// krylovParts are the parts of conjugate gradients in any space: the stopping rule by the bound on the missing decrease, and the start
// from the last direction. Those that can work in sample space have the part sample too.
var krylovParts = map[string]harness.Settings{
	"bound": {"cg-bound": "0.1"},
	"warm":  {"warm": "0.95"},
}

// sampleParts are krylovParts and sample space.
var sampleParts = merged(krylovParts, map[string]harness.Settings{"sample": nil})

func plain(c harness.Cell, r *reader) (solvers.Direction, error) { return conjugate(nil, c, r), nil }

func jacobi(c harness.Cell, r *reader) (solvers.Direction, error) {
	return conjugate(&ng.Jacobi{}, c, r), nil
}

// conjugate makes CG with m, nil for none, in the space asked for, with the settings of inner and of krylovParts.
func conjugate(m ng.Preconditioner, c harness.Cell, r *reader) solvers.Direction {
	d := ng.CG{Precond: m, Cap: r.int("cg-cap"), Tol: r.float("cg-tol"), Progress: r.float("cg-progress")}
	if has(c, "bound") {
		d.Bound = r.nonzero("cg-bound", "in (0, 1)")
	}
	if has(c, "warm") {
		d.Warm = r.nonzero("warm", "in (0, 1]")
	}
	if has(c, "sample") {
		return &ng.SampleCG{CG: d}
	}
	return &d
}
