package simd

// SinCosLimit bounds the arguments that [SinCos] reduces by itself; 2^20.
const SinCosLimit = 1 << 20

// SinCos computes sin[i] = sin x[i] and cos[i] = cos x[i], each to within 0.8 units in the last place for |x| up to
// [SinCosLimit]. Above it, and for infinities and NaN, an element is math.Sincos on every path: slower, and up to 2^29 less
// accurate next to a zero. sin(-0) is -0, the sine of a denormal is itself, and no result exceeds 1. sin or cos may be x
// itself, but not each other.
//
// With k the integer nearest to 2|x|/π, r = |x| - k·π/2 is found in three parts of π/2 (W. J. Cody and W. Waite, Software
// Manual for the Elementary Functions, 1980), of 53, 33 and 53 bits: k has at most 20, so that the first two products are
// subtracted exactly, and what is left over becomes a correction of r. sin r and cos r are Taylor polynomials of degree
// 17 and 16, and k mod 4 says which of the two is which, with which sign. One formula serves all x: the same bits at
// every position of an array.
func SinCos(sin, cos, x []float64) {
	check(len(sin) == len(x) && len(cos) == len(x), "simd: SinCos: lengths differ")
	sinCos(sin, cos, x)
}
