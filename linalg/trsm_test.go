package linalg

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
)

func TestTrsmAgainstReference(t *testing.T) {
	var trials []trial
	r := source(20)
	for _, d := range [][2]int{{0, 2}, {2, 0}, {1, 1}, {3, 7}, {8, 6}, {25, 30}, {7, 100}, {100, 7}, {97, 200}, {200, 50}, {390, 20}, {20, 395}} {
		for f := range 16 {
			s, ul, tA := flags(f)
			dg, n := blas.NonUnit, d[0]
			if f&8 != 0 {
				dg = blas.Unit
			}
			if s == blas.Right {
				n = d[1]
			}
			a, b := triangular(r, n, ul, dg), random(r, d[0], d[1])
			alpha := []float64{1, -0.5, 2}[r.IntN(3)]
			want := clone(b)
			gonum.Implementation{}.Dtrsm(s, ul, tA, dg, d[0], d[1], alpha, a.Data, a.Stride, want.Data, want.Stride)
			trials = append(trials, trial{fmt.Sprint(d, s, ul, tA, dg), b, want, func(b blas64.General) {
				Trsm(s, ul, tA, dg, alpha, a, b)
			}, 1e-12})
		}
	}
	runTrials(t, trials)
}

// triangular is well conditioned; what must not be read is NaN.
func triangular(r *rand.Rand, n int, ul blas.Uplo, d blas.Diag) blas64.General {
	a := random(r, n, n)
	for i := range n {
		for j := range n {
			a.Data[i*a.Stride+j] /= float64(n)
			if i != j && (j > i) != (ul == blas.Upper) {
				a.Data[i*a.Stride+j] = math.NaN()
			}
		}
		a.Data[i*a.Stride+i] += 1.5
		if d == blas.Unit {
			a.Data[i*a.Stride+i] = math.NaN()
		}
	}
	return a
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
