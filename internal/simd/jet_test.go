package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

var allSeconds = []Seconds{NoSeconds, Laplace, Diagonal, Hessian}

// activation is a function with its slopes, computed without the kernels.
type activation struct {
	name   string
	at     func(z float64) float64
	slopes func(z float64) (s1, s2, s3 float64)
}

var activations = []activation{
	{"sine", math.Sin, func(z float64) (s1, s2, s3 float64) { return math.Cos(z), -math.Sin(z), -math.Cos(z) }},
	{"tanh", math.Tanh, func(z float64) (s1, s2, s3 float64) {
		t := math.Tanh(z)
		return 1 - t*t, -2 * t * (1 - t*t), (1 - t*t) * (6*t*t - 2)
	}},
	{"cube", func(z float64) float64 { return z * z * z }, func(z float64) (s1, s2, s3 float64) { return 3 * z * z, 6 * z, 6 }},
}

// apply returns the slopes at the values of n neurons.
func (act activation) apply(z []float64) (s1, s2, s3 []float64) {
	s1, s2, s3 = make([]float64, len(z)), make([]float64, len(z)), make([]float64, len(z))
	for i, v := range z {
		s1[i], s2[i], s3[i] = act.slopes(v)
	}
	return s1, s2, s3
}

// pairs lists the second derivatives of a jet in the order of their channels; the Laplacian is the pair (-1, -1).
func (s Seconds) pairs(d int) (p [][2]int) {
	for i := range d {
		for j := i; j < d; j++ {
			if s == Hessian || s == Diagonal && i == j {
				p = append(p, [2]int{i, j})
			}
		}
	}
	if s == Laplace {
		p = append(p, [2]int{-1, -1})
	}
	return p
}

// quadratic is z(x) = z₀ + bᵀx + ½ xᵀCx.
type quadratic struct {
	z0 float64
	b  []float64
	c  [][]float64
}

func randomQuadratic(r *rand.Rand, d int) quadratic {
	q := quadratic{z0: r.NormFloat64()}
	for i := range d {
		q.b, q.c = append(q.b, r.NormFloat64()), append(q.c, make([]float64, d))
		for j := range i + 1 {
			q.c[i][j] = r.NormFloat64()
			q.c[j][i] = q.c[i][j]
		}
	}
	return q
}

func (q quadratic) at(x []float64) float64 {
	z := q.z0
	for i, v := range x {
		z += q.b[i] * v
		for j, w := range x {
			z += 0.5 * q.c[i][j] * v * w
		}
	}
	return z
}

// jet is the jet of z at 0.
func (q quadratic) jet(sec Seconds) []float64 {
	out := append([]float64{q.z0}, q.b...)
	for _, p := range sec.pairs(len(q.b)) {
		if p[0] >= 0 {
			out = append(out, q.c[p[0]][p[1]])
			continue
		}
		var lap float64
		for i := range q.c {
			lap += q.c[i][i]
		}
		out = append(out, lap)
	}
	return out
}

// difference returns ∂_ij of σ(z(x)) at 0 by central differences of step h, or ∂_i where j is -1.
func (q quadratic) difference(sigma func(float64) float64, i, j int, h float64) float64 {
	f := func(si, sj float64) float64 {
		x := make([]float64, len(q.b))
		x[i] += si * h
		if j >= 0 {
			x[j] += sj * h
		}
		return sigma(q.at(x))
	}
	switch {
	case j < 0:
		return (f(1, 0) - f(-1, 0)) / (2 * h)
	case i == j:
		return (f(1, 0) - 2*f(0, 0) + f(-1, 0)) / (h * h)
	}
	return (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) / (4 * h * h)
}

// differences returns the channels 1 … of the jet of σ∘z.
func (q quadratic) differences(sigma func(float64) float64, sec Seconds, h float64) (out []float64) {
	d := len(q.b)
	for i := range d {
		out = append(out, q.difference(sigma, i, -1, h))
	}
	for _, p := range sec.pairs(d) {
		if p[0] >= 0 {
			out = append(out, q.difference(sigma, p[0], p[1], h))
			continue
		}
		var lap float64
		for i := range d {
			lap += q.difference(sigma, i, i, h)
		}
		out = append(out, lap)
	}
	return out
}

// TestJetIsAComposition compares with central differences: their error must fall by four when the step is halved.
func TestJetIsAComposition(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		for _, act := range activations {
			for _, sec := range allSeconds {
				for d := range 4 {
					checkComposition(t, r, act, sec, d)
				}
			}
		}
	})
}

