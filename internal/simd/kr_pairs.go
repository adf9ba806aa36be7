package simd

// Pairs returns the number of pairs of c channels, c·(c+1)/2.
func Pairs(c int) int { return c * (c + 1) / 2 }

// PairDots computes the products of all pairs of channels at each of n points,
//
//	dst[i·Pairs(c) + r(r+1)/2 + s] = Σ_q x_r[i][q]·x_s[i][q], s ≤ r < c,
//
// the C×C matrix at point i as its lower triangle by rows. The squared norm of a row of a Khatri-Rao operator follows from
// two of these: ‖Σ_r δ_r ⊗ a_r‖² = Σ_r,s (δ_r·δ_s)(a_r·a_s). Each product is [Dot]
// of the two rows with zeros behind them, up to Pad(w).
//
// Channel r of x starts at r·cs and has n rows of w numbers at leading dimension ld. dst has n·Pairs(c) numbers, is
// overwritten, and must not overlap x. 2·n·w·Pairs(c) flops.
func PairDots(n, c, w int, x []float64, ld, cs int, dst []float64) {
	check(n >= 0 && c >= 0 && w >= 0 && strided(x, c, cs, n, ld, w) && len(dst) >= n*Pairs(c), "simd: PairDots: short slice")
	switch {
	case n == 0 || c == 0:
	case w == 0:
		clear(dst[:n*Pairs(c)])
	default:
		pairDots(n, c, w, x, ld, cs, dst)
	}
}
