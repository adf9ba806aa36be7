package linalg

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// TestBitsEverywhereWhenShared compares the bits of products and of the Cholesky factorisation over paths and workers, on
// sizes that workers share, with several slabs and with the large blocks: too large for the twins in plain loops.
func TestBitsEverywhereWhenShared(t *testing.T) {
	r := source(70)
	a, b, wide, spd := random(r, 330, 410), random(r, 410, 290), random(r, 120, 5100), spd(r, smallOrder+37)
	tall := random(r, slabEdge+11, 24)
	first := map[string]blas64.General{}
	everywhere(t, func(t *testing.T) {
		check := func(what string, rows, cols int, f func(c blas64.General)) {
			c := New(nil, rows, cols)
			f(c)
			if _, ok := first[what]; !ok {
				first[what] = c
			}
			same(t, what, c, first[what])
		}
		check("A B", 330, 290, func(c blas64.General) { Gemm(blas.NoTrans, blas.NoTrans, 1, a, b, 0, c) })
		check("Bᵀ Aᵀ", 290, 330, func(c blas64.General) { Gemm(blas.Trans, blas.Trans, -2, b, a, 0, c) })
		check("A Aᵀ of long rows", 120, 120, func(c blas64.General) { Syrk(c, wide) })
		check("Aᵀ A", 410, 410, func(c blas64.General) { SyrkT(c, a) })
		check("A Aᵀ of many rows", slabEdge+11, slabEdge+11, func(c blas64.General) { Syrk(c, tall) })
		check(fmt.Sprint("L of order ", spd.Rows), spd.Rows, spd.Rows, func(c blas64.General) {
			var f Cholesky
			f.Reset(spd.Rows, nil)
			if !f.Factor(spd, 1e-3) {
				t.Fatal("not positive definite")
			}
			Copy(c, f.L())
		})
	})
}
