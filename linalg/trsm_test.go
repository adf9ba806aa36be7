package linalg

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

func TestTrsmAgainstReference(t *testing.T) {
	everywhere(t, func(t *testing.T) {
		r := source(20)
		for _, d := range [][2]int{{0, 2}, {2, 0}, {1, 1}, {3, 7}, {8, 6}, {25, 30}, {7, 100}, {100, 7}, {97, 200}, {200, 50}, {390, 20}, {20, 395}} {
			for f := range 16 {
				side, ul, tA, dg := blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit
				if f&1 != 0 {
					side = blas.Right
				}
				if f&2 != 0 {
					ul = blas.Upper
				}
				if f&4 != 0 {
					tA = blas.Trans
				}
				if f&8 != 0 {
					dg = blas.Unit
				}
				n := d[0]
				if side == blas.Right {
					n = d[1]
				}
				a, b := random(r, n, n), random(r, d[0], d[1])
				for i := range n { // well conditioned; the other triangle must not be read
					for j := range n {
						a.Data[i*a.Stride+j] /= float64(n)
						if i != j && (j > i) != (ul == blas.Upper) {
							a.Data[i*a.Stride+j] = math.NaN()
						}
					}
					a.Data[i*a.Stride+i] += 1.5
					if dg == blas.Unit {
						a.Data[i*a.Stride+i] = math.NaN()
					}
				}
				alpha := []float64{1, -0.5, 2}[r.IntN(3)]
				want := clone(b)
				gonum.Implementation{}.Dtrsm(side, ul, tA, dg, d[0], d[1], alpha, a.Data, a.Stride, want.Data, want.Stride)
				Trsm(side, ul, tA, dg, alpha, a, b)
				near(t, fmt.Sprint(d, side, ul, tA, dg), b, want, 1e-12)
				intact(t, b)
			}
		}
	})
}

// TestTrsmIsSubstitution compares the bits of x Lᵀ = b with the recurrence.
func TestTrsmIsSubstitution(t *testing.T) {
	r := source(21)
	for _, n := range []int{1, 8, 30, 191, 200} {
		l, x := random(r, n, n), random(r, 33, n)
		want := clone(x)
		for i := range x.Rows {
			w := Row(want, i)
			for j := range w {
				for k := range j {
					w[j] = math.FMA(w[k], -l.Data[j*l.Stride+k], w[j])
				}
				w[j] /= l.Data[j*l.Stride+j]
			}
		}
		everywhere(t, func(t *testing.T) {
			got := clone(x)
			Trsm(blas.Right, blas.Lower, blas.Trans, blas.NonUnit, 1, l, got)
			same(t, fmt.Sprint("x Lᵀ = b, order ", n), got, want)
		})
	}
}

func TestTrsmBitsEverywhere(t *testing.T) {
	r := source(22)
	a, b := spd(r, 400), random(r, 400, 400)
	first := clone(b)
	Trsm(blas.Left, blas.Upper, blas.NoTrans, blas.NonUnit, 1, a, first)
	everywhere(t, func(t *testing.T) {
		got := clone(b)
		Trsm(blas.Left, blas.Upper, blas.NoTrans, blas.NonUnit, 1, a, got)
		same(t, "R X = B", got, first)
	})
}

func TestTrsmAlphaZero(t *testing.T) {
	r := source(23)
	b := filled(r, 4, 5, math.NaN())
	Trsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, 0, filled(r, 4, 4, math.NaN()), b)
	same(t, "alpha 0", b, filled(r, 4, 5, 0))
}
