package linalg

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"

	"ngdbench/cost"
)

// ThinSVD is the singular value decomposition B = U·diag(σ)·Vᵀ of a k×n matrix, k ≤ n, k a few hundred at most.
//
// B is first written as M·Q, Q its orthonormalised rows and M = B·Qᵀ, both in products; M (k×k) is bidiagonalised
// (LAPACK's dgesvd). Every step is backward stable, so singular values have absolute error ε·σ₁ times a modest factor:
// eigenvalues σ² of BᵀB are right down to ε²σ₁², where those of the kernel B·Bᵀ would end at ε·σ₁².
type ThinSVD struct {
	Values []float64      // σ, descending
	U      blas64.General // k×k, columns
	VT     blas64.General // k×n, rows: orthonormal also where σ = 0

	q     Orthonormaliser
	rows  blas64.General // Q
	small blas64.General // M
	right blas64.General // Wᵀ of M = U·diag(σ)·Wᵀ
	work  []float64
}

// Reset makes s ready for k×n matrices, its workspace (2kn numbers and some k²) booked on m.
func (s *ThinSVD) Reset(k, n int, m *cost.Meter) {
	*s = ThinSVD{Values: m.Floats(k), U: New(m, k, k), VT: New(m, k, n), rows: New(m, k, n), small: New(m, k, k), right: New(m, k, k)}
	s.q.Reset(k, n, m)
	if k == 0 {
		return
	}
	var size [1]float64
	lapack64.Gesvd(lapack.SVDAll, lapack.SVDAll, s.small, s.U, s.right, s.Values, size[:], -1)
	s.work = m.Floats(int(size[0]))
}

// Decompose computes Values, U and VT of B, which it leaves as it is. It is false where B is not finite or the iteration
// does not converge.
func (s *ThinSVD) Decompose(b blas64.General) bool {
	Copy(s.rows, b)
	if !s.q.Rows(s.rows) {
		return false
	}
	if b.Rows == 0 {
		return true
	}
	Gemm(blas.NoTrans, blas.Trans, 1, b, s.rows, 0, s.small)
	if !finite(s.small, whole) ||
		!lapack64.Gesvd(lapack.SVDAll, lapack.SVDAll, s.small, s.U, s.right, s.Values, s.work, len(s.work)) {
		return false
	}
	Gemm(blas.NoTrans, blas.NoTrans, 1, s.right, s.rows, 0, s.VT)
	return true
}
