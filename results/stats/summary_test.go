package stats

import (
	"math"
	"slices"
	"strings"
	"testing"

	"golang.org/x/perf/benchmath"
	"pgregory.net/rapid"
)

func known(v ...float64) []Quantity {
	var q []Quantity
	for _, x := range v {
		q = append(q, Known(x))
	}
	return q
}

// TestAgainstBenchmath: medians and intervals of plain numbers are those of x/perf.
func TestAgainstBenchmath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Float64Range(1e-9, 1e3), 1, 40).Draw(t, "v")
		theirs := benchmath.AssumeNothing.Summary(benchmath.NewSample(slices.Clone(v), &benchmath.DefaultThresholds), 0.95)
		s := Summarise(known(v...))
		if math.Abs(s.Median.Value-theirs.Center) > 1e-12*theirs.Center {
			t.Fatalf("median %v, benchmath %v", s.Median.Value, theirs.Center)
		}
		iv := MedianInterval(known(v...), 0.95)
		if iv.Ok == math.IsInf(theirs.Lo, 0) {
			t.Fatalf("n = %d: interval %+v, benchmath [%v, %v]", len(v), iv, theirs.Lo, theirs.Hi)
		}
		// Theirs may leave out one more value on one side; ours is symmetric, so it holds theirs, and is the same where the
		// coverage is.
		if iv.Ok && (iv.Lo.Value > theirs.Lo || iv.Hi.Value < theirs.Hi || iv.Confidence < theirs.Confidence-1e-6) {
			t.Fatalf("n = %d: interval %+v, benchmath [%v, %v] %v", len(v), iv, theirs.Lo, theirs.Hi, theirs.Confidence)
		}
		if iv.Ok && math.Abs(iv.Confidence-theirs.Confidence) < 1e-6 && (iv.Lo.Value != theirs.Lo || iv.Hi.Value != theirs.Hi) {
			t.Fatalf("n = %d: interval %+v, benchmath [%v, %v]", len(v), iv, theirs.Lo, theirs.Hi)
		}
	})
}

func TestIntervalCoverage(t *testing.T) {
	// Conover's table: n = 5 reaches 93.75 % at most, 6 → 96.9 %, 10 → (x2, x9) 97.9 %.
	for _, c := range []struct {
		n        int
		ok       bool
		lo       float64
		coverage float64
	}{{5, false, 0, 0}, {6, true, 1, 0.96875}, {10, true, 2, 0.978515625}} {
		var q []Quantity
		for i := c.n; i > 0; i-- {
			q = append(q, Known(float64(i)))
		}
		iv := MedianInterval(q, 0.95)
		if iv.Ok != c.ok || iv.Need != 6 || c.ok && (iv.Lo.Value != c.lo || iv.Confidence != c.coverage) {
			t.Errorf("n = %d: %+v", c.n, iv)
		}
	}
}

func TestCensoredSummaries(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []Quantity
		want Quantity
	}{
		{"nothing", nil, Quantity{}},
		{"one", known(3), Known(3)},
		{"one missed of three", []Quantity{Beyond(4), Known(1), Known(2)}, Known(2)},
		{"two missed of three", []Quantity{Beyond(4), Known(1), Beyond(4)}, Beyond(4)},
		{"half missed: the median lies beyond the mean of number and limit", []Quantity{Known(2), Beyond(4)}, Beyond(3)},
		{"a success later than a limit", []Quantity{Known(5), Beyond(4), Beyond(4)}, Beyond(5)},
		{"failed", []Quantity{{}, Known(1), {}}, Quantity{}},
		{"not finite", []Quantity{Known(math.NaN()), Known(math.Inf(1)), Known(1)}, Quantity{}},
	} {
		if got := Summarise(c.in).Median; got != c.want {
			t.Errorf("%s: median %+v, want %+v", c.name, got, c.want)
		}
	}
	s := Summarise([]Quantity{Known(1), Beyond(2), {}})
	if s.N != 3 || s.Known != 1 || s.Censored != 1 || s.Failed() != 1 || s.Max.Kind != Absent {
		t.Errorf("counts: %+v", s)
	}
	if got := Summarise(known(7)).Spread(); got != "n = 1" {
		t.Errorf("spread of one seed: %q", got)
	}
	if s := Summarise(known(1, 2, 3, 4)); s.Q1.Value != 1.75 || s.Q3.Value != 3.25 {
		t.Errorf("quartiles of 1..4: %v %v, NumPy has 1.75 3.25", s.Q1, s.Q3)
	}
}

func TestGeometricMean(t *testing.T) {
	if g, note := GeometricMean(known(1, 100)); math.Abs(g.Value-10) > 1e-12 || note != "" {
		t.Errorf("%v %q", g, note)
	}
	for _, bad := range [][]Quantity{nil, known(1, 0), known(1, -1), {Known(1), Beyond(2)}, {Known(1), {}}} {
		if g, note := GeometricMean(bad); g.Kind != Absent || !strings.HasPrefix(note, "not computed") {
			t.Errorf("%v: %v %q", bad, g, note)
		}
	}
}

// anyQuantity draws numbers, bounds and failures, zeros and extreme magnitudes among them.
func anyQuantity() *rapid.Generator[Quantity] {
	value := rapid.SampledFrom([]float64{0, 5e-324, 1e-300, 1e-9, 1, 1, 2, 3, 1e9, math.MaxFloat64, -1, math.Inf(1), math.NaN()})
	return rapid.Custom(func(t *rapid.T) Quantity {
		switch x := value.Draw(t, "x"); rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			return Quantity{}
		case 1:
			return Beyond(x)
		default:
			return Known(x)
		}
	})
}

// TestNothingInfinite: whatever goes in, no number that is not finite comes out, and the order of files is not seen.
func TestNothingInfinite(t *testing.T) {
	finite := func(t *rapid.T, where string, v ...float64) {
		for _, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Fatalf("%s: %v", where, x)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(anyQuantity(), 0, 9).Draw(t, "a")
		s, iv, rt := Summarise(a), MedianInterval(a, 0.95), ExpectedRunTime(a)
		g, _ := GeometricMean(a)
		finite(t, "summary", s.Median.Value, s.Q1.Value, s.Q3.Value, s.Min.Value, s.Max.Value, iv.Lo.Value, iv.Hi.Value, rt.Mean.Value, g.Value)
		perm := rapid.Permutation(a).Draw(t, "perm")
		if Summarise(perm) != s || ExpectedRunTime(perm) != rt {
			t.Fatalf("order of %v matters", a)
		}
		var pairs []Pair
		for _, x := range a {
			pairs = append(pairs, Pair{x, anyQuantity().Draw(t, "b")})
		}
		c := Compare(pairs)
		finite(t, "comparison", c.Ratio.Value, c.Lo.Value, c.Hi.Value, c.P, c.Centre, c.Inner[0], c.Inner[1])
		if c.Wins+c.Losses+c.Ties != c.N || c.P < 0 || c.P > 1 {
			t.Fatalf("%+v", c)
		}
		for i := range pairs {
			pairs[i].A, pairs[i].B = pairs[i].B, pairs[i].A
		}
		if r := Compare(pairs); r.Wins != c.Losses || r.P != c.P || r.Centre != -c.Centre {
			t.Fatalf("exchange of A and B: %+v, then %+v", c, r)
		}
	})
}
