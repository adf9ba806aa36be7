package benchmarks

import (
	"fmt"
	"maps"

	"ngdbench/harness"
	"ngdbench/solvers"
	ng "ngdbench/solvers/naturalgradient"
)

// krylovEntries are conjugate gradients without a low-rank factor.
func krylovEntries() []harness.SolverEntry {
	return []harness.SolverEntry{
		natural("cg", "natural gradient: conjugate gradients on products with T and Tᵀ", solvers.MatrixFree, inner, krylovParts, plain),
		natural("jacobi", "natural gradient: CG with the diagonal of TᵀT as preconditioner", solvers.Preconditioned, inner, without(krylovParts, "sample"), jacobi),
	}
}

// inner are the settings of the inner conjugate gradients; see naturalgradient.CG.
var inner = harness.Settings{"cg-cap": "200", "cg-tol": "1e-8", "cg-progress": "0"}

// krylovParts are the parts of conjugate gradients: the stopping rule by the bound on the missing decrease, the start from the last
// direction, sample space.
var krylovParts = map[string]harness.Settings{
	"bound":  {"cg-bound": "0.1"},
	"warm":   {"warm": "0.95"},
	"sample": nil,
}

// without is parts less one.
func without(parts map[string]harness.Settings, name string) map[string]harness.Settings {
	out := maps.Clone(parts)
	delete(out, name)
	return out
}

func plain(c harness.Cell, r *reader) (solvers.Direction, error) {
	if has(c, "sample") {
		d := &ng.SampleCG{}
		return d, conjugate(&d.CG, c, r)
	}
	d := &ng.CG{}
	return d, conjugate(d, c, r)
}

func jacobi(c harness.Cell, r *reader) (solvers.Direction, error) {
	d := &ng.CG{Precond: &ng.Jacobi{}}
	return d, conjugate(d, c, r)
}

// conjugate gives d the settings of inner and of krylovParts.
func conjugate(d *ng.CG, c harness.Cell, r *reader) error {
	d.Cap, d.Tol, d.Progress = r.int("cg-cap"), r.float("cg-tol"), r.float("cg-progress")
	if has(c, "bound") {
		if d.Bound = r.float("cg-bound"); r.err == nil && d.Bound == 0 {
			return fmt.Errorf("setting cg-bound=0: want a number in (0, 1)")
		}
	}
	if has(c, "warm") {
		if d.Warm = r.float("warm"); r.err == nil && d.Warm == 0 {
			return fmt.Errorf("setting warm=0: want a number in (0, 1]")
		}
	}
	return nil
}
