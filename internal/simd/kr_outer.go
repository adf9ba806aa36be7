package simd

// OuterSlack is how many numbers behind its result OuterSum may overwrite.
const OuterSlack = 3

// OuterSum writes the matrix Σ_c δ_c ⊗ a_c, m×n row-major without padding: one row of a Khatri-Rao operator, restricted
// to the weights of a layer,
//
//	dst[j·n+i] = fma(δ_{c-1}[j], a_{c-1}[i], … fma(δ_1[j], a_1[i], fma(δ_0[j], a_0[i], 0))).
//
// Channel c of δ starts at c·ds and has m numbers, that of a starts at c·as and has n numbers and padding up to Pad(n).
// dst needs OuterSlack more numbers than m·n, which are overwritten with anything. 2·c·m·n flops.
func OuterSum(m, n, c int, d []float64, ds int, a []float64, as int, dst []float64) {
	check(m >= 0 && n >= 0 && c >= 1 && fits(d, c, m, ds) && fits(a, c, Pad(n), as) && len(dst) >= m*n+OuterSlack,
		"simd: OuterSum: short slice")
	if m > 0 && n > 0 {
		outerSum(m, n, c, d, ds, a, as, dst)
	}
}

// MulAcc computes dst[i] ← fma(x[i], y[i], dst[i]).
func MulAcc(dst, x, y []float64) {
	check(len(dst) == len(x) && len(x) == len(y), "simd: MulAcc: lengths differ")
	mulAcc(dst, x, y)
}
