package linalg

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/internal/par"
	"ngdbench/internal/simd"
)

// NewBand returns the rows×cols zero matrix with kl diagonals below the main one and ku above, its rows·(kl+ku+1) numbers
// booked on m.
//
// Element (i, j), −kl ≤ j−i ≤ ku, is at Data[i*Stride + kl + j−i]: rows of kl+ku+1 numbers, each beginning with its
// leftmost diagonal. What the first and last rows hold outside the matrix is never read.
func NewBand(m *cost.Meter, rows, cols, kl, ku int) blas64.Band {
	if rows < 0 || cols < 0 || kl < 0 || ku < 0 {
		panic("linalg: NewBand: negative size")
	}
	w := kl + ku + 1
	return blas64.Band{Rows: rows, Cols: cols, KL: kl, KU: ku, Stride: w, Data: m.Floats(rows * w)}
}

// NewSymmetricBand returns the symmetric n×n zero matrix with b diagonals on either side of the main one, of which the
// lower ones are stored: element (i, j), i−b ≤ j ≤ i, at Data[i*Stride + b + j−i]. Its n·(b+1) numbers are booked on m.
func NewSymmetricBand(m *cost.Meter, n, b int) blas64.SymmetricBand {
	if n < 0 || b < 0 {
		panic("linalg: NewSymmetricBand: negative size")
	}
	return blas64.SymmetricBand{N: n, K: b, Stride: b + 1, Data: m.Floats(n * (b + 1)), Uplo: blas.Lower}
}

// BandRow returns what is stored of row i of a, sharing its numbers, and the column of the first of them.
func BandRow(a blas64.Band, i int) (row []float64, first int) { return bandRow(a, i, 0, a.Cols) }

// bandRow is the part of row i in the columns lo ≤ j < hi.
func bandRow(a blas64.Band, i, lo, hi int) (row []float64, first int) {
	lo, hi = max(lo, i-a.KL), min(hi, i+a.KU+1)
	if lo >= hi {
		return nil, lo
	}
	at := i*a.Stride + a.KL - i
	return a.Data[at+lo : at+hi], lo
}

// Column returns x as a matrix of one column, sharing its numbers: one right-hand side.
func Column(x []float64) blas64.General {
	return blas64.General{Rows: len(x), Cols: 1, Stride: 1, Data: x}
}

// checkBand panics where a is not a band matrix that its slice can hold.
func checkBand(a blas64.Band) {
	w := a.KL + a.KU + 1
	if a.Rows < 0 || a.Cols < 0 || a.KL < 0 || a.KU < 0 || a.Stride < w {
		panic("linalg: bad band matrix shape")
	}
	if rows := min(a.Rows, a.Cols+a.KL); a.Cols > 0 && rows > 0 && len(a.Data) < (rows-1)*a.Stride+w {
		panic("linalg: band matrix slice too short")
	}
}

// stored is the triangle of a symmetric band matrix that it stores, as a matrix.
func stored(a blas64.SymmetricBand) blas64.Band {
	s := blas64.Band{Rows: a.N, Cols: a.N, Stride: a.Stride, Data: a.Data}
	switch a.Uplo {
	case blas.Lower:
		s.KL = a.K
	case blas.Upper:
		s.KU = a.K
	default:
		panic("linalg: symmetric band matrix: neither upper nor lower")
	}
	checkBand(s)
	return s
}

// strict is stored without its diagonal. One of KL and KU is −1, which bandRow understands.
func strict(a blas64.SymmetricBand) blas64.Band {
	s := stored(a)
	if a.Uplo == blas.Lower {
		s.KU = -1
	} else {
		s.KL, s.Data = -1, s.Data[1:]
	}
	return s
}

// BandMul computes C = α·op(A)·B + β·C for a band matrix A and k columns, C and B row-major: row i of B holds the k
// values of unknown i. With β = 0 the old C is not read. 2mk(kl+ku+1) flops for m rows.
//
// For k ≥ 8 an element of C is one chain of fused multiply-adds fma(α·a_ij, b_jl, ·) along the band, from β·c. Fewer
// columns are taken one by one: β·c plus α times a [simd.Dot] of the row, or, for Aᵀ, the chain fma(α·b_i, a_ij, ·).
func BandMul(tA blas.Transpose, alpha float64, a blas64.Band, b blas64.General, beta float64, c blas64.General) {
	checkBand(a)
	rows, cols := a.Rows, a.Cols
	t := bandProduct{alpha: alpha, beta: beta}
	if tA == blas.NoTrans {
		t.down = a
	} else {
		rows, cols, t.across = cols, rows, a
	}
	if b.Rows != cols || c.Rows != rows || b.Cols != c.Cols {
		panic("linalg: BandMul: shapes do not fit")
	}
	t.multiply(float64(a.KL+a.KU+1), b, c)
}

