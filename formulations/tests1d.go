package formulations

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/linalg"
	"ngdbench/problems/geometry"
)

// Family is a kind of test functions that vanish on the whole boundary of a box: tensor products of functions of one
// coordinate.
type Family int

const (
	// Legendre: on each element the bubbles v_k = P_{k+1} − P_{k−1}, k = 1 … K, of the Legendre polynomials, and the hats of
	// the vertices between elements, without which fluxes through those would not be tested.
	Legendre Family = iota
	// Sines: sin(mπ(x−a)/(b−a)), m = 1 … K, on the whole interval.
	Sines
)

// tests1d are functions of one coordinate.
type tests1d struct {
	family Family
	lines  []float64 // of the elements
	k      int       // K
}

// len is the number of functions.
func (t tests1d) len() int {
	if t.family == Sines {
		return t.k
	}
	return len(t.lines) - 2 + (len(t.lines)-1)*t.k
}

// needed is the number of Gauss-Legendre points in each element that integrates products of derivatives of two tests
// exactly, and those of a test with a polynomial of the same degree; 0: no number does.
func (t tests1d) needed() int {
	if t.family == Sines {
		return 0
	}
	return t.k + 2
}

// at writes the values of all functions at x into v, and their derivatives into dv.
func (t tests1d) at(x float64, v, dv []float64) {
	if t.family == Sines {
		a, l := t.lines[0], t.lines[len(t.lines)-1]-t.lines[0]
		for m := range v {
			w := float64(m+1) * math.Pi / l
			s, c := math.Sincos(w * (x - a))
			v[m], dv[m] = s, w*c
		}
		return
	}
	clear(v)
	clear(dv)
	e := 0
	for e < len(t.lines)-2 && x > t.lines[e+1] {
		e++
	}
	h := t.lines[e+1] - t.lines[e]
	if e > 0 {
		v[e-1], dv[e-1] = (t.lines[e+1]-x)/h, -1/h
	}
	if e < len(t.lines)-2 {
		v[e], dv[e] = (x-t.lines[e])/h, 1/h
	}
	at := len(t.lines) - 2 + e*t.k
	bubbles(2*(x-t.lines[e])/h-1, 2/h, v[at:at+t.k], dv[at:at+t.k])
}

// bubbles writes P_{k+1} − P_{k−1} at z, and the derivative (2k+1) P_k times scale, for k = 1 … len(v).
func bubbles(z, scale float64, v, dv []float64) {
	below, p := 1.0, z // P_{k−1}, P_k
	for k := range v {
		n := float64(k + 1)
		above := ((2*n+1)*z*p - n*below) / (n + 1)
		v[k], dv[k] = above-below, (2*n+1)*p*scale
		below, p = p, above
	}
}

// sample returns the values and derivatives at points, K×len(x) each.
func (t tests1d) sample(x []float64) (v, dv blas64.General) {
	n := t.len()
	v, dv = linalg.New(nil, n, len(x)), linalg.New(nil, n, len(x))
	a, b := make([]float64, n), make([]float64, n)
	for j, s := range x {
		t.at(s, a, b)
		for i := range n {
			v.Data[i*v.Stride+j], dv.Data[i*dv.Stride+j] = a[i], b[i]
		}
	}
	return v, dv
}

// gram returns the matrices of ∫v_i v_j and ∫v_i′v_j′.
func (t tests1d) gram() (mass, stiffness blas64.General) {
	n := t.len()
	mass, stiffness = linalg.New(nil, n, n), linalg.New(nil, n, n)
	if t.family == Sines {
		l := t.lines[len(t.lines)-1] - t.lines[0]
		for m := range n {
			w := float64(m+1) * math.Pi / l
			mass.Data[m*mass.Stride+m], stiffness.Data[m*stiffness.Stride+m] = l/2, w*w*l/2
		}
		return mass, stiffness
	}
	x, w := geometry.Composite(t.lines, t.needed())
	v, dv := make([]float64, n), make([]float64, n)
	for q, s := range x {
		t.at(s, v, dv)
		for i := range n {
			for j := range n {
				mass.Data[i*mass.Stride+j] += float64(w[q] * v[i] * v[j])
				stiffness.Data[i*stiffness.Stride+j] += float64(w[q] * dv[i] * dv[j])
			}
		}
	}
	return mass, stiffness
}
