package linalg

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"

	"ngdbench/cost"
)

// SymEigen is the eigendecomposition A = V·diag(λ)·Vᵀ of a small symmetric matrix: tridiagonal reduction and implicit QR
// (LAPACK's dsyev), about 9k³ flops at the speed of level 2. Absolute errors are of the order ε·max|λ|.
type SymEigen struct {
	Values  []float64      // λ, ascending
	Vectors blas64.General // V (k×k): column j belongs to Values[j]
	work    []float64
}

// Reset makes e ready for matrices of order k, its workspace booked on m.
func (e *SymEigen) Reset(k int, m *cost.Meter) {
	*e = SymEigen{Values: m.Floats(k), Vectors: New(m, k, k)}
	if k == 0 {
		return
	}
	var size [1]float64
	lapack64.Syev(lapack.EVCompute, e.symmetric(), e.Values, size[:], -1)
	e.work = m.Floats(int(size[0]))
}

// Decompose computes Values and Vectors of A, of which it reads the lower triangle. It is false where the iteration does
// not converge, which for finite A is not known to happen, or A is not finite.
func (e *SymEigen) Decompose(a blas64.General) bool {
	if a.Rows != len(e.Values) || a.Cols != a.Rows {
		panic("linalg: SymEigen: order differs from Reset")
	}
	Copy(e.Vectors, a)
	if a.Rows == 0 {
		return true
	}
	return finite(e.Vectors, lower) && lapack64.Syev(lapack.EVCompute, e.symmetric(), e.Values, e.work, len(e.work))
}

func (e *SymEigen) symmetric() blas64.Symmetric {
	v := e.Vectors
	return blas64.Symmetric{N: v.Rows, Stride: v.Stride, Data: v.Data, Uplo: blas.Lower}
}

// finite says that no NaN or Inf is in a region of a.
func finite(a blas64.General, part region) bool {
	for i := range a.Rows {
		r := Row(a, i)
		if part == lower {
			r = r[:min(i+1, a.Cols)]
		}
		for _, v := range r {
			if v-v != 0 {
				return false
			}
		}
	}
	return true
}