// SymmetricBandMul computes C = α·A·B + β·C for a symmetric band matrix A: [BandMul] of the stored triangle, and of
// the transpose of its part off the diagonal added to it. 2nk(2b+1) flops.
func SymmetricBandMul(alpha float64, a blas64.SymmetricBand, b blas64.General, beta float64, c blas64.General) {
	down := stored(a)
	if b.Rows != a.N || c.Rows != a.N || b.Cols != c.Cols {
		panic("linalg: SymmetricBandMul: shapes do not fit")
	}
	if a.N == 0 {
		return
	}
	t := bandProduct{alpha: alpha, beta: beta, down: down, across: strict(a)}
	t.multiply(float64(2*a.K+1), b, c)
}

// bandProduct is C = α·(D + Xᵀ)·B + β·C; a matrix that is absent has no rows. It is a par.Task: a group computes
// bandRows rows of C.
type bandProduct struct {
	down, across blas64.Band // D and X
	alpha, beta  float64
	b, c         blas64.General
}

const (
	bandRows   = 256
	fewColumns = 7 // up to here columns are taken one by one
)

// multiply runs the product, of width numbers a row.
func (t *bandProduct) multiply(width float64, b, c blas64.General) {
	check(b)
	check(c)
	if c.Rows == 0 || c.Cols == 0 {
		return
	}
	s := take()
	s.bandProduct = *t
	t = &s.bandProduct
	if t.alpha == 0 {
		t.down, t.across = blas64.Band{}, blas64.Band{}
	}
	if b.Cols > fewColumns {
		t.b, t.c = b, c
		t.run(width)
	} else {
		s.full = grow(s.full, b.Rows+c.Rows)
		t.b, t.c = Column(s.full[:b.Rows]), Column(s.full[b.Rows:])
		for j := range b.Cols {
			pick(t.b.Data, b, j)
			pick(t.c.Data, c, j)
			t.run(width)
			put(c, j, t.c.Data)
		}
	}
	*t = bandProduct{}
	s.give()
}

func (t *bandProduct) run(width float64) {
	work := 2 * width * float64(t.c.Rows) * float64(t.c.Cols)
	if t.c.Cols == 1 {
		work *= vecFlops / 2
	}
	par.Run(ceil(t.c.Rows, bandRows), work, t)
}

func (t *bandProduct) Run(g, _ int) {
	lo, hi := g*bandRows, min(t.c.Rows, (g+1)*bandRows)
	if t.beta != 1 {
		scale(hi-lo, t.c.Cols, t.beta, t.c.Data[lo*t.c.Stride:], t.c.Stride, whole)
	}
	for i := lo; i < min(hi, t.down.Rows); i++ {
		t.row(i)
	}
	// Row i of X reaches the rows i−KL … i+KU of C.
	for i := max(0, lo-t.across.KU); i < min(t.across.Rows, hi+t.across.KL); i++ {
		t.column(i, lo, hi)
	}
}

// row adds α·D·B to row i of C.
func (t *bandProduct) row(i int) {
	r, first := bandRow(t.down, i, 0, t.down.Cols)
	if t.c.Cols == 1 {
		t.c.Data[i] += float64(t.alpha * simd.Dot(r, t.b.Data[first:first+len(r)]))
		return
	}
	c := Row(t.c, i)
	for j, v := range r {
		simd.Axpy(c, t.alpha*v, Row(t.b, first+j))
	}
}

// column adds what row i of X contributes to the rows lo … hi−1 of C.
func (t *bandProduct) column(i, lo, hi int) {
	r, first := bandRow(t.across, i, lo, hi)
	if t.c.Cols == 1 {
		simd.Axpy(t.c.Data[first:first+len(r)], t.alpha*t.b.Data[i], r)
		return
	}
	b := Row(t.b, i)
	for j, v := range r {
		simd.Axpy(Row(t.c, first+j), t.alpha*v, b)
	}
}

// pick copies column j of a to x; put copies x to column j of a.
func pick(x []float64, a blas64.General, j int) {
	for i := range x {
		x[i] = a.Data[i*a.Stride+j]
	}
}

func put(a blas64.General, j int, x []float64) {
	for i, v := range x {
		a.Data[i*a.Stride+j] = v
	}
}
