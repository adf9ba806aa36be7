package benchmarks

import (
	"fmt"

	"ngdbench/cost"
	"ngdbench/harness"
	"ngdbench/solvers"
	ng "ngdbench/solvers/naturalgradient"
)

// autoEntry is the direction that the calibration table chooses.
func autoEntry() harness.SolverEntry {
	return natural("auto", "natural gradient: the cheapest of dense, dual and nystrom, by the calibration table", solvers.Automatic,
		harness.Settings{harness.TableSetting: "", "threads": "1", "tau": "10", "rank-first": "64", "rank-max": "1024", "rest": "20"}, nil, automatic)
}

func automatic(_ harness.Cell, r *reader) (solvers.Direction, error) {
	t := cost.Current()
	if r.s[harness.TableSetting] != t.Digest() {
		return nil, fmt.Errorf("setting %s=%s: the table in use is %s; name the other one with --calibration", harness.TableSetting, r.s[harness.TableSetting], t.Digest())
	}
	threads := r.int("threads")
	d := &ng.Auto{Prices: t.For(threads), Tau: r.nonzero("tau", "> 0"), First: r.int("rank-first"), Max: r.int("rank-max"), Rest: r.int("rest")}
	if r.err == nil && min(threads, d.First, d.Max, d.Rest) < 1 {
		return nil, fmt.Errorf("settings threads=%d, rank-first=%d, rank-max=%d, rest=%d: want integers ≥ 1", threads, d.First, d.Max, d.Rest)
	}
	return d, d.Validate()
}
