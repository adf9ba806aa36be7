package stats

import (
	"math"
	"slices"
)

// walsh returns the n(n+1)/2 averages (d_i + d_j)/2, i <= j, in ascending order. An infinite difference makes its
// averages infinite; two of opposite sign cancel to zero.
func walsh(d []float64) []float64 {
	w := make([]float64, 0, len(d)*(len(d)+1)/2)
	for i, x := range d {
		for _, y := range d[i:] {
			a := 0.5*x + 0.5*y
			if math.IsNaN(a) {
				a = 0
			}
			w = append(w, a)
		}
	}
	slices.Sort(w)
	return w
}

// HodgesLehmann returns the median of the Walsh averages, the estimate of the centre that belongs to the signed-rank
// test (Hodges and Lehmann 1963). It is absent for no differences and where the centre is infinite.
func HodgesLehmann(d []float64) Quantity {
	if len(d) == 0 {
		return Quantity{}
	}
	return Known(middle(walsh(d)))
}

// CentreInterval returns the interval of the centre of d that the exact signed-rank test cannot reject at 1-level:
// the k-th Walsh average from either end, k the largest with 2 P(W⁺ <= k-1) <= 1-level (ties do not widen the truth:
// the interval is conservative). Ok is false where n is too small for the level; an end may be infinite.
func CentreInterval(d []float64, level float64) (lo, hi, confidence float64, ok bool) {
	n := len(d)
	ranks := make([]int, n)
	for i := range ranks {
		ranks[i] = i + 1
	}
	dist := rankSums(ranks, n*(n+1)/2)
	k, tail := 0, 0.0
	for k < len(dist) && 2*(tail+dist[k]) <= 1-level {
		tail += dist[k]
		k++
	}
	if n == 0 || k == 0 {
		return 0, 0, 0, false
	}
	w := walsh(d)
	return w[k-1], w[len(w)-k], 1 - 2*tail, true
}

// middle returns the median of sorted s, which is not empty.
func middle(s []float64) float64 {
	n := len(s)
	if n%2 == 1 {
		return s[n/2]
	}
	a, b := s[n/2-1], s[n/2]
	if a == b {
		return a // also where both are infinite
	}
	return 0.5*a + 0.5*b
}

func mean(v []float64) float64 {
	var s float64
	for _, x := range v {
		s += x
	}
	return s / float64(len(v))
}

// expOf returns e^x, absent where it overflows.
func expOf(x float64) Quantity { return Known(math.Exp(x)) }
