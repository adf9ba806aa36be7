package stats

import (
	"math"
	"strings"
	"testing"
)

// TestUnequalSets is a case with known answers: seconds to target of A = 1, 100, -, - and B = 2, -, 4, - on four
// problems. Means over different sets would give a ratio of 3.54, or 0.
func TestUnequalSets(t *testing.T) {
	miss := Beyond(200)
	a := []Quantity{Known(1), Known(100), miss, miss}
	b := []Quantity{Known(2), miss, Known(4), miss}
	p := Profiles([][]Quantity{a, b})
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"ρ_A(1)", p[0].At(1), 0.5}, {"ρ_B(1)", p[1].At(1), 0.25}, {"ρ_B(2)", p[1].At(2), 0.5}, {"ρ_B(1.99)", p[1].At(1.99), 0.25},
		{"ρ_A(∞)", p[0].At(1e300), 0.5}, {"ρ_B(∞)", p[1].At(1e300), 0.5},
		{"failures A", float64(p[0].Failures()), 2}, {"failures B", float64(p[1].Failures()), 2},
		{"successes A", float64(ExpectedRunTime(a).Successes), 2}, {"successes B", float64(ExpectedRunTime(b).Successes), 2},
		{"aRT A", ExpectedRunTime(a).Mean.Value, 250.5}, {"aRT B", ExpectedRunTime(b).Mean.Value, 203},
		{"known A", float64(Summarise(a).Known), 2}, {"known B", float64(Summarise(b).Known), 2},
	} {
		if c.got != c.want {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	var pairs []Pair
	for i := range a {
		pairs = append(pairs, Pair{a[i], b[i]})
	}
	c := Compare(pairs)
	if math.Abs(c.Ratio.Value-0.5) > 1e-15 || c.Common != 1 || c.N != 4 || c.Wins != 2 || c.Losses != 1 || c.Ties != 1 {
		t.Errorf("A against B: %+v", c)
	}
	one := Compare(pairs[:1])
	if v := (Rule{}).Judge([]Comparison{one})[0]; v.String() != "undecided (n = 1)" {
		t.Errorf("one seed: %v", v)
	}
}

func TestZeroError(t *testing.T) {
	c := Compare([]Pair{{Known(0), Known(1e-9)}, {Known(0), Known(0)}, {Known(2), Known(1)}})
	if c.Wins != 1 || c.Ties != 1 || c.Losses != 1 || c.Common != 1 || math.Abs(c.Ratio.Value-2) > 1e-15 {
		t.Errorf("%+v", c)
	}
	if len(c.Notes) != 1 || !strings.HasPrefix(c.Notes[0], "2 of 3 pairs") {
		t.Errorf("notes %q", c.Notes)
	}
	p := Profiles([][]Quantity{{Known(0)}, {Known(3)}, {Known(0)}})
	if p[0].At(1) != 1 || p[1].At(1e300) != 0 || p[2].At(1) != 1 {
		t.Errorf("profiles with a zero cost: %+v", p)
	}
}

func repeated(n int, a, b Quantity) Comparison {
	var p []Pair
	for range n {
		p = append(p, Pair{a, b})
	}
	return Compare(p)
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name string
		c    Comparison
		want string
	}{
		{"six clear wins", repeated(6, Known(1), Known(2)), "win (p = 0.031)"},
		{"six clear losses", repeated(6, Known(2), Known(1)), "loss (p = 0.031)"},
		{"five seeds decide nothing", repeated(5, Known(1), Known(1000)), "undecided (n = 5)"},
		{"three seeds decide nothing", repeated(3, Known(1), Known(1000)), "undecided (n = 3)"},
		{"no seeds", Compare(nil), "undecided (n = 0)"},
		{"significant but irrelevant", repeated(8, Known(1), Known(1.01)), "tie (p = 0.0078)"},
		{"equal", repeated(7, Known(1), Known(1)), "tie (p = 1)"},
		{"only A reaches the target", repeated(6, Known(1), Beyond(4)), "win (p = 0.031)"},
		{"nobody reaches it", repeated(6, Beyond(4), Beyond(4)), "undecided (p = 1)"},
		{"B always fails", repeated(6, Known(1), Quantity{}), "win (p = 0.031)"},
	} {
		if got := (Rule{}).Judge([]Comparison{c.c})[0].String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	// Holm: two clear wins of six seeds are no longer clear when tested together.
	win := repeated(6, Known(1), Known(2))
	for _, v := range (Rule{}).Judge([]Comparison{win, win}) {
		if v.Outcome != Undecided || v.P != 0.0625 {
			t.Errorf("family of two: %v", v)
		}
	}
}

func TestExpectedRunTime(t *testing.T) {
	for _, c := range []struct {
		in   []Quantity
		want Quantity
	}{
		{nil, Quantity{}},
		{[]Quantity{{}}, Quantity{}},
		{known(1, 3), Known(2)},
		{[]Quantity{Beyond(4), Beyond(4)}, Beyond(8)},
		{[]Quantity{Known(1), Beyond(4), Beyond(4)}, Known(9)},
		{[]Quantity{Known(1), {}}, Beyond(1)},
	} {
		if got := ExpectedRunTime(c.in).Mean; got != c.want {
			t.Errorf("aRT(%v) = %v, want %v", c.in, got, c.want)
		}
	}
}

func TestWilson(t *testing.T) {
	// Newcombe (1998), table I, method 3: 81/263 → [0.2553, 0.3662], 0/20 → [0, 0.1611], 15/148 → [0.0624, 0.1605].
	for _, c := range []struct {
		k, n   int
		lo, hi float64
	}{{81, 263, 0.2553, 0.3662}, {0, 20, 0, 0.1611}, {15, 148, 0.0624, 0.1605}, {0, 0, 0, 1}} {
		lo, hi := Wilson(c.k, c.n)
		if math.Abs(lo-c.lo) > 5e-5 || math.Abs(hi-c.hi) > 5e-5 {
			t.Errorf("%d/%d: [%.4f, %.4f]", c.k, c.n, lo, hi)
		}
	}
}

// TestSeeds: Holm's factor and the smallest exact p, 2/2ⁿ, by hand.
func TestSeeds(t *testing.T) {
	for m, want := range map[int]int{1: 6, 2: 7, 3: 7, 4: 8, 6: 8, 10: 9, 28: 11} {
		if got := (Rule{}).Seeds(m); got != want {
			t.Errorf("%d comparisons need %d seeds, want %d", m, got, want)
		}
	}
}

// TestScore: the mean of ρ over log τ by hand. Solved at once, within 4 of the best, beyond the bound, and never.
func TestScore(t *testing.T) {
	p := Profile{Ratios: []float64{1, 4, 50}, N: 4}
	for bound, want := range map[float64]float64{16: (1 + 0.5) / 4, 100: (1 + (1 - math.Log(4)/math.Log(100)) + (1 - math.Log(50)/math.Log(100))) / 4, 1: 0} {
		if got := p.Score(bound); math.Abs(got-want) > 1e-15 {
			t.Errorf("score to %v is %v, want %v", bound, got, want)
		}
	}
	if (Profile{}).Score(16) != 0 {
		t.Error("a score of nothing")
	}
}
