package regimes

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// MemoryLimits are those that the page on regimes is made for: none, and what a small machine and a small share of one have.
var MemoryLimits = []float64{0, 1 << 30, 128 << 20}

// Page is the decision table and the rules of a run.
func Page(r *tables.Run) *tables.Page {
	settings := Settings(r)
	p := &tables.Page{Title: "Regimes of " + r.Manifest.Suite}
	p.Add(tables.Paragraph(r.Provenance()))
	p.Add(Items(settings)...)
	return p
}

// Items are the tables and rules of the settings in which classes can be compared.
func Items(settings []*Setting) []tables.Item {
	settings = Comparable(settings)
	decisions := DecideAll(settings, MemoryLimits)
	t := decisionTable(decisions)
	switch {
	case len(settings) == 0:
		return []tables.Item{tables.Paragraph("In no setting two classes of natural gradient ran: there is nothing to compare.")}
	case len(t.Rows) == 0:
		return []tables.Item{tables.Paragraph("Nobody reached a target in a setting in which two classes ran.")}
	}
	return append([]tables.Item{tables.Paragraph(summary(decisions)), t}, Rules(Lists(decisions))...)
}

// summary counts who leads, over settings and targets without a memory limit.
func summary(list []*Decision) string {
	leads, wins := map[string]int{}, map[string]int{}
	n, none := 0, 0
	for _, d := range list {
		if d.Memory > 0 {
			continue
		}
		n++
		l := d.Leader()
		if l == nil {
			none++
			continue
		}
		leads[l.Class]++
		if d.Verdict.Outcome == stats.Win {
			wins[l.Class]++
		}
	}
	var words []string
	for _, c := range Classes {
		if leads[c] > 0 {
			words = append(words, fmt.Sprintf("%s leads in %d (%d with a verdict on held-out seeds)", c, leads[c], wins[c]))
		}
	}
	s := fmt.Sprintf("Of %d pairs of setting and target in which two classes ran, ", n) + strings.Join(words, ", ")
	if none > 0 {
		s += fmt.Sprintf("; nobody reached %d", none)
	}
	return s + "."
}

// decisionTable has one line for each setting and target that somebody reached; a memory limit has lines of its own only
// where it changes the leader.
func decisionTable(list []*Decision) *tables.Table {
	t := &tables.Table{Title: "Who leads where", Columns: tables.Columns("<setting", "target", "<memory", "<leader", "<solver", "time, s", "<next", "<solver", "time, s", "next/leader", "per seed", "<evidence")}
	free := map[string]*Decision{}
	for _, d := range list {
		l := d.Leader()
		key := fmt.Sprint(d.Setting.Label(), d.Target)
		if d.Memory == 0 {
			free[key] = d
		}
		if l == nil || d.Memory > 0 && sameLeader(d, free[key]) {
			continue
		}
		row := []string{d.Setting.Label(), tables.Power(d.Target), limit(d.Memory), l.Class, l.Variant.Label, timeOf(l)}
		if n := d.Next(); n != nil {
			row = append(row, n.Class, n.Variant.Label, timeOf(n), tables.Quantity(d.Factor, tables.Ratio), d.paired())
		} else {
			row = append(row, "none got there", "–", "–", "–", "–")
		}
		t.Add(append(row, d.words())...)
	}
	t.Notes = []string{
		"Time: expected running time to the target, failures counted (aRT). next/leader: ratio of the two; per seed: Hodges-Lehmann estimate of it with its 95 % interval, or [smallest, largest] where seeds are too few. " +
			"Where a setting has enough seeds, the variant of each class is chosen on the first three and everything here comes from the others; verdicts by the exact signed-rank test with Holm's correction over all pairs of classes. ",
		"cost n = 1: a measurement of costs without a verdict. modelled: an explicit direction that was stopped after a few steps; its time is its seconds a step times the steps of the low-rank direction with the same damping. " +
			"A memory limit (resident at the peak) has a line only where it changes the leader.",
	}
	return t
}

func sameLeader(a, b *Decision) bool {
	if b == nil || b.Leader() == nil {
		return false
	}
	return a.Leader().Class == b.Leader().Class && a.Leader().Variant.Label == b.Leader().Variant.Label
}

func limit(memory float64) string {
	if memory == 0 {
		return "any"
	}
	return "≤ " + tables.Memory(memory)
}

func timeOf(c *Contender) string {
	s := tables.Quantity(c.Time.Mean, tables.Plain)
	if c.Modelled {
		return s + " modelled"
	}
	if c.Time.Successes < c.Time.N {
		s += fmt.Sprintf(" (%d/%d)", c.Time.Successes, c.Time.N)
	}
	return s
}

