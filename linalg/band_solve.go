package linalg

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/par"
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

// sweeper is a factorisation that solves for one contiguous right-hand side or for the columns of a row-major matrix.
type sweeper interface {
	vector(x []float64, s sweep)
	columns(b blas64.General, s sweep)
}

// bandSolve is the par.Task of a solve: groups of width columns each, which do not depend on one another.
type bandSolve struct {
	f     sweeper
	b     blas64.General
	s     sweep
	width int
}

// solveWidth is the largest number of columns that one worker takes through the factor at a time.
const solveWidth = 32

// solveColumns applies f to the columns of B.
func solveColumns(f sweeper, n int, b blas64.General, s sweep, flops float64) {
	check(b)
	if b.Rows != n {
		panic("linalg: band solve: rows of the right-hand sides differ from the order")
	}
	if n == 0 || b.Cols == 0 {
		return
	}
	w := take()
	if b.Cols > fewColumns {
		w.bandSolve = bandSolve{f, b, s, up(ceil(b.Cols, ceil(b.Cols, solveWidth)), 8)}
		par.Run(ceil(b.Cols, w.bandSolve.width), flops*float64(b.Cols), &w.bandSolve)
		w.bandSolve = bandSolve{}
	} else if b.Cols == 1 && b.Stride == 1 {
		f.vector(b.Data[:n], s)
	} else {
		w.full = grow(w.full, n)
		for j := range b.Cols {
			pick(w.full, b, j)
			f.vector(w.full, s)
			put(b, j, w.full)
		}
	}
	w.give()
}

func (t *bandSolve) Run(g, _ int) {
	j := g * t.width
	t.f.columns(Block(t.b, 0, j, t.b.Rows, min(t.width, t.b.Cols-j)), t.s)
}
