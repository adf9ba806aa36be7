package linalg

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/internal/simd"
)

// BandLU is the factorisation P·A = L·U of a general band matrix of order n with kl diagonals below the main one and ku
// above, with partial pivoting (the largest of a column, the upper of equals). Row interchanges fill U to kl+ku
// diagonals above the main one; L has at most kl multipliers a column, none larger than 1.
//
// 2n·kl·(kl+ku) flops at most, blocks of columns at a time; a solve takes 2nk(2kl+ku) for k right-hand sides. The
// backward error of a solve is bounded by ε‖A‖ times the growth of the elements of U and a modest factor (Higham 2002,
// section 9.3; for a tridiagonal matrix the growth is at most 2). Solves are by substitution, eight right-hand
// sides and more at a time; of what is left over, up to two are taken one by one.
//
// Solves may run side by side and allocate nothing. The zero value is the factorisation of order 0.
type BandLU struct {
	n, kl, ku int
	edge      int // columns per block
	a         padded
	swap      []int     // row j was exchanged with row swap[j] ≥ j, rows of L in j's block included
	panel     []float64 // the columns of a block, one after the other
}

// Reset makes f ready for matrices of order n with kl diagonals below the main one and ku above, its workspace
// (n·(2kl+ku+48) + 24·(kl+24) numbers at most) booked on m. A bandwidth beyond n−1 counts as n−1.
func (f *BandLU) Reset(n, kl, ku int, m *cost.Meter) {
	if n < 0 || kl < 0 || ku < 0 {
		panic("linalg: BandLU: negative size")
	}
	kl, ku = max(0, min(kl, n-1)), max(0, min(ku, n-1))
	*f = BandLU{n: n, kl: kl, ku: ku, edge: bandEdge(kl)}
	// Interchanges within a block move multipliers up by as much as its height, and its rows of U end together.
	left, right := kl+f.edge-1, kl+ku+f.edge-1
	f.a = pad(m.Floats(padLen(n, left, right)), left, right)
	f.panel = m.Floats(f.edge * (kl + f.edge))
	m.Book(n)
	f.swap = make([]int, n)
}

// Order returns n.
func (f *BandLU) Order() int { return f.n }

// Factor computes L and U for A, of which KL and KU may not exceed those of Reset. A is not changed. The error names the
// first column without a pivot: no element of it that is left is other than zero, or one is not finite. L and U are then
// undefined.
func (f *BandLU) Factor(a blas64.Band) error {
	last := max(0, f.n-1)
	if a.Rows != f.n || a.Cols != f.n || min(a.KL, last) > f.kl || min(a.KU, last) > f.ku {
		panic("linalg: BandLU: order or bandwidth differs from Reset")
	}
	checkBand(a)
	for i := range f.n {
		r, first := BandRow(a, i)
		f.a.load(i, r, first)
	}
	for j := 0; j < f.n; j += f.edge {
		h := min(f.edge, f.n-j)
		if good := f.block(j, h); good < h {
			return fmt.Errorf("band LU: column %d of %d has no pivot: the matrix is singular or not finite", j+good, f.n)
		}
		f.right(j, h)
	}
	return nil
}

// block factors the h columns at j, with their multipliers exchanged in full. It returns the first that has no pivot, h
// where all have one. The work is done on a copy by columns, for these are long and the rows of a block short.
func (f *BandLU) block(j, h int) int {
	m := min(h+f.kl, f.n-j)
	for r := range m {
		for c, v := range f.a.row(j+r, j, j+h) {
			f.panel[c*m+r] = v
		}
	}
	for c := range h {
		col := f.panel[c*m : (c+1)*m]
		below := min(m, c+1+f.kl)
		p := pivot(col[c:below])
		if p < 0 {
			return c
		}
		f.swap[j+c] = j + c + p
		if p > 0 {
			for q := range h {
				x := f.panel[q*m:]
				x[c], x[c+p] = x[c+p], x[c]
			}
		}
		l := col[c+1 : below]
		for i := range l {
			l[i] /= col[c]
		}
		for q := c + 1; q < h; q++ {
			x := f.panel[q*m:]
			simd.Axpy(x[c+1:below], -x[c], l)
		}
	}
	for r := range m {
		row := f.a.row(j+r, j, j+h)
		for c := range row {
			row[c] = f.panel[c*m+r]
		}
	}
	return h
}

