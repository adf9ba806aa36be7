package simd

import "math"

// Constants of tanh, shared with the generator of the assembly by value.
const (
	tanhLimit = 40                   // 2|x| above this gives 1
	magic     = 0x1.8p52             // adding it leaves the nearest integer in the low bits
	ln2hi     = 0x1.62e42fefa39efp-1 // ln 2 = ln2hi + ln2lo
	ln2lo     = 0x1.abc9e3b39803fp-56
)

// tanh1 returns tanh x. Each statement is one rounding, the same as one instruction of the vector form.
func tanh1(x float64) float64 {
	y := math.Abs(x)
	y += y
	if tanhLimit < y {
		y = tanhLimit
	}
	km := math.FMA(math.Log2E, y, magic)
	k := km - magic
	r := math.FMA(-ln2lo, k, math.FMA(-ln2hi, k, y))
	r2 := float64(r * r)
	q := expTail(r, r2)
	p := math.FMA(q, r2, r) // exp(r) - 1 = p + pl
	pl := math.FMA(q, r2, r-p)
	e := math.Float64frombits(math.Float64bits(km)<<52 + math.Float64bits(1)) // 2^k
	f := e - 1
	em := math.FMA(e, p, f) // exp(y) - 1 = em + lo
	lo := math.FMA(e, pl, math.FMA(p, e, f-em))
	den := em + 2 // exp(y) + 1 = den + dl
	dl := em - (den - 2)
	dl += lo
	inv := 1 / den
	t := float64(em * inv)
	em = math.FMA(-t, den, em) + lo
	em = math.FMA(-t, dl, em)
	return math.Copysign(math.FMA(em, inv, t), x)
}

// expTail returns (exp(r) - 1 - r)/r² as its Taylor polynomial up to r¹¹/13!, odd and even powers apart.
func expTail(r, r2 float64) float64 {
	odd, even := 1.0/6227020800, 1.0/479001600
	odd, even = math.FMA(odd, r2, 1.0/39916800), math.FMA(even, r2, 1.0/3628800)
	odd, even = math.FMA(odd, r2, 1.0/362880), math.FMA(even, r2, 1.0/40320)
	odd, even = math.FMA(odd, r2, 1.0/5040), math.FMA(even, r2, 1.0/720)
	odd, even = math.FMA(odd, r2, 1.0/120), math.FMA(even, r2, 1.0/24)
	odd, even = math.FMA(odd, r2, 1.0/6), math.FMA(even, r2, 1.0/2)
	return math.FMA(odd, r, even)
}

func tanhScalar(dst, x []float64) {
	for i, v := range x {
		dst[i] = tanh1(v)
	}
}