func checkComposition(t *testing.T, r *rand.Rand, act activation, sec Seconds, d int) {
	const n, stride = 7, 9
	c := sec.Channels(d)
	z, a := make([]float64, c*stride), make([]float64, c*stride)
	fields := make([]quadratic, n)
	for i := range fields {
		fields[i] = randomQuadratic(r, d)
		for k, v := range fields[i].jet(sec) {
			z[k*stride+i] = v
		}
	}
	s1, s2, _ := act.apply(z[:n])
	Jet(n, d, sec, s1, s2, z, a, stride)
	for i, q := range fields {
		coarse, fine := q.differences(act.at, sec, 1e-2), q.differences(act.at, sec, 5e-3)
		if len(fine) != c-1 {
			t.Fatalf("%d channels", c)
		}
		for k := range fine {
			fallsByFour(t, fmt.Sprint(act.name, " d = ", d, " seconds ", sec, " channel ", k+1), a[(1+k)*stride+i], coarse[k], fine[k])
		}
	}
}

// derivative is the matrix of partial derivatives of the jet of a₀ … with respect to that of z, for one neuron, from the
// formulas and channel by channel.
func derivative(d int, sec Seconds, s1, s2, s3 float64, z []float64) [][]float64 {
	m := make([][]float64, sec.Channels(d))
	for c := range m {
		m[c] = make([]float64, len(m))
		m[c][c] = s1
	}
	for i := 1; i <= d; i++ {
		m[i][0] = s2 * z[i]
	}
	for k, p := range sec.pairs(d) {
		c := 1 + d + k
		m[c][0] = s2 * z[c]
		for i := range d {
			for j := range d {
				if i == p[0] && j == p[1] || p[0] < 0 && i == j {
					m[c][0] += s3 * z[1+i] * z[1+j]
					m[c][1+i] += s2 * z[1+j]
					m[c][1+j] += s2 * z[1+i]
				}
			}
		}
	}
	return m
}

// TestJetAdjointIsTheTranspose compares with the explicit matrix.
func TestJetAdjointIsTheTranspose(t *testing.T) {
	eachPath(t, rapid.MakeCheck(func(t *rapid.T) {
		n, d, extra := rapid.IntRange(0, 13).Draw(t, "n"), rapid.IntRange(0, 5).Draw(t, "d"), rapid.IntRange(0, 5).Draw(t, "extra")
		sec := rapid.SampledFrom(allSeconds).Draw(t, "seconds")
		s := newSource(rapid.Uint64().Draw(t, "seed"), false)
		c, stride := sec.Channels(d), n+extra
		s1, s2, s3, z, g := s.slice(n), s.slice(n), s.slice(n), s.slice(size(c, n, stride)), s.slice(size(c, n, stride))
		was := append([]float64(nil), g...)
		JetAdjoint(n, d, sec, s1, s2, s3, z, g, stride)
		for i := range n {
			zi := make([]float64, c)
			for k := range zi {
				zi[k] = z[k*stride+i]
			}
			m := derivative(d, sec, s1[i], s2[i], s3[i], zi)
			for k := range c {
				var want sum
				for e := range c {
					want.add(m[e][k] * was[e*stride+i])
				}
				want.scale = max(want.scale, 1)
				want.check(t, fmt.Sprint("neuron ", i, ", channel ", k), g[k*stride+i])
			}
		}
	}))
}

// TestJetAdjointSlope checks φ(h) = ⟨w, jet of σ at z + hδ⟩ against φ(0) + h·⟨adjoint w, δ⟩: the remainder is second
// order, so it falls by four when h is halved.
func TestJetAdjointSlope(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, act := range activations {
			for _, sec := range allSeconds {
				for d := range 4 {
					checkAdjointSlope(t, act, sec, d)
				}
			}
		}
	})
}

func checkAdjointSlope(t *testing.T, act activation, sec Seconds, d int) {
	const n = 11
	size := sec.Channels(d) * n
	r := rand.New(rand.NewPCG(uint64(d), uint64(sec)))
	z, w, delta := make([]float64, size), make([]float64, size), make([]float64, size)
	for i := range z {
		z[i], w[i], delta[i] = r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
	}
	phi := func(h float64) float64 {
		moved, out := append([]float64(nil), z...), make([]float64, size)
		Axpy(moved, h, delta)
		s1, s2, _ := act.apply(moved[:n])
		for i := range n {
			out[i] = act.at(moved[i])
		}
		Jet(n, d, sec, s1, s2, moved, out, n)
		return Dot(out, w)
	}
	g := append([]float64(nil), w...)
	s1, s2, s3 := act.apply(z[:n])
	JetAdjoint(n, d, sec, s1, s2, s3, z, g, n)
	checkSecondOrder(t, fmt.Sprintf("%s, d = %d, seconds %d", act.name, d, sec), phi, Dot(g, delta), -11)
}

