package harness

import (
	"fmt"
	"math"

	"ngdbench/cost"
	"ngdbench/results"
)

// Calibration says what benchrun calibrate works on.
type Calibration struct {
	Measure []Cell // whose objectives are measured: they should differ in points, parameters, channels and widths
	Check   []Cell // whose steps are compared with their predictions
}

// Limits of calibrate --check: a pair whose prediction is above is left out, and counted.
const (
	checkSteps   = 3
	checkSeconds = 8.0  // predicted, per step
	checkBytes   = 4e9  // predicted
	checkFactor  = 1.5  // that a prediction may be off
	checkShare   = 0.90 // of the pairs that should be within
)

// pairCheck is one line of the check.
type pairCheck struct {
	cell                results.Cell
	params, rows        int
	measured, predicted float64 // seconds of a step
	bytes, forecast     float64
}

// near reports whether a/b is off by at most checkFactor.
func near(a, b float64) bool { return math.Abs(math.Log(a/b)) <= math.Log(checkFactor) }

// checkTotals counts the pairs of a check.
type checkTotals struct{ pairs, times, spaces, large int }

func (t *checkTotals) add(p pairCheck) {
	t.pairs++
	if near(p.predicted, p.measured) {
		t.times++
	}
	if near(p.forecast, p.bytes) {
		t.spaces++
	}
}

// checkCalibration trains the pairs for a few steps each and prints predictions beside what was measured.
func (a *app) checkCalibration(o calibrateOptions) error {
	if err := o.complete(); err != nil {
		return err
	}
	filter, err := results.NewFilter(o.filter)
	if err != nil {
		return usage(err)
	}
	w, total := &firstError{w: a.stdout}, checkTotals{}
	w.print("%-16s %-13s %-9s %6s %5s  %9s %9s %6s   %9s %9s %6s\n", "opt", "net", "points", "P", "n", "step, s", "modelled", "ratio", "space, MB", "forecast", "ratio")
	for _, c := range a.Calibration.Check {
		s, err := a.ResolveSpec(Spec{Cell: c, Limits: results.Limits{Steps: checkSteps}, GOMAXPROCS: o.gomaxprocs, Timing: timingExclusive})
		if err != nil {
			return err
		}
		if !filter.KeepRecord(results.Record{Cell: s.Cell, Name: s.Cell.Name()}) {
			continue
		}
		p, ok, err := a.checkPair(s)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", s.Cell.Name(), err)
		case !ok:
			total.large++
			continue
		}
		total.add(p)
		if p.print(w); w.err != nil {
			return w.err
		}
	}
	return total.print(w)
}

func (p pairCheck) print(w *firstError) {
	w.print("%-16s %-13s %-9s %6d %5d  %9.2e %9.2e %6.2f   %9.4g %9.4g %6.2f\n", p.cell["opt"], p.cell["net"], p.cell["points"],
		p.params, p.rows, p.measured, p.predicted, p.predicted/p.measured, p.bytes/1e6, p.forecast/1e6, p.forecast/p.bytes)
}

func (t checkTotals) print(w *firstError) error {
	if t.pairs == 0 {
		return exit(ExitNothing, "no pair to compare")
	}
	w.print("step time within %.1f × on %d of %d pairs (%.0f %%, aimed at %.0f %%); workspace on %d; %d left out, predicted above %.0f s a step or %.0f GB\n",
		checkFactor, t.times, t.pairs, 100*float64(t.times)/float64(t.pairs), 100*checkShare, t.spaces, t.large, checkSeconds, checkBytes/1e9)
	return w.err
}

// checkPair measures the steps of one cell after the first; false where it is too large.
func (a *app) checkPair(s Spec) (p pairCheck, ok bool, err error) {
	guess := a.previews(cost.Current()).of(s)
	if guess.misfit != "" {
		return p, false, fmt.Errorf("%s", guess.misfit)
	}
	if guess.step > checkSeconds || guess.bytes > checkBytes {
		return p, false, nil
	}
	rec, err := RunCell(a.Catalogue, s, nil)
	if err != nil {
		return p, false, err
	}
	n := len(rec.Trace)
	if n < 3 {
		return p, false, fmt.Errorf("ended after %d rows: %s", n, rec.Status)
	}
	first, last := rec.Trace[1], rec.Trace[n-1]
	steps := float64(last.Step - first.Step)
	return pairCheck{
		cell: rec.Cell, params: rec.Sizes.Params, rows: rec.Sizes.Rows,
		measured: float64(last.Seconds-first.Seconds) / steps, predicted: float64(last.Modelled-first.Modelled) / steps,
		bytes: float64(rec.Metrics["work-B"]), forecast: guess.bytes,
	}, true, nil
}
