package linalg

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/lapack/lapack64"
)

var _ blas.Float64 = BLAS{}

// flags decodes the bits of f into one choice per option.
func flags(f int) (s blas.Side, ul blas.Uplo, tA blas.Transpose) {
	s, ul, tA = blas.Left, blas.Lower, blas.NoTrans
	if f&1 != 0 {
		s = blas.Right
	}
	if f&2 != 0 {
		ul = blas.Upper
	}
	if f&4 != 0 {
		tA = blas.ConjTrans
	}
	return s, ul, tA
}

var edges = []int{0, 1, 5, 6, 7, 8, 9, 17, 50, 67}

func TestDsyrkAgainstReference(t *testing.T) {
	r := source(70)
	for _, n := range edges {
		for _, k := range edges {
			for f := range 4 {
				_, ul, tA := flags(f << 1)
				a := random(r, n, k)
				if tA != blas.NoTrans {
					a = random(r, k, n)
				}
				for _, beta := range []float64{0, 1, 0.5} {
					c := random(r, n, n)
					want := clone(c)
					gonum.Implementation{}.Dsyrk(ul, tA, n, k, -0.5, a.Data, a.Stride, beta, want.Data, want.Stride)
					if beta == 0 { // old NaN in the triangle must go, in the other stay
						for i := range c.Data {
							c.Data[i] = math.NaN()
						}
						for i := range n {
							for j := range n {
								if i != j && (j > i) != (ul == blas.Upper) {
									want.Data[i*want.Stride+j] = math.NaN()
								}
							}
						}
					}
					BLAS{}.Dsyrk(ul, tA, n, k, -0.5, a.Data, a.Stride, beta, c.Data, c.Stride)
					for i := range n {
						for j := range n {
							g, w := c.Data[i*c.Stride+j], want.Data[i*want.Stride+j]
							if !(math.Abs(g-w) <= 1e-13*float64(k+1)) && !(math.IsNaN(g) && math.IsNaN(w)) {
								t.Fatalf("n %d k %d %c %c beta %v: (%d, %d) is %v, want %v", n, k, ul, tA, beta, i, j, g, w)
							}
						}
					}
				}
			}
		}
	}
}

func TestDsymmAgainstReference(t *testing.T) {
	r := source(71)
	for _, m := range edges {
		for _, n := range edges {
			for f := range 4 {
				s, ul, _ := flags(f)
				order := m
				if s == blas.Right {
					order = n
				}
				a, b := random(r, order, order), random(r, m, n)
				for i := range order {
					for j := range order {
						if i != j && (j > i) != (ul == blas.Upper) {
							a.Data[i*a.Stride+j] = math.NaN()
						}
					}
				}
				for _, beta := range []float64{0, 1, 0.5} {
					c := random(r, m, n)
					want := clone(c)
					gonum.Implementation{}.Dsymm(s, ul, m, n, 2, a.Data, a.Stride, b.Data, b.Stride, beta, want.Data, want.Stride)
					if beta == 0 {
						c = filled(r, m, n, math.NaN())
					}
					BLAS{}.Dsymm(s, ul, m, n, 2, a.Data, a.Stride, b.Data, b.Stride, beta, c.Data, c.Stride)
					near(t, fmt.Sprintf("%d×%d %c %c %v", m, n, s, ul, beta), c, want, 1e-12)
					intact(t, c)
				}
			}
		}
	}
}

// TestOverwritesNaN is the report of old NaN surviving β = 0 at the edges, at every size around the tiles.
func TestOverwritesNaN(t *testing.T) {
	r := source(72)
	for n := 1; n <= 67; n++ {
		a, b := random(r, n, 5), random(r, 5, 70-n)
		c, zero := filled(r, n, 70-n, math.NaN()), filled(r, n, 70-n, 0)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, a, b, 0, c)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, a, b, 0, zero)
		same(t, "C filled with NaN and with 0", c, zero)
	}
}

