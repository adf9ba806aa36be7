package linalg

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"pgregory.net/rapid"

	"ngdbench/internal/simd"
)

// The level-3 kernels against loops over their definitions, at drawn sizes, strides, options and paths. Gaps between
// rows hold a guard value, and what must not be read holds NaN.

// extent draws the sizes around tiles and blocks more often than others.
func extent(t *rapid.T, name string) int {
	return rapid.OneOf(rapid.IntRange(0, 9), rapid.IntRange(10, 110), rapid.SampledFrom([]int{192, 193, 257})).Draw(t, name)
}

// onPath draws a kernel path for the rest of the case.
func onPath(t *rapid.T) func() {
	was := simd.Path()
	if err := simd.Use(rapid.SampledFrom(simd.Paths()).Draw(t, "path")); err != nil {
		t.Fatal(err)
	}
	return func() { _ = simd.Use(was) }
}

func seeded(t *rapid.T) *rand.Rand { return source(rapid.Uint64().Draw(t, "seed")) }

func drawTrans(t *rapid.T, name string) bool { return rapid.Bool().Draw(t, name) }

func drawUplo(t *rapid.T) blas.Uplo {
	return rapid.SampledFrom([]blas.Uplo{blas.Lower, blas.Upper}).Draw(t, "uplo")
}

// factorOf draws a scalar, the special ones often.
func factorOf(t *rapid.T, name string) float64 {
	return rapid.SampledFrom([]float64{0, 1, -1, 0.37}).Draw(t, name)
}

// operandOf is a rows×cols operand, given as its transpose where trans.
func operandOf(r *rand.Rand, rows, cols int, trans bool) blas64.General {
	if trans {
		rows, cols = cols, rows
	}
	return random(r, rows, cols)
}

// identical fails where two matrices differ in a bit; NaNs are equal. Where the product is empty, −0 and 0 are too.
func identical(t *rapid.T, what string, got, want blas64.General) {
	for i := range want.Rows {
		for j, w := range Row(want, i) {
			if g := Row(got, i)[j]; math.Float64bits(g) != math.Float64bits(w) && !(g != g && w != w) && !(g == 0 && w == 0) {
				t.Fatalf("%s: (%d, %d) of %d×%d is %v, want %v", what, i, j, want.Rows, want.Cols, g, w)
			}
		}
	}
}

func gemmCase(t *rapid.T) {
	defer onPath(t)()
	r := seeded(t)
	m, n, k := extent(t, "m"), extent(t, "n"), extent(t, "k")
	tA, tB := drawTrans(t, "A transposed"), drawTrans(t, "B transposed")
	alpha, beta := factorOf(t, "alpha"), factorOf(t, "beta")
	a, b, c := operandOf(r, m, k, tA), operandOf(r, k, n, tB), random(r, m, n)
	if beta == 0 {
		c = filled(r, m, n, math.NaN())
	}
	want := clone(c)
	if alpha != 0 {
		dumbGemm(tA, tB, alpha, a, b, beta, want)
	} else {
		a, b = filled(r, a.Rows, a.Cols, math.NaN()), filled(r, b.Rows, b.Cols, math.NaN())
		for i := range m {
			for j, v := range Row(want, i) {
				if Row(want, i)[j] = 0; beta != 0 {
					Row(want, i)[j] = beta * v
				}
			}
		}
	}
	Gemm(transpose(tA), transpose(tB), alpha, a, b, beta, c)
	identical(t, "Gemm", c, want)
	untouched(t, c)
}

func syrkCase(t *rapid.T) {
	defer onPath(t)()
	r := seeded(t)
	n, k := extent(t, "n"), extent(t, "k")
	trans, ul := drawTrans(t, "A transposed"), drawUplo(t)
	alpha, beta := factorOf(t, "alpha"), factorOf(t, "beta")
	a, c := operandOf(r, n, k, trans), random(r, n, n)
	want := clone(c)
	if alpha == 0 {
		a = filled(r, a.Rows, a.Cols, 1) // the definition multiplies by 0
	}
	dumbGemm(trans, !trans, alpha, a, a, beta, want)
	for i := range n {
		for j := range n {
			if i != j && (j > i) != (ul == blas.Upper) { // must be left as it is
				Row(c, i)[j], Row(want, i)[j] = math.NaN(), math.NaN()
			} else if beta == 0 {
				Row(c, i)[j] = math.NaN() // must go
			}
		}
	}
	BLAS{}.Dsyrk(ul, transpose(trans), n, k, alpha, a.Data, a.Stride, beta, c.Data, c.Stride)
	identical(t, "Dsyrk", c, want)
	untouched(t, c)
}

// trsmCase checks the residual op(T)·X = α·B, computed by loops, with NaN in the triangle that is not T's.
func trsmCase(t *rapid.T) {
	defer onPath(t)()
	r := seeded(t)
	m, n := extent(t, "m"), extent(t, "n")
	left, trans, ul := rapid.Bool().Draw(t, "left"), drawTrans(t, "T transposed"), drawUplo(t)
	d := rapid.SampledFrom([]blas.Diag{blas.Unit, blas.NonUnit}).Draw(t, "diag")
	alpha := factorOf(t, "alpha")
	side, order := blas.Right, n
	if left {
		side, order = blas.Left, m
	}
	a, b := triangular(r, order, ul, d), random(r, m, n)
	x := clone(b)
	Trsm(side, ul, transpose(trans), d, alpha, a, x)
	untouched(t, x)
	full := New(nil, order, order) // op(T) with its zeros
	for i := range order {
		for j := range order {
			v := Row(a, i)[j]
			switch {
			case i == j && d == blas.Unit:
				v = 1
			case i != j && (j > i) != (ul == blas.Upper):
				v = 0
			}
			if trans {
				full.Data[j*order+i] = v
			} else {
				full.Data[i*order+j] = v
			}
		}
	}
	back := New(nil, m, n)
	if left {
		dumbGemm(false, false, 1, full, x, 0, back)
	} else {
		dumbGemm(false, false, 1, x, full, 0, back)
	}
	for i := range m {
		for j := range Row(b, i) {
			Row(b, i)[j] *= alpha
		}
	}
	closer(t, "op(T) X", back, b, 1e-12)
}

func TestGemmProperty(t *testing.T) { rapid.Check(t, gemmCase) }
func TestSyrkProperty(t *testing.T) { rapid.Check(t, syrkCase) }
func TestTrsmProperty(t *testing.T) { rapid.Check(t, trsmCase) }

func FuzzGemm(f *testing.F) { f.Fuzz(rapid.MakeFuzz(gemmCase)) }
func FuzzSyrk(f *testing.F) { f.Fuzz(rapid.MakeFuzz(syrkCase)) }
func FuzzTrsm(f *testing.F) { f.Fuzz(rapid.MakeFuzz(trsmCase)) }
