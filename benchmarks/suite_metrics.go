package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/results"
)

// metrics compares the inner products of natural gradients on one problem, network and set of points, loss by loss: the
// boundary data are built in, so that every metric is one of functions that vanish there. What a formulation has no
// space for is a skipped row with its reason.
func metrics() harness.Suite {
	b := harness.Block{
		Name:   "metrics",
		Axes:   map[string][]string{"problem": {"poisson2d"}, "net": {"2x32x1+hard"}, "points": {"625+0"}, "opt": {"dense"}, "damp": {"1e-8"}},
		Seeds:  []int{1, 2, 3},
		Limits: results.Limits{Steps: 200},
		Jobs:   2,
	}
	for _, form := range []string{"pinn", "vpinn", "rvpinn", "feinn+k4", "ritz"} {
		b.Variants = append(b.Variants, each("metric", harness.Cell{"form": form}, "gn", "l2", "h1", "energy", "dual")...)
	}
	return harness.Suite{
		Name:   "metrics",
		Doc:    "Gauss-Newton, L², H¹, energy and dual-norm metrics under five losses on poisson2d, 200 steps; about a minute",
		Blocks: []harness.Block{b},
	}
}
