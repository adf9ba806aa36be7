package linalg

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/par"
	"ngdbench/internal/simd"
)

// bandProduct is C = α·(D + Xᵀ)·B + β·C; a matrix that is absent has no rows. It is a par.Task: a group computes
// bandRows rows of C.
type bandProduct struct {
	down, across blas64.Band // D and X
	alpha, beta  float64
	b, c         blas64.General
}

// bandRows is a multiple of the eight columns that are turned at a time.
const bandRows = 256

// multiplyBand runs the product p of B and C, of width numbers a row.
func multiplyBand(p bandProduct, width float64, b, c blas64.General) {
	check(b)
	check(c)
	if c.Rows == 0 || c.Cols == 0 {
		return
	}
	s := take()
	s.bandProduct = p
	t := &s.bandProduct
	if t.alpha == 0 {
		t.down, t.across = blas64.Band{}, blas64.Band{}
	}
	eights := b.Cols &^ (simd.Lanes - 1)
	if eights > 0 {
		t.b, t.c = Block(b, 0, 0, b.Rows, eights), Block(c, 0, 0, c.Rows, eights)
		par.Run(ceil(c.Rows, bandRows), 2*width*float64(c.Rows)*float64(eights), t)
	}
	s.full = Grow(s.full, b.Rows+c.Rows)
	t.b, t.c = Column(s.full[:b.Rows]), Column(s.full[b.Rows:])
	for j := eights; j < b.Cols; j++ {
		pick(t.b.Data, b, j)
		pick(t.c.Data, c, j)
		par.Run(ceil(c.Rows, bandRows), vecFlops*width*float64(c.Rows), t)
		put(c, j, t.c.Data)
	}
	*t = bandProduct{}
	s.give()
}

func (t *bandProduct) Run(g, _ int) {
	lo, hi := g*bandRows, min(t.c.Rows, (g+1)*bandRows)
	if t.beta != 1 {
		scale(hi-lo, t.c.Cols, t.beta, t.c.Data[lo*t.c.Stride:], t.c.Stride, whole)
	}
	if t.c.Cols == 1 {
		t.vector(lo, hi)
		return
	}
	s := take()
	for i := lo; i < min(hi, t.down.Rows); i++ {
		t.row(s, i)
	}
	if t.across.Rows > 0 {
		for i := lo; i < hi; i += simd.TileN {
			t.columns(s, i, min(simd.TileN, hi-i))
		}
	}
	s.give()
}

// vector computes rows lo … hi−1 of one column, row by row of D and of X.
func (t *bandProduct) vector(lo, hi int) {
	for i := lo; i < min(hi, t.down.Rows); i++ {
		r, first := bandRow(t.down, i, 0, t.down.Cols)
		t.c.Data[i] += float64(t.alpha * simd.Dot(r, t.b.Data[first:first+len(r)]))
	}
	// Row i of X reaches the rows i−KL … i+KU of C.
	for i := max(0, lo-t.across.KU); i < min(t.across.Rows, hi+t.across.KL); i++ {
		r, first := bandRow(t.across, i, lo, hi)
		simd.Axpy(t.c.Data[first:first+len(r)], t.alpha*t.b.Data[i], r)
	}
}

// row adds α·D·B to row i of C.
func (t *bandProduct) row(s *scratch, i int) {
	r, first := bandRow(t.down, i, 0, t.down.Cols)
	if t.alpha != 1 {
		s.a = Grow(s.a, len(r))
		for j, v := range r {
			s.a[j] = t.alpha * v
		}
		r = s.a
	}
	addRows(Row(t.c, i), r, t.b, first)
}

// columns adds α·Xᵀ·B to the w rows of C at j: columns of X, turned into rows.
func (t *bandProduct) columns(s *scratch, j, w int) {
	x := t.across
	lo, hi := max(0, j-x.KU), min(x.Rows, j+w+x.KL)
	n := hi - lo
	if n <= 0 {
		return
	}
	s.a = Grow(s.a, w*n)
	for i := lo; i < hi; i++ {
		r, first := bandRow(x, i, j, j+w)
		for q, v := range r {
			s.a[(first-j+q)*n+i-lo] = t.alpha * v
		}
	}
	for q := range w {
		from, to := max(lo, j+q-x.KU), min(hi, j+q+x.KL+1)
		if from < to {
			addRows(Row(t.c, j+q), s.a[q*n+from-lo:q*n+to-lo], t.b, from)
		}
	}
}

// addRows computes c += Σ_i y_i·B[first+i], for a multiple of eight columns.
func addRows(c, y []float64, b blas64.General, first int) {
	if len(y) > 0 {
		simd.ScaleAcc(len(y), len(c), y, b.Data[first*b.Stride:], b.Stride, c)
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
