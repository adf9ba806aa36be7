package benchmarks

import (
	"fmt"
	"strconv"

	"ngdbench/harness"
	"ngdbench/solvers"
	"ngdbench/solvers/firstorder"
	ng "ngdbench/solvers/naturalgradient"
	"ngdbench/solvers/quasinewton"
)

func solverEntries() []harness.SolverEntry {
	return []harness.SolverEntry{
		natural("dense", "natural gradient: the Gramian TᵀT formed and factored", solvers.Explicit, nil, dense),
		natural("dual", "natural gradient: the kernel TTᵀ formed and factored", solvers.Explicit, nil, dual),
		natural("cg", "natural gradient: conjugate gradients on products with T and Tᵀ", solvers.MatrixFree, inner, plain),
		natural("nystrom", "natural gradient: CG with a randomised Nyström preconditioner", solvers.Preconditioned, inner, nystrom),
		natural("rpchol", "natural gradient: CG with a randomly pivoted Cholesky preconditioner", solvers.Preconditioned, inner, rpchol),
		{
			Entry: harness.Entry[harness.NewSolver]{Name: "lbfgs", Doc: "limited-memory BFGS with the strong Wolfe search",
				Defaults: harness.Cell{"search": "wolfe"}, New: lbfgs},
			Class: solvers.QuasiNewton, Uses: harness.Uses{Search: true},
			Sets: map[string]harness.Settings{"default": lbfgsSettings},
		},
		{
			Entry: harness.Entry[harness.NewSolver]{Name: "adam", Doc: "Adam with warm-up and exponential decay", New: adam},
			Class: solvers.FirstOrder,
			Sets:  map[string]harness.Settings{"default": adamSettings},
		},
	}
}

// inner are the settings of the inner conjugate gradients; see naturalgradient.CG.
var inner = harness.Settings{"cg-cap": "200", "cg-tol": "1e-8", "cg-progress": "0"}

// natural is the entry of a direction: method = direction × damping × search. Only preconditioned ones have a rank.
func natural(name, doc string, class solvers.Class, s harness.Settings,
	direction func(c harness.Cell, r *reader) (solvers.Direction, error)) harness.SolverEntry {
	e := harness.SolverEntry{
		Class: class,
		Uses:  harness.Uses{Rank: class == solvers.Preconditioned, Damp: true, Search: true},
		Sets:  map[string]harness.Settings{"default": s},
	}
	e.Entry = harness.Entry[harness.NewSolver]{Name: name, Doc: doc,
		New: func(c harness.Cell, s harness.Settings) (solvers.Solver, error) {
			r := &reader{s: s}
			m := &ng.Method{}
			var err error
			if m.Direction, err = direction(c, r); err != nil {
				return nil, err
			}
			if m.Damping, err = solvers.ParseDamping(c["damp"]); err != nil {
				return nil, err
			}
			if m.Search, err = solvers.ParseSearch(c["search"]); err != nil {
				return nil, err
			}
			return m, r.err
		}}
	if e.Uses.Rank {
		e.Defaults = harness.Cell{"rank": "128"}
	}
	return e
}

func dense(harness.Cell, *reader) (solvers.Direction, error) { return &ng.Dense{}, nil }

func dual(harness.Cell, *reader) (solvers.Direction, error) { return &ng.Dual{}, nil }

func plain(_ harness.Cell, r *reader) (solvers.Direction, error) { return conjugate(&ng.CG{}, r), nil }

func nystrom(c harness.Cell, r *reader) (solvers.Direction, error) { return ranked(ng.Nystrom, c, r) }

func rpchol(c harness.Cell, r *reader) (solvers.Direction, error) { return ranked(ng.RPChol, c, r) }

// ranked reads a fixed rank.
func ranked(make func(rank int) *ng.CG, c harness.Cell, r *reader) (solvers.Direction, error) {
	k, err := strconv.Atoi(c["rank"])
	if err != nil {
		return nil, fmt.Errorf("rank=%s: opt=%s has fixed ranks only", c["rank"], c["opt"])
	}
	return conjugate(make(k), r), nil
}

func conjugate(d *ng.CG, r *reader) *ng.CG {
	d.Cap, d.Tol, d.Progress = r.int("cg-cap"), r.float("cg-tol"), r.float("cg-progress")
	return d
}

// lbfgsSettings were chosen by the suite tuning on seed 0.
var lbfgsSettings = harness.Settings{"history": "100", "c1": "1e-4", "c2": "0.9"}

func lbfgs(c harness.Cell, s harness.Settings) (solvers.Solver, error) {
	search, err := solvers.ParseSearch(c["search"])
	if err != nil {
		return nil, err
	}
	r := &reader{s: s}
	if c["search"] == "wolfe" {
		search = solvers.Wolfe{C1: r.float("c1"), C2: r.float("c2")}
	}
	return &quasinewton.LBFGS{History: r.int("history"), Search: search}, r.err
}

// adamSettings were chosen by the suite tuning on seed 0; the horizon is what 4 s afford on one core.
var adamSettings = harness.Settings{
	"lr": "3e-2", "beta1": "0.9", "beta2": "0.999", "eps": "1e-8", "warmup": "100", "horizon": "7500", "final": "1e-1",
}

func adam(c harness.Cell, s harness.Settings) (solvers.Solver, error) {
	r := &reader{s: s}
	return &firstorder.Adam{
		Rate: r.float("lr"), Beta1: r.float("beta1"), Beta2: r.float("beta2"), Eps: r.float("eps"),
		Schedule: firstorder.Exponential{WarmUp: r.int("warmup"), Horizon: r.int("horizon"), Final: r.float("final")},
	}, r.err
}
