package benchmarks

import (
	"maps"
	"slices"

	"ngdbench/harness"
	"ngdbench/results"
)

// case250 is a problem of the regimes suite at P of about 250: its set-up, the dampings that are swept, the ranks, and the
// one variant of each class that led on seeds 1 to 3 and goes on to seeds 4 to 10.
type case250 struct {
	name    string
	cell    harness.Cell
	damps   [3]string
	ranks   [3]string
	seconds float64
	target  float64 // the hardest that dense or dual reach on most seeds
	tested  []harness.Cell
	dear    bool // a training takes so long that a shorter list must do
}

var cases250 = []case250{
	{"poisson2d", harness.Cell{"problem": "poisson2d", "form": "pinn", "net": "2x64x1", "points": "900+120"},
		[3]string{"1e-6", "1e-8", "1e-10"}, [3]string{"32", "64", "128"}, 8, 1e-6, []harness.Cell{
			{"opt": "dense", "damp": "1e-10"}, {"opt": "cg", "damp": "1e-8"}, {"opt": "nystrom", "rank": "128", "damp": "1e-10"}}, false},
	{"poisson3d", harness.Cell{"problem": "poisson3d", "form": "pinn", "net": "3x48x1", "points": "1000+300"},
		[3]string{"1e-4", "1e-6", "1e-8"}, [3]string{"32", "64", "128"}, 14, 1e-5, []harness.Cell{
			{"opt": "dense", "damp": "1e-6"}, {"opt": "cg", "damp": "1e-6"}, {"opt": "rpchol", "rank": "128", "damp": "1e-6"}}, false},
	{"heat1d", harness.Cell{"problem": "heat1d", "form": "pinn", "net": "2x14x14x1", "points": "900+60+30"},
		[3]string{"1e-6", "1e-8", "1e-10"}, [3]string{"32", "64", "128"}, 9, 1e-6, []harness.Cell{
			{"opt": "dense", "damp": "1e-10"}, {"opt": "cg", "damp": "1e-8"}, {"opt": "nystrom", "rank": "128", "damp": "1e-10"}}, false},
	{"advdiff", harness.Cell{"problem": "advdiff", "form": "rvpinn", "net": "1x14x14x1", "points": "400+2"},
		[3]string{"1e-6", "1e-8", "1e-10"}, [3]string{"16", "32", "64"}, 6, 1e-6, []harness.Cell{
			{"opt": "dense", "damp": "1e-6"}, {"opt": "cg", "damp": "1e-8"}, {"opt": "nystrom", "rank": "16", "damp": "1e-8"}}, false},
	{"cdr", harness.Cell{"problem": "cdr", "form": "feinn+k4+dual", "net": "2x64x1", "points": "10201+0"},
		[3]string{"1e-2", "1e-3", "1e-4"}, [3]string{"32", "64", "128"}, 22, 1e-3, []harness.Cell{
			{"opt": "dense", "damp": "1e-3"}, {"opt": "cg", "damp": "1e-3"}, {"opt": "nystrom", "rank": "64", "damp": "1e-3"}}, true},
}

// sweep is directions × ranks × damping and two baselines, seeds 1 to 3.
func (c case250) sweep() harness.Block {
	d := c.damps[1]
	variants := each("damp", harness.Cell{"opt": "dense"}, c.damps[:]...)
	variants = append(variants, harness.Cell{"opt": "cg", "damp": d}, harness.Cell{"opt": "lbfgs"})
	variants = append(variants, each("rank", harness.Cell{"opt": "nystrom", "damp": d}, c.ranks[:]...)...)
	if !c.dear {
		variants = append(variants,
			harness.Cell{"opt": "dual", "damp": d},
			harness.Cell{"opt": "nystrom", "rank": c.ranks[2], "damp": c.damps[2]},
			harness.Cell{"opt": "rpchol", "rank": c.ranks[2], "damp": d},
			harness.Cell{"opt": "adam"})
	}
	return c.block(c.name, variants, []int{1, 2, 3})
}

func (c case250) block(name string, variants []harness.Cell, seeds []int) harness.Block {
	return harness.Block{Name: name, Axes: axesOf(c.cell), Variants: variants, Seeds: seeds,
		Limits: results.Limits{Seconds: c.seconds, Target: c.target}, Jobs: 2}
}

