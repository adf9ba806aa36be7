package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/results"
)

// problemsSuite trains every problem for 60 s in the set-up that suits it.
func problemsSuite() harness.Suite {
	return harness.Suite{
		Name: "problems",
		Doc:  "every problem for 60 s with the formulation, network and damping that suit it; about eleven minutes",
		Blocks: []harness.Block{{
			Name: "problems",
			Axes: map[string][]string{"opt": {"dense"}},
			Variants: []harness.Cell{
				{"problem": "advdiff+0.005", "form": "rvpinn", "damp": "lm"},
				{"problem": "allencahn", "form": "pinn", "damp": "lm"},
				{"problem": "burgers", "form": "pinn+adaptive", "damp": "loss"},
				{"problem": "cdr", "form": "vpinn", "damp": "lm"},
				{"problem": "endpoint", "form": "rvpinn", "net": "1x16x16x16x1+hard", "damp": "lm"},
				{"problem": "heat1d", "form": "pinn"},
				{"problem": "heat3d", "form": "pinn"},
				{"problem": "helmholtz", "form": "pinn"},
				{"problem": "kovasznay", "form": "pinn", "damp": "lm"},
				{"problem": "lshape", "form": "feinn+dual", "damp": "lm"},
				{"problem": "modulated", "form": "rvpinn", "damp": "lm"},
				{"problem": "poisson1d", "form": "pinn"},
				{"problem": "poisson2d", "form": "rvpinn"},
				{"problem": "poisson3d", "form": "pinn"},
				{"problem": "poisson5d", "form": "pinn"},
				{"problem": "poisson_cubic", "form": "ritz"},
				{"problem": "sweep", "form": "vpinn", "damp": "lm"},
				{"problem": "sweep+4", "form": "vpinn", "damp": "lm"},
				{"problem": "tanh80", "form": "rvpinn", "damp": "lm"},
				{"problem": "waves", "form": "rvpinn", "net": "2x32x32x1+hard", "damp": "lm"},
			},
			Seeds:  []int{1},
			Limits: results.Limits{Seconds: 60},
			Jobs:   2,
		}},
	}
}
