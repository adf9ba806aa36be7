package linalg

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/par"
)

// Syrk computes the kernel matrix C = A·Aᵀ (n×n for A n×k), both triangles: the lower one is computed, n²k flops, and
// copied, so that C is symmetric to the bit. The old C is not read.
func Syrk(c, a blas64.General) { syrk(c, a, false) }

// SyrkT computes the Gram matrix C = Aᵀ·A (n×n for A k×n), both triangles, as Syrk does.
func SyrkT(c, a blas64.General) { syrk(c, a, true) }

func syrk(c, a blas64.General, trans bool) {
	check(a)
	check(c)
	n, k := a.Rows, a.Cols
	if trans {
		n, k = k, n
	}
	if c.Rows != n || c.Cols != n {
		panic("linalg: Syrk: shapes do not fit")
	}
	gemm(trans, !trans, n, n, k, 1, a.Data, a.Stride, a.Data, a.Stride, 0, c.Data, c.Stride, lower)
	Mirror(c)
}

// Mirror copies the strict lower triangle of a square matrix to the upper one.
func Mirror(a blas64.General) {
	check(a)
	if a.Rows != a.Cols {
		panic("linalg: Mirror: not square")
	}
	s := take()
	s.mirror.a = a
	par.Run(ceil(a.Rows, mirrorEdge), packFlops*float64(a.Rows)*float64(a.Rows), &s.mirror)
	s.mirror.a.Data = nil
	s.give()
}

// mirror is the par.Task of Mirror. A group writes mirrorEdge columns of the upper triangle.
type mirror struct{ a blas64.General }

const (
	mirrorEdge = 64
	mirrorTile = 8 // a cache line of doubles: each line is read and written whole
)

func (t *mirror) Run(g, _ int) {
	n, ld, a := t.a.Rows, t.a.Stride, t.a.Data
	hi := min(n, (g+1)*mirrorEdge)
	for i0 := g * mirrorEdge; i0 < hi; i0 += mirrorTile {
		for j0 := 0; j0 <= i0; j0 += mirrorTile {
			for j := j0; j < min(n, j0+mirrorTile); j++ {
				for i := max(i0, j+1); i < min(hi, i0+mirrorTile); i++ {
					a[j*ld+i] = a[i*ld+j]
				}
			}
		}
	}
}
