package report

import (
	"fmt"
	"slices"
	"strconv"

	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// rankSweep draws time to the hardest target against the rank, one line for each solver with three ranks or more whose
// other settings agree, beside the level of the fastest explicit direction. Nil where there is no such solver.
func rankSweep(s *tables.Section, name string, styles map[*tables.Variant]Style) *chart {
	target := s.Hardest()
	if target == 0 {
		return nil
	}
	f := &chart{Picture: tables.Picture{Name: name + "rank"}, xlab: "rank", ylab: fmt.Sprintf("time to %s (s)", tables.Power(target))}
	missed := 0
	for _, group := range sweeps(s) {
		line := &series{label: sweepLabel(group), style: styles[group[0]], whiskers: true}
		for _, v := range group {
			q := stats.Summarise(v.OverTimed(func(c tables.Cell) stats.Quantity { return c.TimeTo(target) }))
			if !q.Median.Ok() {
				missed++
				continue
			}
			k, _ := strconv.ParseFloat(v.Cells[0].Cell["rank"], 64)
			hi := q.Max.Value
			if !q.Max.Ok() {
				hi = q.Median.Value
			}
			line.x, line.mid = append(line.x, k), append(line.mid, q.Median.Value)
			line.lo, line.hi = append(line.lo, q.Min.Value), append(line.hi, hi)
		}
		if len(line.x) > 0 && len(f.series) < maxCurves {
			f.series = append(f.series, line)
		}
	}
	if len(f.series) == 0 {
		return nil
	}
	x0, x1, y0, y1 := f.spans()
	if r, ok := explicitLevel(s, target); ok {
		f.rules = append(f.rules, r)
		y0, y1 = min(y0, r.y), max(y1, r.y)
	}
	f.x, f.y = newLogAxis(x0, x1), newLogAxis(y0, y1)
	f.Alt = "time to a target against rank, " + s.Title()
	f.Caption = fmt.Sprintf("Time to a relative L2 error of %s against rank: median over seeds, whiskers from the fastest to the slowest that got there. Ranks at which most seeds missed it, not drawn: %d.", tables.Power(target), missed)
	return f
}

// sweeps groups the variants of a section that differ in their rank alone, those with three ranks or more, by rising rank.
func sweeps(s *tables.Section) (groups [][]*tables.Variant) {
	at := map[string][]*tables.Variant{}
	var keys []string
	for _, v := range s.Variants {
		if len(v.Timed()) == 0 || v.Cells[0].Cell["rank"] == "0" {
			continue
		}
		if _, err := strconv.Atoi(v.Cells[0].Cell["rank"]); err != nil {
			continue
		}
		c := v.Cells[0].Cell.Clone()
		delete(c, "rank")
		delete(c, "seed")
		key := fmt.Sprint(c.Name(), v.Cells[0].Limits, v.Cells[0].Environment.GOMAXPROCS, v.Cells[0].Environment.Kernels)
		if at[key] == nil {
			keys = append(keys, key)
		}
		at[key] = append(at[key], v)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if list := at[key]; len(list) >= 3 {
			slices.SortFunc(list, tables.CompareSettings)
			groups = append(groups, list)
		}
	}
	return groups
}

func sweepLabel(group []*tables.Variant) string {
	c := group[0].Cells[0].Cell
	return fmt.Sprintf("%s damp=%s", c["opt"], c["damp"])
}

// explicitLevel is the median time of the fastest explicit direction.
func explicitLevel(s *tables.Section, target float64) (rule, bool) {
	best := rule{color: blue}
	for _, v := range s.Variants {
		if v.Class != "explicit" {
			continue
		}
		q := stats.Summarise(v.OverTimed(func(c tables.Cell) stats.Quantity { return c.TimeTo(target) })).Median
		if q.Ok() && q.Value > 0 && (best.label == "" || q.Value < best.y) {
			best.y, best.label = q.Value, v.Label
		}
	}
	return best, best.label != ""
}
