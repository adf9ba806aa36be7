package tables

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ngdbench/results"
	"ngdbench/results/stats"
)

// accuracy is the table of errors by solver: best per class first, everything over seeds. Where seeds are enough for one, it has
// the interval of the median error.
func (s *Section) accuracy() *Table {
	names := []string{"<solver", "<class", "<status", "l2err"}
	sure := slices.ContainsFunc(s.Variants, func(v *Variant) bool { return v.errorInterval() != "" })
	if sure {
		names = append(names, "95 % of its median")
	}
	t := &Table{Title: "Error by solver", Columns: Columns(append(names, "best l2err", "l2abs", "h1err")...)}
	for _, v := range s.Variants {
		row := []string{v.star(), v.Class, v.statuses(), Spread(v.summary("l2err"), Scientific)}
		if sure {
			row = append(row, cmp.Or(v.errorInterval(), dash))
		}
		t.Add(append(row,
			Spread(stats.Summarise(v.Over(bestError)), Scientific),
			Spread(v.summary("l2abs"), Scientific),
			Spread(v.summary("h1err"), Scientific))...)
	}
	t.Notes = []string{"Median over seeds [smallest, largest], at the end of the training; best l2err is the smallest of its trace. " +
		"l2err, h1err are relative, l2abs is absolute, all RMS on the evaluation points. * best of its class."}
	if sure {
		t.Notes[0] += " 95 % of its median: distribution-free interval between order statistics, from six seeds on."
	}
	return t
}

// errorInterval is the interval of the median final error; "" where the seeds are too few for one.
func (v *Variant) errorInterval() string {
	iv := stats.MedianInterval(v.Over(Cell.finalError), 0.95)
	if !iv.Ok {
		return ""
	}
	return fmt.Sprintf("[%s, %s]", Quantity(iv.Lo, Scientific), Quantity(iv.Hi, Scientific))
}

// cost is the table of what the same trainings took.
func (s *Section) cost() *Table {
	t := &Table{Title: "Cost by solver", Columns: Columns("<solver", "seconds", "steps", "ms/step", "inner iterations", "products", "losses", "peak memory", "workspace")}
	for _, v := range s.Variants {
		t.Add(v.star(),
			Spread(v.seconds(), Plain),
			Spread(v.summary("steps"), Whole),
			Spread(stats.Summarise(v.OverTimed(StepTime)), Plain),
			Spread(v.summary("cg-iters"), Whole),
			Spread(v.summary("products"), Whole),
			Spread(v.summary("losses"), Whole),
			Spread(v.summary("peak-rss-B"), Memory),
			Spread(v.summary("work-B"), Memory))
	}
	t.Notes = []string{"Training time without the evaluation of errors. Products are those with T and its transpose; losses are evaluations of the loss alone, not those that come with a gradient; workspace is what the training handed out through its meter, exactly."}
	return t
}

// trouble lists the cells that did not end by convergence, target, budget or stall, each with its cause. Seeds for which
// all else is the same share a row.
func (s *Section) trouble() *Table {
	t := &Table{Title: "Cells without a regular end", Columns: Columns("<solver", "<seed", "<status", "steps", "l2err", "<cause")}
	for _, v := range s.Variants {
		for _, c := range append(append([]Cell{}, v.Cells...), v.Skips...) {
			if regular(c.Status) {
				continue
			}
			row := []string{v.Label, c.Cell["seed"], c.Status, orDash(c.Metric("steps"), Whole), orDash(c.Metric("l2err"), Scientific), cause(c)}
			if n := len(t.Rows); n > 0 && sameButSeed(t.Rows[n-1], row) {
				t.Rows[n-1][1] += ", " + row[1]
				continue
			}
			t.Add(row...)
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

func sameButSeed(a, b []string) bool { return a[0] == b[0] && slices.Equal(a[2:], b[2:]) }

func regular(status string) bool {
	switch status {
	case results.Converged, results.Target, results.Budget, results.Stalled:
		return true
	}
	return false
}

func orDash(q stats.Quantity, format func(float64) string) string {
	if !q.Ok() {
		return dash
	}
	return format(q.Value)
}

// cause is why, or where nothing was written down, the last line of the child's output.
func cause(c Cell) string {
	if c.Cause != "" {
		return c.Cause
	}
	lines := strings.Split(strings.TrimSpace(c.Log), "\n")
	return lines[len(lines)-1]
}

func (v *Variant) star() string {
	if v.Best {
		return v.Label + " *"
	}
	return v.Label
}

// statuses counts the seeds by status, skipped ones too.
func (v *Variant) statuses() string { return tally(v.Cells, v.Skips) }

// bestError is the smallest error of the training, from the record or else from its trace.
func bestError(c Cell) stats.Quantity {
	if v, ok := c.Record.Best["l2err"]; ok && v.Finite() {
		return stats.Known(float64(v))
	}
	best := stats.Quantity{}
	for _, e := range c.Curve.L2 {
		if q := stats.Known(e); q.Compare(best) < 0 {
			best = q
		}
	}
	return best
}

// StepTime is milliseconds of training by steps taken.
func StepTime(c Cell) stats.Quantity {
	steps := c.Metric("steps")
	if !steps.Ok() || steps.Value == 0 {
		return stats.Quantity{}
	}
	return stats.Known(1e3 * c.seconds() / steps.Value)
}
