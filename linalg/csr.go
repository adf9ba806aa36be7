package linalg

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/par"
	"ngdbench/internal/simd"
)

// Entry is an element of a sparse matrix.
type Entry struct {
	Row, Col int
	Val      float64
}

// CSR is a sparse matrix by rows: the elements of row i are Val[Start[i]:Start[i+1]], in the columns Col of the same
// places, which rise.
type CSR struct {
	Rows, Cols int
	Start, Col []int
	Val        []float64
}

// NewCSR makes the matrix of some entries; those at the same place are added in the order in which they come.
func NewCSR(rows, cols int, entries []Entry) *CSR {
	e := slices.Clone(entries)
	slices.SortStableFunc(e, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col))
	})
	a := &CSR{Rows: rows, Cols: cols, Start: make([]int, rows+1)}
	for k, v := range e {
		if v.Row < 0 || v.Row >= rows || v.Col < 0 || v.Col >= cols {
			panic("linalg: an entry outside of a sparse matrix")
		}
		if k > 0 && e[k-1].Row == v.Row && e[k-1].Col == v.Col {
			a.Val[len(a.Val)-1] += v.Val
			continue
		}
		a.Col, a.Val = append(a.Col, v.Col), append(a.Val, v.Val)
		a.Start[v.Row+1] = len(a.Val)
	}
	for i := range rows {
		a.Start[i+1] = max(a.Start[i+1], a.Start[i])
	}
	return a
}

// T returns the transposed matrix.
func (a *CSR) T() *CSR {
	t := &CSR{Rows: a.Cols, Cols: a.Rows, Start: make([]int, a.Cols+1), Col: make([]int, len(a.Col)), Val: make([]float64, len(a.Val))}
	for _, j := range a.Col {
		t.Start[j+1]++
	}
	for j := range a.Cols {
		t.Start[j+1] += t.Start[j]
	}
	next := slices.Clone(t.Start)
	for i := range a.Rows {
		cols, vals := a.Row(i)
		for k, j := range cols {
			t.Col[next[j]], t.Val[next[j]] = i, vals[k]
			next[j]++
		}
	}
	return t
}

// Select returns the matrix of some columns, which rise.
func (a *CSR) Select(keep []int) *CSR {
	index := make([]int, a.Cols)
	for k, j := range keep {
		index[j] = k + 1
	}
	out := &CSR{Rows: a.Rows, Cols: len(keep), Start: make([]int, a.Rows+1)}
	for i := range a.Rows {
		cols, vals := a.Row(i)
		for k, j := range cols {
			if index[j] > 0 {
				out.Col, out.Val = append(out.Col, index[j]-1), append(out.Val, vals[k])
			}
		}
		out.Start[i+1] = len(out.Col)
	}
	return out
}

// Row returns the columns and elements of row i.
func (a *CSR) Row(i int) (cols []int, vals []float64) {
	lo, hi := a.Start[i], a.Start[i+1]
	return a.Col[lo:hi], a.Val[lo:hi]
}

// Mul computes dst = A x: 2 flops for each element, in the order of the columns, products rounded before they are added.
func (a *CSR) Mul(dst, x []float64) {
	if len(dst) != a.Rows || len(x) != a.Cols {
		panic("linalg: sparse product with slices of wrong length")
	}
	for i := range dst {
		s := 0.0
		cols, vals := a.Row(i)
		for k, j := range cols {
			s += float64(vals[k] * x[j])
		}
		dst[i] = s
	}
}

// MulT computes dst = Aᵀ y, rows in order.
func (a *CSR) MulT(dst, y []float64) {
	if len(dst) != a.Cols || len(y) != a.Rows {
		panic("linalg: sparse product with slices of wrong length")
	}
	clear(dst)
	for i, v := range y {
		cols, vals := a.Row(i)
		for k, j := range cols {
			dst[j] += float64(vals[k] * v)
		}
	}
}

// MulRows computes C = A B for a dense B of Cols rows: 2·k flops for each element.
func (a *CSR) MulRows(c, b blas64.General) {
	check(b)
	check(c)
	if b.Rows != a.Cols || c.Rows != a.Rows || b.Cols != c.Cols {
		panic("linalg: sparse product of matrices of wrong size")
	}
	s := take()
	s.sparse = sparseProduct{a, b, c}
	par.Run(ceil(a.Rows, sparseRows), 2*float64(len(a.Val))*float64(b.Cols), &s.sparse)
	s.sparse = sparseProduct{}
	s.give()
}

// sparseRows is how many rows of C a group computes.
const sparseRows = 32

// sparseProduct is C = A B as a par.Task.
type sparseProduct struct {
	a    *CSR
	b, c blas64.General
}

// Run computes the rows of group g.
func (t *sparseProduct) Run(g, _ int) {
	for i := g * sparseRows; i < min((g+1)*sparseRows, t.a.Rows); i++ {
		dst := Row(t.c, i)
		clear(dst)
		cols, vals := t.a.Row(i)
		for k, j := range cols {
			simd.Axpy(dst, vals[k], Row(t.b, j))
		}
	}
}

// Bandwidth returns how many diagonals below and above the main one have elements.
func (a *CSR) Bandwidth() (kl, ku int) {
	for i := range a.Rows {
		cols, _ := a.Row(i)
		if len(cols) > 0 {
			kl, ku = max(kl, i-cols[0]), max(ku, cols[len(cols)-1]-i)
		}
	}
	return kl, ku
}

// FillBand copies A into a band matrix that is wide enough, its other elements zero.
func (a *CSR) FillBand(dst blas64.Band) {
	clear(dst.Data)
	for i := range a.Rows {
		cols, vals := a.Row(i)
		for k, j := range cols {
			dst.Data[i*dst.Stride+dst.KL+j-i] = vals[k]
		}
	}
}

// FillSymmetricBand copies the lower triangle of A into a symmetric band matrix that is wide enough.
func (a *CSR) FillSymmetricBand(dst blas64.SymmetricBand) {
	clear(dst.Data)
	for i := range a.Rows {
		cols, vals := a.Row(i)
		for k, j := range cols {
			if j <= i {
				dst.Data[i*dst.Stride+dst.K+j-i] = vals[k]
			}
		}
	}
}