// spectrum is the low-rank structure that all of this rests on, along a training of dense.
func (c case250) spectrum() harness.Block {
	b := c.block(c.name+"-spectrum", []harness.Cell{{"opt": "dense", "damp": c.damps[1]}}, []int{1})
	b.Limits, b.Diagnose = results.Limits{Steps: 100}, true
	return b
}

// sized is a block of the stated design at larger P: one damping, one seed but where a verdict is near, one cell at a time
// on both cores. Explicit directions that take tens of seconds a step are in blocks of their own, for five steps.
type sized struct {
	name     string
	cell     harness.Cell
	points   []string
	variants []harness.Cell
	limits   results.Limits
	seeds    []int
}

var (
	lowRank2D = harness.Cell{"opt": "nystrom", "rank": "128"}
	lowRank3D = harness.Cell{"opt": "nystrom", "rank": "384"}
	capped    = harness.Cell{"opt": "cg", "set": "capped"}
	explicits = []harness.Cell{{"opt": "dense"}, {"opt": "dual"}}
)

var sizes = []sized{
	{"poisson2d-1200", harness.Cell{"problem": "poisson2d", "form": "pinn", "net": "2x32x32x1", "damp": "1e-8"}, []string{"900+100"},
		[]harness.Cell{{"opt": "dense"}, {"opt": "dual"}, lowRank2D}, results.Limits{Seconds: 15, Target: 1e-5}, []int{1}},
	{"poisson2d-1200-3000", harness.Cell{"problem": "poisson2d", "form": "pinn", "net": "2x32x32x1", "damp": "1e-8"}, []string{"2700+300"},
		[]harness.Cell{{"opt": "dense"}, {"opt": "dual"}, lowRank2D, capped}, results.Limits{Seconds: 15, Target: 1e-5}, []int{1}},
	{"poisson2d-1200-10000", harness.Cell{"problem": "poisson2d", "form": "pinn", "net": "2x32x32x1", "damp": "1e-8"}, []string{"9000+1000"},
		[]harness.Cell{{"opt": "dense"}, lowRank2D}, results.Limits{Seconds: 25, Target: 1e-5}, []int{1}},
	{"poisson3d-1200", harness.Cell{"problem": "poisson3d", "form": "pinn", "net": "3x32x32x1", "damp": "1e-8"}, []string{"900+200"},
		[]harness.Cell{{"opt": "dense"}, {"opt": "dual"}, lowRank3D}, results.Limits{Seconds: 15, Target: 1e-4}, []int{1}},
	{"poisson3d-1200-3000", harness.Cell{"problem": "poisson3d", "form": "pinn", "net": "3x32x32x1", "damp": "1e-8"}, []string{"2500+500"},
		[]harness.Cell{{"opt": "dense"}, lowRank3D, capped}, results.Limits{Seconds: 20, Target: 1e-4}, []int{1}},
	{"poisson3d-1200-10000", harness.Cell{"problem": "poisson3d", "form": "pinn", "net": "3x32x32x1", "damp": "1e-8"}, []string{"9000+1000"},
		[]harness.Cell{{"opt": "dense"}, lowRank3D}, results.Limits{Seconds: 25, Target: 1e-4}, []int{1}},
	{"heat1d-1200", harness.Cell{"problem": "heat1d", "form": "pinn", "net": "2x32x32x1", "damp": "1e-8"}, []string{"900+60+40"},
		[]harness.Cell{{"opt": "dense"}, lowRank2D, capped}, results.Limits{Seconds: 15, Target: 1e-5}, []int{1}},
	{"heat1d-1200-10000", harness.Cell{"problem": "heat1d", "form": "pinn", "net": "2x32x32x1", "damp": "1e-8"}, []string{"9000+600+400"},
		[]harness.Cell{{"opt": "dense"}, lowRank2D}, results.Limits{Seconds: 25, Target: 1e-5}, []int{1}},
	{"advdiff-1200", harness.Cell{"problem": "advdiff", "form": "rvpinn", "net": "1x32x32x1", "damp": "1e-6"}, []string{"1000+2"},
		[]harness.Cell{{"opt": "dense"}, {"opt": "dual"}, {"opt": "nystrom", "rank": "64"}}, results.Limits{Seconds: 10, Target: 1e-5}, []int{1}},
	{"cdr-1200", harness.Cell{"problem": "cdr", "form": "feinn+k4+dual", "net": "2x300x1", "damp": "1e-4"}, []string{"10201+0"},
		[]harness.Cell{{"opt": "dense"}, lowRank2D}, results.Limits{Seconds: 30, Target: 1e-2}, []int{1}},
	{"poisson2d-9700", harness.Cell{"problem": "poisson2d", "form": "pinn", "net": "2x68x68x68x1", "damp": "1e-8"}, []string{"900+100"},
		[]harness.Cell{{"opt": "dual"}, lowRank2D, capped}, results.Limits{Seconds: 20, Target: 1e-5}, []int{1}},
	{"poisson2d-9700-3000", harness.Cell{"problem": "poisson2d", "form": "pinn", "net": "2x68x68x68x1", "damp": "1e-8"}, []string{"2700+300"},
		[]harness.Cell{{"opt": "dual"}, lowRank2D}, results.Limits{Seconds: 50, Target: 1e-5}, []int{1}},
	{"poisson2d-9700-10000", harness.Cell{"problem": "poisson2d", "form": "pinn", "net": "2x68x68x68x1", "damp": "1e-8"}, []string{"9000+1000"},
		[]harness.Cell{lowRank2D}, results.Limits{Seconds: 60, Target: 1e-5}, []int{1, 2, 3}},
	{"poisson2d-9700-cg", harness.Cell{"problem": "poisson2d", "form": "pinn", "net": "2x68x68x68x1", "damp": "1e-8"}, []string{"9000+1000"},
		[]harness.Cell{capped}, results.Limits{Seconds: 40, Target: 1e-5}, []int{1}},
	{"poisson2d-9700-explicit", harness.Cell{"problem": "poisson2d", "form": "pinn", "net": "2x68x68x68x1", "damp": "1e-8"}, []string{"9000+1000"},
		explicits, results.Limits{Steps: 5}, []int{1}},
	{"poisson3d-9700", harness.Cell{"problem": "poisson3d", "form": "pinn", "net": "3x68x68x68x1", "damp": "1e-8"}, []string{"900+100"},
		[]harness.Cell{{"opt": "dual"}, {"opt": "nystrom", "rank": "512"}}, results.Limits{Seconds: 30, Target: 1e-4}, []int{1}},
	{"poisson3d-9700-4000", harness.Cell{"problem": "poisson3d", "form": "pinn", "net": "3x68x68x68x1", "damp": "1e-8"}, []string{"3500+500"},
		[]harness.Cell{{"opt": "dual"}, {"opt": "nystrom", "rank": "512"}}, results.Limits{Seconds: 45, Target: 1e-4}, []int{1}},
}

