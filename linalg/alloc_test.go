package linalg

import (
	"math"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/blas"
)

// TestNothingAllocates counts allocations of whole calls, all goroutines included, over many calls after the first.
func TestNothingAllocates(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	r := source(80)
	const n, k = 300, 40
	a, b, c, s, v := random(r, n, n), random(r, n, n), random(r, n, n), spd(r, n), random(r, k, n)
	x, y := make([]float64, n), make([]float64, n)
	small, q := random(r, k, k), random(r, k, n)
	Syrk(small, v)
	var chol Cholesky
	var ortho Orthonormaliser
	var eigen SymEigen
	var svd ThinSVD
	chol.Reset(n, nil)
	ortho.Reset(k, n, nil)
	eigen.Reset(k, nil)
	svd.Reset(k, n, nil)
	band, _ := symmetricBand(r, n, 70, blas.Lower)
	general, many, wide, odd := randomBand(r, n, n, 70, 20), random(r, n, 64), random(r, n, 64), random(r, n, 5)
	var bandChol BandCholesky
	var bandLU BandLU
	bandChol.Reset(n, 70, nil)
	bandLU.Reset(n, 70, 20, nil)
	for name, f := range map[string]func(){
		"Gemm":  func() { Gemm(blas.NoTrans, blas.Trans, 1, a, b, 0, c) },
		"Syrk":  func() { Syrk(c, a) },
		"SyrkT": func() { SyrkT(c, a) },
		"Dsymm": func() {
			BLAS{}.Dsymm(blas.Left, blas.Lower, n, n, 1, a.Data, a.Stride, b.Data, b.Stride, 0, c.Data, c.Stride)
		},
		"Trsm":        func() { Copy(q, v); Trsm(blas.Right, blas.Lower, blas.Trans, blas.NonUnit, 1, s, q) },
		"Trsm left":   func() { Copy(c, b); Trsm(blas.Left, blas.Upper, blas.Trans, blas.NonUnit, 1, s, c) },
		"Mul":         func() { Mul(y, a, x); MulT(x, a, y); clear(x) },
		"Cholesky":    func() { chol.Factor(s, 1); chol.Solve(x); Copy(q, v); chol.SolveRows(q) },
		"breakdown":   func() { chol.Factor(s, -100) },
		"Orthonormal": func() { Copy(q, v); ortho.Rows(q) },
		"Householder": func() { Copy(q, v); clear(Row(q, 3)); clear(Row(q, 4)); ortho.Rows(q) },
		"SymEigen":    func() { eigen.Decompose(small) },
		"ThinSVD":     func() { svd.Decompose(v) },
		"not finite":  func() { clear(q.Data); Row(q, 0)[0] = math.Inf(1); ortho.Rows(q) },
		"band Cholesky": func() {
			must(t, bandChol.Factor(band))
			bandChol.Solve(Column(x))
			bandChol.Solve(many)
			bandChol.SolveLT(odd)
		},
		"band LU": func() {
			must(t, bandLU.Factor(general))
			bandLU.SolveTrans(Column(x))
			bandLU.Solve(many)
			bandLU.Solve(odd)
		},
		"band product": func() {
			BandMul(blas.Trans, 2, general, many, 0, wide)
			SymmetricBandMul(1, band, Column(x), 0, Column(y))
		},
		"small product": func() { Gemm(blas.NoTrans, blas.NoTrans, 1, small, small, 0, Block(c, 0, 0, k, k)) },
	} {
		for range 3 {
			f()
		}
		const calls = 50
		least := uint64(math.MaxUint64) // of three rounds: the runtime makes a few of its own, more under the race detector
		for range 3 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for range calls {
				f()
			}
			runtime.ReadMemStats(&after)
			least = min(least, after.Mallocs-before.Mallocs)
		}
		if least > calls/5 { // one per call would be 50
			t.Errorf("%s: %d allocations in %d calls", name, least, calls)
		}
	}
}

func must(t *testing.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}