// pivot returns where x has its largest absolute value, first among equals; −1 where that is zero or x is not finite.
func pivot(x []float64) int {
	at, big := -1, 0.0
	for i, v := range x {
		if v-v != 0 {
			return -1
		}
		if v := math.Abs(v); v > big {
			at, big = i, v
		}
	}
	return at
}

// right exchanges the rows right of the h columns at j, solves for those of U and takes the product from the rest.
func (f *BandLU) right(j, h int) {
	w := min(f.kl+f.ku, f.n-j-h)
	if w <= 0 {
		return
	}
	for c := j; c < j+h; c++ {
		if p := f.swap[c]; p != c {
			exchange(f.a.row(c, j+h, j+h+w), f.a.row(p, j+h, j+h+w))
		}
	}
	ld, u := f.a.ld, f.a.at(j, j+h)
	trsm(true, false, false, true, h, w, 1, f.a.at(j, j), ld, u, ld)
	if m := min(f.kl, f.n-j-h); m > 0 {
		gemm(false, false, m, w, h, -1, f.a.at(j+h, j), ld, u, ld, 1, f.a.at(j+h, j+h), ld, whole)
	}
}

func exchange(x, y []float64) {
	for i, v := range x {
		x[i], y[i] = y[i], v
	}
}

// Solve overwrites B (n×k, row i the k right-hand sides of unknown i) with A⁻¹B.
func (f *BandLU) Solve(b blas64.General) { solveColumns(f, f.n, b, sweepSolve, f.flops()) }

// SolveTrans overwrites B (n×k) with A⁻ᵀB.
func (f *BandLU) SolveTrans(b blas64.General) { solveColumns(f, f.n, b, sweepTrans, f.flops()) }

// flops is the work of a solve for one right-hand side.
func (f *BandLU) flops() float64 { return 2 * float64(f.n) * float64(2*f.kl+f.ku+1) }

func (f *BandLU) vector(x []float64, s sweep) {
	if s == sweepTrans {
		for i := range x {
			hi := min(f.n, i+f.kl+f.ku+1)
			x[i] /= f.a.at(i, i)[0]
			simd.Axpy(x[i+1:hi], -x[i], f.a.row(i, i+1, hi))
		}
		for j := (f.n - 1) / f.edge * f.edge; j >= 0; j -= f.edge {
			f.vectorLT(x, j, min(f.edge, f.n-j))
		}
		return
	}
	for j := 0; j < f.n; j += f.edge {
		f.vectorL(x, j, min(f.edge, f.n-j))
	}
	for i := f.n - 1; i >= 0; i-- {
		hi := min(f.n, i+f.kl+f.ku+1)
		x[i] = (x[i] - simd.Dot(f.a.row(i, i+1, hi), x[i+1:hi])) / f.a.at(i, i)[0]
	}
}

// vectorL applies the exchanges and the inverse of L of the h columns at j.
func (f *BandLU) vectorL(x []float64, j, h int) {
	for c := j; c < j+h; c++ {
		p := f.swap[c]
		x[c], x[p] = x[p], x[c]
	}
	for i := j + 1; i < min(f.n, j+h+f.kl); i++ {
		hi := min(i, j+h)
		x[i] -= simd.Dot(f.a.row(i, j, hi), x[j:hi])
	}
}

// vectorLT is the transpose of vectorL.
func (f *BandLU) vectorLT(x []float64, j, h int) {
	for i := min(f.n, j+h+f.kl) - 1; i > j; i-- {
		hi := min(i, j+h)
		simd.Axpy(x[j:hi], -x[i], f.a.row(i, j, hi))
	}
	for c := j + h - 1; c >= j; c-- {
		p := f.swap[c]
		x[c], x[p] = x[p], x[c]
	}
}