// checkSecondOrder halves h from 2^first on, three times: the remainder φ(h) - φ(0) - h·slope falls by four each time.
func checkSecondOrder(t *testing.T, what string, phi func(h float64) float64, slope float64, first int) {
	t.Helper()
	phi0 := phi(0)
	var rest [4]float64
	for k := range rest {
		h := math.Ldexp(1, first-k)
		rest[k] = math.Abs(phi(h) - phi0 - h*slope)
	}
	for k := 1; k < len(rest); k++ {
		if q := rest[k-1] / rest[k]; !(q > 3.5 && q < 4.5) {
			t.Fatalf("%s: remainders %.3g", what, rest)
		}
	}
}

// TestJetOfTanhSlopes says that the general form has the bits of the fused one, where no neuron is saturated.
func TestJetOfTanhSlopes(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, sec := range []Seconds{NoSeconds, Laplace} {
			for d := 1; d < 4; d++ {
				const n = 27
				lap, size := sec == Laplace, sec.Channels(d)*n
				s := newSource(uint64(d), false)
				z, a, b, g := s.slice(size), make([]float64, size), make([]float64, size), s.slice(size)
				h := append([]float64(nil), g...)
				s1, s2, s3 := make([]float64, n), make([]float64, n), make([]float64, n)
				TanhJet(n, d, lap, z, a, n)
				copy(b, a[:n])
				TanhSlopes(s1, s2, s3, a[:n])
				Jet(n, d, sec, s1, s2, z, b, n)
				TanhJetAdjoint(n, d, lap, z, a, g, n)
				JetAdjoint(n, d, sec, s1, s2, s3, z, h, n)
				bitsEqual(t, "Jet", b, a)
				bitsEqual(t, "JetAdjoint", h, g)
			}
		}
	})
}

// TestDiagonalIsPartOfHessian says that the diagonal channels have the same bits in both forms, and in the adjoint where
// the others are zero.
func TestDiagonalIsPartOfHessian(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		const n, d = 9, 3
		full, part := Hessian.Channels(d), Diagonal.Channels(d)
		s := newSource(4, false)
		s1, s2, s3, z, g := s.slice(n), s.slice(n), s.slice(n), s.slice(full*n), make([]float64, full*n)
		copy(g, s.slice((1+d)*n))
		zd, gd, at := make([]float64, part*n), make([]float64, part*n), 0
		channels := make([]int, full) // place of a channel of the full jet in the other one, or -1
		for c := range channels {
			channels[c] = c
		}
		for k, p := range Hessian.pairs(d) {
			channels[1+d+k] = -1
			if p[0] == p[1] {
				channels[1+d+k] = 1 + d + at
				copy(g[(1+d+k)*n:], s.slice(n))
				at++
			}
		}
		pick := func(dst, src []float64) {
			for c, e := range channels {
				if e >= 0 {
					copy(dst[e*n:(e+1)*n], src[c*n:])
				}
			}
		}
		pick(zd, z)
		pick(gd, g)
		a, ad, picked := make([]float64, full*n), make([]float64, part*n), make([]float64, part*n)
		Jet(n, d, Hessian, s1, s2, z, a, n)
		Jet(n, d, Diagonal, s1, s2, zd, ad, n)
		pick(picked, a)
		bitsEqual(t, "Jet", ad, picked)
		JetAdjoint(n, d, Hessian, s1, s2, s3, z, g, n)
		JetAdjoint(n, d, Diagonal, s1, s2, s3, zd, gd, n)
		pick(picked, g)
		bitsEqual(t, "JetAdjoint", gd, picked)
	})
}

