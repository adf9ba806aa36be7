package linalg

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
)

func TestMain(m *testing.M) {
	blas64.Use(BLAS{})
	os.Exit(m.Run())
}

// guard fills the space that a routine must not touch.
const guard = 1234.5

// random returns a rows×cols matrix inside a guarded array: misaligned, its stride larger than cols.
func random(r *rand.Rand, rows, cols int) blas64.General {
	a := blas64.General{Rows: rows, Cols: cols, Stride: cols + 1 + r.IntN(4)}
	d := make([]float64, rows*a.Stride+8)
	for i := range d {
		d[i] = guard
	}
	a.Data = d[1+r.IntN(7):]
	for i := range rows {
		for j := range cols {
			a.Data[i*a.Stride+j] = r.NormFloat64()
		}
	}
	return a
}

// filled is random with every element v.
func filled(r *rand.Rand, rows, cols int, v float64) blas64.General {
	a := random(r, rows, cols)
	for i := range rows {
		for j := range cols {
			a.Data[i*a.Stride+j] = v
		}
	}
	return a
}

// clone copies a with its gaps.
func clone(a blas64.General) blas64.General {
	a.Data = append([]float64(nil), a.Data...)
	return a
}

// intact fails where the gaps between the rows of a have been written.
func intact(t *testing.T, a blas64.General) {
	t.Helper()
	for i, v := range a.Data {
		if (i%a.Stride >= a.Cols || i/a.Stride >= a.Rows) && v != guard {
			t.Fatalf("element %d outside the %d×%d matrix was written", i, a.Rows, a.Cols)
		}
	}
}

// same fails where two matrices differ in any bit; NaNs are equal.
func same(t *testing.T, what string, got, want blas64.General) {
	t.Helper()
	for i := range want.Rows {
		for j := range want.Cols {
			g, w := got.Data[i*got.Stride+j], want.Data[i*want.Stride+j]
			if math.Float64bits(g) != math.Float64bits(w) && !(g != g && w != w) {
				t.Fatalf("%s: (%d, %d) of %d×%d is %v, want %v", what, i, j, want.Rows, want.Cols, g, w)
			}
		}
	}
}

// near fails where |got − want| > tol·(1 + |want|) for some element.
func near(t *testing.T, what string, got, want blas64.General, tol float64) {
	t.Helper()
	for i := range want.Rows {
		for j := range want.Cols {
			g, w := got.Data[i*got.Stride+j], want.Data[i*want.Stride+j]
			if !(math.Abs(g-w) <= tol*(1+math.Abs(w))) {
				t.Fatalf("%s: (%d, %d) of %d×%d is %v, want %v", what, i, j, want.Rows, want.Cols, g, w)
			}
		}
	}
}

// everywhere runs f on each kernel path and for 1, 2 and 4 workers.
func everywhere(t *testing.T, f func(t *testing.T)) {
	was, path := runtime.GOMAXPROCS(0), simd.Path()
	defer func() { runtime.GOMAXPROCS(was); _ = simd.Use(path) }()
	for _, p := range simd.Paths() {
		for _, n := range []int{1, 2, 4} {
			if err := simd.Use(p); err != nil {
				t.Fatal(err)
			}
			runtime.GOMAXPROCS(n)
			t.Run(fmt.Sprintf("%s-%d", p, n), f)
		}
	}
}

// trial is a call that overwrites C, with what must come out; the expectation is computed once, not per path.
type trial struct {
	name    string
	c, want blas64.General
	run     func(c blas64.General)
	tol     float64 // 0: to the bit
}

func runTrials(t *testing.T, trials []trial) {
	everywhere(t, func(t *testing.T) {
		for _, x := range trials {
			c := clone(x.c)
			x.run(c)
			if x.tol == 0 {
				same(t, x.name, c, x.want)
			} else {
				near(t, x.name, c, x.want, x.tol)
			}
			intact(t, c)
		}
	})
}

// spd returns B·Bᵀ/k + I/10 for a random n×k matrix B, k = n + 3.
func spd(r *rand.Rand, n int) blas64.General {
	b, a := random(r, n, n+3), random(r, n, n)
	Syrk(a, b)
	for i := range n {
		for j := range n {
			a.Data[i*a.Stride+j] /= float64(n + 3)
		}
		a.Data[i*a.Stride+i] += 0.1
	}
	return a
}

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }
