package stats

import "math"

// Interval is a confidence interval of a median. Where the sample is too small to reach the level asked for, Ok is
// false and Need says how many values would do.
type Interval struct {
	Lo, Hi     Quantity
	Confidence float64 // the coverage reached, at least the level asked for
	Ok         bool
	Need       int // the smallest n that reaches the level
}

// MedianInterval returns [x_(k), x_(n+1-k)], distribution-free: its coverage is 1 - 2 P(Bin(n, 1/2) <= k-1), and k is
// the largest that keeps it at level or above (0 < level < 1). At 95 % six values are needed, and give 96.9 %.
// Censored and absent values are worse than every number, so an upper end may be a bound or absent.
func MedianInterval(q []Quantity, level float64) Interval {
	if !(level > 0 && level < 1) {
		panic("stats: MedianInterval: level outside (0, 1)")
	}
	s, n := sorted(q), len(q)
	iv := Interval{Need: needed(level)}
	if n < iv.Need {
		return iv
	}
	k, coverage := 0, 1.0
	term := math.Exp2(-float64(n)) // P(Bin = k)
	for tail := term; 1-2*tail >= level; tail += term {
		coverage = 1 - 2*tail
		k++
		term *= float64(n-k+1) / float64(k)
	}
	if k == 0 { // 2^-n vanished: beyond any sample of seeds
		return iv
	}
	return Interval{Lo: s[k-1], Hi: s[n-k], Confidence: coverage, Ok: true, Need: iv.Need}
}

// needed is the smallest n with 1 - 2·2^-n >= level.
func needed(level float64) int {
	n := 1
	for p := 1.0; 1-p < level; p /= 2 { // p = 2·2^-n
		n++
	}
	return n
}
