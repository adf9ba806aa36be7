package linalg

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
)

func TestMatvec(t *testing.T) {
	everywhere(t, func(t *testing.T) {
		r := source(50)
		for _, d := range [][2]int{{0, 3}, {3, 0}, {1, 1}, {7, 13}, {65, 513}, {130, 1100}, {1500, 1030}} {
			a, x, y := random(r, d[0], d[1]), random(r, 1, d[1]), random(r, 1, d[0])
			ax, aty := filled(r, 1, d[0], math.NaN()), filled(r, 1, d[1], math.NaN())
			Mul(Row(ax, 0), a, Row(x, 0))
			MulT(Row(aty, 0), a, Row(y, 0))
			want, wantT := random(r, 1, d[0]), filled(r, 1, d[1], 0)
			for i := range d[0] {
				want.Data[i] = simd.Dot(Row(a, i), Row(x, 0))
				for j := range d[1] {
					wantT.Data[j] = math.FMA(y.Data[i], a.Data[i*a.Stride+j], wantT.Data[j])
				}
			}
			same(t, "A x", ax, want)
			same(t, "Aᵀ y", aty, wantT)
			intact(t, ax)
			intact(t, aty)
		}
	})
}

func TestShapesPanic(t *testing.T) {
	r := source(51)
	a := random(r, 3, 4)
	var c Cholesky
	c.Reset(3, nil)
	for name, f := range map[string]func(){
		"Mul":      func() { Mul(make([]float64, 4), a, make([]float64, 4)) },
		"MulT":     func() { MulT(make([]float64, 4), a, make([]float64, 4)) },
		"Syrk":     func() { Syrk(a, a) },
		"Gemm":     func() { Gemm('N', 'N', 1, a, a, 0, a) },
		"Mirror":   func() { Mirror(a) },
		"Copy":     func() { Copy(a, random(r, 4, 3)) },
		"Block":    func() { Block(a, 1, 1, 3, 3) },
		"Cholesky": func() { c.Factor(a, 0) },
		"Solve":    func() { c.Solve(make([]float64, 4)) },
		"short":    func() { Syrk(blas64.General{Rows: 9, Cols: 9, Stride: 9}, random(r, 9, 2)) },
		"stride":   func() { Syrk(blas64.General{Rows: 2, Cols: 2, Stride: 1, Data: make([]float64, 9)}, random(r, 2, 2)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error(name, "accepted wrong shapes")
				}
			}()
			f()
		}()
	}
}
