package simd

// Seconds says which second derivatives a jet carries behind its value and its d first derivatives.
type Seconds int

const (
	NoSeconds Seconds = iota // none
	Laplace                  // one channel, Σ_i ∂_ii
	Diagonal                 // ∂_11 … ∂_dd
	Hessian                  // ∂_ij for i ≤ j, row by row: 11, 12, … 1d, 22, … dd
)

// Channels returns the number of channels of a jet in d dimensions: 1 + d, and 0, 1, d or d(d+1)/2 more.
func (s Seconds) Channels(d int) int {
	switch s {
	case NoSeconds:
		return 1 + d
	case Laplace:
		return 2 + d
	case Diagonal:
		return 1 + 2*d
	case Hessian:
		return 1 + d + d*(d+1)/2
	}
	panic("simd: Seconds: no such value")
}

// Channel returns the number of the channel that ∂_ij, 1 ≤ i ≤ j ≤ d, counts in: its own, or the Laplacian if i = j. It is
// not ok where the jet has neither.
func (s Seconds) Channel(d, i, j int) (k int, ok bool) {
	switch {
	case s == Hessian:
		return d + 1 + (i-1)*d - (i-1)*(i-2)/2 + j - i, true
	case s == NoSeconds || i != j:
		return 0, false
	case s == Laplace:
		return d + 1, true
	}
	return d + i, true
}

// Jet carries the point derivatives of n neurons through an activation σ whose slopes s1 = σ′(z₀) and s2 = σ″(z₀) are
// given, one number a neuron. Channel c of z and a starts at c·stride. The channels 1 … of a become
//
//	a_i = s1·z_i,  a_ij = s1·z_ij + s2·z_i·z_j,  a_L = s1·z_L + s2·Σ_i z_i²,
//
// in the roundings fma(s2·z_i, z_j, s1·z_ij), i ≤ j, and fma(Σ_i z_i², s2, s1·z_L), the sum a chain of fused multiply-adds
// from zero. Channel 0 of both is neither read nor written. s2 is not read without second derivatives and may then be nil.
//
// The arithmetic is that of IEEE 754 throughout: unlike in [TanhJet], a saturated neuron (s1 = 0) makes NaN of an infinite
// derivative. For slopes from [TanhSlopes] finite channels get the bits of TanhJet. a must not overlap the others.
// Flops for each neuron: d, and for the second derivatives 2d + 3 (Laplace), 4d (Diagonal) or d + 3d(d+1)/2 (Hessian).
func Jet(n, d int, sec Seconds, s1, s2, z, a []float64, stride int) {
	check(d >= 0, "simd: Jet: negative dimension")
	c := sec.Channels(d)
	check(fits(z, c, n, stride) && fits(a, c, n, stride) && len(s1) >= n && (c == 1+d || len(s2) >= n),
		"simd: Jet: short slice")
	if n > 0 && c > 1 {
		jet(n, d, sec, s1, s2, z, a, stride)
	}
}

// JetAdjoint applies the transposed derivative of [Jet], and of the value a₀ = σ(z₀) with it, in place: on input g holds
// the partial derivatives with respect to the channels of a, on output those with respect to the channels of z. With
// s1, s2, s3 = σ′, σ″, σ‴ at z₀,
//
//	g_0 ← s1·g_0 + s2·Σ_i z_i g_i + Σ_{i≤j} (s2·z_ij + s3·z_i z_j)·g_ij,
//	g_i ← s1·g_i + s2·(Σ_{j≥i} z_j g_ij + Σ_{j≤i} z_j g_ji),  g_ij ← s1·g_ij,
//
// where i = j stands in both sums: 2·s2·z_i·g_ii. For the Laplacian
//
//	g_0 ← s1·g_0 + s2·Σ_i z_i g_i + (s2·z_L + s3·Σ_i z_i²)·g_L,  g_i ← s1·g_i + 2·s2·z_i·g_L,  g_L ← s1·g_L,
//
// with the roundings of [TanhJetAdjoint], hence its bits for finite numbers and the slopes of [TanhSlopes]. The arithmetic
// is that of IEEE 754 throughout. s3 is not read without second derivatives, s2 not without any, and may then be nil. g
// must not overlap the others. Flops for each neuron: 3 + 3d, and for the second derivatives 8 + 4d (Laplace), 3 + 9d
// (Diagonal) or 3 + 6d + 2d(d-1) + 3d(d+1)/2 (Hessian).
func JetAdjoint(n, d int, sec Seconds, s1, s2, s3, z, g []float64, stride int) {
	check(d >= 0, "simd: JetAdjoint: negative dimension")
	c := sec.Channels(d)
	check(fits(z, c, n, stride) && fits(g, c, n, stride) && len(s1) >= n && (c == 1 || len(s2) >= n) &&
		(c == 1+d || len(s3) >= n), "simd: JetAdjoint: short slice")
	if n > 0 {
		jetAdjoint(n, d, sec, s1, s2, s3, z, g, stride)
	}
}

// TanhSlopes computes the first three derivatives of tanh from its values t: s1 = 1 - t², s2 = -2·t·s1 and
// s3 = s1·(6t² - 2), in the roundings of [TanhJet] and [TanhJetAdjoint]. Each of s1, s2, s3 may be t itself.
func TanhSlopes(s1, s2, s3, t []float64) {
	check(len(s1) == len(t) && len(s2) == len(t) && len(s3) == len(t), "simd: TanhSlopes: lengths differ")
	tanhSlopes(s1, s2, s3, t)
}
