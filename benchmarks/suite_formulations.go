package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/results"
)

// homes are the problems that a formulation comes from, with a network that every solver can do something with.
var homes = []struct{ form, problem, net, points string }{
	{"pinn", "kovasznay", "2x16x3", "400+120"},
	{"vpinn", "sweep", "2x32x1", "900+120"},
	{"rvpinn", "advdiff", "1x32x1", "200+2"},
	{"feinn", "cdr", "2x32x1", "625+0"},
	{"ritz", "poisson_cubic", "1x32x1", "200+0"},
}

// formulationsSuite trains the five formulations: what each reaches in a minute on poisson2d with the solver that suits
// it, then every solver for 30 steps on poisson2d and on the formulation's home problem. Pairs that do not fit are rows
// with their reason.
func formulationsSuite() harness.Suite {
	return harness.Suite{
		Name:   "formulations",
		Doc:    "PINN, VPINN, robust VPINN, FEINN and Deep Ritz: 60 s each on poisson2d, then 30 steps with every solver; about ten minutes",
		Blocks: append([]harness.Block{minute(), kOne()}, pairs()...),
	}
}

// minute is each formulation with the solver and the network that suit it, 60 s.
func minute() harness.Block {
	return harness.Block{
		Name: "minute",
		Axes: map[string][]string{"problem": {"poisson2d"}, "points": {"900+120"}, "opt": {"dense"}},
		Variants: []harness.Cell{
			{"form": "pinn"},
			{"form": "vpinn"},
			{"form": "vpinn+hats"},
			{"form": "rvpinn"},
			{"form": "rvpinn+hats"},
			{"form": "feinn+k4"},
			{"form": "feinn"},
			{"form": "ritz"},
		},
		Seeds:  []int{1},
		Limits: results.Limits{Seconds: 60},
		Jobs:   2,
	}
}

// kOne is what limits a FEINN: the error of the finite element solution at the nodes, of order 1 and 4, on a mesh with
// fewer nodes than the network has parameters and on one with more.
func kOne() harness.Block {
	b := harness.Block{
		Name:   "feinn",
		Axes:   map[string][]string{"problem": {"cdr"}, "net": {"2x20x20x1"}, "points": {"441+0", "1681+0"}, "opt": {"dense"}, "damp": {"lm"}},
		Seeds:  []int{1},
		Limits: results.Limits{Seconds: 30},
		Jobs:   2,
	}
	for _, form := range []string{"feinn", "feinn+k2", "feinn+k4", "feinn+k4+dual"} {
		b.Variants = append(b.Variants, harness.Cell{"form": form})
	}
	return b
}

// pairs are the formulations with every solver, 30 steps.
func pairs() []harness.Block {
	var variants []harness.Cell
	for _, opt := range []string{"dense", "dual", "spring", "svd", "diagonal", "cg", "jacobi", "auto", "lbfgs", "adam"} {
		variants = append(variants, harness.Cell{"opt": opt})
	}
	variants = append(variants, harness.Cell{"opt": "block", "damp": "1e-3"}) // at 1e-10 its first step finds no decrease on cdr
	for _, opt := range []string{"nystrom", "pchol", "rpchol", "sketch"} {
		variants = append(variants, harness.Cell{"opt": opt, "rank": "32"})
	}
	var blocks []harness.Block
	for _, h := range homes {
		net := "2x32x1"
		if h.form == "ritz" {
			net += "+hard"
		}
		for _, c := range []harness.Cell{
			{"problem": "poisson2d", "form": h.form, "net": net, "points": "625+80"},
			{"problem": h.problem, "form": h.form, "net": h.net, "points": h.points},
		} {
			blocks = append(blocks, harness.Block{Name: h.form + "-" + c["problem"], Axes: axesOf(c), Variants: variants,
				Seeds: []int{1}, Limits: results.Limits{Steps: 30}, Jobs: 2})
		}
	}
	return blocks
}

// axesOf are the axes of a block in which all cells share what c says.
func axesOf(c harness.Cell) map[string][]string {
	axes := map[string][]string{}
	for axis, v := range c {
		axes[axis] = []string{v}
	}
	return axes
}
