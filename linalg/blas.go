package linalg

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// BLAS is gonum's pure Go BLAS with its level-3 products and solves replaced by ours: blas64.Use(linalg.BLAS{}), and
// gonum's LAPACK runs on the project's kernels. Semantics, sizes and panics are those of the embedded implementation,
// which is asked whenever C is empty or an argument is wrong. Where β = 0 no old element of the output is read; the
// embedded Dsyrk reads it for k = 0. Levels 1 and 2, and Dtrmm and Dsyr2k, are gonum's.
//
// No package of this module calls blas64.Use at init; programs and test mains do.
type BLAS struct{ gonum.Implementation }

// Dgemm computes C = α·op(A)·op(B) + β·C; see Gemm.
func (b BLAS) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, bb []float64, ldb int, beta float64, c []float64, ldc int) {
	ra, ca, rb, cb := m, k, k, n
	if tA != blas.NoTrans {
		ra, ca = k, m
	}
	if tB != blas.NoTrans {
		rb, cb = n, k
	}
	if !isTrans(tA) || !isTrans(tB) || m <= 0 || n <= 0 || k < 0 || !holds(a, ra, ca, lda) || !holds(bb, rb, cb, ldb) || !holds(c, m, n, ldc) {
		b.Implementation.Dgemm(tA, tB, m, n, k, alpha, a, lda, bb, ldb, beta, c, ldc)
		return
	}
	gemm(tA != blas.NoTrans, tB != blas.NoTrans, m, n, k, alpha, a, lda, bb, ldb, beta, c, ldc, whole)
}

// Dsyrk computes one triangle of C = α·A·Aᵀ + β·C, or of α·Aᵀ·A + β·C; the other is not touched.
func (b BLAS) Dsyrk(ul blas.Uplo, tA blas.Transpose, n, k int, alpha float64, a []float64, lda int, beta float64, c []float64, ldc int) {
	ra, ca := n, k
	if tA != blas.NoTrans {
		ra, ca = k, n
	}
	if !isUplo(ul) || !isTrans(tA) || n <= 0 || k < 0 || !holds(a, ra, ca, lda) || !holds(c, n, n, ldc) {
		b.Implementation.Dsyrk(ul, tA, n, k, alpha, a, lda, beta, c, ldc)
		return
	}
	gemm(tA != blas.NoTrans, tA == blas.NoTrans, n, n, k, alpha, a, lda, a, lda, beta, c, ldc, triangleOf(ul))
}

// Dsymm computes C = α·A·B + β·C (Left, A m×m) or α·B·A + β·C (Right, A n×n), A symmetric and given by one triangle,
// which is written out in full first.
func (b BLAS) Dsymm(side blas.Side, ul blas.Uplo, m, n int, alpha float64, a []float64, lda int, bb []float64, ldb int, beta float64, c []float64, ldc int) {
	order := m
	if side == blas.Right {
		order = n
	}
	if !isSide(side) || !isUplo(ul) || m <= 0 || n <= 0 || !holds(a, order, order, lda) || !holds(bb, m, n, ldb) || !holds(c, m, n, ldc) {
		b.Implementation.Dsymm(side, ul, m, n, alpha, a, lda, bb, ldb, beta, c, ldc)
		return
	}
	s := take()
	defer s.give()
	s.full = Grow(s.full, order*order)
	for i := range order {
		for j := range i + 1 {
			v := a[i*lda+j]
			if ul == blas.Upper {
				v = a[j*lda+i]
			}
			s.full[i*order+j], s.full[j*order+i] = v, v
		}
	}
	if side == blas.Left {
		gemm(false, false, m, n, m, alpha, s.full, order, bb, ldb, beta, c, ldc, whole)
	} else {
		gemm(false, false, m, n, n, alpha, bb, ldb, s.full, order, beta, c, ldc, whole)
	}
}

// Dtrsm overwrites B with α·op(A)⁻¹·B or α·B·op(A)⁻¹; see Trsm.
func (b BLAS) Dtrsm(side blas.Side, ul blas.Uplo, tA blas.Transpose, d blas.Diag, m, n int, alpha float64, a []float64, lda int, bb []float64, ldb int) {
	order := m
	if side == blas.Right {
		order = n
	}
	if !isSide(side) || !isUplo(ul) || !isTrans(tA) || d != blas.Unit && d != blas.NonUnit || m <= 0 || n <= 0 ||
		!holds(a, order, order, lda) || !holds(bb, m, n, ldb) {
		b.Implementation.Dtrsm(side, ul, tA, d, m, n, alpha, a, lda, bb, ldb)
		return
	}
	trsm(side == blas.Left, ul == blas.Upper, tA != blas.NoTrans, d == blas.Unit, m, n, alpha, a, lda, bb, ldb)
}

func isTrans(t blas.Transpose) bool {
	return t == blas.NoTrans || t == blas.Trans || t == blas.ConjTrans
}
func isUplo(u blas.Uplo) bool { return u == blas.Upper || u == blas.Lower }
func isSide(s blas.Side) bool { return s == blas.Left || s == blas.Right }

// holds says that a slice can hold a rows×cols matrix of leading dimension ld.
func holds(a []float64, rows, cols, ld int) bool {
	return ld >= max(1, cols) && len(a) >= (rows-1)*ld+cols
}

func triangleOf(u blas.Uplo) region {
	if u == blas.Upper {
		return upper
	}
	return lower
}
