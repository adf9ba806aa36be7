package tables

import (
	"fmt"
	"math"

	"ngdbench/results"
	"ngdbench/results/stats"
)

// duel is one variant against another after the same seconds.
type duel struct {
	a, b           *Variant // nil: there is none
	seconds        float64
	aError, bError stats.Summary
	comparison     stats.Comparison
}

// verdict is what a section says in words: which class leads, and what natural gradient is worth against the baselines.
func (s *Section) verdict() []Item {
	items := []Item{Paragraph(s.headline())}
	if lead := s.lead(); lead != "" {
		items = append([]Item{Paragraph(lead)}, items...)
	}
	return items
}

// headline says in plain words whether natural gradient wins in this section, by how much and how sure that is.
func (s *Section) headline() string {
	d := s.family()
	switch {
	case d.a == nil && d.b == nil:
		return "No solver has a final error on more than half of its seeds."
	case d.b == nil:
		return fmt.Sprintf("No baseline has results here. The best natural gradient variant is %s: %s.", d.a.Label, finalError(d.a))
	case d.a == nil:
		return fmt.Sprintf("No natural gradient variant has results here. The best baseline is %s: %s.", d.b.Label, finalError(d.b))
	case !d.timed():
		return fmt.Sprintf("The best natural gradient variant, %s, cannot be put beside the best baseline, %s, after the same seconds: one of them was stopped in every training.", d.a.Label, d.b.Label)
	}
	return s.words(d,
		fmt.Sprintf("the best natural gradient variant, %s (%s),", d.a.Label, d.a.Class),
		fmt.Sprintf("the best baseline, %s (%s)", d.b.Label, d.b.Class))
}

// lead says which class of natural gradient leads in this section, against the best of the next class. Empty where there
// are not two of them.
func (s *Section) lead() string {
	d := s.leaders()
	if d.a == nil || d.b == nil || !d.timed() {
		return ""
	}
	return s.words(d,
		fmt.Sprintf("the leading class of natural gradient, %s (%s),", d.a.Class, d.a.Label),
		fmt.Sprintf("the next class, %s (%s)", d.b.Class, d.b.Label))
}

// words is the sentence on a duel with two timed sides.
func (s *Section) words(d duel, name, against string) string {
	return fmt.Sprintf("%s: median relative L2 error %s against %s; per seed, error ratio %s; %s wins %s; %s.",
		d.claim(name, against), Quantity(d.aError.Median, Scientific), Quantity(d.bError.Median, Scientific),
		factor(d.comparison), d.a.Label, wins(d.comparison), s.judge(d))
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
		if p.a == d.a && p.b == d.b || p.a == d.b && p.b == d.a {
			at = i
		}
	}
	if at < 0 {
		panic("tables: the best of two classes are no pair")
	}
	family[at] = stats.Compare(PairUp(d.a.Cells, d.b.Cells, Cell.finalError)) // the table may have it the other way round
	final := stats.Rule{}.Judge(family)[at]
	family[at] = d.comparison
	equal := stats.Rule{}.Judge(family)[at]
	if equal.Outcome != final.Outcome {
		return fmt.Sprintf("undecided: %s after the same seconds, but %s at the end of each training", equal, final)
	}
	return equal.String()
}

// claim begins the sentence: the factor after the same seconds, or that there is none.
func (d duel) claim(name, against string) string {
	after := fmt.Sprintf("After the same %s s", Plain(d.seconds))
	a, b := d.aError.Median, d.bError.Median
	switch {
	case !a.Ok() || !b.Ok() || a.Value <= 0 || b.Value <= 0:
		return fmt.Sprintf("%s %s cannot be put in a ratio with %s", after, name, against)
	case a.Value < b.Value:
		return fmt.Sprintf("%s %s is %s times below %s", after, name, Ratio(b.Value/a.Value), against)
	case a.Value > b.Value:
		return fmt.Sprintf("%s %s does not win: it is %s times above %s", after, name, Ratio(a.Value/b.Value), against)
	}
	return fmt.Sprintf("%s %s is level with %s", after, name, against)
}

// family is the duel of the best natural gradient variant with the best baseline.
func (s *Section) family() duel {
	return fight(
		s.best(func(v *Variant) bool { return NaturalGradient(v.Class) }),
		s.best(func(v *Variant) bool { return v.Class != "" && !NaturalGradient(v.Class) }))
}

// leaders is the duel of the best natural gradient variant with the best of another class of the family.
func (s *Section) leaders() duel {
	a := s.best(func(v *Variant) bool { return NaturalGradient(v.Class) })
	if a == nil {
		return duel{}
	}
	return fight(a, s.best(func(v *Variant) bool { return NaturalGradient(v.Class) && v.Class != a.Class }))
}

func fight(a, b *Variant) duel {
	d := duel{a: a, b: b}
	if a == nil || b == nil {
		return d
	}
	d.seconds = min(a.covered(), b.covered())
	if math.IsInf(d.seconds, 1) { // every training of both ended by itself: all may be read at the end
		d.seconds = max(a.longest(), b.longest())
	}
	at := func(c Cell) stats.Quantity { return c.errorAt(d.seconds) }
	d.aError, d.bError = stats.Summarise(a.OverTimed(at)), stats.Summarise(b.OverTimed(at))
	d.comparison = stats.Compare(PairUp(a.Timed(), b.Timed(), at))
	return d
}

// timed says whether each side has a training with time of its own.
func (d duel) timed() bool { return len(d.a.Timed()) > 0 && len(d.b.Timed()) > 0 }

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
		return "relative L2 error " + Spread(e, Scientific)
	case e.N == 1: // n once, not behind each number
		return fmt.Sprintf("relative L2 error %s after %s s (%s)", Quantity(e.Median, Scientific), Quantity(seconds.Median, Plain), e.Spread())
	}
	return fmt.Sprintf("relative L2 error %s after %s s", Spread(e, Scientific), Spread(seconds, Plain))
}
