package diff

import (
	"cmp"
	"slices"

	"ngdbench/results"
	"ngdbench/results/stats"
)

// timing is one method's times in both runs, to the last common step, over its cells.
type timing struct {
	name    string
	counts  bool // same CPU, threads, kernels and timing class throughout
	result  stats.Comparison
	verdict stats.Verdict
}

// times compares seconds to the last common step, seeds paired, for each method of each problem. The family for Holm's
// correction is those that count.
func (d *Diff) times() (list []timing) {
	groups := map[string][]Pair{}
	var names []string
	for _, p := range d.Pairs {
		if p.Rows < 2 {
			continue
		}
		name := nameOf(p.A.Cell)
		if groups[name] == nil {
			names = append(names, name)
		}
		groups[name] = append(groups[name], p)
	}
	var family []stats.Comparison
	for _, name := range names {
		t := timing{name: name, counts: true}
		var pairs []stats.Pair
		for _, p := range groups[name] {
			t.counts = t.counts && p.Timed
			pairs = append(pairs, p.Time)
		}
		t.result = stats.Compare(pairs)
		list = append(list, t)
		if t.counts {
			family = append(family, t.result)
		}
	}
	verdicts := stats.Rule{}.Judge(family)
	for i := range list {
		if list[i].counts {
			list[i].verdict, verdicts = verdicts[0], verdicts[1:]
		}
	}
	slices.SortStableFunc(list, func(a, b timing) int { return cmp.Compare(a.name, b.name) })
	return list
}

// nameOf is a cell without its seed.
func nameOf(c results.Cell) string {
	c = c.Clone()
	delete(c, "seed")
	return c.Name()
}
