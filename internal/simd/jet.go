package simd

import "math"

// Seconds says which second derivatives a jet carries behind its value and its d first derivatives.
type Seconds int

const (
	NoSeconds Seconds = iota
	Laplace           // Σ_i ∂_ii, one channel
	Diagonal          // ∂_11 … ∂_dd
	Hessian           // ∂_ij, i ≤ j, row by row: 11, 12 … 1d, 22 … dd
)

// Channels is the number of channels of a jet with d first derivatives.
func (s Seconds) Channels(d int) int {
	return 1 + d + [...]int{0, 1, d, d * (d + 1) / 2}[s]
}

// Channel is where ∂_ij, 1 ≤ i ≤ j ≤ d, counts in, if anywhere.
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

// Jet carries the derivatives of n neurons through an activation whose slopes s1 = σ′ and s2 = σ″ are known,
//
//	a_i = s1·z_i,   a_ij = s1·z_ij + s2·z_i·z_j,
//
// and likewise for their sums. Channel c of z and a starts at c·stride; channel 0, the value, is left alone. It is Go on
// every path; [TanhJet] is the fast form for what most problems ask. Infinities and NaN go through as IEEE 754 has them.
// a must not overlap z.
func Jet(n, d int, sec Seconds, s1, s2, z, a []float64, stride int) {
	c := sec.Channels(d)
	check(d >= 0 && fits(z, c, n, stride) && fits(a, c, n, stride) && len(s1) >= n && len(s2) >= n, "simd: Jet: short slice")
	for k := 1; k < c; k++ {
		scaled(a[k*stride:][:n], s1, z[k*stride:])
	}
	for i := 1; i <= d; i++ {
		for j := i; j <= d; j++ {
			if k, ok := sec.Channel(d, i, j); ok {
				addProduct(a[k*stride:][:n], s2, z[i*stride:], z[j*stride:])
			}
		}
	}
}

// JetAdjoint applies the transposed derivative of [Jet] in place, with s3 = σ‴ besides: on input g holds the partial
// derivatives with respect to the channels of a (its value a_0 = σ(z_0) included), on output those with respect to the
// channels of z,
//
//	g_0 ← s1·g_0 + Σ_i s2·z_i·g_i + Σ_ij (s2·z_ij + s3·z_i·z_j)·g_ij,
//	g_i ← s1·g_i + s2·Σ_j z_j·g_ij (g_ii twice),   g_ij ← s1·g_ij.
func JetAdjoint(n, d int, sec Seconds, s1, s2, s3, z, g []float64, stride int) {
	c := sec.Channels(d)
	check(d >= 0 && fits(z, c, n, stride) && fits(g, c, n, stride) && len(s1) >= n && len(s2) >= n && len(s3) >= n, "simd: JetAdjoint: short slice")
	g0 := g[:n]
	scaled(g0, s1, g0)
	for k := 1; k < c; k++ {
		addProduct(g0, s2, z[k*stride:], g[k*stride:])
	}
	for i := 1; i <= d; i++ {
		scaled(g[i*stride:][:n], s1, g[i*stride:])
	}
	for i := 1; i <= d; i++ {
		for j := i; j <= d; j++ {
			if k, ok := sec.Channel(d, i, j); ok {
				zi, zj, gk := z[i*stride:][:n], z[j*stride:], g[k*stride:]
				for x, v := range zi {
					g0[x] += float64(float64(s3[x]*v) * float64(zj[x]*gk[x]))
				}
				addProduct(g[i*stride:][:n], s2, zj, gk)
				addProduct(g[j*stride:][:n], s2, zi, gk)
			}
		}
	}
	for k := d + 1; k < c; k++ {
		scaled(g[k*stride:][:n], s1, g[k*stride:])
	}
}

// scaled computes dst = s∘x, and addProduct dst += s∘x∘y.
func scaled(dst, s, x []float64) {
	for i := range dst {
		dst[i] = s[i] * x[i]
	}
}

func addProduct(dst, s, x, y []float64) {
	for i := range dst {
		dst[i] += float64(s[i] * float64(x[i]*y[i]))
	}
}

// TanhSlopes computes the derivatives of tanh from its values t: s1 = 1 − t², s2 = −2t·s1, s3 = s1·(6t² − 2).
func TanhSlopes(s1, s2, s3, t []float64) {
	check(len(s1) == len(t) && len(s2) == len(t) && len(s3) == len(t), "simd: TanhSlopes: lengths differ")
	for i, v := range t {
		q := float64(v * v)
		d := 1 - q
		s1[i], s2[i], s3[i] = d, float64(-2*v)*d, d*(float64(6*q)-2)
	}
}

// SinCos computes sin x and cos x of every element, by package math on every path.
func SinCos(sin, cos, x []float64) {
	check(len(sin) == len(x) && len(cos) == len(x), "simd: SinCos: lengths differ")
	for i, v := range x {
		sin[i], cos[i] = math.Sincos(v)
	}
}
