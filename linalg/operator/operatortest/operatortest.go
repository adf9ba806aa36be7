// Package operatortest checks linear maps: that Apply and ApplyT are adjoint, and that every capability an operator
// answers agrees with its explicit matrix and with the generic fallback that would stand in for it.
package operatortest

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
)

// All runs every check of this package on op: Adjoint to 1e-13, Capabilities to 1e-12, and Repeats. must names the
// capabilities that op has to answer; the others are checked where it does.
func All(tb testing.TB, op operator.Operator, must operator.Capability) {
	tb.Helper()
	Adjoint(tb, op, 1e-13)
	Capabilities(tb, op, must, 1e-12)
	Repeats(tb, op)
}

// Adjoint checks |⟨Av, y⟩ - ⟨v, Aᵀy⟩| ≤ tol·(‖Av‖‖y‖ + ‖v‖‖Aᵀy‖) on random vectors.
func Adjoint(tb testing.TB, op operator.Operator, tol float64) {
	tb.Helper()
	rows, cols := op.Dims()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		v, y := normal(rng, cols), normal(rng, rows)
		av, aty := dirty(rows), dirty(cols)
		op.Apply(av, v)
		op.ApplyT(aty, y)
		d := math.Abs(dot(av, y) - dot(v, aty))
		if bound := tol * (norm(av)*norm(y) + norm(v)*norm(aty)); !(d <= bound) {
			tb.Errorf("⟨Av,y⟩ and ⟨v,Aᵀy⟩ differ by %.3g, more than %.3g", d, bound)
		}
	}
}

// Explicit returns A, column by column through Apply.
func Explicit(op operator.Operator) blas64.General {
	rows, cols := op.Dims()
	a := linalg.New(nil, rows, cols)
	e, c := make([]float64, cols), make([]float64, rows)
	for j := range cols {
		e[j] = 1
		op.Apply(c, e)
		e[j] = 0
		for i, v := range c {
			a.Data[i*a.Stride+j] = v
		}
	}
	return a
}

// Capabilities checks every capability against the explicit matrix and against the generic fallbacks of operator.Map, to
// tol times the largest entry of the result. It is an error if op does not answer one of must.
func Capabilities(tb testing.TB, op operator.Operator, must operator.Capability, tol float64) {
	tb.Helper()
	k := &kit{tb: tb, op: op, tol: tol, rng: rand.New(rand.NewPCG(3, 4)), m: &cost.Meter{}}
	k.rows, k.cols = op.Dims()
	k.a = Explicit(op)
	k.fast, k.slow = operator.Bind(op, k.m), operator.Bind(bare{op}, nil)
	k.products()
	for _, n := range []int{1, 3, 4, 9, 70} {
		k.block(n)
	}
	k.matrices()
	k.lines()
	k.columns()
	k.norms()
	if missing := operator.Capability(k.m.Fallbacks) & must; missing != 0 {
		tb.Errorf("capabilities %b fell back to the generic form", missing)
	}
}

// Repeats checks that every product gives the same bits when it is asked again, whatever was asked in between.
func Repeats(tb testing.TB, op operator.Operator) {
	tb.Helper()
	if a, b := Digest(op), Digest(op); a != b {
		tb.Errorf("products repeated with other bits: %x and %x", a, b)
	}
}

// bare hides the capabilities of an operator.
type bare struct{ operator.Operator }

type kit struct {
	tb         testing.TB
	op         operator.Operator
	tol        float64
	rng        *rand.Rand
	m          *cost.Meter
	rows, cols int
	a          blas64.General
	fast, slow *operator.Map
}

// same compares a result and the fallback's with the reference.
func (k *kit) same(what string, got, fallback, want []float64) {
	k.tb.Helper()
	scale := 0.0
	for _, v := range want {
		scale = max(scale, math.Abs(v))
	}
	for i, v := range want {
		if !(math.Abs(got[i]-v) <= k.tol*scale) {
			k.tb.Errorf("%s: entry %d is %v, want %v (scale %.3g)", what, i, got[i], v, scale)
			return
		}
		if !(math.Abs(fallback[i]-v) <= k.tol*scale) {
			k.tb.Errorf("%s by fallback: entry %d is %v, want %v", what, i, fallback[i], v)
			return
		}
	}
}

func (k *kit) products() {
	x, y := normal(k.rng, k.cols), normal(k.rng, k.rows)
	av, aty := make([]float64, k.rows), make([]float64, k.cols)
	blas64.Gemv(blas.NoTrans, 1, k.a, vec(x), 0, vec(av))
	blas64.Gemv(blas.Trans, 1, k.a, vec(y), 0, vec(aty))
	got, back := dirty(k.rows), dirty(k.rows)
	k.fast.Apply(got, x)
	k.slow.Apply(back, x)
	k.same("Apply", got, back, av)
	got, back = dirty(k.cols), dirty(k.cols)
	k.fast.ApplyT(got, y)
	k.slow.ApplyT(back, y)
	k.same("ApplyT", got, back, aty)
	want := make([]float64, k.cols)
	blas64.Gemv(blas.Trans, 1, k.a, vec(av), 0, vec(want))
	k.fast.Gram(got, x)
	k.slow.Gram(back, x)
	k.same("Gram", got, back, want)
}

