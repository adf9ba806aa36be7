package linalg

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/par"
	"ngdbench/internal/simd"
)

// Mul computes dst = A x by rows: each element is simd.Dot of a row and x. 2mn flops.
func Mul(dst []float64, a blas64.General, x []float64) {
	check(a)
	if len(dst) != a.Rows || len(x) != a.Cols {
		panic("linalg: Mul: lengths do not fit")
	}
	s := take()
	s.matvec = matvec{a: a, dst: dst, x: x}
	par.Run(ceil(a.Rows, mulRows), vecFlops*float64(a.Rows)*float64(a.Cols), &s.matvec)
	s.matvec = matvec{}
	s.give()
}

// MulT computes dst = Aᵀ y: each element is one chain of fused multiply-adds over the rows of A. 2mn flops.
func MulT(dst []float64, a blas64.General, y []float64) {
	check(a)
	if len(dst) != a.Cols || len(y) != a.Rows {
		panic("linalg: MulT: lengths do not fit")
	}
	s := take()
	s.matvec = matvec{a: a, dst: dst, x: y, trans: true}
	par.Run(ceil(a.Cols, mulCols), vecFlops*float64(a.Rows)*float64(a.Cols), &s.matvec)
	s.matvec = matvec{}
	s.give()
}

// matvec is the par.Task of Mul and MulT: rows of A, or columns with trans.
type matvec struct {
	a      blas64.General
	dst, x []float64
	trans  bool
}

const (
	mulRows  = 64
	mulCols  = 512
	vecFlops = 8 // a matrix from memory moves at about a quarter of the flop rate
)

func (t *matvec) Run(g, _ int) {
	if !t.trans {
		for i := g * mulRows; i < min(t.a.Rows, (g+1)*mulRows); i++ {
			t.dst[i] = simd.Dot(Row(t.a, i), t.x)
		}
		return
	}
	lo, hi := g*mulCols, min(t.a.Cols, (g+1)*mulCols)
	d := t.dst[lo:hi]
	clear(d)
	for i, y := range t.x {
		simd.Axpy(d, y, t.a.Data[i*t.a.Stride+lo:i*t.a.Stride+hi])
	}
}
