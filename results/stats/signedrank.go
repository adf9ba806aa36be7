package stats

import (
	"cmp"
	"math"
	"slices"
)

// SignedRank returns the exact two-sided p value of Wilcoxon's signed-rank test that the differences d are symmetric
// about zero (Wilcoxon 1945). Zeros are left out, tied magnitudes share their mean rank, and the p value is exact
// for these ranks: P(|W⁺ - E W⁺| >= observed) over all 2ⁿ equally likely signs. ±Inf is a difference of known sign
// beyond all others; NaN is a programmer's error. Cost: n⁴/2 additions at most, by the recursion over the ranks.
//
// The smallest value that n differences can give is 2^(1-n): 0.25 with 3, 0.031 with 6, 0.0020 with 10.
func SignedRank(d []float64) float64 {
	ranks, positive := doubledRanks(d)
	total := 0
	for _, r := range ranks {
		total += r
	}
	if total == 0 {
		return 1
	}
	dist := rankSums(ranks, total)
	// Doubled once more, W⁺ lies symmetric about total/2: compare |2w - total| in whole numbers.
	observed := abs(2*positive - total)
	var p float64
	for w, q := range dist {
		if abs(2*w-total) >= observed {
			p += q
		}
	}
	return min(p, 1)
}

// doubledRanks returns twice the mean rank of each nonzero |d| (a whole number), in ascending order of |d|, and the
// sum of those that belong to positive d.
func doubledRanks(d []float64) (ranks []int, positive int) {
	var s []float64
	for _, x := range d {
		if math.IsNaN(x) {
			panic("stats: SignedRank: NaN")
		}
		if x != 0 {
			s = append(s, x)
		}
	}
	slices.SortFunc(s, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	ranks = make([]int, len(s))
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && math.Abs(s[j]) == math.Abs(s[i]) {
			j++
		}
		for k := i; k < j; k++ {
			ranks[k] = i + 1 + j // ranks i+1..j have the mean (i+1+j)/2
			if s[k] > 0 {
				positive += ranks[k]
			}
		}
		i = j
	}
	return ranks, positive
}

// rankSums returns the distribution of Σ_{i in S} ranks_i over random subsets S: index is the sum.
func rankSums(ranks []int, total int) []float64 {
	p := make([]float64, total+1)
	p[0] = 1
	top := 0
	for _, r := range ranks {
		top += r
		for w := top; w >= 0; w-- {
			with := 0.0
			if w >= r {
				with = p[w-r]
			}
			p[w] = 0.5 * (p[w] + with)
		}
	}
	return p
}

// Holm returns the p values adjusted for testing all of them at once, in the order given: the i-th smallest of m
// becomes max over j <= i of min(1, (m-j+1) p_(j)) (Holm 1979). Rejecting where the result is at most α keeps the
// probability of any false rejection at α or below, whatever the dependence between the tests.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	adjusted := make([]float64, len(p))
	worst := 0.0
	for j, i := range order {
		worst = max(worst, min(1, float64(len(p)-j)*p[i]))
		adjusted[i] = worst
	}
	return adjusted
}

func abs(x int) int { return max(x, -x) }
