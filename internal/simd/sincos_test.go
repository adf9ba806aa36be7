package simd

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// bigPi is π by Machin's formula, 16·arctan(1/5) - 4·arctan(1/239).
func bigPi() *big.Float {
	arctan := func(n float64) *big.Float {
		x := new(big.Float).Quo(bigFloat(1), bigFloat(n))
		sum, power := bigFloat(0), new(big.Float).Copy(x)
		for k := 0; k < 100; k++ {
			term := new(big.Float).Quo(power, bigFloat(float64(2*k+1)))
			if k%2 == 1 {
				term.Neg(term)
			}
			sum.Add(sum, term)
			power.Mul(power, x).Mul(power, x)
		}
		return sum
	}
	pi := arctan(5)
	pi.Mul(pi, bigFloat(4))
	return pi.Sub(pi, arctan(239)).Mul(pi, bigFloat(4))
}

// bigSinCos returns sin x and cos x for |x| up to 2^20: with x taken to within π of zero, the two power series.
func bigSinCos(x float64, pi *big.Float) (sin, cos *big.Float) {
	turns := math.Round(x / (2 * math.Pi))
	r := new(big.Float).Mul(pi, bigFloat(2*turns))
	r.Sub(bigFloat(x), r)
	sin, cos = bigFloat(0), bigFloat(0)
	term := bigFloat(1)
	for k := 1; k < 80; k++ {
		sum := []*big.Float{sin, cos}[k%2]
		if (k-1)%4 >= 2 {
			sum.Sub(sum, term)
		} else {
			sum.Add(sum, term)
		}
		term.Mul(term, r).Quo(term, bigFloat(float64(k)))
	}
	return sin, cos
}

// units returns |got - want| in units of the last place of want.
func units(got float64, want *big.Float) float64 {
	near, _ := want.Float64()
	near = math.Abs(near)
	diff, _ := new(big.Float).Sub(want, bigFloat(got)).Float64()
	return math.Abs(diff) / (math.Nextafter(near, math.Inf(1)) - near)
}

// sinCosArguments has every magnitude, and the numbers next to multiples of π/4 and π/2, where one of the results is
// small and all its digits come from the reduction.
func sinCosArguments(n int) []float64 {
	r := rand.New(rand.NewPCG(11, 12))
	x := []float64{SinCosLimit, -SinCosLimit, math.Nextafter(SinCosLimit, 0), math.Pi, -math.Pi / 2, 710706}
	for len(x) < n {
		part := []float64{1, 2, 4}[r.IntN(3)]
		near := math.Floor(math.Ldexp(r.Float64(), r.IntN(21))*part/math.Pi) * math.Pi / part
		x = append(x, r.NormFloat64(), 100*r.NormFloat64(), 2*SinCosLimit*(r.Float64()-0.5),
			math.Ldexp(r.Float64()-0.5, -r.IntN(60)), near, math.Nextafter(near, 0), -math.Nextafter(near, math.Inf(1)))
	}
	return x
}

// TestSinCosAccuracy compares with power series of 200 bits; the claimed bound is 0.8 units in the last place.
func TestSinCosAccuracy(t *testing.T) {
	x, pi := sinCosArguments(8000), bigPi()
	if p, _ := pi.Float64(); p != math.Pi {
		t.Fatalf("π = %v", p)
	}
	wantSin, wantCos := make([]*big.Float, len(x)), make([]*big.Float, len(x))
	for i, v := range x {
		wantSin[i], wantCos[i] = bigSinCos(v, pi)
	}
	eachPath(t, func(t *testing.T) {
		sin, cos := make([]float64, len(x)), make([]float64, len(x))
		SinCos(sin, cos, x)
		var worst [2]float64
		for i, v := range x {
			e, f := units(sin[i], wantSin[i]), units(cos[i], wantCos[i])
			worst[0], worst[1] = max(worst[0], e), max(worst[1], f)
			if !(e <= 0.8 && f <= 0.8 && math.Abs(sin[i]) <= 1 && math.Abs(cos[i]) <= 1) {
				t.Errorf("x = %v (%x): sin %v, off by %.3f, cos %v, off by %.3f", v, v, sin[i], e, cos[i], f)
			}
		}
		t.Logf("largest errors %.3f units in the last place", worst)
	})
}

// exactSinCos holds what sine and cosine must be to the bit.
var exactSinCos = []struct{ x, sin, cos float64 }{
	{0, 0, 1}, {math.Copysign(0, -1), math.Copysign(0, -1), 1}, {5e-324, 5e-324, 1}, {-5e-324, -5e-324, 1},
	{1e-200, 1e-200, 1}, {-1e-9, -1e-9, 1}, {math.Inf(1), math.NaN(), math.NaN()}, {math.Inf(-1), math.NaN(), math.NaN()},
	{math.NaN(), math.NaN(), math.NaN()},
}

// TestSinCosSpecialValues puts each special value, and numbers too large for the reduction, at each position of arrays of
// 1 … 33 elements. Its neighbours must not notice.
func TestSinCosSpecialValues(t *testing.T) {
	cases := exactSinCos
	for _, x := range []float64{math.Nextafter(SinCosLimit, 1e9), -1e7, 1e22, 1e308, -math.MaxFloat64} {
		s, c := math.Sincos(x)
		cases = append(cases, struct{ x, sin, cos float64 }{x, s, c})
	}
	s0, c0 := sinCos1(0.25)
	eachPath(t, func(t *testing.T) {
		for n := 1; n <= 33; n++ {
			x, sin, cos := make([]float64, n), make([]float64, n), make([]float64, n)
			for at := range n {
				for _, c := range cases {
					for i := range x {
						x[i], sin[i], cos[i] = 0.25, math.NaN(), math.NaN()
					}
					x[at] = c.x
					SinCos(sin, cos, x)
					for i := range x {
						if i == at && !(same(sin[i], c.sin) && same(cos[i], c.cos)) || i != at && (sin[i] != s0 || cos[i] != c0) {
							t.Fatalf("n = %d, %v at %d: element %d has sine %v, cosine %v", n, c.x, at, i, sin[i], cos[i])
						}
					}
				}
			}
		}
	})
}

// TestSinCosSymmetry says that sine is odd and cosine even to the bit, and that a destination may be the argument.
func TestSinCosSymmetry(t *testing.T) {
	x := sinCosArguments(2000)
	n := len(x)
	minus := make([]float64, n)
	for i, v := range x {
		minus[i] = -v
	}
	eachPath(t, func(t *testing.T) {
		s, c, sm, cm := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		SinCos(s, c, x)
		SinCos(sm, cm, minus)
		over, under := append([]float64(nil), x...), append([]float64(nil), x...)
		other := make([]float64, n)
		SinCos(over, other, over)
		SinCos(other, under, under)
		for i := range x {
			if s[i] != -sm[i] || c[i] != cm[i] {
				t.Fatalf("±%v: sines %v and %v, cosines %v and %v", x[i], s[i], sm[i], c[i], cm[i])
			}
			if over[i] != s[i] || under[i] != c[i] {
				t.Fatalf("in place at %v: sine %v, want %v; cosine %v, want %v", x[i], over[i], s[i], under[i], c[i])
			}
		}
	})
}
