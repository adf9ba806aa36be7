package linalg

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
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
// Columns are taken by eights, an element of C being β·c plus one chain of fused multiply-adds fma(α·a_ij, b_jl, ·) along
// the band, and the last k mod 8 one by one: β·c plus α times a [simd.Dot] of the row, or, for Aᵀ, the chain
// fma(α·b_i, a_ij, ·) from β·c.
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
	multiplyBand(t, float64(a.KL+a.KU+1), b, c)
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
	multiplyBand(t, float64(2*a.K+1), b, c)
}
