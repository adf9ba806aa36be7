package stats

import (
	"fmt"
	"math"
)

// Summary describes one quantity over n seeds.
type Summary struct {
	N        int // seeds, failed ones included
	Known    int // seeds with a number
	Censored int // seeds with a lower bound only

	Median Quantity
	Q1, Q3 Quantity // lower and upper quartile
	Min    Quantity // best
	Max    Quantity // worst, which is absent where a run failed
}

// Summarise returns the order statistics of q, censored and absent values counted as worse than every number.
//
// Quantiles interpolate linearly between order statistics, x_(h), h = 1 + (n-1)p (Hyndman and Fan 1996, type 7, as
// in NumPy). A quantile that touches a censored order statistic is a lower bound; one that touches an absent one is
// absent. So the median of times is a number while more than half of the runs reached the target, and "> limit"
// after that.
func Summarise(q []Quantity) Summary {
	s := sorted(q)
	sum := Summary{N: len(s)}
	for _, x := range s {
		switch x.Kind {
		case Exact:
			sum.Known++
		case Above:
			sum.Censored++
		}
	}
	if len(s) == 0 {
		return sum
	}
	sum.Min, sum.Max = s[0], s[len(s)-1]
	sum.Q1, sum.Median, sum.Q3 = quantile(s, 1), quantile(s, 2), quantile(s, 3)
	return sum
}

// Failed is the number of seeds with neither a number nor a bound.
func (s Summary) Failed() int { return s.N - s.Known - s.Censored }

// Spread says in words what a single number cannot: "n = 1" where there is no spread, else "".
func (s Summary) Spread() string {
	if s.N < 2 {
		return fmt.Sprintf("n = %d", s.N)
	}
	return ""
}

// quantile returns the quantile quarter/4 of sorted s. Whole arithmetic finds the position, so that the median of an
// odd sample is one of its elements, whatever the rounding.
func quantile(s []Quantity, quarter int) Quantity {
	h := (len(s) - 1) * quarter
	i, rest := h/4, h%4
	if rest == 0 {
		return lowerBound(s, s[i])
	}
	a, b := lowerBound(s, s[i]), lowerBound(s, s[i+1])
	if a.Kind == Absent || b.Kind == Absent {
		return Quantity{}
	}
	t := float64(rest) / 4
	k := Exact
	if a.Kind == Above || b.Kind == Above {
		k = Above
	}
	return quantity((1-t)*a.Value+t*b.Value, k)
}

// lowerBound raises a censored limit to the largest number of the sample: a censored run counts as worse than every
// success, so the order statistic lies beyond both.
func lowerBound(s []Quantity, x Quantity) Quantity {
	if x.Kind != Above {
		return x
	}
	for _, y := range s {
		if y.Ok() {
			x.Value = max(x.Value, y.Value)
		}
	}
	return x
}

// GeometricMean returns exp(mean(log v)) of positive numbers, summed in ascending order. With a zero, a negative
// number or a value that is no number among them it is not computed, and the note says why: a mean over those that
// remain would be one over another set.
func GeometricMean(q []Quantity) (Quantity, string) {
	if len(q) == 0 {
		return Quantity{}, "not computed: no values"
	}
	s := sorted(q)
	var logs []float64
	for _, x := range s {
		switch {
		case !x.Ok():
			return Quantity{}, fmt.Sprintf("not computed: %d of %d values are no numbers", len(q)-len(knownOf(q)), len(q))
		case x.Value <= 0:
			return Quantity{}, fmt.Sprintf("not computed: a value is %g, whose logarithm does not exist", x.Value)
		}
		logs = append(logs, math.Log(x.Value))
	}
	return expOf(mean(logs)), ""
}
