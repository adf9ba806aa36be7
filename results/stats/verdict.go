package stats

import (
	"fmt"
	"math"
)

// Outcome is what may be concluded of A against B.
type Outcome uint8

const (
	Undecided Outcome = iota // not enough evidence; never to be read as a tie
	Win                      // A is better, by more than the margin
	Loss                     // B is better, by more than the margin
	Tie                      // the difference lies within the margin
)

func (o Outcome) String() string { return [...]string{"undecided", "win", "loss", "tie"}[o] }

// Rule says when a comparison is decided. The zero value holds the defaults.
type Rule struct {
	Alpha  float64 // probability of any false win in a family; default 0.05
	Margin float64 // practical margin: ratios within [1/(1+m), 1+m] do not matter; default 0.05
	Pairs  int     // fewer paired seeds decide nothing; default 6, where p can first fall below 0.05
}

func (r Rule) withDefaults() Rule {
	if r.Alpha == 0 {
		r.Alpha = 0.05
	}
	if r.Margin == 0 {
		r.Margin = 0.05
	}
	if r.Pairs == 0 {
		r.Pairs = 6
	}
	return r
}

// Verdict is the outcome with the p value it rests on.
type Verdict struct {
	Outcome Outcome
	N       int
	P       float64 // adjusted for the family; 1 where the pairs are too few
	Few     bool    // fewer pairs than the rule asks for
}

// String is "win (p = 0.031)", "undecided (n = 3)" where the seeds are too few, "undecided (p = 0.4)".
func (v Verdict) String() string {
	if v.Few {
		return fmt.Sprintf("undecided (n = %d)", v.N)
	}
	return fmt.Sprintf("%s (p = %.2g)", v.Outcome, v.P)
}

// Judge gives each comparison of one family its verdict.
//
// Win and loss: Holm's adjusted p is at most Alpha and the centre of the log-ratios lies beyond the margin. Tie: the
// 95 % interval of the centre lies within the margin. Anything else is undecided, as is all with fewer than Pairs
// pairs. Comparisons with too few pairs still count in the family: they were looked at.
func (r Rule) Judge(family []Comparison) []Verdict {
	r = r.withDefaults()
	p := make([]float64, len(family))
	for i, c := range family {
		p[i] = c.P
	}
	verdicts := make([]Verdict, len(family))
	for i, adjusted := range Holm(p) {
		verdicts[i] = r.verdict(family[i], adjusted)
	}
	return verdicts
}

func (r Rule) verdict(c Comparison, adjusted float64) Verdict {
	v := Verdict{N: c.N, P: adjusted}
	margin := math.Log1p(r.Margin)
	switch {
	case c.N < r.Pairs:
		v.P, v.Few = 1, true
	case adjusted <= r.Alpha && c.Centre < -margin:
		v.Outcome = Win
	case adjusted <= r.Alpha && c.Centre > margin:
		v.Outcome = Loss
	case c.Common == c.N && c.Confidence > 0 && c.Inner[0] >= -margin && c.Inner[1] <= margin:
		v.Outcome = Tie // needs a number on every pair: where both missed, nothing is known
	}
	return v
}

// Seeds is the least number of paired seeds at which one of a family of m comparisons can be decided at all: the smallest
// p of the exact signed-rank test is 2/2ⁿ, and Holm's correction multiplies it by m.
func (r Rule) Seeds(m int) int {
	r = r.withDefaults()
	n := r.Pairs
	for float64(m)*math.Ldexp(2, -n) > r.Alpha {
		n++
	}
	return n
}
