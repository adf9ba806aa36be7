package regimes

import (
	"cmp"
	"math"
	"slices"

	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// Decision says which class leads in a setting for a target, under a memory limit.
type Decision struct {
	Setting *Setting
	Target  float64
	Memory  float64      // bytes resident at the peak; 0: no limit
	Ranked  []*Contender // those with a time to the target, the fastest first, then the others
	Chosen  []string     // seeds on which variants were chosen, where others were left for the test
	Family  int          // pairs that Holm's correction counted

	// The leader against the next that has a time: expected time of the next over that of the leader, ≥ 1, and per seed,
	// next over leader, the Hodges-Lehmann estimate with the 95 % interval, or smallest and largest where seeds are too
	// few for one. Absent where there is no next, or no pair.
	Factor   stats.Quantity
	Paired   stats.Quantity
	Lo, Hi   stats.Quantity
	Interval bool // Lo and Hi are an interval, not a range
	Verdict  stats.Verdict
}

// Leader is the fastest class to the target; nil where none reached it.
func (d *Decision) Leader() *Contender {
	if len(d.Ranked) == 0 || !d.Ranked[0].Reached() {
		return nil
	}
	return d.Ranked[0]
}

// Next is the second class with a time to the target, or nil.
func (d *Decision) Next() *Contender {
	if len(d.Ranked) < 2 || !d.Ranked[1].Reached() {
		return nil
	}
	return d.Ranked[1]
}

// Decided says whether the leader won or the difference does not matter.
func (d *Decision) Decided() bool {
	return d.Verdict.Outcome == stats.Win || d.Verdict.Outcome == stats.Tie
}

// Kind is what the evidence is good for: "verdict", "modelled" where a time was not measured, "cost" where a single seed
// measures costs, "few seeds".
func (d *Decision) Kind() string {
	l, n := d.Leader(), d.Next()
	switch {
	case l == nil:
		return "not reached"
	case l.Modelled || n != nil && n.Modelled:
		return "modelled"
	case d.Verdict.Outcome != stats.Undecided:
		return "verdict"
	case l.Time.N < 2 || n != nil && n.Time.N < 2:
		return "cost"
	case d.Verdict.Few:
		return "few seeds"
	}
	return "undecided"
}

// Decide compares the classes in a setting. Pairs are judged by time to the target on the seeds that chose nothing; the
// family is all pairs of classes that are there.
func Decide(s *Setting, target, memory float64) *Decision {
	d := &Decision{Setting: s, Target: target, Memory: memory, Ranked: s.contenders(target, memory)}
	slices.SortStableFunc(d.Ranked, func(a, b *Contender) int {
		return cmp.Or(order(a)-order(b), a.Time.Mean.Compare(b.Time.Mean))
	})
	if choose, test := s.split(); test != nil {
		d.Chosen = choose
	}
	l, next := d.Leader(), d.Next()
	if l == nil || len(d.Ranked) < 2 {
		return d
	}
	var family []stats.Comparison
	for i, a := range d.Ranked {
		for _, b := range d.Ranked[i+1:] {
			family = append(family, versus(a, b, target))
		}
	}
	d.Family = len(family)
	if !l.Modelled && !d.Ranked[1].Modelled {
		d.Verdict = stats.Rule{}.Judge(family)[0]
		d.evidence(family[0])
	}
	if next != nil && l.Time.Mean.Value > 0 {
		d.Factor = stats.Known(next.Time.Mean.Value / l.Time.Mean.Value)
	}
	return d
}

func order(c *Contender) int {
	if c.Reached() {
		return 0
	}
	return 1
}

// versus compares a with b seed by seed; a modelled time has no seeds.
func versus(a, b *Contender, target float64) stats.Comparison {
	if a.Modelled || b.Modelled {
		return stats.Compare(nil)
	}
	return stats.Compare(tables.PairUp(a.Variant.Timed(), b.Variant.Timed(), func(c tables.Cell) stats.Quantity { return c.TimeTo(target) }))
}

// evidence turns leader over next into next over leader.
func (d *Decision) evidence(c stats.Comparison) {
	d.Paired = inverse(c.Ratio)
	if d.Interval = c.Confidence > 0; d.Interval {
		d.Lo, d.Hi = bounded(-c.Inner[1]), bounded(-c.Inner[0])
		return
	}
	d.Lo, d.Hi = inverse(c.Hi), inverse(c.Lo)
}

func inverse(q stats.Quantity) stats.Quantity {
	if !q.Ok() {
		return q
	}
	return stats.Known(1 / q.Value)
}

// bounded is exp of a log-ratio; one beyond every number is a bound without a number.
func bounded(log float64) stats.Quantity {
	if math.Abs(log) >= stats.Unbounded {
		return stats.Quantity{}
	}
	return stats.Known(math.Exp(log))
}

// DecideAll compares the classes in every setting for each of its targets under each memory limit.
func DecideAll(settings []*Setting, limits []float64) (list []*Decision) {
	for _, s := range settings {
		for _, memory := range limits {
			for _, target := range s.Targets {
				list = append(list, Decide(s, target, memory))
			}
		}
	}
	return list
}
