package krylov

import (
	"math"
	"math/rand/v2"
	"testing"

	"ngdbench/linalg"
	"ngdbench/linalg/operator"
)

// problem is a random T with falling singular values, and a right-hand side r.
func problem(rows, cols int, seed uint64) (t operator.Matrix, r []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	a := linalg.New(nil, rows, cols)
	for i := range rows {
		for j := range cols {
			a.Data[i*cols+j] = rng.NormFloat64() * math.Pow(0.7, float64(i))
		}
	}
	r = make([]float64, rows)
	for i := range r {
		r[i] = rng.NormFloat64()
	}
	return operator.Matrix{General: a}, r
}

// CG on pairs (w, Kw), K = TTᵀ, makes d = Tᵀw the iterates of CG on TᵀT, one by one, and reports the same residuals.
func TestPairsAreParameterSpace(t *testing.T) {
	const rows, cols, mu = 12, 30, 1e-3
	op, r := problem(rows, cols, 3)
	tangent := operator.Bind(op, nil)
	grad := make([]float64, cols)
	tangent.ApplyT(grad, r)
	pairs := NewPairs(operator.Dual{Map: tangent})
	b := append(append([]float64(nil), r...), make([]float64, rows)...)
	pairs.Pair(b)
	for n := 1; n <= 7; n++ {
		primal, dual := solver(t, cols, CG{Cap: n}), solver(t, 2*rows, CG{Cap: n})
		d, x, got := make([]float64, cols), make([]float64, 2*rows), make([]float64, cols)
		want := primal.Solve(d, operator.Normal{Map: tangent}, mu, grad, nil)
		res := dual.Solve(x, pairs, mu, b, nil)
		tangent.ApplyT(got, x[:rows])
		for i := range d {
			if math.Abs(got[i]-d[i]) > 1e-7*norm(d) {
				t.Fatalf("iterate %d: d[%d] = %g in sample space, %g in parameter space", n, i, got[i], d[i])
			}
		}
		if res.Iterations != want.Iterations || math.Abs(res.Residual-want.Residual) > 1e-6*want.Residual+1e-12 {
			t.Errorf("iterate %d: %+v, in parameter space %+v", n, res, want)
		}
	}
}

// K is symmetric in its own inner product, and pairs stay pairs.
func TestPairsAreSelfAdjoint(t *testing.T) {
	op, a := problem(9, 20, 5)
	_, b := problem(9, 20, 6)
	p := NewPairs(operator.Dual{Map: operator.Bind(op, nil)})
	x, y := append(a, make([]float64, 9)...), append(b, make([]float64, 9)...)
	p.Pair(x)
	p.Pair(y)
	kx, ky := make([]float64, 18), make([]float64, 18)
	p.Mul(kx, x)
	p.Mul(ky, y)
	s := solve{CG: &CG{}, pairs: p}
	if left, right := s.dot(kx, y), s.dot(x, ky); math.Abs(left-right) > 1e-12*math.Abs(left) {
		t.Errorf("⟨Kx, y⟩ = %g, ⟨x, Ky⟩ = %g", left, right)
	}
	again := append([]float64(nil), kx...)
	p.Pair(again)
	for i := range again {
		if math.Abs(again[i]-kx[i]) > 1e-12*norm(kx) {
			t.Errorf("K x is no pair: %g, %g", again[i], kx[i])
		}
	}
}

func norm(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v * v
	}
	return math.Sqrt(s)
}
