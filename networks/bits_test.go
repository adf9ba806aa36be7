package networks

import (
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
	"ngdbench/linalg"
)

// question is something that a tape at θ or its tangent map computes.
type question struct {
	name string
	ask  func(t *Tape, theta []float64) []float64
}

// pattern returns n numbers of both signs and many sizes, with exact zeros among them.
func pattern(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i*i%23-11) / float64(1+i%7)
	}
	return x
}

func patterned(rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: max(cols, 1), Data: pattern(rows * cols)}
}

// questions are all products and capabilities, one by one, so that a difference names who made it.
func questions() []question {
	list := []question{
		{"Residual", func(t *Tape, theta []float64) []float64 {
			r := make([]float64, t.rows)
			t.Residual(theta, r)
			return r
		}},
		{"Gradient", func(t *Tape, theta []float64) []float64 {
			r, grad := make([]float64, t.rows), make([]float64, t.params)
			t.Gradient(theta, r, grad)
			return append(r, grad...)
		}},
		{"Apply", func(t *Tape, _ []float64) []float64 {
			y := make([]float64, t.rows)
			t.op.Apply(y, pattern(t.params))
			return y
		}},
		{"ApplyT", func(t *Tape, _ []float64) []float64 {
			x := make([]float64, t.params)
			t.op.ApplyT(x, pattern(t.rows))
			return x
		}},
		{"Gram", func(t *Tape, _ []float64) []float64 {
			x := make([]float64, t.params)
			t.op.Gram(x, pattern(t.params))
			return x
		}},
		{"Dense", func(t *Tape, _ []float64) []float64 {
			a := linalg.New(nil, t.rows, t.params)
			t.op.Dense(a)
			return a.Data
		}},
		{"Kernel", func(t *Tape, _ []float64) []float64 {
			a := linalg.New(nil, t.rows, t.rows)
			t.op.Kernel(a)
			return a.Data
		}},
		{"SquaredNorms", func(t *Tape, _ []float64) []float64 {
			rows, cols := make([]float64, t.rows), make([]float64, t.params)
			t.op.SquaredNorms(rows, cols)
			return append(rows, cols...)
		}},
		{"Factors", func(t *Tape, _ []float64) (all []float64) {
			for _, f := range t.op.Factors() {
				all = append(append(all, f.A...), f.Delta...)
			}
			return all
		}},
	}
	return slices.Concat(list, blockQuestions(), lineQuestions())
}

// blockQuestions have few vectors, a full tile and an odd number of them.
func blockQuestions() (list []question) {
	for _, k := range []int{1, 3, 8, 67} {
		list = append(list, question{"ApplyBlock", func(t *Tape, _ []float64) []float64 {
			y := linalg.New(nil, k, t.rows)
			t.op.ApplyBlock(y, patterned(k, t.params))
			return y.Data
		}}, question{"ApplyTBlock", func(t *Tape, _ []float64) []float64 {
			x := linalg.New(nil, k, t.params)
			t.op.ApplyTBlock(x, patterned(k, t.rows))
			return x.Data
		}})
	}
	return list
}

// lineQuestions ask for some rows or columns, one after the other.
func lineQuestions() []question {
	rows, params := func(t *Tape) int { return t.rows }, func(t *Tape) int { return t.params }
	lines := func(name string, count, length func(t *Tape) int, ask func(k *KhatriRao, dst []float64, i int) bool) question {
		return question{name, func(t *Tape, _ []float64) (all []float64) {
			for i := 0; i < count(t); i += 1 + count(t)/9 {
				x := make([]float64, length(t))
				ask(t.op, x, i)
				all = append(all, x...)
			}
			return all
		}}
	}
	return []question{
		lines("Row", rows, params, (*KhatriRao).Row),
		lines("KernelRow", rows, rows, (*KhatriRao).KernelRow),
		lines("GramColumn", params, params, (*KhatriRao).GramColumn),
	}
}

// TestEachCapabilityHasItsBits asks each question on every kernel path and for GOMAXPROCS 1, 2 and 4, on sizes that the
// workers share, with several functionals and outputs; one setting takes TTᵀ from an explicit T, the other by slabs and
// by channels.
func TestEachCapabilityHasItsBits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	defer func(path string) { _ = simd.Use(path) }(simd.Path())
	for _, s := range []setting{
		newSetting("2x33x61x1", part{Laplacian, 350, 1}, part{Value, 45, 2}),
		newSetting("3x90x51x2", part{Value, 301, 2}, part{Gradient, 40, 1}, part{Laplacian, 31, 1}),
	} {
		for _, q := range questions() {
			var want []float64
			for _, path := range simd.Paths() {
				if err := simd.Use(path); err != nil {
					t.Fatal(err)
				}
				for _, procs := range []int{1, 2, 4} {
					if path == simd.Scalar && procs != 2 {
						continue // slow, and shown by the other path
					}
					runtime.GOMAXPROCS(procs)
					tape := s.tape(Tangents)
					tape.Linearise(s.theta, make([]float64, tape.rows))
					got := q.ask(tape, s.theta)
					if want == nil {
						want = got
					}
					equal(t, s.name+", "+q.name+" on "+path, got, want)
				}
			}
		}
	}
}
