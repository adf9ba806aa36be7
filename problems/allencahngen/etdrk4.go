package main

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"
)

// diffusion is that of the problem, u_t = diffusion·u_xx + 5u − 5u³.
const diffusion = 1e-4

// initial are the cosine coefficients of x² cos πx on (−1,1), in closed form.
func initial(k int) float64 {
	term := func(m int) float64 { // ½∫ x² cos mπx
		if m == 0 {
			return 1. / 3
		}
		s := 2 / (float64(m) * float64(m) * math.Pi * math.Pi)
		if m%2 == 1 {
			return -s
		}
		return s
	}
	if k == 0 {
		return term(1)
	}
	return term(k-1) + term(k+1)
}

// integrator is ETDRK4 for the cosine coefficients of an even function of period 2.
//
// Source: Kassam, Trefethen (2005), Fourth-order time-stepping for stiff PDEs, with its coefficients by contour
// integrals.
type integrator struct {
	n             int
	fft           *fourier.FFT
	h             float64
	e, e2         []float64 // e^{Lh}, e^{Lh/2}
	q, f1, f2, f3 []float64
	grid          []float64
	spectrum      []complex128
}

func newIntegrator(n int) *integrator {
	m := n/2 + 1
	s := &integrator{n: n, fft: fourier.NewFFT(n), grid: make([]float64, n), spectrum: make([]complex128, m)}
	for _, v := range []*[]float64{&s.e, &s.e2, &s.q, &s.f1, &s.f2, &s.f3} {
		*v = make([]float64, m)
	}
	return s
}

// rate is the linear part L of mode k.
func rate(k int) float64 {
	w := math.Pi * float64(k)
	return 5 - diffusion*w*w
}

// contour is how many points the contour integrals have, on a circle of radius 1.
const contour = 64

func (s *integrator) setStep(h float64) {
	s.h = h
	for k := range s.e {
		l := rate(k) * h
		s.e[k], s.e2[k] = math.Exp(l), math.Exp(l/2)
		var q, f1, f2, f3 complex128
		for j := range contour {
			z := complex(l, 0) + cmplx.Exp(complex(0, 2*math.Pi*(float64(j)+0.5)/contour))
			e, z3 := cmplx.Exp(z), z*z*z
			q += (cmplx.Exp(z/2) - 1) / z
			f1 += (-4 - z + e*(4-3*z+z*z)) / z3
			f2 += (2 + z + e*(z-2)) / z3
			f3 += (-4 - 3*z - z*z + e*(4-z)) / z3
		}
		w := h / contour
		s.q[k], s.f1[k], s.f2[k], s.f3[k] = w*real(q), w*real(f1), w*real(f2), w*real(f3)
	}
}

// cubic writes the coefficients of −5u³.
func (s *integrator) cubic(dst, c []float64) {
	for k, v := range c {
		if k == 0 || k == s.n/2 {
			v *= 2
		}
		s.spectrum[k] = complex(v/2, 0)
	}
	s.fft.Sequence(s.grid, s.spectrum)
	for i, u := range s.grid {
		s.grid[i] = -5 * u * u * u
	}
	s.fft.Coefficients(s.spectrum, s.grid)
	for k := range dst {
		dst[k] = 2 * real(s.spectrum[k]) / float64(s.n)
		if k == 0 || k == s.n/2 {
			dst[k] /= 2
		}
	}
}

// advance takes c from one time to another in steps of at most h.
func (s *integrator) advance(c []float64, from, to, h float64) {
	if to <= from {
		return
	}
	steps := int(math.Ceil((to-from)/h - 1e-9))
	if hh := (to - from) / float64(steps); hh != s.h {
		s.setStep(hh)
	}
	m := len(c)
	var w [8][]float64
	for i := range w {
		w[i] = make([]float64, m)
	}
	a, b, d, nv, na, nb, nd, t := w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]
	for range steps {
		s.cubic(nv, c)
		for k := range c {
			a[k] = s.e2[k]*c[k] + s.q[k]*nv[k]
		}
		s.cubic(na, a)
		for k := range c {
			b[k] = s.e2[k]*c[k] + s.q[k]*na[k]
		}
		s.cubic(nb, b)
		for k := range c {
			d[k] = s.e2[k]*a[k] + s.q[k]*(2*nb[k]-nv[k])
		}
		s.cubic(nd, d)
		for k := range c {
			t[k] = s.e[k]*c[k] + nv[k]*s.f1[k] + 2*(na[k]+nb[k])*s.f2[k] + nd[k]*s.f3[k]
		}
		copy(c, t)
	}
}

// solve returns the cosine coefficients at rising times, with n points and steps of at most h.
func solve(n int, h float64, times []float64) [][]float64 {
	s, c, now := newIntegrator(n), make([]float64, n/2+1), 0.0
	for k := range c {
		c[k] = initial(k)
	}
	var out [][]float64
	for _, t := range times {
		s.advance(c, now, t, h)
		now = t
		out = append(out, append([]float64(nil), c...))
	}
	return out
}

// distance is the relative L2 difference of two functions by their coefficients, of which the second has more.
func distance(a, b []float64) float64 {
	e, s := 0.0, 0.0
	for k, v := range b {
		w := 1.0
		if k == 0 {
			w = 2
		}
		d := v
		if k < len(a) {
			d = v - a[k]
		}
		e, s = e+w*d*d, s+w*v*v
	}
	return math.Sqrt(e / s)
}

// cosines is Σ c_k cos kπx.
func cosines(c []float64, x float64) float64 {
	u := 0.0
	for k, v := range c {
		u += v * math.Cos(math.Pi*float64(k)*x)
	}
	return u
}
