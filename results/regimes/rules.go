package regimes

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"ngdbench/results/stats"
)

// Test compares one size of a setting with a bound.
type Test struct {
	Feature string // see features
	Bound   float64
	Above   bool // else at most Bound
}

func (t Test) String() string {
	sign := " ≤ "
	if t.Above {
		sign = " > "
	}
	return t.Feature + sign + strconv.FormatFloat(t.Bound, 'f', -1, 64)
}

func (t Test) holds(s *Setting) bool { return (feature(t.Feature, s) > t.Bound) == t.Above }

// features are the sizes that rules may ask for.
var features = []string{"P", "n", "min(n, P)", "dimension"}

func feature(name string, s *Setting) float64 {
	switch name {
	case "P":
		return float64(s.Params)
	case "n":
		return float64(s.Rows)
	case "min(n, P)":
		return float64(min(s.Rows, s.Params))
	case "dimension":
		return float64(s.Dim)
	}
	panic("regimes: unknown feature " + name)
}

// Rule is one line of a rule list: where all its tests hold, take its class.
type Rule struct {
	Tests    []Test
	Class    string
	Evidence []*Decision // those to which it applies
}

// When is the condition in words.
func (r *Rule) When() string {
	if len(r.Tests) == 0 {
		return "always"
	}
	var words []string
	for _, t := range r.Tests {
		words = append(words, t.String())
	}
	return strings.Join(words, " and ")
}

func (r *Rule) applies(s *Setting) bool {
	return !slices.ContainsFunc(r.Tests, func(t Test) bool { return !t.holds(s) })
}

// worst stands for the factor of a class that never reached the target.
const worst = 100

// regret is the factor by which a class is slower than the leader, at most worst.
func regret(d *Decision, class string) float64 {
	for _, c := range d.Ranked {
		if c.Class == class && c.Reached() && d.Leader().Time.Mean.Value > 0 {
			return min(worst, c.Time.Mean.Value/d.Leader().Time.Mean.Value)
		}
	}
	return worst
}

// Score says how well a choice of classes did: hits among n settings, and the median of its regrets.
type Score struct {
	N, Hits int
	Regrets []float64
}

func (s *Score) add(d *Decision, class string) {
	s.N++
	r := regret(d, class)
	s.Regrets = append(s.Regrets, r)
	if d.Leader().Class == class {
		s.Hits++
	}
}

// Median is the median regret; absent without settings.
func (s *Score) Median() stats.Quantity {
	q := make([]stats.Quantity, len(s.Regrets))
	for i, r := range s.Regrets {
		q[i] = stats.Known(r)
	}
	return stats.Summarise(q).Median
}

// Score says how well a rule does on its evidence.
func (r *Rule) Score() (s Score) {
	for _, d := range r.Evidence {
		s.add(d, r.Class)
	}
	return s
}

// RuleList is the rules for one target and memory limit: of every setting exactly one applies.
type RuleList struct {
	Target, Memory float64
	Rules          []*Rule
	Left           []LeftOut
	Without        int // settings in which nobody reached the target
}

// LeftOut is the test of the rules by a problem that they were not fitted to.
type LeftOut struct {
	Problem string
	Score   Score
}

// depth is the largest number of tests of a rule, and gain the factor of total regret below which a further test is not worth
// its words.
const (
	depth = 2
	gain  = 1.5
)

// Learn fits rules to decisions of one target and memory limit, and checks them by leaving one problem out at a time.
func Learn(decisions []*Decision) *RuleList {
	var known []*Decision
	l := &RuleList{}
	for _, d := range decisions {
		l.Target, l.Memory = d.Target, d.Memory
		if d.Leader() == nil {
			l.Without++
			continue
		}
		known = append(known, d)
	}
	l.Rules = grow(known, nil)
	for _, problem := range problemsOf(known) {
		in, out := parted(known, func(d *Decision) bool { return d.Setting.Problem() != problem })
		if len(in) == 0 {
			continue
		}
		left, rules := LeftOut{Problem: problem}, grow(in, nil)
		for _, d := range out {
			for _, r := range rules {
				if r.applies(d.Setting) {
					left.Score.add(d, r.Class)
				}
			}
		}
		l.Left = append(l.Left, left)
	}
	return l
}

func problemsOf(list []*Decision) (names []string) {
	for _, d := range list {
		if p := d.Setting.Problem(); !slices.Contains(names, p) {
			names = append(names, p)
		}
	}
	return names
}

func parted(list []*Decision, keep func(*Decision) bool) (in, out []*Decision) {
	for _, d := range list {
		if keep(d) {
			in = append(in, d)
		} else {
			out = append(out, d)
		}
	}
	return in, out
}

// grow splits the decisions by the test that saves most regret, as long as one is worth it.
func grow(list []*Decision, tests []Test) []*Rule {
	if len(list) == 0 {
		return nil
	}
	class, total := cheapest(list)
	leaf := []*Rule{{Tests: tests, Class: class, Evidence: list}}
	if len(tests) == depth {
		return leaf
	}
	var best Test
	least := total - math.Log(gain)
	for _, t := range splits(list) {
		low, high := parted(list, func(d *Decision) bool { return t.holds(d.Setting) })
		a, x := cheapest(low)
		b, y := cheapest(high)
		if a != b && x+y < least-1e-12 {
			best, least = t, x+y
		}
	}
	if best.Feature == "" {
		return leaf
	}
	low, high := parted(list, func(d *Decision) bool { return best.holds(d.Setting) })
	other := best
	other.Above = true
	return append(grow(low, append(slices.Clone(tests), best)), grow(high, append(slices.Clone(tests), other))...)
}

// cheapest is the class with the smallest sum of logarithms of regrets; of equal ones the first of Classes.
func cheapest(list []*Decision) (class string, total float64) {
	total = math.Inf(1)
	for _, c := range Classes {
		sum := 0.0
		for _, d := range list {
			sum += math.Log(regret(d, c))
		}
		if sum < total-1e-12 {
			class, total = c, sum
		}
	}
	return class, total
}

// splits lists the tests that divide the settings, with bounds between neighbouring values.
func splits(list []*Decision) (tests []Test) {
	for _, name := range features {
		var values []float64
		for _, d := range list {
			values = append(values, feature(name, d.Setting))
		}
		slices.Sort(values)
		values = slices.Compact(values)
		for i := 1; i < len(values); i++ {
			tests = append(tests, Test{Feature: name, Bound: between(values[i-1], values[i])})
		}
	}
	return tests
}

// between is a number from a to below b, near their geometric mean, with as few digits as that allows.
func between(a, b float64) float64 {
	middle := math.Sqrt(max(a, 1) * b)
	for digits := 1; digits < 6; digits++ {
		v, err := strconv.ParseFloat(strconv.FormatFloat(middle, 'e', digits, 64), 64)
		if err == nil && v >= a && v < b {
			return v
		}
	}
	return a
}

// Lists learns the rules of every target and memory limit among the decisions, the easiest target first.
func Lists(decisions []*Decision) (lists []*RuleList) {
	groups := map[[2]float64][]*Decision{}
	var keys [][2]float64
	for _, d := range decisions {
		k := [2]float64{d.Memory, d.Target}
		if groups[k] == nil {
			keys = append(keys, k)
		}
		groups[k] = append(groups[k], d)
	}
	slices.SortStableFunc(keys, func(a, b [2]float64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(b[1], a[1])) })
	for _, k := range keys {
		lists = append(lists, Learn(groups[k]))
	}
	return lists
}