func TestPanicsAreTheReferences(t *testing.T) {
	x := make([]float64, 100)
	calls := map[string]func(b blas.Float64){
		"trans":   func(b blas.Float64) { b.Dgemm('x', blas.NoTrans, 2, 2, 2, 1, x, 2, x, 2, 0, x, 2) },
		"m":       func(b blas.Float64) { b.Dgemm(blas.NoTrans, blas.NoTrans, -1, 2, 2, 1, x, 2, x, 2, 0, x, 2) },
		"lda":     func(b blas.Float64) { b.Dgemm(blas.NoTrans, blas.NoTrans, 2, 2, 3, 1, x, 2, x, 2, 0, x, 2) },
		"ldb":     func(b blas.Float64) { b.Dgemm(blas.NoTrans, blas.Trans, 2, 2, 3, 1, x, 3, x, 2, 0, x, 2) },
		"ldc":     func(b blas.Float64) { b.Dgemm(blas.NoTrans, blas.NoTrans, 2, 3, 2, 1, x, 2, x, 3, 0, x, 2) },
		"short c": func(b blas.Float64) { b.Dgemm(blas.NoTrans, blas.NoTrans, 2, 2, 2, 1, x, 2, x, 2, 0, x[:3], 2) },
		"short a": func(b blas.Float64) { b.Dgemm(blas.Trans, blas.NoTrans, 2, 2, 60, 1, x, 2, x, 2, 0, x, 2) },
		"uplo":    func(b blas.Float64) { b.Dsyrk('x', blas.NoTrans, 2, 2, 1, x, 2, 0, x, 2) },
		"syrk n":  func(b blas.Float64) { b.Dsyrk(blas.Lower, blas.NoTrans, -2, 2, 1, x, 2, 0, x, 2) },
		"syrk c":  func(b blas.Float64) { b.Dsyrk(blas.Lower, blas.NoTrans, 3, 2, 1, x, 2, 0, x[:8], 3) },
		"side":    func(b blas.Float64) { b.Dtrsm('x', blas.Lower, blas.NoTrans, blas.Unit, 2, 2, 1, x, 2, x, 2) },
		"diag":    func(b blas.Float64) { b.Dtrsm(blas.Left, blas.Lower, blas.NoTrans, 'x', 2, 2, 1, x, 2, x, 2) },
		"trsm a":  func(b blas.Float64) { b.Dtrsm(blas.Left, blas.Lower, blas.NoTrans, blas.Unit, 3, 2, 1, x[:5], 3, x, 2) },
		"symm b":  func(b blas.Float64) { b.Dsymm(blas.Left, blas.Lower, 2, 2, 1, x, 2, x[:3], 2, 0, x, 2) },
	}
	for name, f := range calls {
		got, want := recovered(f, BLAS{}), recovered(f, gonum.Implementation{})
		if got == nil || got != want {
			t.Errorf("%s: panic %v, want %v", name, got, want)
		}
	}
}

func recovered(f func(blas.Float64), b blas.Float64) (v any) {
	defer func() { v = recover() }()
	f(b)
	return nil
}

// TestLapackOnOurKernels runs gonum's QR and LU on BLAS, past the sizes where they turn to blocks.
func TestLapackOnOurKernels(t *testing.T) {
	r := source(73)
	const n = 260
	a, x := random(r, n, n), random(r, n, 3)
	b := random(r, n, 3)
	Gemm(blas.NoTrans, blas.NoTrans, 1, a, x, 0, b)
	lu, y, pivot := clone(a), clone(b), make([]int, n)
	if !lapack64.Getrf(lu, pivot) {
		t.Fatal("singular")
	}
	lapack64.Getrs(blas.NoTrans, lu, y, pivot)
	near(t, "LU", y, x, 1e-9)
	qr, tau, work := clone(a), make([]float64, n), make([]float64, 64*n)
	lapack64.Geqrf(qr, tau, work, len(work))
	lapack64.Ormqr(blas.Left, blas.Trans, qr, tau, b, work, len(work))
	blas64.Trsm(blas.Left, blas.NoTrans, 1, blas64.Triangular{N: n, Stride: qr.Stride, Data: qr.Data, Uplo: blas.Upper, Diag: blas.NonUnit}, b)
	near(t, "QR", b, x, 1e-9)
}
