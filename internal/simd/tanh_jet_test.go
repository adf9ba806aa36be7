package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// jetAt is the jet of z(x) = z₀ + Σ b_i x_i + ½ c_i x_i² in d dimensions; the Laplacian of z is Σ c_i.
type jetAt struct {
	z0   float64
	b, c []float64
}

func (j jetAt) at(x []float64) float64 {
	z := j.z0
	for i, v := range x {
		z += (j.b[i] + 0.5*j.c[i]*v) * v
	}
	return z
}

// differences returns the gradient and the Laplacian of tanh(z(x)) at 0 by central differences of step h.
func (j jetAt) differences(h float64) (grad []float64, lap float64) {
	x := make([]float64, len(j.b))
	for i := range x {
		x[i] = h
		up := math.Tanh(j.at(x))
		x[i] = -h
		down := math.Tanh(j.at(x))
		x[i] = 0
		grad = append(grad, (up-down)/(2*h))
		lap += (up - 2*math.Tanh(j.z0) + down) / (h * h)
	}
	return grad, lap
}

// TestTanhJetIsAComposition compares with central differences: their error must fall by four when the step is halved,
// which a wrong coefficient would not let it do.
func TestTanhJetIsAComposition(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		for d := 1; d <= 3; d++ {
			const n, stride = 9, 11
			z, a := make([]float64, (d+2)*stride), make([]float64, (d+2)*stride)
			jets := make([]jetAt, n)
			for i := range jets {
				j := jetAt{z0: r.NormFloat64()}
				for k := range d {
					j.b, j.c = append(j.b, r.NormFloat64()), append(j.c, r.NormFloat64())
					z[(1+k)*stride+i] = j.b[k]
					z[(1+d)*stride+i] += j.c[k]
				}
				z[i], jets[i] = j.z0, j
			}
			TanhJet(n, d, true, z, a, stride)
			for i, j := range jets {
				coarse, coarseLap := j.differences(2e-2)
				fine, fineLap := j.differences(1e-2)
				for k := range d {
					fallsByFour(t, "gradient", a[(1+k)*stride+i], coarse[k], fine[k])
				}
				fallsByFour(t, "Laplacian", a[(1+d)*stride+i], coarseLap, fineLap)
			}
		}
	})
}

// fallsByFour checks that the error of a second-order difference falls by a factor near four, or is tiny.
func fallsByFour(t *testing.T, what string, exact, coarse, fine float64) {
	t.Helper()
	e, f := math.Abs(coarse-exact), math.Abs(fine-exact)
	if f > 1e-6 && (e/f < 3.6 || e/f > 4.4) || f > 1e-2 {
		t.Errorf("%s %v: errors %.3g and %.3g at steps h and h/2", what, exact, e, f)
	}
}

// TestTanhJetGradientOnly says that the channels do not depend on whether the Laplacian is carried.
func TestTanhJetGradientOnly(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		const n, d = 13, 3
		z := normal((d + 2) * n)
		full, part := make([]float64, (d+2)*n), make([]float64, (d+1)*n)
		TanhJet(n, d, true, z, full, n)
		TanhJet(n, d, false, z, part, n)
		value := make([]float64, n)
		TanhJet(n, 0, false, z, value, n)
		for i, v := range part {
			if v != full[i] || i < n && v != value[i] {
				t.Fatalf("element %d: %v with Laplacian, %v without", i, full[i], v)
			}
		}
	})
}

// TestTanhJetAdjoint checks φ(h) = ⟨w, TanhJet(z + hδ)⟩ against φ(0) + h·⟨adjoint w, δ⟩: the remainder is second order,
// so it falls by four when h is halved.
func TestTanhJetAdjoint(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, lap := range []bool{false, true} {
			for d := range 4 {
				const n = 11
				size := channels(d, lap) * n
				r := rand.New(rand.NewPCG(uint64(d), 9))
				z, w, delta := make([]float64, size), make([]float64, size), make([]float64, size)
				for i := range z {
					z[i], w[i], delta[i] = r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
				}
				a, g := make([]float64, size), append([]float64(nil), w...)
				phi := func(h float64) float64 {
					moved := append([]float64(nil), z...)
					Axpy(moved, h, delta)
					out := make([]float64, size)
					TanhJet(n, d, lap, moved, out, n)
					return Dot(out, w)
				}
				TanhJet(n, d, lap, z, a, n)
				TanhJetAdjoint(n, d, lap, z, a, g, n)
				checkSecondOrder(t, fmt.Sprintf("d = %d, lap = %v", d, lap), phi, Dot(g, delta), -8)
			}
		}
	})
}

// TestSaturatedNeuronsPassNothing gives infinities to the channels of a neuron with t = ±1: nothing comes through, in
// either direction, and a NaN does.
func TestSaturatedNeuronsPassNothing(t *testing.T) {
	inf := math.Inf(1)
	eachPath(t, func(t *testing.T) {
		for _, z0 := range []float64{25, -400, inf, -inf} {
			for _, x := range []float64{1e200, inf, -inf, math.NaN()} {
				for at := range 6 {
					for c := 1; c < 4; c++ {
						saturated(t, true, c, at, z0, x)
					}
					saturated(t, false, 1, at, z0, x)
					saturated(t, false, 2, at, z0, x)
				}
			}
		}
	})
}

// saturated checks six neurons in two dimensions, the one at at with value z0 and x in channel c.
func saturated(t *testing.T, lap bool, c, at int, z0, x float64) {
	const n, d = 6, 2
	last := channels(d, lap) - 1
	z, a, g := normal((d+2)*n), make([]float64, (d+2)*n), normal((d+2)*n)
	z[at], z[c*n+at], g[c*n+at] = z0, x, -x
	TanhJet(n, d, lap, z, a, n)
	TanhJetAdjoint(n, d, lap, z, a, g, n)
	for e := 1; e <= last; e++ {
		nan := math.IsNaN(x) && (e == c || e == d+1)
		if v := a[e*n+at]; math.IsNaN(v) != nan || !nan && v != 0 {
			t.Fatalf("lap %v, z₀ = %v, channel %d = %v: channel %d is %v", lap, z0, c, x, e, v)
		}
		if v := g[e*n+at]; !math.IsNaN(x) && v != 0 {
			t.Fatalf("lap %v, z₀ = %v, channel %d = %v: adjoint %d is %v", lap, z0, c, x, e, v)
		}
	}
	if v := g[at]; math.IsNaN(v) != math.IsNaN(x) || !math.IsNaN(x) && v != 0 {
		t.Fatalf("lap %v, z₀ = %v, channel %d = %v: adjoint of the value is %v", lap, z0, c, x, v)
	}
	for i := range a {
		if i%n != at && (math.IsNaN(a[i]) || math.IsNaN(g[i])) {
			t.Fatalf("lap %v, z₀ = %v, channel %d = %v: NaN reached neuron %d", lap, z0, c, x, i%n)
		}
	}
}
