package tables

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ngdbench/results"
)

// distinct lists the values that f takes over cells, in ascending order.
func distinct(cells []Cell, f func(Cell) string) []string {
	var values []string
	for _, c := range cells {
		values = append(values, f(c))
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// condition is something that cells compared with each other ought to share.
type condition struct {
	name   string
	of     func(Cell) string
	advice string
}

// runConditions are looked at over the whole run.
var runConditions = []condition{
	{"code identities", func(c Cell) string { return short(c.Code) }, "results of different code stand in one table"},
	{"timing classes", func(c Cell) string { return c.Environment.Timing }, "seconds are not comparable between them"},
	{"CPUs", func(c Cell) string { return c.Environment.CPU }, "seconds are not comparable between them"},
	{"kernel paths", func(c Cell) string { return c.Environment.Kernels }, "seconds are not comparable between them"},
	{"thread counts", func(c Cell) string { return fmt.Sprint(c.Environment.GOMAXPROCS) }, "seconds are not comparable between them"},
	{"Go versions", func(c Cell) string { return c.Environment.GoVersion + " " + c.Environment.GOAMD64 }, "bits may differ between them"},
	{"memory measures", func(c Cell) string { return c.Environment.MemoryMeasure }, "peak memory is not comparable between them"},
}

// warnings says what a reader of the run must know before he believes a number.
func (r *Run) warnings() []string {
	list := slices.Clone(r.Notes)
	ran := slices.DeleteFunc(slices.Clone(r.Cells), func(c Cell) bool { return c.Status == results.Skipped })
	for _, c := range ran {
		if stopped := c.Environment.Suspended; !c.OwnTime() {
			list = append(list, fmt.Sprintf("%s was stopped for %s s while it ran: its seconds, and what it reached in them, are not its own and left out of all times.", c.Name, Plain(float64(stopped))))
		}
	}
	for _, c := range runConditions {
		if values := distinct(ran, c.of); len(values) > 1 {
			list = append(list, fmt.Sprintf("%d %s in one report (%s): %s.", len(values), c.name, enumerate(values), c.advice))
		}
	}
	return list
}

// warnings says what rows of this section hide or compare unfairly.
func (s *Section) warnings() []string {
	var list []string
	for _, v := range s.Variants {
		// Axes, limits, threads and kernels are the row's own; what is left may still differ, and nobody named it.
		for _, name := range v.residue() {
			list = append(list, fmt.Sprintf("%s averages over %s, which nobody named.", v.Label, name))
		}
	}
	ran := slices.DeleteFunc(slices.Clone(s.Cells), func(c Cell) bool { return c.Status == results.Skipped })
	if limits := distinct(ran, func(c Cell) string { return budgetOf(c) }); len(limits) > 1 {
		list = append(list, fmt.Sprintf("Rows have different budgets (%s): compare final errors with care.", enumerate(limits)))
	}
	seeds := map[string]bool{}
	for _, v := range s.Variants {
		if len(v.Cells) > 0 {
			seeds[strings.Join(distinct(v.Cells, func(c Cell) string { return c.Cell["seed"] }), " ")] = true
		}
	}
	if len(seeds) > 1 {
		list = append(list, "Solvers ran different seeds: pairs cover the common ones only, medians do not.")
	}
	return list
}

// residue names what differs between the seeds of one row.
func (v *Variant) residue() []string {
	var names []string
	for _, c := range []condition{
		{name: "code identities", of: func(c Cell) string { return c.Code }},
		{name: "timing classes", of: func(c Cell) string { return c.Environment.Timing }},
		{name: "CPUs", of: func(c Cell) string { return c.Environment.CPU }},
		{name: "settings", of: func(c Cell) string { return fmt.Sprint(c.Settings) }}, // fmt sorts the keys of maps
	} {
		if values := distinct(v.Cells, c.of); len(values) > 1 {
			names = append(names, fmt.Sprintf("%d %s", len(values), c.name))
		}
	}
	return names
}

func budgetOf(c Cell) string {
	var words []string
	if c.Limits.Seconds > 0 {
		words = append(words, Plain(c.Limits.Seconds)+" s")
	}
	if c.Limits.Steps > 0 {
		words = append(words, Count(c.Limits.Steps, "step"))
	}
	if c.Limits.Target > 0 {
		words = append(words, "target "+Scientific(c.Limits.Target))
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, " or ")
}

// enumerate joins at most six values.
func enumerate(values []string) string {
	shown := slices.Clone(values)
	for i, v := range shown {
		shown[i] = cmp.Or(v, "unknown")
	}
	if len(shown) > 6 {
		shown = append(shown[:5], fmt.Sprintf("and %d more", len(values)-5))
	}
	return strings.Join(shown, ", ")
}

// short is the beginning of a hash, enough to tell two apart.
func short(hash string) string { return hash[:min(12, len(hash))] }