// TestTanhSlopes compares with the formulas; a slope may be written over t.
func TestTanhSlopes(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for n := range 20 {
			x, y := make([]float64, n), make([]float64, n)
			for i := range x {
				x[i] = math.Tanh(float64(i) - 3.3)
			}
			s1, s2, s3 := make([]float64, n), make([]float64, n), make([]float64, n)
			TanhSlopes(s1, s2, s3, x)
			for i, v := range x {
				a, b, c := activations[1].slopes(math.Atanh(v))
				if math.Abs(s1[i]-a) > 1e-14 || math.Abs(s2[i]-b) > 1e-14 || math.Abs(s3[i]-c) > 1e-13 {
					t.Fatalf("slopes at %v: %v, %v, %v, want %v, %v, %v", v, s1[i], s2[i], s3[i], a, b, c)
				}
			}
			for k, want := range [][]float64{s1, s2, s3} {
				over := append([]float64(nil), x...)
				dst := [][]float64{make([]float64, n), y, make([]float64, n)}
				dst[k] = over
				TanhSlopes(dst[0], dst[1], dst[2], over)
				bitsEqual(t, "in place", over, want)
			}
		}
	})
}

// TestLaplacianIsTheTrace says that the Laplacian of a jet is the sum of its diagonal, for channels of z where it is.
func TestLaplacianIsTheTrace(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		const n, d = 13, 3
		s := newSource(6, false)
		s1, s2, z := s.slice(n), s.slice(n), s.slice(Diagonal.Channels(d)*n)
		zl, trace := append([]float64(nil), z[:(d+2)*n]...), make([]float64, n)
		for i := 1; i < d; i++ {
			Add(zl[(d+1)*n:], z[(d+1+i)*n:][:n])
		}
		a, al := make([]float64, len(z)), make([]float64, len(zl))
		Jet(n, d, Diagonal, s1, s2, z, a, n)
		Jet(n, d, Laplace, s1, s2, zl, al, n)
		for i := range d {
			Add(trace, a[(d+1+i)*n:][:n])
		}
		for i, v := range trace {
			if got := al[(d+1)*n+i]; math.Abs(got-v) > 1e-13*(1+math.Abs(v)) {
				t.Errorf("neuron %d: Laplacian %v, trace %v", i, got, v)
			}
		}
	})
}

// TestJetSpecialValues says that infinities and NaN go through by the rules of IEEE 754 and stay in their neuron: a
// saturated neuron makes NaN of an infinite derivative, zero of a finite one.
func TestJetSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	eachPath(t, func(t *testing.T) {
		for _, sec := range allSeconds {
			for n := 1; n < 14; n++ {
				for at := range n {
					for _, x := range []float64{inf, -inf, nan} {
						checkSpecialJet(t, sec, n, at, x, 1)
						checkSpecialJet(t, sec, n, at, x, 0)
					}
				}
			}
		}
	})
}

// checkSpecialJet puts x into the first derivative 1 of neuron at, of slopes s, in two dimensions.
func checkSpecialJet(t *testing.T, sec Seconds, n, at int, x, s float64) {
	const d = 2
	c := sec.Channels(d)
	s1, s2, s3, z, a, g := normal(n), normal(n), normal(n), normal(c*n), make([]float64, c*n), normal(c*n)
	s1[at], s2[at], s3[at], z[n+at] = s, s, s, x
	Jet(n, d, sec, s1, s2, z, a, n)
	JetAdjoint(n, d, sec, s1, s2, s3, z, g, n)
	for i := range a {
		if i%n != at && (math.IsNaN(a[i]) || math.IsInf(a[i], 0) || math.IsNaN(g[i]) || math.IsInf(g[i], 0)) {
			t.Fatalf("seconds %d: %v in neuron %d reached %d", sec, x, at, i%n)
		}
	}
	if got := a[n+at]; !same(got, s*x) {
		t.Fatalf("seconds %d: slope %v, derivative %v: became %v", sec, s, x, got)
	}
	if got := a[2*n+at]; got != s*z[2*n+at] {
		t.Fatalf("seconds %d: slope %v: the other derivative became %v", sec, s, got)
	}
	if got := g[at]; !math.IsNaN(got) && !math.IsInf(got, 0) {
		t.Fatalf("seconds %d: slope %v, derivative %v: adjoint of the value is %v", sec, s, x, got)
	}
}

// TestSecondsChannel compares Channel with the list of the channels in their order.
func TestSecondsChannel(t *testing.T) {
	for d := range 6 {
		for _, sec := range allSeconds {
			for i := 1; i <= d; i++ {
				for j := i; j <= d; j++ {
					want := -1
					for k, p := range sec.pairs(d) {
						if p == [2]int{i - 1, j - 1} || p[0] < 0 && i == j {
							want = 1 + d + k
						}
					}
					got, ok := sec.Channel(d, i, j)
					if ok != (want >= 0) || ok && got != want {
						t.Errorf("d=%d seconds=%d: channel of ∂_%d%d is %d, %v, want %d", d, sec, i, j, got, ok, want)
					}
				}
			}
		}
	}
}
