package linalg

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
)

// columns solves for a multiple of eight right-hand sides. In a wide band, what a block of rows takes from others is a
// product; in a narrow one it is taken row by row.
func (f *BandLU) columns(b blas64.General, s sweep) {
	last := (f.n - 1) / f.edge * f.edge
	if s == sweepTrans {
		t := take()
		t.full = Grow(t.full, simd.TileN*(f.kl+f.edge+f.ku))
		for j := 0; j <= last; j += f.edge {
			f.columnsUT(t.full, b, j, min(f.edge, f.n-j))
		}
		for j := last; j >= 0; j -= f.edge {
			f.columnsLT(t.full, b, j, min(f.edge, f.n-j))
		}
		t.give()
		return
	}
	for j := 0; j <= last; j += f.edge {
		f.columnsL(b, j, min(f.edge, f.n-j))
	}
	for j := last; j >= 0; j -= f.edge {
		f.columnsU(b, j, min(f.edge, f.n-j))
	}
}

// product takes op(M) times the rows of B at j from the m rows at i, M the block of op's rows and columns at data.
func (f *BandLU) product(trans bool, data []float64, b blas64.General, i, m, j, n int) {
	gemm(trans, false, m, b.Cols, n, -1, data, f.a.ld, b.Data[j*b.Stride:], b.Stride, 1, b.Data[i*b.Stride:], b.Stride, whole)
}

// columnsL applies the exchanges and the inverse of L of the h columns at j.
func (f *BandLU) columnsL(b blas64.General, j, h int) {
	for c := j; c < j+h; c++ {
		if p := f.swap[c]; p != c {
			exchange(Row(b, c), Row(b, p))
		}
	}
	to := min(f.n, j+h+f.kl)
	rows := to
	if f.kl >= wideBand {
		rows = j + h
	}
	for i := j + 1; i < rows; i++ {
		takeRows(Row(b, i), f.a.row(i, j, min(i, j+h)), b, j)
	}
	if to > rows {
		f.product(false, f.a.at(rows, j), b, rows, to-rows, j, h)
	}
}

// columnsU solves with U for the h rows at j, those below being solved.
func (f *BandLU) columnsU(b blas64.General, j, h int) {
	to := min(f.n, j+h+f.kl+f.ku)
	if f.kl+f.ku >= wideBand && to > j+h {
		f.product(false, f.a.at(j, j+h), b, j, h, j+h, to-j-h)
		to = j + h
	}
	for i := j + h - 1; i >= j; i-- {
		hi, x := min(to, i+f.kl+f.ku+1), Row(b, i)
		takeRows(x, f.a.row(i, i+1, hi), b, i+1)
		divide(x, f.a.at(i, i)[0])
	}
}

// columnsUT solves with Uᵀ for the h rows at j, those above being solved.
func (f *BandLU) columnsUT(t []float64, b blas64.General, j, h int) {
	from := max(0, j-f.kl-f.ku)
	if f.kl+f.ku >= wideBand && from < j {
		f.product(true, f.a.at(from, j), b, j, h, from, j-from)
		from = j
	}
	for c := j; c < j+h; c += simd.TileN {
		w, lo := min(simd.TileN, j+h-c), max(from, c-f.kl-f.ku)
		n := c + w - lo
		f.a.turn(t, c, w, lo, c+w)
		for q := range w {
			x, above := Row(b, c+q), max(lo, c+q-f.kl-f.ku)
			takeRows(x, t[q*n+above-lo:q*n+c+q-lo], b, above)
			divide(x, t[q*n+c+q-lo])
		}
	}
}

// columnsLT is the transpose of columnsL.
func (f *BandLU) columnsLT(t []float64, b blas64.General, j, h int) {
	to := min(f.n, j+h+f.kl)
	if f.kl >= wideBand && to > j+h {
		f.product(true, f.a.at(j+h, j), b, j, h, j+h, to-j-h)
		to = j + h
	}
	for c := j + (h-1)/simd.TileN*simd.TileN; c >= j; c -= simd.TileN {
		w, n := min(simd.TileN, j+h-c), to-c
		f.a.turn(t, c, w, c, to)
		for q := w - 1; q >= 0; q-- {
			takeRows(Row(b, c+q), t[q*n+q+1:(q+1)*n], b, c+q+1)
		}
	}
	for c := j + h - 1; c >= j; c-- {
		if p := f.swap[c]; p != c {
			exchange(Row(b, c), Row(b, p))
		}
	}
}
