package linalg

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
)

// dumbGemm is the definition: one chain over k from β·c.
func dumbGemm(tA, tB bool, alpha float64, a, b blas64.General, beta float64, c blas64.General) {
	x, y := operand{a.Data, a.Stride, tA}, operand{b.Data, b.Stride, tB}
	k := a.Cols
	if tA {
		k = a.Rows
	}
	for i := range c.Rows {
		for j := range c.Cols {
			s := 0.0
			if beta != 0 {
				s = beta * c.Data[i*c.Stride+j]
			}
			for l := range k {
				s = math.FMA(x.at(i, l)[0], alpha*y.at(l, j)[0], s)
			}
			c.Data[i*c.Stride+j] = s
		}
	}
}

func transpose(t bool) blas.Transpose {
	if t {
		return blas.Trans
	}
	return blas.NoTrans
}

func TestGemmIsItsDefinition(t *testing.T) {
	shapes := [][3]int{{0, 3, 2}, {3, 0, 2}, {2, 3, 0}, {1, 1, 1}, {1, 8, 3}, {6, 8, 5}, {7, 9, 4}, {5, 17, 257}, {13, 65, 31},
		{97, 66, 300}, {200, 193, 40}, {49, 200, 259}, {3, 70, 600}, {230, 210, 190}, {300, 40, 400}}
	var trials []trial
	r := source(1)
	for _, d := range shapes {
		for f := range 4 {
			tA, tB := f&1 != 0, f&2 != 0
			a, b := random(r, d[0], d[2]), random(r, d[2], d[1])
			if tA {
				a = random(r, d[2], d[0])
			}
			if tB {
				b = random(r, d[1], d[2])
			}
			for _, beta := range []float64{0, 1, -0.75} {
				alpha := []float64{1, -1, 0.3}[r.IntN(3)]
				c := random(r, d[0], d[1])
				if beta == 0 {
					c = filled(r, d[0], d[1], math.NaN())
				}
				want := clone(c)
				dumbGemm(tA, tB, alpha, a, b, beta, want)
				trials = append(trials, trial{fmt.Sprint(d, tA, tB, alpha, beta), c, want, func(c blas64.General) {
					Gemm(transpose(tA), transpose(tB), alpha, a, b, beta, c)
				}, 0})
			}
		}
	}
	runTrials(t, trials)
}

func TestGemmAcrossSlabs(t *testing.T) {
	r := source(2)
	for _, d := range [][3]int{{slabEdge + 5, 70, 3}, {70, slabEdge + 9, 258}, {30, 70, 20000}, {5, 9, slabFloats/8 + 3}} {
		a, b, c := random(r, d[0], d[2]), random(r, d[2], d[1]), random(r, d[0], d[1])
		want := clone(c)
		gonum.Implementation{}.Dgemm(blas.NoTrans, blas.NoTrans, d[0], d[1], d[2], 2, a.Data, a.Stride, b.Data, b.Stride, 1, want.Data, want.Stride)
		Gemm(blas.NoTrans, blas.NoTrans, 2, a, b, 1, c)
		near(t, fmt.Sprint(d), c, want, 1e-13*float64(d[2]))
	}
}

func TestGemmZeroFactors(t *testing.T) {
	r := source(3)
	nan := filled(r, 5, 5, math.NaN())
	c := filled(r, 5, 5, 2)
	Gemm(blas.NoTrans, blas.NoTrans, 0, nan, nan, 0.5, c)
	same(t, "alpha 0", c, filled(r, 5, 5, 1))
	c = filled(r, 5, 5, math.NaN())
	Gemm(blas.NoTrans, blas.NoTrans, 0, nan, nan, 0, c)
	same(t, "alpha and beta 0", c, filled(r, 5, 5, 0))
	one := filled(r, 5, 5, 1)
	Gemm(blas.NoTrans, blas.NoTrans, 1, one, nan, 0, c)
	same(t, "NaN operand", c, nan)
}

func TestSyrkIsGemm(t *testing.T) {
	var trials []trial
	r := source(4)
	for _, d := range [][2]int{{0, 3}, {1, 1}, {5, 0}, {7, 300}, {40, 3}, {65, 20}, {130, 257}, {195, 50}, {230, 200}} {
		a, at := random(r, d[0], d[1]), random(r, d[1], d[0])
		c, want, wantT := filled(r, d[0], d[0], math.NaN()), random(r, d[0], d[0]), random(r, d[0], d[0])
		dumbGemm(false, true, 1, a, a, 0, want)
		dumbGemm(true, false, 1, at, at, 0, wantT)
		trials = append(trials,
			trial{fmt.Sprint("A Aᵀ ", d), c, want, func(c blas64.General) { Syrk(c, a) }, 0},
			trial{fmt.Sprint("Aᵀ A ", d), c, wantT, func(c blas64.General) { SyrkT(c, at) }, 0})
	}
	runTrials(t, trials)
}

func TestSyrkAcrossSlabs(t *testing.T) {
	r := source(5)
	n := slabEdge + 40
	a, c, want := random(r, n, 20), random(r, n, n), random(r, n, n)
	Syrk(c, a)
	Gemm(blas.NoTrans, blas.Trans, 1, a, a, 0, want)
	same(t, "n above the slab", c, want)
}
