package tables

import (
	"fmt"
	"slices"

	"ngdbench/results"
)

// ownMeasures are the units that some formulations have beside the errors of all, in the order of columns.
var ownMeasures = []string{"energy-err", "energy-rel", "estimator", "effectivity", "l2-interp", "h1-interp", "l2-fe", "h1-fe", "l2-nodal", "h1-nodal", "nodes-fe"}

// measures is the table of what formulations measure beside the errors of all; nil where no solver has any.
func (s *Section) measures() *Table {
	var units []string
	for _, u := range ownMeasures {
		if slices.ContainsFunc(s.Variants, func(v *Variant) bool { return v.summary(u).Known > 0 }) {
			units = append(units, u)
		}
	}
	if len(units) == 0 {
		return nil
	}
	t := &Table{Title: "Measures of the formulation", Columns: Columns(append([]string{"<solver", "l2err"}, units...)...)}
	for _, v := range s.Variants {
		row := []string{v.star(), Spread(v.summary("l2err"), Scientific)}
		for _, u := range units {
			format := Scientific
			if u == "effectivity" {
				format = func(x float64) string { return fmt.Sprintf("%.3f", x) }
			}
			row = append(row, Spread(v.summary(u), format))
		}
		t.Add(row...)
	}
	note := "At the end of the training, median over seeds [smallest, largest]. l2err is the network's own."
	for _, u := range units {
		if unit, ok := results.UnitOf(u); ok {
			note += " " + u + ": " + unit.Doc + "."
		}
	}
	t.Notes = []string{note}
	return t
}
