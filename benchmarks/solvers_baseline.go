package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/solvers"
	"ngdbench/solvers/firstorder"
	"ngdbench/solvers/quasinewton"
)

// baselineEntries are the optimisers that natural gradient is compared with.
func baselineEntries() []harness.SolverEntry {
	return []harness.SolverEntry{
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
