// Package regimes answers which class of natural gradient wins where: for each training problem and target the leading
// class with its evidence, rules that hold over problems, and advice for a problem that nobody ran.
//
// The best variant of each class is chosen on the first three seeds and tested on the others, where a setting has enough
// of them; times that were missed are censored, never dropped. Decide is the heart, everything else reads Decisions.
package regimes

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ngdbench/results"
	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// Classes are the classes of natural gradient that are compared, in the order of reports. A method that chooses is none:
// it is not a candidate beside what it chooses from.
var Classes = []string{"explicit", "matrix-free", "preconditioned"}

// Setting is one training problem with its sizes.
type Setting struct {
	*tables.Section
	Params int // P
	Points int // N, of all groups together
	Rows   int // n
	Dim    int // inputs of the network, 0 where its name does not say
}

// Settings reads the training problems of a run by problem and size, those without a cell that trained left out.
func Settings(r *tables.Run) (list []*Setting) {
	for _, s := range r.Settings() {
		for _, c := range s.Cells {
			if c.Sizes.Params == 0 || c.Status == results.Skipped {
				continue
			}
			set := &Setting{Section: s, Params: c.Sizes.Params, Rows: c.Sizes.Rows, Dim: dimOf(s.Where["net"])}
			for _, n := range c.Sizes.Points {
				set.Points += n
			}
			list = append(list, set)
			break
		}
	}
	slices.SortStableFunc(list, func(a, b *Setting) int {
		return cmp.Or(cmp.Compare(a.Where["problem"], b.Where["problem"]), cmp.Compare(a.Where["form"], b.Where["form"]),
			cmp.Compare(a.Params, b.Params), cmp.Compare(a.Points, b.Points))
	})
	return list
}

// Comparable keeps the settings in which two classes or more ran: the others say nothing of regimes.
func Comparable(settings []*Setting) (list []*Setting) {
	for _, s := range settings {
		n := 0
		for _, class := range Classes {
			if slices.ContainsFunc(s.Variants, func(v *tables.Variant) bool { return v.Class == class && len(v.Timed()) > 0 }) {
				n++
			}
		}
		if n > 1 {
			list = append(list, s)
		}
	}
	return list
}

// dimOf is the number of inputs in a network's name, 2 in 2x64x1.
func dimOf(net string) int {
	word, _, _ := strings.Cut(net, "x")
	d, err := strconv.Atoi(word)
	if err != nil {
		return 0
	}
	return d
}

// Problem is the problem without its parameters.
func (s *Setting) Problem() string {
	name, _, _ := strings.Cut(s.Where["problem"], "+")
	return name
}

// Form is the formulation without its parts.
func (s *Setting) Form() string {
	name, _, _ := strings.Cut(s.Where["form"], "+")
	return name
}

// Label names the setting by what tells regimes apart.
func (s *Setting) Label() string {
	return fmt.Sprintf("%s %s, P = %d, N = %d", s.Where["problem"], s.Form(), s.Params, s.Points)
}

// seeds lists the seeds of a setting, by number.
func (s *Setting) seeds() []string {
	var list []string
	for _, c := range s.Cells {
		if seed := c.Cell["seed"]; !slices.Contains(list, seed) {
			list = append(list, seed)
		}
	}
	slices.SortFunc(list, results.CompareValues)
	return list
}

// selectionSeeds is the number of seeds on which the best variant of a class is chosen.
const selectionSeeds = 3

// split divides the seeds of a setting: where some are left for a test of its own, the first three choose and the others
// test; else all do both, and nothing is tested.
func (s *Setting) split() (choose, test []string) {
	all := s.seeds()
	if len(all) < selectionSeeds+(stats.Rule{}).Seeds(1) {
		return all, nil
	}
	return all[:selectionSeeds], all[selectionSeeds:]
}

// on is the variant with its cells of some seeds alone.
func on(v *tables.Variant, seeds []string) *tables.Variant {
	w := *v
	w.Cells = nil
	for _, c := range v.Cells {
		if slices.Contains(seeds, c.Cell["seed"]) {
			w.Cells = append(w.Cells, c)
		}
	}
	return &w
}

// timeTo is the expected running time to a target over the cells of v, failures counted.
func timeTo(v *tables.Variant, target float64) stats.RunTime {
	return stats.ExpectedRunTime(v.OverTimed(func(c tables.Cell) stats.Quantity { return c.TimeTo(target) }))
}

// median is the median of a unit over the seeds.
func median(v *tables.Variant, unit string) stats.Quantity {
	return stats.Summarise(v.Over(func(c tables.Cell) stats.Quantity { return c.Metric(unit) })).Median
}

// trait is an axis of the variant's cells, which all share it.
func trait(v *tables.Variant, axis string) string {
	if len(v.Cells) == 0 {
		return ""
	}
	return v.Cells[0].Cell[axis]
}

// stepSeconds is the median of seconds per step.
func stepSeconds(v *tables.Variant) float64 {
	q := stats.Summarise(v.OverTimed(tables.StepTime)).Median
	if !q.Ok() {
		return math.NaN()
	}
	return q.Value / 1e3
}

// faster orders variants by expected time to a target: those that reached it first, then by time, then by label.
func faster(a, b *tables.Variant, target float64) int {
	x, y := timeTo(a, target), timeTo(b, target)
	return cmp.Or(min(1, y.Successes)-min(1, x.Successes), x.Mean.Compare(y.Mean), cmp.Compare(a.Label, b.Label))
}