// regimesSuite is the evidence for which class of natural gradient wins where. At P of about 250 it sweeps directions, ranks and
// damping on seeds 1 to 3, and goes on with the best of each class on seeds 4 to 10, which chose nothing: three pairs of
// classes, smallest Holm p 0.047. Above, it measures costs, one seed and one damping, to where explicit solves take tens of
// seconds a step.
func regimesSuite() harness.Suite {
	s := harness.Suite{
		Name:     "regimes",
		Doc:      "which class of natural gradient wins where: five problems, P 250 to 9700, N 400 to 10000; profile small 45 minutes, paper a day",
		Settings: map[string]harness.Settings{"capped": {"cg-cap": "100"}},
		Targets:  []float64{1e-3, 1e-4, 1e-5, 1e-6},
		Profiles: map[string]harness.Profile{
			"small": {Doc: "as the suite stands: ten seeds where verdicts are wanted, at most 45 minutes"},
			"paper": {Doc: "twenty seeds everywhere: less than a day", Seeds: seedsTo(20)},
		},
	}
	for _, c := range cases250 {
		s.Blocks = append(s.Blocks, c.sweep())
		if c.tested != nil {
			s.Blocks = append(s.Blocks, c.block(c.name+"-test", c.tested, []int{4, 5, 6, 7, 8, 9, 10}))
		}
		s.Blocks = append(s.Blocks, c.spectrum())
	}
	for _, z := range sizes {
		axes := axesOf(z.cell)
		axes["points"] = slices.Clone(z.points)
		s.Blocks = append(s.Blocks, harness.Block{Name: z.name, Axes: axes, Variants: cloned(z.variants), Seeds: z.seeds, Limits: z.limits, GOMAXPROCS: 2})
	}
	return s
}

func cloned(list []harness.Cell) (out []harness.Cell) {
	for _, c := range list {
		out = append(out, maps.Clone(c))
	}
	return out
}

// seedsTo is 1 to n.
func seedsTo(n int) []int {
	seeds := make([]int, n)
	for i := range seeds {
		seeds[i] = i + 1
	}
	return seeds
}