// paired is the ratio per seed with its interval.
func (d *Decision) paired() string {
	if !d.Paired.Ok() {
		return "–"
	}
	end := func(q stats.Quantity) string {
		if !q.Ok() {
			return "∞"
		}
		return tables.Ratio(q.Value)
	}
	if !d.Interval && d.Lo == d.Hi || !d.Lo.Ok() && !d.Hi.Ok() {
		return tables.Ratio(d.Paired.Value)
	}
	return fmt.Sprintf("%s [%s, %s]", tables.Ratio(d.Paired.Value), end(d.Lo), end(d.Hi))
}

// words says what the evidence is.
func (d *Decision) words() string {
	switch d.Kind() {
	case "modelled":
		for _, c := range d.Ranked[:2] {
			if c.Modelled {
				return fmt.Sprintf("modelled: %s s a step × %s steps of %s", tables.Plain(c.Time.Mean.Value/c.Steps), tables.Whole(c.Steps), c.Like.Label)
			}
		}
	case "cost":
		return "cost n = 1"
	}
	if d.Next() == nil && len(d.Ranked) < 2 {
		return fmt.Sprintf("n = %d, no other class", d.Leader().Time.N)
	}
	return d.Verdict.String()
}

// basisTable is the decisions that advice rests on.
func basisTable(list []*Decision) *tables.Table {
	t := decisionTable(nil)
	t.Title = "The settings that it rests on, the nearest first"
	for _, d := range list {
		free := *d
		free.Memory = 0
		one := decisionTable([]*Decision{&free})
		t.Rows = append(t.Rows, one.Rows...)
	}
	return t
}

// Rules is the rule lists as a table, one line for each rule, and the test of leaving a problem out.
func Rules(lists []*RuleList) []tables.Item {
	t := &tables.Table{Title: "Rules by target and memory", Columns: tables.Columns("target", "<memory", "<when", "<take", "hits", "regret", "cells", "seeds", "next/leader")}
	check := &tables.Table{Title: "The same rules for a problem that they have not seen", Columns: tables.Columns("target", "<memory", "<problem left out", "hits", "regret")}
	for _, l := range lists {
		if len(l.Rules) == 0 || l.Memory > 0 && sameRules(l, lists) {
			continue
		}
		for _, r := range l.Rules {
			s := r.Score()
			cells, seeds := r.counts()
			t.Add(tables.Power(l.Target), limit(l.Memory), r.When(), r.Class, fmt.Sprintf("%d of %d", s.Hits, s.N), tables.Ratio(s.Median().Value), fmt.Sprint(cells), seeds, r.factors())
		}
		for _, o := range l.Left {
			check.Add(tables.Power(l.Target), limit(l.Memory), o.Problem, fmt.Sprintf("%d of %d", o.Score.Hits, o.Score.N), orDash(o.Score))
		}
	}
	t.Notes = []string{"Fitted to the decisions above: at most two tests, each of which must save a factor of 1.5 in all regrets together. Hits: settings in which the class leads. " +
		"Regret: median factor by which the class is slower than the leader, 1 where it leads; a class that never got there counts as 100. next/leader: range over the settings. A memory limit has lines of its own only where its rules differ."}
	check.Notes = []string{"Fitted without the problem, then asked for it: how far the rules carry."}
	return []tables.Item{t, check}
}

func orDash(s Score) string {
	if s.N == 0 {
		return "–"
	}
	return tables.Ratio(s.Median().Value)
}

// sameRules says whether the list for a memory limit says what the one without a limit says.
func sameRules(l *RuleList, lists []*RuleList) bool {
	for _, o := range lists {
		if o.Memory == 0 && o.Target == l.Target {
			return slices.EqualFunc(l.Rules, o.Rules, func(a, b *Rule) bool {
				return a.Class == b.Class && slices.Equal(a.Tests, b.Tests) && len(a.Evidence) == len(b.Evidence)
			})
		}
	}
	return false
}

// counts are the cells behind a rule and the range of seeds in a setting.
func (r *Rule) counts() (cells int, seeds string) {
	lo, hi := math.MaxInt, 0
	for _, d := range r.Evidence {
		for _, c := range d.Ranked {
			cells += len(c.Variant.Cells)
		}
		n := d.Leader().Time.N
		lo, hi = min(lo, n), max(hi, n)
	}
	if lo == hi {
		return cells, fmt.Sprint(lo)
	}
	return cells, fmt.Sprintf("%d to %d", lo, hi)
}

// factors is the range of next over leader among the settings in which the class leads.
func (r *Rule) factors() string {
	lo, hi := math.Inf(1), 0.0
	for _, d := range r.Evidence {
		if d.Leader().Class == r.Class && d.Factor.Ok() {
			lo, hi = min(lo, d.Factor.Value), max(hi, d.Factor.Value)
		}
	}
	switch {
	case hi == 0:
		return "–"
	case lo == hi:
		return tables.Ratio(lo)
	}
	return tables.Ratio(lo) + " to " + tables.Ratio(hi)
}
