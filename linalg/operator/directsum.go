package operator

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/linalg"
)

// DirectSum is
//
//	(A    )
//	(   B ),
//
// two maps of different residuals side by side. It keeps Rower, Blocker, Densifier and LeftMultiplier where both parts
// have them. Nothing is allocated, but by the first block product for each number of vectors.
func DirectSum(a, b Operator) Operator {
	s := &directSum{a: a, b: b}
	s.ra, s.ca = a.Dims()
	s.rb, s.cb = b.Dims()
	return s
}

type directSum struct {
	a, b           Operator
	ra, ca, rb, cb int
	in, out        []float64 // scratch of block products, k×(columns or rows of a part)
}

func (s *directSum) Dims() (int, int) { return s.ra + s.rb, s.ca + s.cb }

func (s *directSum) Apply(dst, x []float64) {
	s.a.Apply(dst[:s.ra], x[:s.ca])
	s.b.Apply(dst[s.ra:], x[s.ca:])
}

func (s *directSum) ApplyT(dst, y []float64) {
	s.a.ApplyT(dst[:s.ca], y[:s.ra])
	s.b.ApplyT(dst[s.ca:], y[s.ra:])
}

func (s *directSum) Row(dst []float64, i int) bool {
	clear(dst)
	op, part := s.a, dst[:s.ca]
	if i >= s.ra {
		op, part, i = s.b, dst[s.ca:], i-s.ra
	}
	r, ok := op.(Rower)
	return ok && r.Row(part, i)
}

func (s *directSum) Dense(dst blas64.General) bool {
	clear(dst.Data)
	a, b, ok := both[Densifier](s.a, s.b)
	return ok && s.corner(dst, s.ra, s.ca, 0, 0, a) && s.corner(dst, s.rb, s.cb, s.ra, s.ca, b)
}

// corner writes a part of Dense by way of a matrix of its own, for a capability wants Stride == Cols.
func (s *directSum) corner(dst blas64.General, rows, cols, i, j int, d Densifier) bool {
	s.in = linalg.Grow(s.in, rows*cols)
	m := blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: s.in}
	if !d.Dense(m) {
		return false
	}
	linalg.Copy(linalg.Block(dst, i, j, rows, cols), m)
	return true
}

func (s *directSum) LeftMul(dst, x blas64.General) bool {
	a, b, ok := both[LeftMultiplier](s.a, s.b)
	return ok && a.LeftMul(linalg.Block(dst, 0, 0, s.ra, x.Cols), linalg.Block(x, 0, 0, s.ca, x.Cols)) &&
		b.LeftMul(linalg.Block(dst, s.ra, 0, s.rb, x.Cols), linalg.Block(x, s.ca, 0, s.cb, x.Cols))
}

func (s *directSum) ApplyBlock(dst, x blas64.General) bool {
	a, b, ok := both[Blocker](s.a, s.b)
	return ok && s.part(dst, x, 0, s.ra, 0, s.ca, a.ApplyBlock) && s.part(dst, x, s.ra, s.rb, s.ca, s.cb, b.ApplyBlock)
}

func (s *directSum) ApplyTBlock(dst, y blas64.General) bool {
	a, b, ok := both[Blocker](s.a, s.b)
	return ok && s.part(dst, y, 0, s.ca, 0, s.ra, a.ApplyTBlock) && s.part(dst, y, s.ca, s.cb, s.ra, s.rb, b.ApplyTBlock)
}

// part multiplies in columns of x from i on and writes out columns of dst from o on.
func (s *directSum) part(dst, x blas64.General, o, out, i, in int, f func(dst, x blas64.General) bool) bool {
	k := x.Rows
	s.in, s.out = linalg.Grow(s.in, k*in), linalg.Grow(s.out, k*out)
	from := blas64.General{Rows: k, Cols: in, Stride: in, Data: s.in}
	to := blas64.General{Rows: k, Cols: out, Stride: out, Data: s.out}
	linalg.Copy(from, linalg.Block(x, 0, i, k, in))
	if !f(to, from) {
		return false
	}
	linalg.Copy(linalg.Block(dst, 0, o, k, out), to)
	return true
}
