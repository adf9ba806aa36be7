package stats

import (
	"fmt"
	"math"
	"slices"
)

// Pair is one quantity of two methods A and B under the same seed: same θ₀, same points.
type Pair struct{ A, B Quantity }

// Comparison is what paired seeds say of A against B. A ratio below one means that A is better.
type Comparison struct {
	N                  int // pairs
	Wins, Losses, Ties int // pairs in which A is better, worse, or neither (both missed, or equal)

	Common int      // pairs in which both have a positive number, over which the ratio is taken
	Ratio  Quantity // exp of the Hodges-Lehmann estimate of log(A/B) over the common pairs
	Lo, Hi Quantity // smallest and largest ratio among them

	P          float64    // exact signed-rank p of all pairs; 1 where nothing differs
	Centre     float64    // Hodges-Lehmann estimate of log(A/B) over all pairs, clipped to ±Unbounded
	Inner      [2]float64 // 95 % interval of that centre, clipped likewise
	Confidence float64    // coverage of Inner; 0 where n is too small for one
	Notes      []string   // what was left out of the ratio, and why
}

// Unbounded stands for a log-ratio of known sign beyond every number: one side missed its target or is exactly zero.
const Unbounded = 1e3

// Compare compares A and B over pairs.
//
// A pair with a missed target or a failed run on one side counts with its sign and the largest magnitude, for wins, test and
// verdict; the ratio leaves it out and says so in Common. Means over different sets are never taken.
func Compare(pairs []Pair) Comparison {
	c := Comparison{N: len(pairs)}
	var all, common []float64
	zeros := 0
	for _, p := range pairs {
		d := logRatio(p)
		all = append(all, d)
		if p.A.Ok() && p.B.Ok() {
			if p.A.Value > 0 && p.B.Value > 0 {
				common = append(common, d)
			} else {
				zeros++
			}
		}
		switch {
		case d < 0:
			c.Wins++
		case d > 0:
			c.Losses++
		default:
			c.Ties++
		}
	}
	c.ratio(common)
	c.test(all)
	if zeros > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("%d of %d pairs hold a value that is not positive; no ratio exists there", zeros, c.N))
	}
	return c
}

// ratio fills what is said of the common pairs.
func (c *Comparison) ratio(d []float64) {
	c.Common = len(d)
	if len(d) == 0 {
		return
	}
	c.Ratio = expOf(HodgesLehmann(d).Value)
	c.Lo, c.Hi = expOf(slices.Min(d)), expOf(slices.Max(d))
}

// test fills what is said of all pairs.
func (c *Comparison) test(d []float64) {
	c.P = SignedRank(d)
	if len(d) == 0 {
		return
	}
	c.Centre = clip(middle(walsh(d)))
	if lo, hi, conf, ok := CentreInterval(d, level); ok {
		c.Inner, c.Confidence = [2]float64{clip(lo), clip(hi)}, conf
	}
}

const level = 0.95

// logRatio returns log(A/B), ±Inf where only the sign is known and 0 where not even that.
func logRatio(p Pair) float64 {
	if p.A.Ok() && p.B.Ok() && p.A.Value > 0 && p.B.Value > 0 {
		return math.Log(p.A.Value) - math.Log(p.B.Value)
	}
	if !p.A.Ok() && !p.B.Ok() {
		return 0 // two misses: which would have come first is not known
	}
	switch o := p.A.Compare(p.B); {
	case o < 0:
		return math.Inf(-1)
	case o > 0:
		return math.Inf(1)
	}
	return 0
}

func clip(x float64) float64 { return max(-Unbounded, min(Unbounded, x)) }
