package report

import (
	"fmt"
	"math"

	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// workPrecision draws, for each solver, the expected time to every error of a ladder, failures counted: lower left wins.
func workPrecision(s *tables.Section, name string, styles map[*tables.Variant]Style) *chart {
	f := &chart{Picture: tables.Picture{Name: name + "work-precision"}, xlab: "expected running time (s)", ylab: "relative L2 error"}
	left := f.draws(s, styles, func(v *tables.Variant, style Style) *series {
		c := &series{label: v.Label, style: style, every: true}
		for k := 4; k <= 36; k++ { // four to a decade, from 1e-1 to 1e-9
			target := math.Pow(10, -float64(k)/4)
			r := stats.ExpectedRunTime(v.OverTimed(func(c tables.Cell) stats.Quantity { return c.TimeTo(target) }))
			if r.Successes > 0 && r.Mean.Ok() && r.Mean.Value > 0 {
				c.x, c.mid = append(c.x, r.Mean.Value), append(c.mid, target)
			}
		}
		if len(c.x) == 0 {
			return nil
		}
		return c
	})
	if len(f.series) == 0 {
		return nil
	}
	x0, x1, y0, y1 := f.spans()
	f.x, f.y = newLogAxis(x0, x1), newLogAxis(y0, y1)
	f.Alt = "error against expected running time, " + s.Title()
	f.Caption = "Work-precision diagram: expected running time (all seconds spent, in failures too, by successes) to errors four to a decade. A line ends at the hardest error that any seed reached; lower left is better." + further(left)
	return f
}

// memoryTime draws workspace against the expected time to a target, one marker for each solver that got there.
func memoryTime(s *tables.Section, name string, styles map[*tables.Variant]Style) *chart {
	target := s.Hardest()
	if target == 0 {
		return nil
	}
	f := &chart{Picture: tables.Picture{Name: name + "memory-time"}, xlab: fmt.Sprintf("expected running time to %s (s)", tables.Power(target)), ylab: "workspace (MiB)"}
	missed := 0
	left := f.draws(s, styles, func(v *tables.Variant, style Style) *series {
		r := stats.ExpectedRunTime(v.OverTimed(func(c tables.Cell) stats.Quantity { return c.TimeTo(target) }))
		m := stats.Summarise(v.Over(func(c tables.Cell) stats.Quantity { return c.Metric("work-B") })).Median
		if !m.Ok() || m.Value <= 0 {
			return nil
		}
		if r.Successes == 0 || !r.Mean.Ok() || r.Mean.Value <= 0 {
			missed++
			return nil
		}
		return &series{label: v.Label, style: style, loose: true, x: []float64{r.Mean.Value}, mid: []float64{m.Value / (1 << 20)}}
	})
	if len(f.series) < 2 {
		return nil
	}
	x0, x1, y0, y1 := f.spans()
	f.x, f.y = newLogAxis(x0, x1), newLogAxis(y0, y1)
	f.Alt = "workspace against time to a target, " + s.Title()
	f.Caption = fmt.Sprintf("Workspace (median over seeds, exact) against expected running time to a relative L2 error of %s; lower left is better. Solvers that never got there: %d.", tables.Power(target), missed) + further(left)
	return f
}
