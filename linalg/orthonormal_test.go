package linalg

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

func identity(n int) blas64.General {
	a := New(nil, n, n)
	for i := range n {
		a.Data[i*a.Stride+i] = 1
	}
	return a
}

// spans fails where a row of A is not in the span of the orthonormal rows of Q to tol·(largest norm).
func spans(t *testing.T, what string, q, a blas64.General, tol float64) {
	t.Helper()
	m, back := New(nil, a.Rows, q.Rows), clone(a)
	Gemm(blas.NoTrans, blas.Trans, 1, a, q, 0, m)
	Gemm(blas.NoTrans, blas.NoTrans, -1, m, q, 1, back)
	big := 0.0
	for i := range a.Rows {
		big = max(big, blas64.Nrm2(blas64.Vector{N: a.Cols, Inc: 1, Data: Row(a, i)}))
	}
	for i := range a.Rows {
		if e := blas64.Nrm2(blas64.Vector{N: a.Cols, Inc: 1, Data: Row(back, i)}); !(e <= tol*big) {
			t.Fatalf("%s: row %d is %v outside the span", what, i, e/big)
		}
	}
}

// graded has singular values from 1 down to 10^-digits.
func graded(k, n int, digits float64, seed uint64) blas64.General {
	r := source(seed)
	u, v := random(r, k, k), random(r, k, n)
	var o, p Orthonormaliser
	o.Reset(k, k, nil)
	p.Reset(k, n, nil)
	o.Rows(u)
	p.Rows(v)
	for i := range k {
		s := math.Pow(10, -digits*float64(i)/float64(max(1, k-1)))
		for j := range n {
			v.Data[i*v.Stride+j] *= s
		}
	}
	a := random(r, k, n)
	Gemm(blas.NoTrans, blas.NoTrans, 1, u, v, 0, a)
	return a
}

func TestOrthonormalRows(t *testing.T) {
	r := source(30)
	dependent := random(r, 20, 100)
	copy(Row(dependent, 7), Row(dependent, 3))
	clear(Row(dependent, 11))
	tiny := random(r, 4, 30)
	for i := range tiny.Rows {
		for j := range tiny.Cols {
			tiny.Data[i*tiny.Stride+j] *= 1e-250
		}
	}
	cases := map[string]blas64.General{
		"empty": random(r, 0, 5), "one": random(r, 1, 1), "square": random(r, 30, 30), "gaussian": random(r, 64, 900),
		"1e5": graded(32, 300, 5, 31), "1e12": graded(32, 300, 12, 32), "1e16": graded(32, 300, 16, 33), "1e30": graded(32, 300, 30, 34),
		"dependent": dependent, "zero": filled(r, 5, 9, 0), "equal": filled(r, 5, 9, 1),
		"large": filled(r, 3, 9, 1e100), "small": filled(r, 3, 9, 1e-100), "tiny": tiny,
	}
	for name, a := range cases {
		var o Orthonormaliser
		o.Reset(a.Rows, a.Cols, nil)
		q := clone(a)
		if !o.Rows(q) {
			t.Fatal(name, "failed")
		}
		g := New(nil, a.Rows, a.Rows)
		Syrk(g, q)
		near(t, name+": Q Qᵀ", g, identity(a.Rows), 1e-14)
		spans(t, name, q, a, 1e-13)
		intact(t, q)
	}
}

// TestOrthonormalHugeNumbers has elements whose squares overflow.
func TestOrthonormalHugeNumbers(t *testing.T) {
	r := source(37)
	a := random(r, 5, 40)
	q := clone(a)
	for i := range q.Rows {
		for j := range q.Cols {
			q.Data[i*q.Stride+j] *= 0x1p800
		}
	}
	var o Orthonormaliser
	o.Reset(5, 40, nil)
	if !o.Rows(q) || !o.Rows(a) {
		t.Fatal("failed")
	}
	near(t, "scaled by a power of two", q, a, 1e-14)
	intact(t, q)
}

func TestOrthonormalRefusesNonFinite(t *testing.T) {
	r := source(35)
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		a := random(r, 6, 20)
		a.Data[3*a.Stride+4] = v
		var o Orthonormaliser
		o.Reset(6, 20, nil)
		if o.Rows(a) {
			t.Fatal("accepted", v)
		}
	}
}

func TestOrthonormalBitsEverywhere(t *testing.T) {
	for _, digits := range []float64{2, 12, 30} {
		a := graded(90, 700, digits, 36)
		var first blas64.General
		everywhere(t, func(t *testing.T) {
			var o Orthonormaliser
			o.Reset(90, 700, nil)
			q := clone(a)
			o.Rows(q)
			if first.Data == nil {
				first = q
			}
			same(t, fmt.Sprint("rows, digits ", digits), q, first)
		})
	}
}
