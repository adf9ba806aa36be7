package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// bruteSignedRank runs through all 2ⁿ signs.
func bruteSignedRank(d []float64) float64 {
	ranks, positive := doubledRanks(d)
	total := 0
	for _, r := range ranks {
		total += r
	}
	hits := 0
	for mask := range 1 << len(ranks) {
		w := 0
		for i, r := range ranks {
			if mask>>i&1 == 1 {
				w += r
			}
		}
		if abs(2*w-total) >= abs(2*positive-total) {
			hits++
		}
	}
	return float64(hits) / float64(int(1)<<len(ranks))
}

func TestSignedRankAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Few distinct magnitudes, so that ties and zeros are frequent; infinities stand for missed targets.
		gen := rapid.SampledFrom([]float64{-3, -2, -1, -0.5, 0, 0.5, 1, 2, 2.5, 3, math.Inf(1), math.Inf(-1)})
		d := rapid.SliceOfN(gen, 0, 10).Draw(t, "d")
		if got, want := SignedRank(d), bruteSignedRank(d); math.Abs(got-want) > 1e-15 {
			t.Fatalf("SignedRank(%v) = %v, all signs give %v", d, got, want)
		}
	})
}

func TestSignedRankKnown(t *testing.T) {
	// Darwin's maize, 15 pairs (Fisher 1935): W⁻ = 24 of ranks with one tie; SciPy's exact p is 0.04126.
	darwin := []float64{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48}
	if p := SignedRank(darwin); math.Abs(p-0.041259765625) > 1e-12 {
		t.Errorf("Darwin's maize: p = %.12g", p)
	}
	for _, c := range []struct {
		n    int
		want float64
	}{{0, 1}, {1, 1}, {2, 0.5}, {3, 0.25}, {6, 2. / 64}, {10, 2. / 1024}} {
		d := make([]float64, c.n)
		for i := range d {
			d[i] = float64(i + 1)
		}
		if p := SignedRank(d); p != c.want {
			t.Errorf("n = %d all of one sign: p = %v, want %v", c.n, p, c.want)
		}
	}
}

func TestHolm(t *testing.T) {
	got := Holm([]float64{0.01, 0.04, 0.03, 0.005})
	want := []float64{0.03, 0.06, 0.06, 0.02} // by hand: 4·0.005, 3·0.01, 2·0.03, max(0.06, 0.04)
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-15 {
			t.Errorf("Holm[%d] = %v, want %v", i, got[i], want[i])
		}
	}
	if got := Holm(nil); len(got) != 0 {
		t.Errorf("Holm of nothing: %v", got)
	}
}

// TestCentreIntervalInvertsTest: the interval holds exactly the shifts that the test does not reject.
func TestCentreIntervalInvertsTest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := 1; n <= 9; n++ {
		d := make([]float64, n)
		for i := range d {
			d[i] = r.NormFloat64()
		}
		lo, hi, conf, ok := CentreInterval(d, 0.95)
		if ok != (n >= 6) {
			t.Fatalf("n = %d: ok = %v", n, ok)
		}
		if !ok {
			continue
		}
		if conf < 0.95 {
			t.Errorf("n = %d: coverage %v", n, conf)
		}
		shifted := func(c float64) float64 {
			s := slices.Clone(d)
			for i := range s {
				s[i] -= c
			}
			return SignedRank(s)
		}
		const eps = 1e-9
		for _, c := range []struct {
			at       float64
			rejected bool
		}{{lo - eps, true}, {lo + eps, false}, {hi - eps, false}, {hi + eps, true}} {
			if p := shifted(c.at); (p <= 1-conf) != c.rejected {
				t.Errorf("n = %d: shift %v has p = %v, interval [%v, %v] of coverage %v", n, c.at, p, lo, hi, conf)
			}
		}
	}
}

// TestFalseWins: where both methods are the same, about α of the families hold a win, never clearly more.
func TestFalseWins(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	const families, pairs, seeds = 600, 3, 10
	wrong := 0
	for range families {
		var family []Comparison
		for range pairs {
			var p []Pair
			for range seeds {
				p = append(p, Pair{Known(math.Exp(r.NormFloat64())), Known(math.Exp(r.NormFloat64()))})
			}
			family = append(family, Compare(p))
		}
		for _, v := range (Rule{}).Judge(family) {
			if v.Outcome == Win || v.Outcome == Loss {
				wrong++
				break
			}
		}
	}
	// α = 0.05 gives 30 of 600 at most in the mean, standard deviation 5.3; the exact test is discrete and stays below.
	if wrong > 46 || wrong == 0 {
		t.Errorf("%d of %d families of equal methods hold a verdict", wrong, families)
	}
}
