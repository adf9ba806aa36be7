package operator

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/linalg"
)

// Map is an Operator as its users see it: it answers every question, by the operator's own capability where there is
// one and by a generic fallback, flagged in Meter.Fallbacks, where there is not.
//
// What is counted for a question, so that counts compare methods:
//
//	question               own form        fallback
//	Gram                   Apply, ApplyT   the same
//	k vectors at once      k products      the same
//	Row                    Row             the same
//	GramColumn             ApplyT          Apply, ApplyT
//	KernelRow              Apply           Row, Apply
//	Dense, SquaredNorms    Explicit        Explicit, n Rows
//	Kernel                 Explicit        Explicit, n Rows, n Applies
//
// Destinations are overwritten and overlap no argument.
type Map struct {
	op         Operator
	m          *cost.Meter
	rows, cols int
	y, e, x    []float64 // scratch: rows, rows, cols; e is zero between calls
}

// Bind makes the handle. All later calls allocate nothing. m may be nil.
func Bind(op Operator, m *cost.Meter) *Map {
	rows, cols := op.Dims()
	return &Map{op: op, m: m, rows: rows, cols: cols, y: m.Floats(rows), e: m.Floats(rows), x: m.Floats(cols)}
}

// Dims returns n and P.
func (a *Map) Dims() (rows, cols int) { return a.rows, a.cols }

// Apply computes dst = A x.
func (a *Map) Apply(dst, x []float64) { a.count(1, 0); a.op.Apply(dst, x) }

// ApplyT computes dst = Aᵀ y.
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

// GramColumn computes dst = AᵀA e_j, what a pivoted Cholesky of the Gramian asks for.
func (a *Map) GramColumn(dst []float64, j int) {
	if g, ok := a.op.(GramColumner); ok && g.GramColumn(dst, j) {
		a.count(0, 1)
		return
	}
	a.fell(CanGramColumn)
	clear(a.x)
	a.x[j] = 1
	a.Gram(dst, a.x)
}

// GramBlock computes dst = x AᵀA for the k vectors in the rows of x; mid (k×rows) is overwritten.
func (a *Map) GramBlock(dst, mid, x blas64.General) { a.ApplyBlock(mid, x); a.ApplyTBlock(dst, mid) }

// ApplyBlock computes dst = x Aᵀ: row i of dst (k×n) is A times row i of x (k×P).
func (a *Map) ApplyBlock(dst, x blas64.General) {
	a.count(x.Rows, 0)
	if b, ok := a.op.(Blocker); ok && b.ApplyBlock(dst, x) {
		return
	}
	a.fell(CanBlock)
	for i := range x.Rows {
		a.op.Apply(linalg.Row(dst, i), linalg.Row(x, i))
	}
}

// ApplyTBlock computes dst = y A: row i of dst (k×P) is Aᵀ times row i of y (k×n).
func (a *Map) ApplyTBlock(dst, y blas64.General) {
	a.count(0, y.Rows)
	if b, ok := a.op.(Blocker); ok && b.ApplyTBlock(dst, y) {
		return
	}
	a.fell(CanBlock)
	for i := range y.Rows {
		a.op.ApplyT(linalg.Row(dst, i), linalg.Row(y, i))
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

// SquaredNorms computes the squared norms of rows and columns, the diagonals of A Aᵀ and AᵀA; either may be nil. It is
// counted as one explicit matrix, which is about its cost.
func (a *Map) SquaredNorms(rows, cols []float64) {
	a.explicit()
	if n, ok := a.op.(Normer); ok && n.SquaredNorms(rows, cols) {
		return
	}
	a.fell(CanNorms)
	clear(cols)
	for i := range a.rows {
		a.Row(a.x, i)
		if rows != nil {
			rows[i] = simd.Dot(a.x, a.x)
		}
		if cols != nil {
			addSquares(cols, a.x)
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
		a.Row(linalg.Row(dst, i), i)
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
		a.Apply(linalg.Row(dst, i), a.x)
	}
}

// Factors returns what Kronecker methods need, or nil. There is no fallback.
func (a *Map) Factors() []Factor { return FactorsOf(a.op) }

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
