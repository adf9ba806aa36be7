package linalg

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/par"
	"ngdbench/internal/simd"
)

// padded is a band of columns i−left … i+right of each row i, kept in rows that are long enough for every block of a
// factorisation to be a dense matrix of leading dimension ld: element (i, j) is at org + i·ld + j, since one row further
// down the band begins one column later. left and right include the corners of such blocks outside the band.
type padded struct {
	data        []float64
	left, right int
	ld, org     int
}

func pad(data []float64, left, right int) padded {
	return padded{data: data, left: left, right: right, ld: left + right, org: left}
}

// padLen is the length of the data of a padded band of n rows.
func padLen(n, left, right int) int { return n * (left + right + 1) }

// at is the slice from element (i, j) on.
func (p *padded) at(i, j int) []float64 { return p.data[p.org+i*p.ld+j:] }

// row is the part of row i in columns lo … hi−1.
func (p *padded) row(i, lo, hi int) []float64 {
	o := p.org + i*p.ld
	return p.data[o+lo : o+hi]
}

// load overwrites row i: r from column first on, zeros elsewhere.
func (p *padded) load(i int, r []float64, first int) {
	full := p.row(i, i-p.left, i+p.right+1)
	clear(full)
	copy(full[first-i+p.left:], r)
}

// sweep names what a factorisation is applied to the right-hand sides for.
type sweep uint8

const (
	sweepDown  sweep = iota // L⁻¹B
	sweepUp                 // L⁻ᵀB
	sweepSolve              // A⁻¹B
	sweepTrans              // A⁻ᵀB
)

// sweeper is a factorisation that solves for one right-hand side, or for a multiple of eight in a row-major matrix.
type sweeper interface {
	vector(x []float64, s sweep)
	columns(b blas64.General, s sweep)
}

// bandSolve is the par.Task of a solve: groups of solveWidth columns each, which do not depend on one another, then a last
// group of those that make no eight.
type bandSolve struct {
	f      sweeper
	b      blas64.General
	s      sweep
	eights int // columns in whole eights
}

const (
	solveWidth = 32 // the largest number of columns that one worker takes through the factor at a time
	fewColumns = 2  // up to here it is faster to solve for columns one by one than for eight
	wideBand   = 64 // from here on, packing a block of the factor costs less than the product with it gains
)

// solveColumns applies f to the columns of B; flops is the work for one of them.
func solveColumns(f sweeper, n int, b blas64.General, s sweep, flops float64) {
	check(b)
	if b.Rows != n {
		panic("linalg: band solve: rows of the right-hand sides differ from the order")
	}
	if n == 0 || b.Cols == 0 {
		return
	}
	if b.Cols == 1 && b.Stride == 1 {
		f.vector(b.Data[:n], s)
		return
	}
	w := take()
	t := &w.bandSolve
	*t = bandSolve{f: f, b: b, s: s, eights: b.Cols &^ (simd.Lanes - 1)}
	par.Run(ceil(t.eights, solveWidth)+ceil(b.Cols-t.eights, simd.Lanes), flops*float64(b.Cols), t)
	*t = bandSolve{}
	w.give()
}

func (t *bandSolve) Run(g, _ int) {
	if j := g * solveWidth; j < t.eights {
		t.f.columns(Block(t.b, 0, j, t.b.Rows, min(solveWidth, t.eights-j)), t.s)
		return
	}
	s := take()
	n, w := t.b.Rows, t.b.Cols-t.eights
	rest := Block(t.b, 0, t.eights, n, w)
	if w <= fewColumns {
		s.full = Grow(s.full, n)
		for j := range w {
			pick(s.full, rest, j)
			t.f.vector(s.full, t.s)
			put(rest, j, s.full)
		}
	} else { // among zeros
		s.full = Grow(s.full, n*simd.Lanes)
		clear(s.full)
		eight := blas64.General{Rows: n, Cols: simd.Lanes, Stride: simd.Lanes, Data: s.full}
		Copy(Block(eight, 0, 0, n, w), rest)
		t.f.columns(eight, t.s)
		Copy(rest, Block(eight, 0, 0, n, w))
	}
	s.give()
}

// takeRows computes x −= Σ_i y_i·B[first+i], for a multiple of eight columns.
func takeRows(x, y []float64, b blas64.General, first int) {
	if len(y) == 0 {
		return
	}
	negate(x)
	addRows(x, y, b, first)
	negate(x)
}

func negate(x []float64) {
	for i, v := range x {
		x[i] = -v
	}
}

// divide computes x/d as a product with 1/d, which is backward stable too, where that does not overflow.
func divide(x []float64, d float64) {
	if r := 1 / d; r-r == 0 {
		for i := range x {
			x[i] *= r
		}
		return
	}
	for i := range x {
		x[i] /= d
	}
}

// turn writes the columns j … j+w−1 of rows lo … hi−1 of p to dst one after the other: hi−lo numbers each. Columns of a
// padded band are far apart, and eight share the cache lines they are in.
func (p *padded) turn(dst []float64, j, w, lo, hi int) {
	n := hi - lo
	for i := range n {
		for q, v := range p.row(lo+i, j, j+w) {
			dst[q*n+i] = v
		}
	}
}
