package linalg

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/mat"
)

// matOrders are odd and even, small, and past the sizes from which LAPACK works in blocks.
var matOrders = []int{1, 2, 3, 7, 8, 9, 31, 33, 64, 65, 101, 150}

// withGonum runs f with gonum's own BLAS.
func withGonum(f func()) {
	blas64.Use(gonum.Implementation{})
	defer blas64.Use(BLAS{})
	f()
}

func matrix(a blas64.General) *mat.Dense {
	d := mat.NewDense(a.Rows, a.Cols, nil)
	for i := range a.Rows {
		d.SetRow(i, Row(a, i))
	}
	return d
}

// agree fails where two matrices differ by more than tol relative to the largest element of want.
func agree(t *testing.T, what string, got, want mat.Matrix, tol float64) {
	t.Helper()
	var diff mat.Dense
	diff.Sub(got, want)
	scale := max(1, mat.Max(want), -mat.Min(want))
	if e := max(mat.Max(&diff), -mat.Min(&diff)); !(e <= tol*scale) {
		t.Fatalf("%s: off by %v", what, e/scale)
	}
}

func TestMatQROnOurKernels(t *testing.T) {
	r := source(120)
	for _, n := range matOrders {
		a := matrix(random(r, n+n/2, n))
		b := matrix(random(r, n+n/2, 3))
		run := func() (q, u, x mat.Dense) {
			var f mat.QR
			f.Factorize(a)
			f.QTo(&q)
			f.RTo(&u)
			if err := f.SolveTo(&x, false, b); err != nil {
				t.Fatal(err)
			}
			return q, u, x
		}
		q, u, x := run()
		withGonum(func() {
			wq, wu, wx := run()
			agree(t, fmt.Sprint("Q of order ", n), &q, &wq, 1e-11)
			agree(t, fmt.Sprint("R of order ", n), &u, &wu, 1e-11)
			agree(t, fmt.Sprint("least squares of order ", n), &x, &wx, 1e-11)
		})
	}
}

func TestMatSVDOnOurKernels(t *testing.T) {
	r := source(121)
	for _, n := range matOrders {
		for _, d := range [][2]int{{n, n + n/3}, {2 * n, n}} {
			a := matrix(random(r, d[0], d[1]))
			run := func() ([]float64, *mat.Dense) {
				var f mat.SVD
				var u, v, back mat.Dense
				if !f.Factorize(a, mat.SVDThin) {
					t.Fatal("no convergence")
				}
				f.UTo(&u)
				f.VTo(&v)
				s := f.Values(nil)
				back.Product(&u, mat.NewDiagDense(len(s), s), v.T())
				return s, &back
			}
			s, back := run()
			agree(t, fmt.Sprint("U Σ Vᵀ ", d), back, a, 1e-12)
			withGonum(func() {
				w, _ := run()
				agree(t, fmt.Sprint("singular values ", d), mat.NewVecDense(len(s), s), mat.NewVecDense(len(w), w), 1e-13)
			})
		}
	}
}

func TestMatEigenSymOnOurKernels(t *testing.T) {
	r := source(122)
	for _, n := range matOrders {
		full := random(r, n, n)
		a := mat.NewSymDense(n, nil)
		for i := range n {
			for j := range i + 1 {
				a.SetSym(i, j, Row(full, i)[j])
			}
		}
		run := func() ([]float64, *mat.Dense) {
			var f mat.EigenSym
			var v, back mat.Dense
			if !f.Factorize(a, true) {
				t.Fatal("no convergence")
			}
			f.VectorsTo(&v)
			s := f.Values(nil)
			back.Product(&v, mat.NewDiagDense(n, s), v.T())
			return s, &back
		}
		s, back := run()
		agree(t, fmt.Sprint("V Λ Vᵀ of order ", n), back, a, 1e-12)
		withGonum(func() {
			w, _ := run()
			agree(t, fmt.Sprint("eigenvalues of order ", n), mat.NewVecDense(n, s), mat.NewVecDense(n, w), 1e-12)
		})
	}
}

