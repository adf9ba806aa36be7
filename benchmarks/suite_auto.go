package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/results"
)

// automaticSuite repeats both blocks of quick with auto among the natural-gradient variants, long enough in the second for dual to get
// anywhere: its report says what each needs for a common loss, in modelled and in real seconds.
func automaticSuite() harness.Suite {
	q := quick()
	small, large := q.Blocks[0], q.Blocks[1]
	small.Variants = append([]harness.Cell{{"opt": "auto"}}, naturalVariants(small)...)
	large.Variants = append([]harness.Cell{{"opt": "auto"}}, naturalVariants(large)...)
	large.Limits, large.Seeds = results.Limits{Seconds: 40}, []int{1, 2, 3}
	return harness.Suite{
		Name:     "auto",
		Doc:      "both blocks of quick with opt=auto, which chooses by the calibration table; about ten minutes",
		Blocks:   []harness.Block{small, large},
		Settings: q.Settings,
	}
}

// naturalVariants are a block's without the baselines.
func naturalVariants(b harness.Block) (list []harness.Cell) {
	for _, v := range b.Variants {
		if v["opt"] != "lbfgs" && v["opt"] != "adam" {
			list = append(list, v)
		}
	}
	return list
}
