// Package operator holds linear maps known by their action.
//
// The pattern, used again in package objective: whoever makes a map implements the two-method interface Operator and
// any of the optional capabilities; whoever uses one holds a *Map, the concrete handle made by Bind, which counts, owns
// the scratch of the fallbacks, and answers everything.
//
//	capability     answers             fallback of Map
//	Grammer        AᵀA x               Apply, ApplyT
//	GramColumner   AᵀA e_j             Apply, ApplyT
//	Blocker        k vectors at once   k times one
//	Kerneler       A Aᵀ                n rows and products
//	KernelRower    A Aᵀ e_i            Row, Apply
//	Densifier      A                   n rows
//	Rower          Aᵀ e_i              ApplyT
//	Normer         row, column norms   n rows
//	Factorer       layer factors       none
//
// Letters: A is n×P, n rows (residuals) and P columns (parameters).
package operator

import "gonum.org/v1/gonum/blas/blas64"

// Operator is a linear map A. It may own scratch, so it is not safe for concurrent use. One that belongs to a Point is
// the same value for the Point's life; its content changes with the Point.
type Operator interface {
	Dims() (rows, cols int)
	Apply(dst, x []float64)  // dst = A x, overwritten, no overlap
	ApplyT(dst, y []float64) // dst = Aᵀ y, overwritten, no overlap
}

// The capabilities. Each method answers false where this value of the type cannot do it after all (a combinator whose
// part lacks it): what dst holds then is undefined, and the caller's fallback overwrites it. Matrices are row-major with
// Stride == Cols.
type (
	Grammer      interface{ Gram(dst, x []float64) bool } // dst = AᵀA x
	GramColumner interface {
		GramColumn(dst []float64, j int) bool
	} // dst = AᵀA e_j
	Blocker interface {
		ApplyBlock(dst, x blas64.General) bool  // dst (k×rows) = x (k×cols) Aᵀ: the ROWS of x are the k vectors
		ApplyTBlock(dst, y blas64.General) bool // dst (k×cols) = y (k×rows) A
	}
	Kerneler  interface{ Kernel(dst blas64.General) bool } // dst = A Aᵀ, both triangles
	Densifier interface{ Dense(dst blas64.General) bool }  // dst = A
	Rower     interface {
		Row(dst []float64, i int) bool
	} // dst = Aᵀ e_i
	Normer interface {
		SquaredNorms(rows, cols []float64) bool
	} // either may be nil
	KernelRower interface {
		KernelRow(dst []float64, i int) bool
	} // dst = A Aᵀ e_i
	Factorer interface{ Factors() []Factor } // nil: none
)

// Factor is one layer seen from one point group. Row Row+n of A, restricted to that layer's weights (Out×In, row-major, at
// column Weight) and bias (at column Bias, -1 for none), is Σ_c δ[n,c,:] ⊗ a[n,c,:] and δ[n,0,:].
// Several functionals per point are several Factors that share Group and A. The slices keep their place: a later
// linearisation writes new numbers into them.
type Factor struct {
	Layer, Group          int
	Row, Weight, Bias     int
	Points, Chan, In, Out int
	A, Delta              []float64 // Points×Chan×In and Points×Chan×Out
}

// FactorsOf returns the factors of op, or nil.
func FactorsOf(op Operator) []Factor {
	if f, ok := op.(Factorer); ok {
		return f.Factors()
	}
	return nil
}

// Capability names a capability in Meter.Fallbacks.
type Capability uint32

const (
	CanGram Capability = 1 << iota
	CanBlock
	CanKernel
	CanDense
	CanRow
	CanNorms
	CanKernelRow
	CanGramColumn
)

var capabilityNames = [...]string{"gram", "block", "kernel", "dense", "row", "norms", "kernel-row", "gram-column"}

// Names lists the capabilities in c, in the order of the constants.
func (c Capability) Names() []string {
	var names []string
	for i, n := range capabilityNames {
		if c&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return names
}
