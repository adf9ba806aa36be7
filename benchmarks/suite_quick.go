package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/results"
)

// quick is what a stranger runs first: natural-gradient variants against Adam and L-BFGS, once where explicit solves are
// cheap and once where they are not.
func quick() harness.Suite {
	return harness.Suite{
		Name:     "quick",
		Doc:      "natural-gradient variants, Adam and L-BFGS on poisson2d, a small and a larger network; about two minutes",
		Blocks:   []harness.Block{oneLayer(), threeLayers()},
		Settings: map[string]harness.Settings{"capped": {"cg-cap": "100"}},
		Profiles: map[string]harness.Profile{
			"smoke": {Doc: "one seed, two steps a cell: seconds", Seeds: []int{1}, Limits: results.Limits{Steps: 2}},
			"paper": {Doc: "eleven seeds, the fewest that allow verdicts among all pairs: a quarter of an hour", Seeds: []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
		},
	}
}

// oneLayer is the set-up of the published runs exp09_reproduce_poisson2d (Dangel, Müller, Zeinhofer, arXiv 2405.15603),
// 4 s per cell on one thread: P = 257, n = 1020.
//
// Ranks 32 and 128 lie below and above the effective dimension of the Gramian, about 80 at this damping.
func oneLayer() harness.Block {
	return harness.Block{
		Name: "one-layer",
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
	}
}

// threeLayers is where low rank should win: P = 8577 and n = 4400 make a step of dual a matter of seconds, while the rank
// that a Nyström factor needs hardly grows. One cell at a time on both cores, 15 s each.
func threeLayers() harness.Block {
	return harness.Block{
		Name: "three-layers",
		Axes: map[string][]string{"problem": {"poisson2d"}, "form": {"pinn"}, "net": {"2x64x64x64x1"}, "points": {"4000+400"}},
		Variants: []harness.Cell{
			{"opt": "dual"},
			{"opt": "nystrom", "rank": "128"},
			{"opt": "cg", "set": "capped"},
			{"opt": "lbfgs"},
		},
		Seeds:      []int{1},
		Limits:     results.Limits{Seconds: 15},
		GOMAXPROCS: 2,
	}
}
