package tables

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ngdbench/results/stats"
)

// commonLoss is the table of what each natural-gradient variant needs for the lowest loss that all of them reach on every seed, in modelled
// seconds, which no noise disturbs, with the clock's beside them. It is left out where there are no two such variants with prices.
func (s *Section) commonLoss() []Item {
	list := s.priced()
	if len(list) < 2 {
		return nil
	}
	target := 0.0
	for _, v := range list {
		for _, c := range v.Cells {
			target = max(target, lowest(c.Curve.Loss))
		}
	}
	t := &Table{
		Title:   "Modelled time to a loss of " + Scientific(target),
		Columns: Columns("#", "<solver", "modelled, s", "× best", "seconds", "steps"),
		Notes: []string{"The loss is the lowest that every natural-gradient solver here reaches on every seed. Modelled: counts times the unit " +
			"prices of the calibration table; median [smallest, largest] to the first trace row at that loss."},
	}
	modelled := map[*Variant]stats.Summary{}
	for _, v := range list {
		modelled[v] = stats.Summarise(v.Over(func(c Cell) stats.Quantity { return c.toLoss(c.Curve.Modelled, target) }))
	}
	slices.SortStableFunc(list, func(a, b *Variant) int {
		return cmp.Or(modelled[a].Median.Compare(modelled[b].Median), cmp.Compare(a.Label, b.Label))
	})
	best := modelled[list[0]].Median.Value
	for i, v := range list {
		t.Add(append([]string{strconv.Itoa(i + 1), v.Label, Spread(modelled[v], Plain), Ratio(modelled[v].Median.Value / best)}, v.realTo(target)...)...)
	}
	t.Notes = append(t.Notes, choices(list)...)
	return []Item{t}
}

// realTo is the clock's seconds and the steps to a loss.
func (v *Variant) realTo(target float64) []string {
	seconds := stats.Summarise(v.OverTimed(func(c Cell) stats.Quantity { return c.toLoss(c.Curve.Seconds, target) }))
	steps := stats.Summarise(v.Over(func(c Cell) stats.Quantity { return c.toLoss(floats(c.Curve.Step), target) }))
	return []string{Spread(seconds, Plain), Quantity(steps.Median, Whole)}
}

// priced are the natural-gradient variants all of whose cells have modelled seconds and a loss.
func (s *Section) priced() (list []*Variant) {
	for _, v := range s.Variants {
		ok := NaturalGradient(v.Class) && len(v.Cells) > 0
		for _, c := range v.Cells {
			n := len(c.Curve.Modelled)
			ok = ok && n > 1 && c.Curve.Modelled[n-1] > 0 && !math.IsInf(lowest(c.Curve.Loss), 1)
		}
		if ok {
			list = append(list, v)
		}
	}
	return list
}

// choices says what variants that choose took, ranks left out.
func choices(list []*Variant) (notes []string) {
	for _, v := range list {
		var all []string
		for _, c := range v.Cells {
			for _, what := range c.Curve.Choices {
				if what, _, _ = strings.Cut(what, ", rank"); !slices.Contains(all, what) {
					all = append(all, what)
				}
			}
		}
		if len(all) > 0 {
			notes = append(notes, fmt.Sprintf("%s took %s.", v.Label, strings.Join(all, "; ")))
		}
	}
	return notes
}

// lowest is the smallest number of x, +∞ where there is none.
func lowest(x []float64) float64 {
	least := math.Inf(1)
	for _, v := range x {
		if v < least {
			least = v
		}
	}
	return least
}

// toLoss is the entry of along at the first row with at most this loss.
func (c Cell) toLoss(along []float64, target float64) stats.Quantity {
	if i, ok := firstBelow(c.Curve.Loss, target); ok {
		return stats.Known(along[i])
	}
	return stats.Quantity{}
}

func floats(x []int) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}
