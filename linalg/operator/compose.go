package operator

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
)

// Compose returns M T, M being r×n and T n×P: residuals tested with few functions. It panics where the inner dimensions
// differ. It keeps
//
//   - Blocker, where both have it;
//   - Rower, where M has it;
//   - Densifier, Kerneler and Normer, where M has LeftMultiplier and T Densifier, M being sparse: M times the explicit T,
//     up to a size of that; or where M has Densifier and T has Blocker: M·T is one block product of T with the rows of M.
//     The kernel is the rank-P update of M T, so that no n×n matrix is ever formed.
//   - LeftMultiplier, where both have it.
//
// The scratch that those need (r×n or n×P, r×P, k×n) is made when they are first asked for.
func Compose(m, t Operator) Operator { return ComposeOn(nil, m, t) }

// ComposeOn is Compose with its scratch booked on a meter.
func ComposeOn(meter *cost.Meter, m, t Operator) Operator {
	r, inner := m.Dims()
	n, p := t.Dims()
	if inner != n {
		panic("operator: Compose of operators whose inner dimensions differ")
	}
	return &compose{m: m, t: t, r: r, n: n, p: p, meter: meter, y: meter.Floats(n)}
}

type compose struct {
	m, t    Operator
	meter   *cost.Meter
	r, n, p int
	y       []float64
	mid     []float64      // of products of several vectors, k×n or n×k
	md, mt  blas64.General // M, r×n, and M T, r×P
	td      blas64.General // T, n×P
}

func (c *compose) Dims() (int, int)        { return c.r, c.p }
func (c *compose) Apply(dst, x []float64)  { c.t.Apply(c.y, x); c.m.Apply(dst, c.y) }
func (c *compose) ApplyT(dst, y []float64) { c.m.ApplyT(c.y, y); c.t.ApplyT(dst, c.y) }

func (c *compose) ApplyBlock(dst, x blas64.General) bool {
	m, t, ok := c.blockers()
	if !ok {
		return false
	}
	mid := c.between(x.Rows, c.n)
	return t.ApplyBlock(mid, x) && m.ApplyBlock(dst, mid)
}

func (c *compose) ApplyTBlock(dst, y blas64.General) bool {
	m, t, ok := c.blockers()
	if !ok {
		return false
	}
	mid := c.between(y.Rows, c.n)
	return m.ApplyTBlock(mid, y) && t.ApplyTBlock(dst, mid)
}

func (c *compose) blockers() (m, t Blocker, ok bool) {
	m, okM := c.m.(Blocker)
	t, okT := c.t.(Blocker)
	return m, t, okM && okT
}

// between returns scratch for what is between the two maps.
func (c *compose) between(rows, cols int) blas64.General {
	if len(c.mid) < rows*cols {
		c.mid = c.meter.Floats(rows * cols)
	}
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: c.mid[:rows*cols]}
}

func (c *compose) Row(dst []float64, i int) bool {
	m, ok := c.m.(Rower)
	if !ok || !m.Row(c.y, i) {
		return false
	}
	c.t.ApplyT(dst, c.y)
	return true
}

// Dense computes M T. M is asked anew each time, for it may have changed.
func (c *compose) Dense(dst blas64.General) bool {
	large := c.n*c.p > leftFloats && c.p > c.r
	return !large && c.left(dst) || c.byRows(dst) || large && c.left(dst)
}

// leftFloats is the most numbers of an explicit T (256 MB) that are taken for granted: beyond it M is made explicit
// instead, where that is smaller, and T never.
const leftFloats = 1 << 25

// byRows computes M T as a block product of T with the rows of M.
func (c *compose) byRows(dst blas64.General) bool {
	m, okM := c.m.(Densifier)
	t, okT := c.t.(Blocker)
	if !okM || !okT {
		return false
	}
	if c.md.Data == nil {
		c.md = linalg.New(c.meter, c.r, c.n)
	}
	return m.Dense(c.md) && t.ApplyTBlock(dst, c.md)
}

// left computes M T from the explicit T, where M is sparse.
func (c *compose) left(dst blas64.General) bool {
	m, okM := c.m.(LeftMultiplier)
	t, okT := c.t.(Densifier)
	if !okM || !okT {
		return false
	}
	if c.td.Data == nil {
		c.td = linalg.New(c.meter, c.n, c.p)
	}
	return t.Dense(c.td) && m.LeftMul(dst, c.td)
}

// LeftMul computes dst = M (T x).
func (c *compose) LeftMul(dst, x blas64.General) bool {
	m, t, ok := both[LeftMultiplier](c.m, c.t)
	if !ok {
		return false
	}
	mid := c.between(c.n, x.Cols)
	return t.LeftMul(mid, x) && m.LeftMul(dst, mid)
}

// SquaredNorms forms M T.
func (c *compose) SquaredNorms(rows, cols []float64) bool {
	return c.explicit() && Matrix{c.mt}.SquaredNorms(rows, cols)
}

// explicit computes M T in place.
func (c *compose) explicit() bool {
	if c.mt.Data == nil {
		c.mt = linalg.New(c.meter, c.r, c.p)
	}
	return c.Dense(c.mt)
}

func (c *compose) Kernel(dst blas64.General) bool {
	if !c.explicit() {
		return false
	}
	linalg.Syrk(dst, c.mt)
	return true
}
