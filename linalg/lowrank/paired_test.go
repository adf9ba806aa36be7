package lowrank

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"ngdbench/internal/simd"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
)

func paired(rank int) map[string]*Paired {
	return map[string]*Paired{
		"nystrom": {From: &Nystrom{Rank: rank}},
		"auto":    {From: &Nystrom{Rank: 2, Tau: 1e-3, Max: rank}},
		"rpchol":  {From: &PivotedCholesky{Rank: rank}},
		"pchol":   {From: &PivotedCholesky{Rank: rank, Pivots: Greedy{}}},
	}
}

// M⁻¹ is self-adjoint and positive in the K-inner product, and maps pairs to pairs.
func TestPairedIsSelfAdjoint(t *testing.T) {
	const n, mu = 30, 1e-4
	k := normal(tall(40, geometric(n, 100, 0.6), rnd(3)), nil)
	pair := func(seed uint64) []float64 {
		x := append(gaussian(1, n, rnd(seed)).Data, make([]float64, n)...)
		k.Mul(x[n:], x[:n])
		return x
	}
	for name, p := range paired(8) {
		prepared(t, p, k, 1, mu)
		x, y := pair(4), pair(5)
		mx, my := make([]float64, 2*n), make([]float64, 2*n)
		p.Precondition(mx, x)
		p.Precondition(my, y)
		left, right := simd.Dot(mx[:n], y[n:]), simd.Dot(x[:n], my[n:])
		if size := math.Sqrt(simd.Dot(mx[:n], mx[n:]) * simd.Dot(y[:n], y[n:])); math.Abs(left-right) > 1e-7*size {
			t.Errorf("%s: ⟨M⁻¹x, y⟩ = %g, ⟨x, M⁻¹y⟩ = %g", name, left, right)
		}
		if simd.Dot(mx[:n], x[n:]) <= 0 {
			t.Errorf("%s: not positive", name)
		}
		second := make([]float64, n)
		k.Mul(second, mx[:n])
		for i, v := range second {
			if math.Abs(v-mx[n+i]) > 1e-7*math.Sqrt(simd.Dot(second, second)) {
				t.Errorf("%s: no pair, %g and %g", name, v, mx[n+i])
			}
		}
	}
}

// The image: with d = Tᵀw, M⁻¹ acts as the Ritz preconditioner of TᵀT in the span of TᵀΩ, formed here in dense algebra from the
// pivots of PivotedCholesky.
func TestPairedIsImage(t *testing.T) {
	const rows, cols, k, mu = 12, 20, 5, 1e-3
	tangent := operator.Matrix{General: gaussian(rows, cols, rnd(2))}
	dual := operator.Dual{Map: operator.Bind(tangent, nil)}
	p := &Paired{From: &PivotedCholesky{Rank: k, Pivots: Greedy{}}}
	prepared(t, p, dual, 1, mu)
	piv := p.From.(*PivotedCholesky).piv

	basis := mat.NewDense(cols, k, nil)
	for j, i := range piv {
		basis.SetCol(j, linalg.Row(tangent.General, i))
	}
	var qr mat.QR
	qr.Factorize(basis)
	var q, small, ritz mat.Dense
	qr.QTo(&q)
	full := q.Slice(0, cols, 0, k)
	tm := mat.NewDense(rows, cols, tangent.Data)
	small.Mul(tm, full)
	var e mat.EigenSym
	var g mat.SymDense
	g.SymOuterK(1, small.T())
	e.Factorize(&g, true)
	var v mat.Dense
	e.VectorsTo(&v)
	ritz.Mul(full, &v)

	r := gaussian(1, rows, rnd(8)).Data
	grad := make([]float64, cols)
	tangent.ApplyT(grad, r)
	over := 1 / p.From.tailWeight()
	want := make([]float64, cols)
	simd.Axpy(want, over, grad)
	for i, l := range e.Values(nil) {
		col := mat.Col(nil, i, &ritz)
		simd.Axpy(want, (1/(l+mu)-over)*simd.Dot(col, grad), col)
	}
	x, z, got := append(r, make([]float64, rows)...), make([]float64, 2*rows), make([]float64, cols)
	dual.Mul(x[rows:], x[:rows])
	p.Precondition(z, x)
	tangent.ApplyT(got, z[:rows])
	for i := range got {
		if math.Abs(got[i]-want[i]) > 1e-9*math.Sqrt(simd.Dot(want, want)) {
			t.Fatalf("entry %d: %g, want %g", i, got[i], want[i])
		}
	}
}

func TestPairedZeroAndAllocations(t *testing.T) {
	const n = 10
	for name, p := range paired(4) {
		zero := operator.Matrix{General: blas64.General{Rows: 5, Cols: n, Stride: n, Data: make([]float64, 5*n)}}
		if rank := prepared(t, p, normal(zero, nil), 1, 0.5); rank != 0 {
			t.Errorf("%s: rank %d of zero", name, rank)
		}
		x, y := make([]float64, 2*n), make([]float64, 2*n)
		x[3] = 1
		if p.Precondition(y, x); y[3] != 2 {
			t.Errorf("%s: %g", name, y[3])
		}
		prepared(t, p, normal(tall(20, geometric(n, 5, 0.5), rnd(1)), nil), 1, 0.5)
		if k := testing.AllocsPerRun(3, func() { p.Prepare(); p.Set(0.1); p.Precondition(y, x) }); k != 0 {
			t.Errorf("%s: %g allocations", name, k)
		}
	}
}