func TestMatCholeskyOnOurKernels(t *testing.T) {
	r := source(123)
	for _, n := range matOrders {
		s, b := spd(r, n), matrix(random(r, n, 5))
		a := mat.NewSymDense(n, nil)
		for i := range n {
			for j := range i + 1 {
				a.SetSym(i, j, Row(s, i)[j])
			}
		}
		run := func() (u mat.TriDense, inverse mat.SymDense, x mat.Dense, logDet float64) {
			var f mat.Cholesky
			if !f.Factorize(a) {
				t.Fatal("not positive definite")
			}
			f.UTo(&u)
			if f.InverseTo(&inverse) != nil || f.SolveTo(&x, b) != nil {
				t.Fatal("badly conditioned")
			}
			return u, inverse, x, f.LogDet()
		}
		u, inverse, x, det := run()
		withGonum(func() {
			wu, winverse, wx, wdet := run()
			agree(t, fmt.Sprint("U of order ", n), &u, &wu, 1e-12)
			agree(t, fmt.Sprint("inverse of order ", n), &inverse, &winverse, 1e-12)
			agree(t, fmt.Sprint("solution of order ", n), &x, &wx, 1e-12)
			if math.Abs(det-wdet) > 1e-10 {
				t.Fatalf("log det of order %d is %v, want %v", n, det, wdet)
			}
		})
	}
}

func TestMatLUOnOurKernels(t *testing.T) {
	r := source(124)
	for _, n := range matOrders {
		a, b := matrix(random(r, n, n)), matrix(random(r, n, 5))
		run := func(trans bool) (l, u mat.TriDense, x mat.Dense, pivots []int) {
			var f mat.LU
			f.Factorize(a)
			f.LTo(&l)
			f.UTo(&u)
			if err := f.SolveTo(&x, trans, b); err != nil {
				t.Fatal(err)
			}
			return l, u, x, f.RowPivots(nil)
		}
		for _, trans := range []bool{false, true} {
			l, u, x, p := run(trans)
			withGonum(func() {
				wl, wu, wx, wp := run(trans)
				agree(t, fmt.Sprint("L of order ", n), &l, &wl, 1e-10)
				agree(t, fmt.Sprint("U of order ", n), &u, &wu, 1e-10)
				agree(t, fmt.Sprint("solution of order ", n), &x, &wx, 1e-9)
				if fmt.Sprint(p) != fmt.Sprint(wp) {
					t.Fatalf("pivots of order %d are %v, want %v", n, p, wp)
				}
			})
		}
	}
}

// TestMatProductsOnOurKernels multiplies all kinds of matrices that mat sends to level 3.
func TestMatProductsOnOurKernels(t *testing.T) {
	r := source(125)
	for _, n := range matOrders {
		a, b := matrix(random(r, n, n+3)), matrix(random(r, n, n+3))
		s, tri := mat.NewSymDense(n, nil), mat.NewTriDense(n, mat.Lower, nil)
		for i := range n {
			for j := range i + 1 {
				s.SetSym(i, j, r.NormFloat64())
				tri.SetTri(i, j, r.NormFloat64())
			}
		}
		run := func() (out [5]mat.Dense) {
			out[0].Mul(a, b.T())
			out[1].Mul(a.T(), b)
			out[2].Mul(s, a)
			out[3].Mul(a.T(), s)
			out[4].Mul(tri, a)
			return out
		}
		got := run()
		var outer mat.SymDense
		outer.SymOuterK(0.5, a)
		withGonum(func() {
			want := run()
			for i := range want {
				agree(t, fmt.Sprint("product ", i, " of order ", n), &got[i], &want[i], 1e-13)
			}
			var wouter mat.SymDense
			wouter.SymOuterK(0.5, a)
			agree(t, fmt.Sprint("A Aᵀ of order ", n), &outer, &wouter, 1e-13)
		})
	}
}
