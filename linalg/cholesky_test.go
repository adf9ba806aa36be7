package linalg

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

	"ngdbench/cost"
)

// dumbCholesky is the recurrence; false where a pivot fails.
func dumbCholesky(a blas64.General, shift float64) (blas64.General, bool) {
	n := a.Rows
	l := New(nil, n, n)
	for i := range n {
		for j := range i + 1 {
			s := a.Data[i*a.Stride+j]
			if i == j {
				s += shift
			}
			for k := range j {
				s = math.FMA(-l.Data[i*n+k], l.Data[j*n+k], s)
			}
			if i == j {
				if !(s > 0) {
					return l, false
				}
				l.Data[i*n+i] = math.Sqrt(s)
			} else {
				l.Data[i*n+j] = s / l.Data[j*n+j]
			}
		}
	}
	return l, true
}

var choleskyOrders = []int{0, 1, 2, 7, 8, 9, 23, 95, 96, 97, 150, 257, 389}

func TestCholeskyIsItsRecurrence(t *testing.T) {
	r := source(10)
	for _, n := range choleskyOrders {
		a := spd(r, n)
		want, _ := dumbCholesky(a, 0.01)
		everywhere(t, func(t *testing.T) {
			var c Cholesky
			c.Reset(n, nil)
			for range 2 { // again: what an earlier factor left must not matter
				before := clone(a)
				if !c.Factor(a, 0.01) {
					t.Fatal("not positive definite")
				}
				same(t, fmt.Sprint("L of order ", n), c.L(), want)
				same(t, "A", a, before)
			}
		})
	}
}

func TestCholeskyLargeBlocks(t *testing.T) {
	r := source(11)
	n := smallOrder + 30
	a := spd(r, n)
	var c Cholesky
	c.Reset(n, nil)
	if !c.Factor(a, 0) {
		t.Fatal("not positive definite")
	}
	back := New(nil, n, n)
	Syrk(back, c.L())
	near(t, "L Lᵀ", back, a, 1e-13)
	want, ok := lapack64.Potrf(blas64.Symmetric{N: n, Stride: a.Stride, Data: clone(a).Data, Uplo: blas.Lower})
	if !ok {
		t.Fatal("reference failed")
	}
	for i := range n {
		clear(want.Data[i*want.Stride+i+1 : i*want.Stride+n])
	}
	near(t, "L against LAPACK", c.L(), blas64.General{Rows: n, Cols: n, Stride: want.Stride, Data: want.Data}, 1e-12)
}

// TestCholeskyIllConditioned factors the Hilbert matrix and asks for a residual at rounding level.
func TestCholeskyIllConditioned(t *testing.T) {
	const n, shift = 200, 1e-13
	a := New(nil, n, n)
	for i := range n {
		for j := range n {
			a.Data[i*n+j] = 1 / float64(i+j+1)
		}
	}
	var c Cholesky
	c.Reset(n, nil)
	if !c.Factor(a, shift) {
		t.Fatal("not positive definite")
	}
	back := New(nil, n, n)
	Syrk(back, c.L())
	for i := range n {
		a.Data[i*n+i] += shift
	}
	for i, v := range back.Data {
		if math.Abs(v-a.Data[i]) > 2e-15 {
			t.Fatalf("residual %v at %d", v-a.Data[i], i)
		}
	}
}

func TestCholeskyBreaksDown(t *testing.T) {
	everywhere(t, func(t *testing.T) {
		r := source(12)
		for _, n := range []int{1, 5, 8, 60, 130, 300} {
			var c Cholesky
			c.Reset(n, nil)
			good := spd(r, n)
			for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1e3, 1e200} {
				i := r.IntN(n)
				j := r.IntN(i + 1)
				if bad == 1e200 && i == j {
					continue
				}
				a := clone(good)
				a.Data[i*a.Stride+j] = bad
				if c.Factor(a, 0) {
					t.Fatalf("order %d with %v at (%d, %d) factored", n, bad, i, j)
				}
			}
			if c.Factor(New(nil, n, n), 0) {
				t.Fatal("the zero matrix factored")
			}
			if !c.Factor(good, 0) {
				t.Fatal("a good matrix after bad ones failed")
			}
			want, _ := dumbCholesky(good, 0)
			same(t, "L after breakdowns", c.L(), want)
		}
	})
}

func TestCholeskySolves(t *testing.T) {
	r := source(13)
	for _, n := range choleskyOrders {
		a, x := spd(r, n), random(r, 40, n)
		var c Cholesky
		m := &cost.Meter{}
		c.Reset(n, m)
		if n > 0 && m.Bytes < int64(8*n*n) {
			t.Fatal("workspace not booked")
		}
		c.Factor(a, 0)
		b := random(r, 40, n)
		Gemm(blas.NoTrans, blas.NoTrans, 1, x, a, 0, b)
		one := clone(b)
		c.SolveRows(b)
		near(t, "rows", b, x, 1e-11)
		intact(t, b)
		for i := range 2 {
			c.Solve(Row(one, i))
			near(t, "vector", Block(one, i, 0, 1, n), Block(x, i, 0, 1, n), 1e-11)
		}
		few := Block(clone(x), 0, 0, fewRows, n)
		c.SolveRows(few)
		for i := range fewRows {
			y := append([]float64(nil), Row(x, i)...)
			c.Solve(y)
			same(t, "few rows", Block(few, i, 0, 1, n), blas64.General{Rows: 1, Cols: n, Stride: max(n, 1), Data: y})
		}
	}
}
