package simd

import "math"

// Constants of sine and cosine, shared with the generator of the assembly by value. π/2 = halfPi1 + halfPi2 + halfPi3 to
// 2^-141; halfPi2 has 33 bits.
const (
	twoOverPi = 0x1.45f306dc9c883p-1
	halfPi1   = 0x1.921fb54442d18p+0
	halfPi2   = 0x1.1a626331p-54
	halfPi3   = 0x1.1701b839a252p-88
)

// sinCos1 returns sin x and cos x. Each statement is one rounding, the same as one instruction of the vector form.
func sinCos1(x float64) (sin, cos float64) {
	y := math.Abs(x)
	if !(y <= SinCosLimit) {
		return math.Sincos(x)
	}
	km := math.FMA(twoOverPi, y, magic)
	k := km - magic
	first := math.FMA(-halfPi1, k, y) // exact
	r := math.FMA(-halfPi2, k, first)
	l := math.FMA(-halfPi2, k, first-r) // |x| - kπ/2 = r + l
	l = math.FMA(-halfPi3, k, l)
	r2 := float64(r * r)
	h := float64(0.5 * r2)
	p, q := sinCosTails(r2)
	sin = r + math.FMA(float64(r*r2), p, math.FMA(-h, l, l))
	e := math.FMA(l+l, r, math.FMA(r, r, -r2)) // (r + l)² = r2 + e
	w := 1 - h
	tail := math.FMA(float64(r2*r2), q, (1-w)-h)
	cos = w + math.FMA(-0.5, e, tail)
	return quadrant(math.Float64bits(km), math.Float64bits(x), sin, cos)
}

// sinCosTails returns (sin r - r)/r³ and (cos r - 1 + r²/2)/r⁴ as their Taylor polynomials up to r¹⁴/17! and r¹²/16!.
func sinCosTails(r2 float64) (sin, cos float64) {
	sin, cos = 1.0/355687428096000, 1.0/20922789888000
	sin, cos = math.FMA(sin, r2, -1.0/1307674368000), math.FMA(cos, r2, -1.0/87178291200)
	sin, cos = math.FMA(sin, r2, 1.0/6227020800), math.FMA(cos, r2, 1.0/479001600)
	sin, cos = math.FMA(sin, r2, -1.0/39916800), math.FMA(cos, r2, -1.0/3628800)
	sin, cos = math.FMA(sin, r2, 1.0/362880), math.FMA(cos, r2, 1.0/40320)
	sin, cos = math.FMA(sin, r2, -1.0/5040), math.FMA(cos, r2, -1.0/720)
	sin, cos = math.FMA(sin, r2, 1.0/120), math.FMA(cos, r2, 1.0/24)
	return math.FMA(sin, r2, -1.0/6), cos
}

// quadrant turns the sine and cosine of r into those of x: k mod 4 is in the last bits of km.
func quadrant(km, x uint64, s, c float64) (sin, cos float64) {
	const sign = 1 << 63
	if km&1 != 0 {
		s, c = c, s
	}
	return math.Float64frombits(math.Float64bits(s) ^ (km<<62^x)&sign),
		math.Float64frombits(math.Float64bits(c) ^ (km+1)<<62&sign)
}

func sinCosScalar(sin, cos, x []float64) {
	for i, v := range x {
		sin[i], cos[i] = sinCos1(v)
	}
}
