package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/results"
)

// breakEven is made to be planned: the prices of a step of explicit and low-rank directions as the points grow, for three networks.
// Running it says how far the prices hold.
func breakEven() harness.Suite {
	return harness.Suite{
		Name: "breakeven",
		Doc:  "a step of explicit and low-rank directions as points grow, for benchrun plan; five minutes to run",
		Blocks: []harness.Block{{
			Name: "points",
			Axes: map[string][]string{
				"problem": {"poisson2d"}, "form": {"pinn"}, "net": {"2x64x1", "2x64x64x1", "2x64x64x64x1"},
				"points": {"450+50", "900+100", "1800+200", "3600+400", "7200+800", "14400+1600"},
			},
			Variants:   []harness.Cell{{"opt": "dense"}, {"opt": "dual"}, {"opt": "nystrom", "rank": "128"}, {"opt": "sketch", "rank": "128"}},
			Seeds:      []int{1},
			Limits:     results.Limits{Steps: 2},
			GOMAXPROCS: 2,
		}},
	}
}
