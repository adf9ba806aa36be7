package tables

import (
	"fmt"
	"math"

	"ngdbench/results"
	"ngdbench/results/stats"
)

// duel is the best natural gradient variant against the best baseline after the same seconds.
type duel struct {
	ngd, base  *Variant
	seconds    float64
	ngdError   stats.Summary
	baseError  stats.Summary
	comparison stats.Comparison
}

// headline says in plain words who wins in this section, by how much and how sure that is.
func (s *Section) headline() string {
	d := s.duel()
	switch {
	case d.ngd == nil && d.base == nil:
		return "No solver has a final error on more than half of its seeds."
	case d.base == nil:
		return fmt.Sprintf("No baseline has results here. The best natural gradient variant is %s: %s.", d.ngd.Label, finalError(d.ngd))
	case d.ngd == nil:
		return fmt.Sprintf("No natural gradient variant has results here. The best baseline is %s: %s.", d.base.Label, finalError(d.base))
	case len(d.ngd.Timed()) == 0 || len(d.base.Timed()) == 0:
		return fmt.Sprintf("The best natural gradient variant, %s, cannot be put beside the best baseline, %s, after the same seconds: one of them was stopped in every training.", d.ngd.Label, d.base.Label)
	}
	return fmt.Sprintf("%s: median relative L2 error %s against %s; per seed, error ratio %s; %s wins %s; %s.",
		d.claim(), quantity(d.ngdError.Median, scientific), quantity(d.baseError.Median, scientific),
		factor(d.comparison), d.ngd.Label, wins(d.comparison), s.judge(d))
}

// judge gives the duel its verdict, one that the table of pairs bears out.
//
// The two were picked as the best after looking at all, so a test of them alone would find wins where there are none
// (selection, then testing). The family for Holm's correction is therefore that of the table, all pairs on final errors,
// with the comparison after the same seconds in the place of the duel's own row: m is the same, and where every training
// lasts equally long so is p. Where the two questions are answered differently after all (limits in steps, say), neither
// answer is given alone: the duel is undecided, and both are named.
func (s *Section) judge(d duel) string {
	var family []stats.Comparison
	at := -1
	for i, p := range s.pairs(0) {
		family = append(family, p.error)
		if p.a == d.ngd && p.b == d.base {
			at = i
		}
	}
	if at < 0 {
		panic("tables: the best of two classes are no pair")
	}
	final := stats.Rule{}.Judge(family)[at]
	family[at] = d.comparison
	equal := stats.Rule{}.Judge(family)[at]
	if equal.Outcome != final.Outcome {
		return fmt.Sprintf("undecided: %s after the same seconds, but %s at the end of each training", equal, final)
	}
	return equal.String()
}

// claim begins the sentence: the factor after the same seconds, or that there is none.
func (d duel) claim() string {
	names := fmt.Sprintf("the best natural gradient variant, %s (%s),", d.ngd.Label, d.ngd.Class)
	against := fmt.Sprintf("the best baseline, %s (%s)", d.base.Label, d.base.Class)
	after := fmt.Sprintf("After the same %s s", plain(d.seconds))
	a, b := d.ngdError.Median, d.baseError.Median
	switch {
	case !a.Ok() || !b.Ok() || a.Value <= 0 || b.Value <= 0:
		return fmt.Sprintf("%s %s cannot be put in a ratio with %s", after, names, against)
	case a.Value < b.Value:
		return fmt.Sprintf("%s %s is %s times below %s", after, names, ratio(b.Value/a.Value), against)
	case a.Value > b.Value:
		return fmt.Sprintf("%s %s does not win: it is %s times above %s", after, names, ratio(a.Value/b.Value), against)
	}
	return fmt.Sprintf("%s %s is level with %s", after, names, against)
}

func (s *Section) duel() duel {
	d := duel{
		ngd:  s.best(func(v *Variant) bool { return NaturalGradient(v.Class) }),
		base: s.best(func(v *Variant) bool { return v.Class != "" && !NaturalGradient(v.Class) }),
	}
	if d.ngd == nil || d.base == nil {
		return d
	}
	d.seconds = min(d.ngd.covered(), d.base.covered())
	if math.IsInf(d.seconds, 1) { // every training of both ended by itself: all may be read at the end
		d.seconds = max(d.ngd.longest(), d.base.longest())
	}
	at := func(c Cell) stats.Quantity { return c.errorAt(d.seconds) }
	d.ngdError, d.baseError = stats.Summarise(d.ngd.overTimed(at)), stats.Summarise(d.base.overTimed(at))
	d.comparison = stats.Compare(pairUp(d.ngd.Timed(), d.base.Timed(), at))
	return d
}

// covered is the time up to which every seed's error is known: the shortest training that was cut off by its budget.
// One that ended by itself keeps its error for ever.
func (v *Variant) covered() float64 {
	t := math.Inf(1)
	for _, c := range v.Timed() {
		if end := c.end(); c.Status == results.Budget && !math.IsNaN(end) {
			t = min(t, end)
		}
	}
	return t
}

func (v *Variant) longest() float64 {
	t := 0.0
	for _, c := range v.Timed() {
		if end := c.end(); end > t {
			t = end
		}
	}
	return t
}

// finalError is "relative L2 error 2.7e-7 [1.9e-7, 3.0e-7] after 4.00 s".
func finalError(v *Variant) string {
	e, seconds := v.summary("l2err"), v.seconds()
	switch {
	case !seconds.Median.Ok():
		return "relative L2 error " + spread(e, scientific)
	case e.N == 1: // n once, not behind each number
		return fmt.Sprintf("relative L2 error %s after %s s (%s)", quantity(e.Median, scientific), quantity(seconds.Median, plain), e.Spread())
	}
	return fmt.Sprintf("relative L2 error %s after %s s", spread(e, scientific), spread(seconds, plain))
}
