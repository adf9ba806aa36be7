package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/results"
)

// smoke is the grid that CI runs, and whose records under results/reference/smoke it verifies bit for bit: every cell
// ends by steps, so that its bits do not depend on the clock.
func smoke() harness.Suite {
	return harness.Suite{
		Name: "smoke",
		Doc:  "seven solvers for 20 steps on two small networks, and each formulation with one; its records are kept and verified by CI",
		Blocks: []harness.Block{{
			Name: "smoke",
			Axes: map[string][]string{"problem": {"poisson2d"}, "net": {"2x16x1", "2x12x7x1"}, "points": {"150+40"}},
			Variants: []harness.Cell{
				{"opt": "dense"},
				{"opt": "dual"},
				{"opt": "cg"},
				{"opt": "nystrom", "rank": "24"},
				{"opt": "rpchol", "rank": "24"},
				{"opt": "lbfgs"},
				{"opt": "adam"},
			},
			Seeds:  []int{1},
			Limits: results.Limits{Steps: 20},
			Jobs:   2,
		}, {
			Name: "formulations",
			Axes: map[string][]string{"points": {"196+24"}, "opt": {"dense"}},
			Variants: []harness.Cell{
				{"problem": "poisson2d", "form": "vpinn", "net": "2x16x1"},
				{"problem": "advdiff", "form": "rvpinn", "net": "1x16x1+hard"},
				{"problem": "lshape", "form": "rvpinn+hats", "net": "2x16x1"},
				{"problem": "cdr", "form": "feinn+k2+dual", "net": "2x16x1"},
				{"problem": "poisson2d", "form": "feinn+energy", "net": "2x16x1"},
				{"problem": "poisson2d", "form": "ritz", "net": "2x16x1+hard"},
				{"problem": "poisson_cubic", "form": "ritz", "metric": "h1", "net": "1x16x1"},
			},
			Seeds:  []int{1},
			Limits: results.Limits{Steps: 20},
			Jobs:   2,
		}},
	}
}
