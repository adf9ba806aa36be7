package tables

import (
	"fmt"
	"slices"

	"ngdbench/results/stats"
)

// maxPaired is the number of variants up to which all pairs are compared; above it, only the best of each class are: a
// family of thousands of tests decides nothing.
const maxPaired = 14

// pair is what paired seeds say of two variants.
type pair struct {
	a, b        *Variant
	time, error stats.Comparison
}

// pairs compares each two variants over the seeds that both ran, time to target and final error.
func (s *Section) pairs(target float64) []pair {
	list := s.paired()
	var out []pair
	for i, a := range list {
		for _, b := range list[i+1:] {
			p := pair{a: a, b: b, error: stats.Compare(PairUp(a.Cells, b.Cells, Cell.finalError))}
			if target > 0 {
				p.time = stats.Compare(PairUp(a.Timed(), b.Timed(), func(c Cell) stats.Quantity { return c.TimeTo(target) }))
			}
			out = append(out, p)
		}
	}
	return out
}

// paired lists the variants that are compared, in the order of the tables.
func (s *Section) paired() []*Variant {
	list := slices.DeleteFunc(slices.Clone(s.Variants), func(v *Variant) bool { return len(v.Cells) == 0 })
	if len(list) > maxPaired {
		list = slices.DeleteFunc(list, func(v *Variant) bool { return !v.Best })
	}
	return list
}

// PairUp joins the cells of equal seeds.
func PairUp(a, b []Cell, f func(Cell) stats.Quantity) []stats.Pair {
	other := map[string]Cell{}
	for _, c := range b {
		other[c.Cell["seed"]] = c
	}
	var pairs []stats.Pair
	for _, c := range a {
		if d, ok := other[c.Cell["seed"]]; ok {
			pairs = append(pairs, stats.Pair{A: f(c), B: f(d)})
		}
	}
	return pairs
}

func (c Cell) finalError() stats.Quantity { return c.Metric("l2err") }

// pairwise is the table of all pairs, with a verdict for each of the two questions. Each question is a family of its
// own for Holm's correction. The headline takes its verdict from the first of them: see duel.judge.
func (s *Section) pairwise() []Item {
	target := s.Hardest()
	list := s.pairs(target)
	if len(list) == 0 {
		return nil
	}
	var times, errors []stats.Comparison
	for _, p := range list {
		times, errors = append(times, p.time), append(errors, p.error)
	}
	verdictT, verdictE := stats.Rule{}.Judge(times), stats.Rule{}.Judge(errors)
	names := []string{"<A", "<B", "final error A/B", "A wins", "<verdict"}
	if target > 0 {
		names = append(names, "time to "+Power(target)+" A/B", "A wins", "<verdict")
	}
	t := &Table{Title: "Pairs of solvers on the same seeds", Columns: Columns(names...)}
	for i, p := range list {
		row := []string{p.a.Label, p.b.Label, factor(p.error), wins(p.error), verdictE[i].String()}
		if target > 0 {
			row = append(row, factor(p.time), wins(p.time), verdictT[i].String())
		}
		t.Add(row...)
	}
	t.Notes = s.pairNotes(target, len(t.Rows))
	return []Item{t}
}

func (s *Section) pairNotes(target float64, m int) []string {
	notes := []string{"Ratio below 1: A is better. Hodges-Lehmann estimate over the seeds where both have a number, [smallest, largest]; " +
		"(k of n) where these are not all. A miss counts as worse than every success in wins and verdict. " +
		"Verdict, that of the headline too: exact Wilcoxon signed-rank test with Holm's correction over this table, at 5 %, margin 5 %; " +
		fmt.Sprintf("among %s it needs %d seeds.", Count(m, "pair"), stats.Rule{}.Seeds(m))}
	if target > 0 {
		notes = append(notes, fmt.Sprintf("%s is the hardest target that at least two solvers (else one) reach on more than half of their seeds.", Power(target)))
	}
	if s.crowded() {
		notes = append(notes, fmt.Sprintf("More than %d solvers: only the best of each class are compared.", maxPaired))
	}
	return notes
}

func (s *Section) crowded() bool {
	n := 0
	for _, v := range s.Variants {
		if len(v.Cells) > 0 {
			n++
		}
	}
	return n > maxPaired
}

// factor is "0.43 [0.21, 0.80]", with "(1 of 4)" where not every pair has a ratio, and "not computed" where none has.
func factor(c stats.Comparison) string {
	var part string
	if c.Common < c.N {
		part = fmt.Sprintf(" (%d of %d)", c.Common, c.N)
	}
	switch {
	case c.N == 0:
		return "no common seed"
	case !c.Ratio.Ok():
		return "not computed" + part
	case c.Common == 1:
		return Ratio(c.Ratio.Value) + part
	}
	return fmt.Sprintf("%s [%s, %s]%s", Ratio(c.Ratio.Value), Quantity(c.Lo, Ratio), Quantity(c.Hi, Ratio), part)
}

// wins is "2 of 3", ties named.
func wins(c stats.Comparison) string {
	if c.Ties > 0 {
		return fmt.Sprintf("%d of %d, %d tied", c.Wins, c.N, c.Ties)
	}
	return fmt.Sprintf("%d of %d", c.Wins, c.N)
}
