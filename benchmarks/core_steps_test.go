package benchmarks

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"ngdbench/harness"
	"ngdbench/results"
)

// stepRows are whole steps of training on the quick suite's network and points, on two threads: their time, and their
// allocations, of which there must be none after warm-up.
func stepRows() []coreRow {
	var rows []coreRow
	for _, opt := range []string{"dense", "nystrom", "dual", "cg", "rpchol", "lbfgs", "adam"} {
		cell := harness.Cell{"problem": "poisson2d", "net": "2x64x1", "points": "900+120", "opt": opt}
		rows = append(rows, coreRow{
			name:  fmt.Sprintf("unit=step/opt=%s/net=%s/n=%s/threads=2", opt, cell["net"], cell["points"]),
			short: opt == "dense" || opt == "nystrom", bar: "allocs/step",
			measure: func(bool) figures { return steps(cell) },
		})
	}
	return rows
}

// warmSteps come first: ranks, histories and workers' scratch have their size then. countedSteps are the sample: the
// runtime makes a few allocations of its own, which must not show, so that allocations are counted over all of them.
const warmSteps, countedSteps = 5, 100

func steps(cell harness.Cell) figures {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	step := trainer(cell)
	for range warmSteps {
		step()
	}
	times := make([]float64, 0, countedSteps)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range countedSteps {
		begin := time.Now()
		step()
		times = append(times, float64(time.Since(begin)))
	}
	runtime.ReadMemStats(&after)
	slices.Sort(times)
	return figures{countedSteps, []metric{
		{median(times), "ns/op"},
		{float64((after.Mallocs - before.Mallocs) / countedSteps), "allocs/step"}, // rounded down, as testing does
		{0, "bar"},
	}}
}

// trainer starts the training of a cell, with the θ₀, points and streams that benchrun gives it, and returns its step.
func trainer(cell harness.Cell) (step func()) {
	t, err := Catalogue().Training(harness.Spec{Cell: cell, Limits: results.Limits{Steps: warmSteps + countedSteps}})
	if err != nil {
		panic(err)
	}
	if err := t.Solver.Start(t.Objective, t.Env); err != nil {
		panic(err)
	}
	return func() { t.Solver.Step(t.Theta) }
}
