package lowrank

import "math/rand/v2"

// Pivots is the pivot rule of a partial Cholesky factorisation. It proposes several candidates at once, because columns
// are cheaper in blocks, and accepts them one by one as the residual diagonal falls.
type Pivots interface {
	// Propose fills s with candidates, repeats allowed, and returns how many. residual is the diagonal of A − Â, entries
	// that must not be chosen set to zero; at least one is positive.
	Propose(s []int, residual []float64, rng *rand.Rand) int
	// Accept decides on a candidate whose residual was then when it was proposed, and is now after the pivots accepted
	// since.
	Accept(now, then float64, rng *rand.Rand) bool
	// Random reports whether the rule draws random numbers.
	Random() bool
}

// Greedy pivots on the largest residual, one at a time (the first among equals).
type Greedy struct{}

// Propose returns the index of the largest residual.
func (Greedy) Propose(s []int, residual []float64, _ *rand.Rand) int {
	s[0] = 0
	for i, v := range residual {
		if v > residual[s[0]] {
			s[0] = i
		}
	}
	return 1
}

// Accept takes the candidate.
func (Greedy) Accept(_, _ float64, _ *rand.Rand) bool { return true }

// Random is false.
func (Greedy) Random() bool { return false }

// Random pivots with probability proportional to the residual diagonal: randomly pivoted Cholesky. A whole block is
// drawn from the present diagonal and thinned by rejection, which gives pivots of exactly the same distribution as one draw
// at a time, and lets the columns come in blocks.
//
// Source: Chen, Epperly, Tropp, Webber (2025); Epperly, Tropp, Webber (2024), "Embrace rejection".
type Random struct{}

// Propose draws len(s) candidates with replacement.
func (Random) Propose(s []int, residual []float64, rng *rand.Rand) int {
	total := 0.0
	for _, v := range residual {
		total += v
	}
	for i := range s {
		s[i] = draw(residual, total*rng.Float64())
	}
	return len(s)
}

// draw returns the index at which the running sum of w passes u; rounding may leave it at the last positive one.
func draw(w []float64, u float64) int {
	last := 0
	for i, v := range w {
		if v <= 0 {
			continue
		}
		last = i
		if u -= v; u < 0 {
			return i
		}
	}
	return last
}

// Accept takes the candidate with probability now/then.
func (Random) Accept(now, then float64, rng *rand.Rand) bool { return rng.Float64()*then < now }

// Random is true.
func (Random) Random() bool { return true }
