package benchmarks

import (
	"fmt"

	"ngdbench/harness"
	"ngdbench/results"
)

// tuning tries twelve settings each of Adam and L-BFGS on seed 0, which no report shows; what ended at the lowest error
// is their default. The natural-gradient family is not tuned.
func tuning() harness.Suite {
	s := harness.Suite{
		Name:     "tuning",
		Doc:      "12 settings each of Adam and L-BFGS on seed 0, 4 s per cell: how their defaults were chosen",
		Settings: map[string]harness.Settings{},
	}
	axes := map[string][]string{"problem": {"poisson2d"}, "form": {"pinn"}, "net": {"2x64x1"}, "points": {"900+120"}}
	block := func(opt string) harness.Block {
		return harness.Block{Name: opt, Axes: axes, Seeds: []int{0}, Limits: results.Limits{Seconds: 4}, Jobs: 2}
	}
	a, l := block("adam"), block("lbfgs")
	for _, lr := range []string{"1e-2", "3e-2", "1e-1", "3e-1"} {
		for _, final := range []string{"1e-2", "1e-1", "1"} {
			set := fmt.Sprintf("lr%s-final%s", lr, final)
			s.Settings[set] = harness.Settings{"lr": lr, "final": final}
			a.Variants = append(a.Variants, harness.Cell{"opt": "adam", "set": set})
		}
	}
	for _, history := range []string{"20", "50", "100", "200"} {
		for _, c2 := range []string{"0.9", "0.5", "0.1"} {
			set := fmt.Sprintf("m%s-c%s", history, c2)
			s.Settings[set] = harness.Settings{"history": history, "c2": c2}
			l.Variants = append(l.Variants, harness.Cell{"opt": "lbfgs", "set": set})
		}
	}
	s.Blocks = []harness.Block{a, l}
	return s
}
