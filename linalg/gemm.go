package linalg

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// Gemm computes C = α·op(A)·op(B) + β·C, op the identity or the transpose.
//
// Every element is one chain of fused multiply-adds over k, started from β·c_ij, with α rounded into B:
// fma(a_ik, α·b_kj, ·). With β = 0 the old C is not read, with α = 0 neither A nor B is. 2mnk flops.
func Gemm(tA, tB blas.Transpose, alpha float64, a, b blas64.General, beta float64, c blas64.General) {
	check(a)
	check(b)
	check(c)
	m, k := shape(a, tA)
	kb, n := shape(b, tB)
	if k != kb || m != c.Rows || n != c.Cols {
		panic("linalg: Gemm: shapes do not fit")
	}
	gemm(tA != blas.NoTrans, tB != blas.NoTrans, m, n, k, alpha, a.Data, a.Stride, b.Data, b.Stride, beta, c.Data, c.Stride, whole)
}

func shape(a blas64.General, t blas.Transpose) (rows, cols int) {
	if t == blas.NoTrans {
		return a.Rows, a.Cols
	}
	return a.Cols, a.Rows
}

// gemm is the product on slices whose sizes have been checked.
func gemm(tA, tB bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int, part region) {
	if m == 0 || n == 0 {
		return
	}
	empty := k == 0 || alpha == 0
	if beta != 1 && (beta != 0 || empty) {
		scale(m, n, beta, c, ldc, part)
	}
	if empty {
		return
	}
	s := take()
	s.product = product{m: m, n: n, k: k, alpha: alpha, a: operand{a, lda, tA}, b: operand{b, ldb, tB},
		c: c, ldc: ldc, fresh: beta == 0, part: part}
	s.product.multiply(s)
	s.give()
}

// scale computes C = βC on a region; with β = 0 the old C is not read.
func scale(m, n int, beta float64, c []float64, ldc int, part region) {
	for i := range m {
		lo, hi := 0, n
		switch part {
		case lower:
			hi = min(n, i+1)
		case upper:
			lo = min(n, i)
		}
		r := c[i*ldc+lo : i*ldc+hi]
		if beta == 0 {
			clear(r)
			continue
		}
		for j := range r {
			r[j] *= beta
		}
	}
}
