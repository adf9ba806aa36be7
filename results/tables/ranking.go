package tables

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ngdbench/results/stats"
)

// Targets are the relative L2 errors that solvers are ranked by where the suite names none.
var Targets = []float64{1e-3, 1e-4, 1e-5, 1e-6}

// standing is one variant's place in a ranking.
type standing struct {
	v    *Variant
	time stats.Summary
	run  stats.RunTime
}

// standings orders the variants that have times by expected running time to the target, failures counted; those that
// never reached it come last, by how many seeds they tried it on and by name.
func (s *Section) standings(target float64) []standing {
	var list []standing
	for _, v := range s.Variants {
		if len(v.Timed()) == 0 {
			continue
		}
		q := v.timeTo(target)
		list = append(list, standing{v, stats.Summarise(q), stats.ExpectedRunTime(q)})
	}
	slices.SortStableFunc(list, func(a, b standing) int {
		return cmp.Or(reached(b)-reached(a), a.run.Mean.Compare(b.run.Mean), cmp.Compare(a.v.Label, b.v.Label))
	})
	return list
}

// reached is 1 where any seed reached the target, 0 elsewhere.
func reached(s standing) int { return min(1, s.run.Successes) }

// rankings is one table for each target. Where nobody reached a target, a sentence says so.
func (s *Section) rankings() []Item {
	var items []Item
	for _, target := range s.Targets {
		list := s.standings(target)
		hits, cells := 0, 0
		for _, st := range list {
			hits += st.run.Successes
			cells += st.run.N
		}
		if hits == 0 {
			items = append(items, Paragraph(fmt.Sprintf("No solver reached a relative L2 error of %s: 0 of %s.", Power(target), Count(cells, "cell"))))
			continue
		}
		items = append(items, ranking(list, target))
	}
	return items
}

func ranking(list []standing, target float64) *Table {
	t := &Table{
		Title:   "Time to a relative L2 error of " + Power(target),
		Columns: Columns("#", "<solver", "reached", "seconds", "steps", "aRT, s", "× best"),
	}
	best := list[0].run.Mean
	for i, st := range list {
		place, factor := strconv.Itoa(i+1), dash
		if st.run.Successes == 0 {
			place = dash
		} else if st.run.Mean.Ok() && best.Ok() && best.Value > 0 {
			factor = Ratio(st.run.Mean.Value / best.Value)
		}
		steps := stats.Summarise(st.v.OverTimed(func(c Cell) stats.Quantity { return c.StepsTo(target) }))
		lo, hi := stats.Wilson(st.run.Successes, st.run.N)
		t.Add(place, st.v.Label, fmt.Sprintf("%d/%d [%.2f, %.2f]", st.run.Successes, st.run.N, lo, hi),
			Spread(st.time, Plain), Quantity(steps.Median, Whole), Quantity(st.run.Mean, Plain), factor)
	}
	t.Notes = []string{"Reached: seeds, with the 95 % interval of the rate (Wilson). Seconds: median [smallest, largest] to the first trace row at the target; > marks what was spent without reaching it. " +
		"aRT: all seconds spent, in failures too, divided by the successes; it makes the order."}
	return t
}

// Power is a target as its reader types it: 1e-3.
func Power(target float64) string { return strings.Replace(Scientific(target), ".0e", "e", 1) }

// Hardest is the smallest of the targets that at least two variants (one, where there are no two) reach on more than half
// of their seeds; 0 where none is reached so.
func (s *Section) Hardest() float64 {
	for _, need := range []int{2, 1} {
		for _, target := range slices.Backward(s.Targets) {
			n := 0
			for _, st := range s.standings(target) {
				if 2*st.run.Successes > st.run.N {
					n++
				}
			}
			if n >= need {
				return target
			}
		}
	}
	return 0
}
