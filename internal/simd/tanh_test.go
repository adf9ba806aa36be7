package simd

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

const precision = 200

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

// bigExpm1 returns exp(x) - 1 for 0 ≤ x ≤ 64 by the series of exp(x/2^h) - 1, then h times e ← e·(e + 2).
func bigExpm1(x *big.Float) *big.Float {
	const halvings = 10
	y := new(big.Float).SetPrec(precision).SetMantExp(x, -halvings)
	e, term := bigFloat(0), bigFloat(1)
	for i := 1; i <= 40; i++ {
		term.Mul(term, y)
		term.Quo(term, bigFloat(float64(i)))
		e.Add(e, term)
	}
	for range halvings {
		e.Mul(e, new(big.Float).SetPrec(precision).Add(e, bigFloat(2)))
	}
	return e
}

// ulpError returns |got - tanh x| in units of the last place of tanh x.
func ulpError(got, x float64) float64 {
	e := bigExpm1(bigFloat(2 * math.Abs(x)))
	want := new(big.Float).SetPrec(precision).Quo(e, new(big.Float).SetPrec(precision).Add(e, bigFloat(2)))
	near, _ := want.Float64()
	diff, _ := want.Sub(want, bigFloat(math.Abs(got))).Float64()
	return math.Abs(diff) / (math.Nextafter(near, 2) - near)
}

// TestTanhAccuracy takes arguments of every magnitude; the claimed bound is 1.2 units in the last place.
func TestTanhAccuracy(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	x := make([]float64, 0, 20000)
	for len(x) < cap(x) {
		x = append(x, r.NormFloat64(), 0.3*r.NormFloat64(), 20*(r.Float64()-0.5),
			math.Ldexp(r.Float64()-0.5, -r.IntN(60)), float64(r.IntN(60))*math.Ln2/2*(1+0x1p-50*r.NormFloat64()))
	}
	eachPath(t, func(t *testing.T) {
		y, worst, where := make([]float64, len(x)), 0.0, 0.0
		Tanh(y, x)
		for i, v := range x {
			if e := ulpError(y[i], v); e > worst {
				worst, where = e, v
			}
			if math.Signbit(y[i]) != math.Signbit(v) || math.Abs(y[i]) > 1 {
				t.Fatalf("tanh(%v) = %v", v, y[i])
			}
		}
		t.Logf("largest error %.3f units in the last place, at %v", worst, where)
		if worst > 1.2 {
			t.Fatal("more than 1.2")
		}
	})
}

// exactTanh holds what tanh and its first derivative must be to the bit (vector lanes are where a kernel gives
// NaN for large arguments though its scalar tail is right).
var exactTanh = []struct{ x, tanh, slope float64 }{
	{0, 0, 1}, {math.Copysign(0, -1), math.Copysign(0, -1), 1}, {5e-324, 5e-324, 1}, {-5e-324, -5e-324, 1},
	{1e-200, 1e-200, 1}, {-1e-200, -1e-200, 1}, {1e-9, 1e-9, 1}, {20, 1, 0}, {-20, -1, 0}, {400, 1, 0}, {-400, -1, 0},
	{1e308, 1, 0}, {-1e308, -1, 0}, {math.Inf(1), 1, 0}, {math.Inf(-1), -1, 0}, {math.NaN(), math.NaN(), math.NaN()},
}

// TestTanhSpecialValues puts each special value at each position of arrays of 1 … 33 elements, also as the derivatives.
func TestTanhSpecialValues(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for n := 1; n <= 33; n++ {
			for at := range n {
				for _, c := range exactTanh {
					specialValue(t, n, at, c.x, c.tanh, c.slope)
				}
			}
		}
	})
}

func specialValue(t *testing.T, n, at int, x, tanh, slope float64) {
	z, a := make([]float64, 4*n), make([]float64, 4*n)
	for i := range z {
		z[i], a[i] = 0.25, math.NaN()
	}
	z[at] = x
	Tanh(a[:n], z[:n])
	if !same(a[at], tanh) {
		t.Fatalf("n = %d: tanh(%v) at %d = %v", n, x, at, a[at])
	}
	z[n+at] = 1
	TanhJet(n, 2, true, z, a, n)
	if !same(a[at], tanh) || !same(a[n+at], slope) {
		t.Fatalf("n = %d: jet of %v at %d = %v, %v", n, x, at, a[at], a[n+at])
	}
	for c := range 4 {
		z[c*n+at] = x
	}
	TanhJet(n, 2, true, z, a, n)
	for c := 1; c < 4; c++ {
		if v := a[c*n+at]; slope == 0 && v != 0 || math.IsNaN(slope) != math.IsNaN(v) {
			t.Fatalf("n = %d: all channels %v at %d give channel %d = %v", n, x, at, c, v)
		}
	}
	for i, v := range a {
		if i%n != at && !(math.Abs(v) < 1) {
			t.Fatalf("n = %d: %v at %d changed element %d to %v", n, x, at, i, v)
		}
	}
}
