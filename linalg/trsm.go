package linalg

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/par"
)

// Trsm overwrites B (m×n) with α·op(T)⁻¹·B (side Left, T m×m) or α·B·op(T)⁻¹ (side Right, T n×n), T the triangle of a
// that ul names, its diagonal taken as ones where d is Unit. m²n or mn² flops, by substitution.
func Trsm(s blas.Side, ul blas.Uplo, tA blas.Transpose, d blas.Diag, alpha float64, a, b blas64.General) {
	check(a)
	check(b)
	n := b.Cols
	if s == blas.Left {
		n = b.Rows
	}
	if a.Rows != n || a.Cols != n {
		panic("linalg: Trsm: shapes do not fit")
	}
	trsm(s == blas.Left, ul == blas.Upper, tA != blas.NoTrans, d == blas.Unit, b.Rows, b.Cols, alpha, a.Data, a.Stride, b.Data, b.Stride)
}

// trsm is Trsm on checked slices. Block by block: what the solved blocks contribute is a product, the block itself a
// substitution. A system op(T) X = B is solved as Xᵀ op(T)ᵀ = Bᵀ.
func trsm(left, up, trans, unit bool, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int) {
	if m == 0 || n == 0 {
		return
	}
	if alpha != 1 {
		scale(m, n, alpha, b, ldb, whole)
	}
	if alpha == 0 {
		return
	}
	order, rs, cs := n, lda, 1 // U as seen by rows: x U = b
	if trans != left {
		rs, cs = 1, lda
	}
	if left {
		order = m
	}
	backward := (up == trans) != left
	s := take()
	nb := ceil(order, triMax)
	for q := range nb {
		j := q * triMax
		if backward {
			j = (nb - 1 - q) * triMax
		}
		w := min(triMax, order-j)
		lo, hi := 0, j
		if backward {
			lo, hi = j+w, order
		}
		t := operand{a, lda, cs != 1} // as U
		if left {
			t.trans = !t.trans // as V = Uᵀ
			if hi > lo {
				gemm(t.trans, false, w, n, hi-lo, -1, t.at(j, lo), lda, b[lo*ldb:], ldb, 1, b[j*ldb:], ldb, whole)
			}
		} else if hi > lo {
			gemm(false, t.trans, m, w, hi-lo, -1, b[lo:], ldb, t.at(lo, j), lda, 1, b[j:], ldb, whole)
		}
		s.tri.load(w, a[j*(lda+1):], rs, cs, backward, unit)
		s.solve.rows(left, m, n, j, w, b, ldb, &s.tri)
	}
	s.give()
}

// rightSolve is the par.Task that applies one triangle: to blocks of rows of X, or, with across, to blocks of columns
// that are turned into rows for it.
type rightSolve struct {
	tri    *triangle
	n      int // rows, or columns with across
	across bool
	x      []float64
	ldx    int
}

const (
	solveRows = blockEdge / 2
	turnCols  = 24
)

// rows solves for the block of width w at j of B, all of its rows (or columns where left).
func (r *rightSolve) rows(left bool, m, n, j, w int, b []float64, ldb int, t *triangle) {
	*r = rightSolve{tri: t, n: m, across: left, x: b[j*1:], ldx: ldb}
	step := solveRows
	if left {
		r.n, r.x, step = n, b[j*ldb:], turnCols
	}
	par.Run(ceil(r.n, step), float64(w)*float64(w)*float64(r.n), r)
	*r = rightSolve{}
}

func (r *rightSolve) Run(g, _ int) {
	if !r.across {
		i := g * solveRows
		r.tri.solve(min(solveRows, r.n-i), r.x[i*r.ldx:], r.ldx)
		return
	}
	s := take()
	j, n := g*turnCols, r.tri.n
	w := min(turnCols, r.n-j)
	s.full = Grow(s.full, turnCols*n)
	turnIn(s.full, n, w, r.x[j:], r.ldx)
	r.tri.solve(w, s.full, n)
	turnOut(r.x[j:], r.ldx, n, w, s.full)
	s.give()
}

// turnIn writes Xᵀ (w×n) to t for X n×w, four rows at a time: each of the columns of X is then written in whole steps.
func turnIn(t []float64, n, w int, x []float64, ldx int) {
	i := 0
	for ; i+4 <= n; i += 4 {
		a, b := x[i*ldx:][:w], x[(i+1)*ldx:][:w]
		c, d := x[(i+2)*ldx:][:w], x[(i+3)*ldx:][:w]
		for q := range a {
			y := (*[4]float64)(t[q*n+i:])
			y[0], y[1], y[2], y[3] = a[q], b[q], c[q], d[q]
		}
	}
	for ; i < n; i++ {
		for q, v := range x[i*ldx:][:w] {
			t[q*n+i] = v
		}
	}
}

// turnOut is the way back.
func turnOut(x []float64, ldx, n, w int, t []float64) {
	i := 0
	for ; i+4 <= n; i += 4 {
		a, b := x[i*ldx:][:w], x[(i+1)*ldx:][:w]
		c, d := x[(i+2)*ldx:][:w], x[(i+3)*ldx:][:w]
		for q := range a {
			y := (*[4]float64)(t[q*n+i:])
			a[q], b[q], c[q], d[q] = y[0], y[1], y[2], y[3]
		}
	}
	for ; i < n; i++ {
		r := x[i*ldx:][:w]
		for q := range r {
			r[q] = t[q*n+i]
		}
	}
}
