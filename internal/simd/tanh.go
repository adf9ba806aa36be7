package simd

// Tanh computes dst[i] = tanh(x[i]) to within 1.2 units in the last place. Signed zeros, denormals and NaN come back
// unchanged, from |x| = 20 on the result is ±1, and no result exceeds 1. dst may be x itself.
//
// With y = 2|x| and e = exp(y) - 1, tanh|x| = e/(e + 2). The exponential is 2^k·exp(r), |r| ≤ ln 2 / 2, by a Taylor
// polynomial of degree 13; the rounding errors of the polynomial, of e and of e + 2 are carried into one correction of
// the quotient. One formula serves all x: no branch, hence the same bits at every position of an array.
func Tanh(dst, x []float64) {
	check(len(dst) == len(x), "simd: Tanh: lengths differ")
	tanh(dst, x)
}

// TanhJet carries the point derivatives of n neurons through tanh. Channel c of z and a starts at c·stride: channel 0 is
// the value, 1 … d the first derivatives, and d+1, if lap, the Laplacian. With t = tanh z₀, t′ = 1 - t², t″ = -2tt′,
//
//	a₀ = t,  a_i = t′·z_i,  a_L = t′·z_L + t″·Σ_i z_i².
//
// Where t′ rounds to zero (t = ±1), a derivative is zero also for infinite z_i; NaN stays NaN. d = 0 without lap is
// [Tanh]. a must not overlap z.
func TanhJet(n, d int, lap bool, z, a []float64, stride int) {
	c := channels(d, lap)
	check(d >= 0 && fits(z, c, n, stride) && fits(a, c, n, stride), "simd: TanhJet: short slice")
	if c == 1 {
		tanh(a[:n], z[:n])
	} else {
		tanhJet(n, d, lap, z, a, stride)
	}
}

// TanhJetAdjoint applies the transposed derivative of [TanhJet] at z in place: on input g holds the partial derivatives
// with respect to the channels of a, on output those with respect to the channels of z. a holds a₀ = tanh z₀ in its first
// n elements. With t′ = 1 - t², t″ = -2tt′, t‴ = t′(6t² - 2),
//
//	g₀ ← t′g₀ + t″·Σ_i z_i g_i + (t″·z_L + t‴·Σ_i z_i²)·g_L,  g_i ← t′g_i + 2t″·z_i·g_L,  g_L ← t′g_L.
//
// Where t′ rounds to zero the results are zero also for infinite z and g; NaN stays NaN.
func TanhJetAdjoint(n, d int, lap bool, z, a, g []float64, stride int) {
	c := channels(d, lap)
	check(d >= 0 && fits(z, c, n, stride) && fits(g, c, n, stride) && len(a) >= n, "simd: TanhJetAdjoint: short slice")
	tanhJetAdjoint(n, d, lap, z, a, g, stride)
}

func channels(d int, lap bool) int {
	if lap {
		return d + 2
	}
	return d + 1
}
