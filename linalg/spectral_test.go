package linalg

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

func TestSymEigen(t *testing.T) {
	r := source(40)
	for _, n := range []int{0, 1, 2, 17, 60, 130} {
		a := random(r, n, n)
		for i := range n {
			for j := range i {
				a.Data[j*a.Stride+i] = a.Data[i*a.Stride+j]
			}
		}
		var e SymEigen
		e.Reset(n, nil)
		if !e.Decompose(a) {
			t.Fatal("no convergence")
		}
		vl := clone(e.Vectors)
		for j := range n {
			if j > 0 && e.Values[j] < e.Values[j-1] {
				t.Fatal("not ascending")
			}
			for i := range n {
				vl.Data[i*vl.Stride+j] *= e.Values[j]
			}
		}
		back, g := New(nil, n, n), New(nil, n, n)
		Gemm(blas.NoTrans, blas.Trans, 1, vl, e.Vectors, 0, back)
		near(t, "V Λ Vᵀ", back, a, 1e-12)
		SyrkT(g, e.Vectors)
		near(t, "VᵀV", g, identity(n), 1e-13)
	}
	var e SymEigen
	e.Reset(3, nil)
	if e.Decompose(filled(r, 3, 3, math.NaN())) {
		t.Fatal("accepted NaN")
	}
}

func TestThinSVD(t *testing.T) {
	r := source(41)
	for _, a := range []blas64.General{random(r, 0, 4), random(r, 1, 1), random(r, 5, 5), random(r, 30, 200), graded(40, 300, 14, 42), filled(r, 4, 9, 0), filled(r, 6, 20, 1)} {
		k, n := a.Rows, a.Cols
		var s ThinSVD
		s.Reset(k, n, nil)
		before := clone(a)
		if !s.Decompose(a) {
			t.Fatal("no convergence")
		}
		same(t, "B", a, before)
		us, back, g := clone(s.U), New(nil, k, n), New(nil, k, k)
		for j := range k {
			if s.Values[j] < 0 || j > 0 && s.Values[j] > s.Values[j-1] {
				t.Fatal("values are not descending", s.Values)
			}
			for i := range k {
				us.Data[i*us.Stride+j] *= s.Values[j]
			}
		}
		Gemm(blas.NoTrans, blas.NoTrans, 1, us, s.VT, 0, back)
		near(t, "U Σ Vᵀ", back, a, 1e-13)
		Syrk(g, s.VT)
		near(t, "VᵀV", g, identity(k), 1e-13)
		SyrkT(g, s.U)
		near(t, "UᵀU", g, identity(k), 1e-13)
	}
}

// TestThinSVDSmallValues asks for singular values far below √ε: the kernel B·Bᵀ has lost these.
func TestThinSVDSmallValues(t *testing.T) {
	const k, digits = 40, 12.0
	var s ThinSVD
	s.Reset(k, 300, nil)
	s.Decompose(graded(k, 300, digits, 43))
	for i, v := range s.Values {
		if want := math.Pow(10, -digits*float64(i)/(k-1)); math.Abs(v-want) > 1e-14 {
			t.Fatalf("value %d is %v, want %v", i, v, want)
		}
	}
	if s.Decompose(filled(source(1), k, 300, math.Inf(1))) {
		t.Fatal("accepted Inf")
	}
}

func TestSpectralBitsEverywhere(t *testing.T) {
	r := source(44)
	a, b := spd(r, 90), graded(90, 800, 12, 45)
	var lambda, sigma, vectors, right blas64.General
	everywhere(t, func(t *testing.T) {
		var e SymEigen
		var s ThinSVD
		e.Reset(90, nil)
		s.Reset(90, 800, nil)
		e.Decompose(a)
		s.Decompose(b)
		l, v := blas64.General{Rows: 1, Cols: 90, Stride: 90, Data: e.Values}, blas64.General{Rows: 1, Cols: 90, Stride: 90, Data: s.Values}
		if lambda.Data == nil {
			lambda, sigma, vectors, right = l, v, e.Vectors, s.VT
		}
		same(t, "eigenvalues", l, lambda)
		same(t, "eigenvectors", e.Vectors, vectors)
		same(t, "singular values", v, sigma)
		same(t, "singular vectors", s.VT, right)
	})
}
