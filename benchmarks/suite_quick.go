package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/results"
)

// quick is what a stranger runs first: natural-gradient variants against Adam and L-BFGS on the set-up of the published
// runs exp09_reproduce_poisson2d (Dangel, Müller, Zeinhofer, arXiv 2405.15603), 4 s per cell on one thread.
//
// Ranks 32 and 128 lie below and above the effective dimension of the Gramian, about 80 at this damping.
func quick() harness.Suite {
	return harness.Suite{
		Name: "quick",
		Doc:  "natural-gradient variants, Adam and L-BFGS on poisson2d; 3 seeds, 4 s per cell, about a minute",
		Blocks: []harness.Block{{
			Name: "small",
			Axes: map[string][]string{"problem": {"poisson2d"}, "form": {"pinn"}, "net": {"2x64x1"}, "points": {"900+120"}},
			Variants: []harness.Cell{
				{"opt": "dense"},
				{"opt": "dual"},
				{"opt": "cg"},
				{"opt": "nystrom", "rank": "32"},
				{"opt": "nystrom", "rank": "128"},
				{"opt": "rpchol", "rank": "128"},
				{"opt": "lbfgs"},
				{"opt": "adam"},
			},
			Seeds:  []int{1, 2, 3},
			Limits: results.Limits{Seconds: 4},
			Jobs:   2,
		}},
	}
}
