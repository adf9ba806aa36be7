package simd

import (
	"math"
	"testing"
)

var allSeconds = []Seconds{NoSeconds, Laplace, Diagonal, Hessian}

// slopesAt is tanh with its derivatives at n numbers.
func slopesAt(z []float64) (t, s1, s2, s3 []float64) {
	n := len(z)
	t, s1, s2, s3 = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	Tanh(t, z)
	TanhSlopes(s1, s2, s3, t)
	return t, s1, s2, s3
}

// generalJet is the jet of tanh by Jet.
func generalJet(n, d int, sec Seconds, z []float64, stride int) []float64 {
	a := make([]float64, len(z))
	t, s1, s2, _ := slopesAt(z[:n])
	copy(a, t)
	Jet(n, d, sec, s1, s2, z, a, stride)
	return a
}

// TestJetIsTanhJet compares the general form with the fused one, where that has the channels.
func TestJetIsTanhJet(t *testing.T) {
	for _, n := range []int{0, 1, 3, 8, 13} {
		for d := range 5 {
			for _, sec := range []Seconds{NoSeconds, Laplace} {
				stride := n + 2
				size := sec.Channels(d) * stride
				z, want := normal(size), make([]float64, size)
				TanhJet(n, d, sec == Laplace, z, want, stride)
				got := generalJet(n, d, sec, z, stride)
				for c := range sec.Channels(d) {
					for i := range n {
						if x, y := got[c*stride+i], want[c*stride+i]; math.Abs(x-y) > 1e-14*(1+math.Abs(y)) {
							t.Errorf("n=%d d=%d seconds=%d: channel %d of neuron %d is %v, want %v", n, d, sec, c, i, x, y)
						}
					}
				}
			}
		}
	}
}

// TestSums checks that the Laplacian is the sum of the diagonal, and the diagonal that of the Hessian, for equal z.
func TestSums(t *testing.T) {
	const n, d = 5, 3
	full := normal(Hessian.Channels(d) * n)
	z := map[Seconds][]float64{Hessian: full, Diagonal: append([]float64(nil), full[:(2*d+1)*n]...), Laplace: append([]float64(nil), full[:(d+2)*n]...)}
	clear(z[Laplace][(d+1)*n:])
	for i := 1; i <= d; i++ {
		from, _ := Hessian.Channel(d, i, i)
		copy(z[Diagonal][(d+i)*n:][:n], full[from*n:])
		for x := range n {
			z[Laplace][(d+1)*n+x] += full[from*n+x]
		}
	}
	a := map[Seconds][]float64{}
	for sec, v := range z {
		a[sec] = generalJet(n, d, sec, v, n)
	}
	for x := range n {
		sum := 0.0
		for i := 1; i <= d; i++ {
			from, _ := Hessian.Channel(d, i, i)
			if got, want := a[Diagonal][(d+i)*n+x], a[Hessian][from*n+x]; got != want {
				t.Errorf("∂_%d%d of neuron %d: %v in the diagonal, %v in the Hessian", i, i, x, got, want)
			}
			sum += a[Diagonal][(d+i)*n+x]
		}
		if got := a[Laplace][(d+1)*n+x]; math.Abs(got-sum) > 1e-14*(1+math.Abs(sum)) {
			t.Errorf("Laplacian of neuron %d: %v, sum of the diagonal %v", x, got, sum)
		}
	}
}

// TestJetAdjointTaylor checks φ(h) = ⟨w, Jet(z + hδ)⟩ against φ(0) + h·⟨adjoint w, δ⟩: the remainder falls as h².
func TestJetAdjointTaylor(t *testing.T) {
	for _, sec := range allSeconds {
		const n, d, stride = 7, 3, 9
		c := sec.Channels(d)
		all := normal(3 * c * stride)
		z, w, delta := all[:c*stride], all[c*stride:2*c*stride], all[2*c*stride:]
		g := append([]float64(nil), w...)
		_, s1, s2, s3 := slopesAt(z[:n])
		JetAdjoint(n, d, sec, s1, s2, s3, z, g, stride)
		inner := func(x, y []float64) (s float64) {
			for k := range c {
				for i := range n {
					s += x[k*stride+i] * y[k*stride+i]
				}
			}
			return s
		}
		base, slope := inner(w, generalJet(n, d, sec, z, stride)), inner(g, delta)
		var errs []float64
		for _, h := range []float64{0x1p-10, 0x1p-11, 0x1p-12} {
			moved := append([]float64(nil), z...)
			for i := range moved {
				moved[i] += h * delta[i]
			}
			errs = append(errs, math.Abs(inner(w, generalJet(n, d, sec, moved, stride))-base-h*slope))
		}
		for i := range errs[1:] {
			if order := math.Log2(errs[i] / errs[i+1]); math.Abs(order-2) > 0.15 {
				t.Errorf("seconds=%d: remainders %.3g, want them to fall as h²", sec, errs)
			}
		}
	}
}

// TestJetGuards checks that nothing outside of the channels is written, and that a NaN stays in its neuron.
func TestJetGuards(t *testing.T) {
	for _, sec := range allSeconds {
		const n, d, stride = 5, 2, 8
		z := normal(sec.Channels(d) * stride)
		z[stride+1] = math.NaN()
		a, g := make([]float64, len(z)), make([]float64, len(z))
		for i := range a {
			a[i], g[i] = 77, 77
		}
		_, s1, s2, s3 := slopesAt(z[:n])
		Jet(n, d, sec, s1, s2, z, a, stride)
		JetAdjoint(n, d, sec, s1, s2, s3, z, g, stride)
		for i := range a {
			if i%stride >= n && (a[i] != 77 || g[i] != 77) || i < n && a[i] != 77 {
				t.Errorf("seconds=%d: element %d overwritten", sec, i)
			}
			if i%stride < n && i%stride != 1 && (math.IsNaN(a[i]) || math.IsNaN(g[i])) {
				t.Errorf("seconds=%d: the NaN spread to element %d", sec, i)
			}
		}
		if !math.IsNaN(a[stride+1]) || !math.IsNaN(g[1]) {
			t.Errorf("seconds=%d: the NaN was lost", sec)
		}
	}
}

func TestSinCos(t *testing.T) {
	x := []float64{0, math.Copysign(0, -1), 1, -2.5, 1e3, math.Inf(1), math.NaN()}
	s, c := make([]float64, len(x)), make([]float64, len(x))
	SinCos(s, c, x)
	for i, v := range x[:5] {
		if s[i] != math.Sin(v) || c[i] != math.Cos(v) || math.Abs(s[i]*s[i]+c[i]*c[i]-1) > 1e-15 {
			t.Errorf("at %v: %v, %v", v, s[i], c[i])
		}
	}
	if !math.Signbit(s[1]) || !math.IsNaN(s[5]) || !math.IsNaN(c[5]) || !math.IsNaN(s[6]) {
		t.Errorf("-0, ∞, NaN: %v, %v", s, c)
	}
}
