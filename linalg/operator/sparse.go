package operator

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/linalg"
)

// LeftMultiplier multiplies a dense matrix from the left: dst = A x, x having as many rows as A has columns. It is how a
// sparse map is taken together with a dense tangent map.
type LeftMultiplier interface {
	LeftMul(dst, x blas64.General) bool
}

// Sparse is a sparse matrix as an operator; products cost two flops for each element. It has Rower, Blocker,
// Densifier and LeftMultiplier.
type Sparse struct{ *linalg.CSR }

// Dims returns the number of rows and columns.
func (a Sparse) Dims() (rows, cols int) { return a.Rows, a.Cols }

// Apply computes dst = A x.
func (a Sparse) Apply(dst, x []float64) { a.Mul(dst, x) }

// ApplyT computes dst = Aᵀ y.
func (a Sparse) ApplyT(dst, y []float64) { a.MulT(dst, y) }

// ApplyBlock computes dst = x Aᵀ.
func (a Sparse) ApplyBlock(dst, x blas64.General) bool { return EachRow(dst, x, a.Mul) }

// ApplyTBlock computes dst = y A.
func (a Sparse) ApplyTBlock(dst, y blas64.General) bool { return EachRow(dst, y, a.MulT) }

// LeftMul computes dst = A x.
func (a Sparse) LeftMul(dst, x blas64.General) bool {
	a.MulRows(dst, x)
	return true
}

// Dense writes A with its zeros.
func (a Sparse) Dense(dst blas64.General) bool {
	for i := range a.Rows {
		a.Row(linalg.Row(dst, i), i)
	}
	return true
}

// Row computes dst = Aᵀ e_i.
func (a Sparse) Row(dst []float64, i int) bool {
	clear(dst)
	cols, vals := a.CSR.Row(i)
	for k, j := range cols {
		dst[j] = vals[k]
	}
	return true
}

// EachRow applies f to the rows of x: k vectors at once for a map that has no better way.
func EachRow(dst, x blas64.General, f func(dst, x []float64)) bool {
	for i := range x.Rows {
		f(linalg.Row(dst, i), linalg.Row(x, i))
	}
	return true
}

// Identity is the identity of R^n. It has Rower, Blocker, Densifier and LeftMultiplier.
type Identity int

// Dims returns n twice.
func (n Identity) Dims() (rows, cols int) { return int(n), int(n) }

// Apply copies x.
func (n Identity) Apply(dst, x []float64) { copy(dst, x) }

// ApplyT copies y.
func (n Identity) ApplyT(dst, y []float64) { copy(dst, y) }

// ApplyBlock copies x.
func (n Identity) ApplyBlock(dst, x blas64.General) bool { linalg.Copy(dst, x); return true }

// ApplyTBlock copies y.
func (n Identity) ApplyTBlock(dst, y blas64.General) bool { linalg.Copy(dst, y); return true }

// LeftMul copies x.
func (n Identity) LeftMul(dst, x blas64.General) bool { linalg.Copy(dst, x); return true }

// Row writes e_i.
func (n Identity) Row(dst []float64, i int) bool {
	clear(dst)
	dst[i] = 1
	return true
}

// Dense writes the identity matrix.
func (n Identity) Dense(dst blas64.General) bool {
	for i := range int(n) {
		n.Row(linalg.Row(dst, i), i)
	}
	return true
}

// InverseLower is L⁻¹ of a band Cholesky factorisation LLᵀ, by substitution: what whitens residuals against finite
// element tests. It has Blocker and LeftMultiplier.
type InverseLower struct{ *linalg.BandCholesky }

// Dims returns the order twice.
func (l InverseLower) Dims() (rows, cols int) { return l.Order(), l.Order() }

// Apply computes dst = L⁻¹ x.
func (l InverseLower) Apply(dst, x []float64) {
	copy(dst, x)
	l.SolveL(linalg.Column(dst))
}

// ApplyT computes dst = L⁻ᵀ y.
func (l InverseLower) ApplyT(dst, y []float64) {
	copy(dst, y)
	l.SolveLT(linalg.Column(dst))
}

// ApplyBlock computes dst = x L⁻ᵀ.
func (l InverseLower) ApplyBlock(dst, x blas64.General) bool { return EachRow(dst, x, l.Apply) }

// ApplyTBlock computes dst = y L⁻¹.
func (l InverseLower) ApplyTBlock(dst, y blas64.General) bool { return EachRow(dst, y, l.ApplyT) }

// LeftMul computes dst = L⁻¹ x.
func (l InverseLower) LeftMul(dst, x blas64.General) bool {
	linalg.Copy(dst, x)
	l.SolveL(dst)
	return true
}
