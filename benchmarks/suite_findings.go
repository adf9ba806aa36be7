package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/results"
)

// findings tests the claims of an earlier numerical study on the set-up of oneLayer, 100 steps for each, so that times decide nothing:
// docs/findings.md reads its report. A cell that several claims share is there once.
func findings() harness.Suite {
	b := oneLayer()
	b.Limits, b.Variants = results.Limits{Steps: 100}, nil
	for _, list := range [][]harness.Cell{
		each("damp", harness.Cell{"opt": "dense"}, "1e-4", "1e-6", "1e-8", "1e-10", "1e-12", "loss", "lm", "trust"),
		each("rank", harness.Cell{"opt": "nystrom"}, "16", "32", "64", "96", "128"),
		each("rank", harness.Cell{"opt": "pchol"}, "64", "96"),
		each("rank", harness.Cell{"opt": "rpchol"}, "64", "96"),
		each("rank", harness.Cell{"opt": "sketch"}, "32", "64", "128"),           // the tail λ̂_k + μ
		each("rank", harness.Cell{"opt": "sketch+published"}, "32", "64", "128"), // the tail μ
		each("set", harness.Cell{"opt": "cg"}, "cap50", "default", "cap1000", "residual", "martens"),
		each("opt", harness.Cell{}, "cg+warm", "cg+sample", "dual", "dual+spring", "dual+geo"),
		each("opt", harness.Cell{"rank": "128"}, "nystrom+stale", "nystrom+recycle", "nystrom+sample"),
		{{"opt": "cg+bound", "set": "cap1000"}, {"opt": "dual+spring", "set": "momentum09"}, {"opt": "nystrom+stale", "rank": "128", "set": "every2"}},
	} {
		b.Variants = append(b.Variants, list...)
	}
	return harness.Suite{
		Name:   "findings",
		Doc:    "damping, rank, tail, stopping rules, warm start, stale factors, momentum, by steps; about three minutes",
		Blocks: []harness.Block{b},
		Settings: map[string]harness.Settings{
			"cap50": {"cg-cap": "50"}, "cap1000": {"cg-cap": "1000"}, "residual": {"cg-cap": "1000", "cg-tol": "1e-2"},
			"martens": {"cg-cap": "1000", "cg-progress": "5e-4"}, "every2": {"every": "2"}, "momentum09": {"momentum": "0.9"},
		},
	}
}

// each is a variant with one more axis, once for each of its values.
func each(axis string, c harness.Cell, values ...string) (list []harness.Cell) {
	for _, v := range values {
		one := c.Clone()
		one[axis] = v
		list = append(list, one)
	}
	return list
}
