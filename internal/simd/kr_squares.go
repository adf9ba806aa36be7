package simd

// OuterSquares adds the squares of n matrices to dst, one after the other. Matrix p is Σ_r δ_r ⊗ a_r, m×w row-major as in
// [OuterSum]: a row of a Khatri-Rao operator, restricted to the weights of a layer, so that over its rows this gives the
// squared norms of its columns,
//
//	dst[j·w+i] ← fma(t_p, t_p, dst[j·w+i]) for p = 0 … n-1, t_p = Σ_r δ_r[p][j]·a_r[p][i],
//
// each sum a chain of fused multiply-adds over r that starts from δ_0·a_0. Neither a matrix nor a square is written.
//
// Channel r of matrix p has its m numbers of δ from r·ds + p·dp on, and its w numbers of a, with padding up to Pad(w), from
// r·as + p·ap on; strides may be zero. dst has m·w numbers and must not overlap the others. 2·(c+1)·n·m·w flops.
func OuterSquares(n, m, w, c int, d []float64, ds, dp int, a []float64, as, ap int, dst []float64) {
	check(n >= 0 && m >= 0 && w >= 0 && c >= 1 && strided(d, c, ds, n, dp, m) && strided(a, c, as, n, ap, Pad(w)) && len(dst) >= m*w,
		"simd: OuterSquares: short slice")
	if n > 0 && m > 0 && w > 0 {
		outerSquares(n, m, w, c, d, ds, dp, a, as, ap, dst)
	}
}

// strided says that x holds w numbers from r·rs + p·ps on for all r < c and p < n.
func strided(x []float64, c, rs, n, ps, w int) bool {
	return c <= 0 || n <= 0 || w <= 0 || rs >= 0 && ps >= 0 && len(x) >= (c-1)*rs+(n-1)*ps+w
}
