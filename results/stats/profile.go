package stats

import (
	"math"
	"slices"
)

// Profile is the performance profile of one method: the share of instances that it solved within a factor τ of the
// best method's cost.
type Profile struct {
	Ratios []float64 // cost over best cost of the instances solved, ascending
	N      int       // instances, unsolved ones included
}

// Profiles returns ρ_s(τ) = |{p: t_ps / min_s t_ps <= τ}| / n_p for each method s (Dolan and Moré 2002). costs[s][p]
// is the cost of method s on instance p; whatever is no number is a failure, t = ∞. An instance that nobody solved
// counts for nobody. Where the best cost is zero, only the methods that tie with it solve the instance within a
// finite factor. Ranks below the winner depend on who else takes part (Gould and Scott 2016): compare pairwise too.
// Rows of different lengths are a programmer's error.
func Profiles(costs [][]Quantity) []Profile {
	profiles := make([]Profile, len(costs))
	for s, row := range costs {
		if len(row) != len(costs[0]) {
			panic("stats: Profiles: methods with different numbers of instances")
		}
		profiles[s].N = len(row)
		for p, t := range row {
			if r, ok := factor(t, best(costs, p)); ok {
				profiles[s].Ratios = append(profiles[s].Ratios, r)
			}
		}
		slices.Sort(profiles[s].Ratios)
	}
	return profiles
}

// best is the smallest cost of instance p; failures order last, so it is no number only where all failed.
func best(costs [][]Quantity, p int) Quantity {
	b := Quantity{}
	for _, row := range costs {
		if row[p].Compare(b) < 0 {
			b = row[p]
		}
	}
	return b
}

func factor(t, best Quantity) (float64, bool) {
	switch {
	case !t.Ok():
		return 0, false
	case t.Value == best.Value:
		return 1, true
	}
	r := t.Value / best.Value
	return r, best.Value > 0 && !math.IsInf(r, 0)
}

// At returns ρ(τ). ρ(1) is the share of wins, ties counted for all.
func (p Profile) At(tau float64) float64 {
	if p.N == 0 {
		return 0
	}
	k, _ := slices.BinarySearchFunc(p.Ratios, tau, func(r, t float64) int {
		if r <= t {
			return -1
		}
		return 1
	})
	return float64(k) / float64(p.N)
}

// Failures is the number of instances not solved.
func (p Profile) Failures() int { return p.N - len(p.Ratios) }

// Score is the mean of ρ over log τ from 1 to bound > 1, in [0, 1]: a single number for a profile (Dahl et al. 2023 take the
// mean over τ; the logarithm treats factors alike).
func (p Profile) Score(bound float64) float64 {
	if p.N == 0 || !(bound > 1) {
		return 0
	}
	sum := 0.0
	for _, r := range p.Ratios {
		if r < bound {
			sum += 1 - math.Log(r)/math.Log(bound)
		}
	}
	return sum / float64(p.N)
}
