package operator

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
	"ngdbench/linalg"
)

// Matrix is an explicit n×P operator A. It has every capability but Factorer, none of which allocates: products cost 2nP
// flops, a Gram product 4nP in one pass over A, the kernel n²P.
type Matrix struct{ blas64.General }

var (
	_ Operator     = Matrix{}
	_ Grammer      = Matrix{}
	_ GramColumner = Matrix{}
	_ Blocker      = Matrix{}
	_ Kerneler     = Matrix{}
	_ KernelRower  = Matrix{}
	_ Densifier    = Matrix{}
	_ Rower        = Matrix{}
	_ Normer       = Matrix{}
)

// Dims returns n and P.
func (a Matrix) Dims() (rows, cols int) { return a.Rows, a.Cols }

// Apply computes dst = A x: element i is the dot product of row a_i and x.
func (a Matrix) Apply(dst, x []float64) { linalg.Mul(dst, a.General, x) }

// ApplyT computes dst = Σ_i y_i a_i, rows in order.
func (a Matrix) ApplyT(dst, y []float64) { linalg.MulT(dst, a.General, y) }

// Gram computes dst = Σ_i (a_iᵀx) a_i.
func (a Matrix) Gram(dst, x []float64) bool {
	clear(dst)
	for i := range a.Rows {
		r := linalg.Row(a.General, i)
		simd.Axpy(dst, simd.Dot(r, x), r)
	}
	return true
}

// GramColumn computes dst = Σ_i A_ij a_i.
func (a Matrix) GramColumn(dst []float64, j int) bool {
	clear(dst)
	for i := range a.Rows {
		r := linalg.Row(a.General, i)
		simd.Axpy(dst, r[j], r)
	}
	return true
}

// ApplyBlock computes dst = x Aᵀ.
func (a Matrix) ApplyBlock(dst, x blas64.General) bool {
	linalg.Gemm(blas.NoTrans, blas.Trans, 1, x, a.General, 0, dst)
	return true
}

// ApplyTBlock computes dst = y A.
func (a Matrix) ApplyTBlock(dst, y blas64.General) bool {
	linalg.Gemm(blas.NoTrans, blas.NoTrans, 1, y, a.General, 0, dst)
	return true
}

// Kernel computes dst = A Aᵀ.
func (a Matrix) Kernel(dst blas64.General) bool {
	linalg.Syrk(dst, a.General)
	return true
}

// KernelRow computes dst = A a_i.
func (a Matrix) KernelRow(dst []float64, i int) bool {
	a.Apply(dst, linalg.Row(a.General, i))
	return true
}

// Dense copies A.
func (a Matrix) Dense(dst blas64.General) bool {
	for i := range a.Rows {
		copy(linalg.Row(dst, i), linalg.Row(a.General, i))
	}
	return true
}

// Row copies a_i.
func (a Matrix) Row(dst []float64, i int) bool {
	copy(dst, linalg.Row(a.General, i))
	return true
}

// SquaredNorms computes ‖a_i‖² for the rows and Σ_i A_ij² for the columns.
func (a Matrix) SquaredNorms(rows, cols []float64) bool {
	clear(cols)
	for i := range a.Rows {
		r := linalg.Row(a.General, i)
		if rows != nil {
			rows[i] = simd.Dot(r, r)
		}
		if cols != nil {
			addSquares(cols, r)
		}
	}
	return true
}

// addSquares adds x_j² to dst_j. The product is rounded before it is added, on every machine.
func addSquares(dst, x []float64) {
	for j, v := range x {
		dst[j] += float64(v * v)
	}
}