func (k *kit) block(n int) {
	x, y := matrix(n, k.cols, normal(k.rng, n*k.cols)), matrix(n, k.rows, normal(k.rng, n*k.rows))
	want := matrix(n, k.rows, make([]float64, n*k.rows))
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, x, k.a, 0, want)
	got, back := matrix(n, k.rows, dirty(n*k.rows)), matrix(n, k.rows, dirty(n*k.rows))
	k.fast.ApplyBlock(got, x)
	k.slow.ApplyBlock(back, x)
	k.same("ApplyBlock", got.Data, back.Data, want.Data)
	want = matrix(n, k.cols, make([]float64, n*k.cols))
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, y, k.a, 0, want)
	got, back = matrix(n, k.cols, dirty(n*k.cols)), matrix(n, k.cols, dirty(n*k.cols))
	k.fast.ApplyTBlock(got, y)
	k.slow.ApplyTBlock(back, y)
	k.same("ApplyTBlock", got.Data, back.Data, want.Data)
}

func (k *kit) matrices() {
	got, back := matrix(k.rows, k.cols, dirty(k.rows*k.cols)), matrix(k.rows, k.cols, dirty(k.rows*k.cols))
	k.fast.Dense(got)
	k.slow.Dense(back)
	k.same("Dense", got.Data, back.Data, k.a.Data)
	want := matrix(k.rows, k.rows, make([]float64, k.rows*k.rows))
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, k.a, k.a, 0, want)
	got, back = matrix(k.rows, k.rows, dirty(k.rows*k.rows)), matrix(k.rows, k.rows, dirty(k.rows*k.rows))
	k.fast.Kernel(got)
	k.slow.Kernel(back)
	k.same("Kernel", got.Data, back.Data, want.Data)
	for i := range k.rows {
		for j := range i {
			if got.Data[i*k.rows+j] != got.Data[j*k.rows+i] {
				k.tb.Errorf("Kernel: entries (%d,%d) and (%d,%d) differ", i, j, j, i)
				return
			}
		}
	}
}

// lines checks rows of A and of AAᵀ: the first, the last, and some between.
func (k *kit) lines() {
	picks := []int{0, k.rows - 1}
	for range min(k.rows, 8) {
		picks = append(picks, k.rng.IntN(k.rows))
	}
	slices.Sort(picks)
	want := make([]float64, k.rows)
	for _, i := range slices.Compact(picks) {
		row := linalg.Row(k.a, i)
		got, back := dirty(k.cols), dirty(k.cols)
		k.fast.Row(got, i)
		k.slow.Row(back, i)
		k.same("Row", got, back, row)
		blas64.Gemv(blas.NoTrans, 1, k.a, vec(row), 0, vec(want))
		got, back = dirty(k.rows), dirty(k.rows)
		k.fast.KernelRow(got, i)
		k.slow.KernelRow(back, i)
		k.same("KernelRow", got, back, want)
	}
}

// columns checks columns of AᵀA: all of them, or some of many.
func (k *kit) columns() {
	col, want := make([]float64, k.rows), make([]float64, k.cols)
	for j := 0; j < k.cols; j += 1 + k.rng.IntN(1+k.cols/32) {
		for i := range col {
			col[i] = k.a.Data[i*k.a.Stride+j]
		}
		blas64.Gemv(blas.Trans, 1, k.a, vec(col), 0, vec(want))
		got, back := dirty(k.cols), dirty(k.cols)
		k.fast.GramColumn(got, j)
		k.slow.GramColumn(back, j)
		k.same("GramColumn", got, back, want)
	}
}

func (k *kit) norms() {
	rows, cols := make([]float64, k.rows), make([]float64, k.cols)
	for i := range rows {
		for j, v := range linalg.Row(k.a, i) {
			rows[i] += v * v
			cols[j] += v * v
		}
	}
	gotR, gotC, backR, backC := dirty(k.rows), dirty(k.cols), dirty(k.rows), dirty(k.cols)
	k.fast.SquaredNorms(gotR, gotC)
	k.slow.SquaredNorms(backR, backC)
	k.same("SquaredNorms of rows", gotR, backR, rows)
	k.same("SquaredNorms of columns", gotC, backC, cols)
	again := dirty(k.rows)
	k.fast.SquaredNorms(again, nil)
	k.same("SquaredNorms of rows alone", again, gotR, rows)
	again = dirty(k.cols)
	k.fast.SquaredNorms(nil, again)
	k.same("SquaredNorms of columns alone", again, gotC, cols)
}

func vec(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Inc: 1, Data: x} }

func matrix(rows, cols int, data []float64) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: max(cols, 1), Data: data}
}

func normal(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

// dirty returns n NaNs: what a method does not overwrite is found out.
func dirty(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.NaN()
	}
	return x
}

func dot(x, y []float64) float64 { return blas64.Dot(vec(x), vec(y)) }
func norm(x []float64) float64   { return blas64.Nrm2(vec(x)) }
