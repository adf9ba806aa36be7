// Package operator holds linear maps known by their action.
//
// The pattern, used again in package objective: whoever makes a map implements the two-method interface Operator and
// any of the optional capabilities; whoever uses one holds a *Map, the concrete handle made by Bind, which counts, owns
// the scratch of the fallbacks, and answers everything.
package operator

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
)

// Operator is a linear map A. It may own scratch, so it is not safe for concurrent use. One that belongs to a Point is
// the same value for the Point's life; its content changes with the Point.
type Operator interface {
	Dims() (rows, cols int)
	Apply(dst, x []float64)  // dst = A x, overwritten, no overlap
	ApplyT(dst, y []float64) // dst = Aᵀ y, overwritten, no overlap
}

// The capabilities. Each method answers false where this value of the type cannot do it after all (a combinator whose
// part lacks it): nothing is written then, and the caller's fallback runs. Matrices are row-major with Stride == Cols.
type (
	Grammer interface{ Gram(dst, x []float64) bool } // dst = AᵀA x
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
)

// Map is an Operator as its users see it.
type Map struct {
	op         Operator
	m          *cost.Meter
	rows, cols int
	y, e, x    []float64 // scratch: rows, rows, cols
}

// Bind makes the handle. All later calls allocate nothing.
func Bind(op Operator, m *cost.Meter) *Map {
	rows, cols := op.Dims()
	return &Map{op: op, m: m, rows: rows, cols: cols, y: m.Floats(rows), e: m.Floats(rows), x: m.Floats(cols)}
}

func (a *Map) Dims() (rows, cols int) { return a.rows, a.cols }

func (a *Map) Apply(dst, x []float64) { a.count(1, 0); a.op.Apply(dst, x) }

func (a *Map) ApplyT(dst, y []float64) { a.count(0, 1); a.op.ApplyT(dst, y) }

// Gram computes dst = AᵀA x.
func (a *Map) Gram(dst, x []float64) {
	a.count(1, 1)
	if g, ok := a.op.(Grammer); ok && g.Gram(dst, x) {
		return
	}
	a.fell(CanGram)
	a.op.Apply(a.y, x)
	a.op.ApplyT(dst, a.y)
}

// GramBlock computes dst = x AᵀA for the k vectors in the rows of x; mid (k×rows) is overwritten.
func (a *Map) GramBlock(dst, mid, x blas64.General) { a.ApplyBlock(mid, x); a.ApplyTBlock(dst, mid) }

func (a *Map) ApplyBlock(dst, x blas64.General) {
	a.count(x.Rows, 0)
	if b, ok := a.op.(Blocker); ok && b.ApplyBlock(dst, x) {
		return
	}
	a.fell(CanBlock)
	for i := range x.Rows {
		a.op.Apply(RowOf(dst, i), RowOf(x, i))
	}
}

func (a *Map) ApplyTBlock(dst, y blas64.General) {
	a.count(0, y.Rows)
	if b, ok := a.op.(Blocker); ok && b.ApplyTBlock(dst, y) {
		return
	}
	a.fell(CanBlock)
	for i := range y.Rows {
		a.op.ApplyT(RowOf(dst, i), RowOf(y, i))
	}
}

// Row computes dst = Aᵀ e_i.
func (a *Map) Row(dst []float64, i int) {
	if a.m != nil {
		a.m.Counts.Rows++
	}
	if r, ok := a.op.(Rower); ok && r.Row(dst, i) {
		return
	}
	a.fell(CanRow)
	a.e[i] = 1
	a.op.ApplyT(dst, a.e)
	a.e[i] = 0
}

// KernelRow computes dst = A Aᵀ e_i, what a pivoted Cholesky of the kernel asks for.
func (a *Map) KernelRow(dst []float64, i int) {
	if k, ok := a.op.(KernelRower); ok && k.KernelRow(dst, i) {
		a.count(1, 0)
		return
	}
	a.fell(CanKernelRow)
	a.Row(a.x, i)
	a.Apply(dst, a.x)
}

// SquaredNorms computes the squared norms of rows and columns, the diagonals of A Aᵀ and AᵀA; either may be nil.
func (a *Map) SquaredNorms(rows, cols []float64) {
	if n, ok := a.op.(Normer); ok && n.SquaredNorms(rows, cols) {
		return
	}
	a.fell(CanNorms)
	clear(cols)
	for i := range a.rows {
		a.Row(a.x, i)
		s := 0.0
		for j, v := range a.x {
			s += v * v
			if cols != nil {
				cols[j] += v * v
			}
		}
		if rows != nil {
			rows[i] = s
		}
	}
}

// Dense computes dst = A.
func (a *Map) Dense(dst blas64.General) {
	a.explicit()
	if d, ok := a.op.(Densifier); ok && d.Dense(dst) {
		return
	}
	a.fell(CanDense)
	for i := range a.rows {
		a.Row(RowOf(dst, i), i)
	}
}

// Kernel computes dst = A Aᵀ.
func (a *Map) Kernel(dst blas64.General) {
	a.explicit()
	if k, ok := a.op.(Kerneler); ok && k.Kernel(dst) {
		return
	}
	a.fell(CanKernel)
	for i := range a.rows { // column by column: needs no N×P matrix
		a.Row(a.x, i)
		a.Apply(RowOf(dst, i), a.x)
	}
}

// Factors returns what Kronecker methods need, or nil. There is no fallback.
func (a *Map) Factors() []Factor { return FactorsOf(a.op) }

// FactorsOf returns the factors of op, or nil.
func FactorsOf(op Operator) []Factor {
	if f, ok := op.(Factorer); ok {
		return f.Factors()
	}
	return nil
}

func (a *Map) count(ap, apT int) {
	if a.m != nil {
		a.m.Counts.Applies += ap
		a.m.Counts.ApplyTs += apT
	}
}

func (a *Map) explicit() {
	if a.m != nil {
		a.m.Counts.Explicit++
	}
}

func (a *Map) fell(c Capability) {
	if a.m != nil {
		a.m.Fallbacks |= uint32(c)
	}
}

// Symmetric is a symmetric map. Krylov methods and low-rank approximations are written for it, so that they serve TᵀT
// (Normal), TTᵀ (Dual), a Hessian by differences, and a test matrix alike.
type Symmetric interface {
	Order() int
	Mul(dst, x []float64)
}

// Normal is AᵀA, Dual is A Aᵀ.
type (
	Normal struct{ *Map }
	Dual   struct{ *Map }
)

func (n Normal) Order() int           { return n.cols }
func (n Normal) Mul(dst, x []float64) { n.Gram(dst, x) }
func (d Dual) Order() int             { return d.rows }
func (d Dual) Mul(dst, x []float64)   { d.ApplyT(d.Map.x, x); d.Apply(dst, d.Map.x) }

// NewMatrix returns an r×c matrix of zeros booked on m; RowOf is its row i.
func NewMatrix(m *cost.Meter, r, c int) blas64.General {
	return blas64.General{Rows: r, Cols: c, Stride: max(c, 1), Data: m.Floats(r * c)}
}

func RowOf(a blas64.General, i int) []float64 { return a.Data[i*a.Stride : i*a.Stride+a.Cols] }
