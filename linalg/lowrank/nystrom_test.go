package lowrank

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ngdbench/linalg"
	"ngdbench/linalg/operator"
)

// Frangella, Tropp, Udell 2023, proposition 5.3: the preconditioned condition number is at most (λ̂_k + μ + ‖A − Â‖)/μ,
// whatever the sketch.
func TestFTUConditionBound(t *testing.T) {
	const n, mu = 40, 1e-3
	for seed := range uint64(5) {
		for _, ratio := range []float64{0.5, 0.9} {
			a := tall(50, geometric(n, 100, ratio), rnd(seed))
			p := &Nystrom{Rank: 10}
			prepared(t, p, normal(a, nil), seed, mu)
			g := gram(a)
			e, bound := mat.NewSymDense(n, nil), 0.0
			e.CopySym(g)
			for i, l := range p.Eigenvalues() {
				e.SymRankOne(e, -l, mat.NewVecDense(n, linalg.Row(p.u, i)))
			}
			l := spectrum(e)
			if l[0] < -1e-11 {
				t.Errorf("Â is not below A: %g", l[0])
			}
			bound = (p.Eigenvalues()[p.rank-1] + mu + l[n-1]) / mu
			if got := condition(g, inverse(p, n), mu); got > bound*(1+1e-6) {
				t.Errorf("ratio %g: condition %g above the bound %g", ratio, got, bound)
			}
		}
	}
}

// Frangella, Tropp, Udell 2023, theorem 5.1: with k = 2⌈1.5 d_eff(μ)⌉ + 1 the expected condition number is below 28.
func TestFTUEffectiveDimension(t *testing.T) {
	const n, samples = 60, 20
	eigenvalues := geometric(n, 10, 0.5)
	a := tall(n, eigenvalues, rnd(3))
	mean := func(k int, mu float64) (c float64) {
		for seed := range uint64(samples) {
			p := &Nystrom{Rank: k}
			prepared(t, p, normal(a, nil), seed, mu)
			c += condition(gram(a), inverse(p, n), mu) / samples
		}
		return c
	}
	for _, mu := range []float64{1e-1, 1e-2, 1e-3} {
		d := 0.0
		for _, l := range eigenvalues {
			d += l / (l + mu)
		}
		if c := mean(2*int(math.Ceil(1.5*d))+1, mu); c > 28 {
			t.Errorf("μ = %g, d_eff = %.1f: mean condition %g", mu, d, c)
		}
		if c := mean(int(d/2), mu); c < 28 { // the bound says something: half the rank breaks it
			t.Errorf("μ = %g: mean condition %g at rank d_eff/2", mu, c)
		}
	}
}

type opaque struct{ operator.Symmetric }

// Any Symmetric will do for Nystrom; columns are needed for the other.
func TestOpaque(t *testing.T) {
	a := normal(tall(20, geometric(20, 5, 0.5), rnd(1)), nil)
	p, q := &Nystrom{Rank: 5}, &Nystrom{Rank: 5}
	prepared(t, p, a, 1, 0.1)
	prepared(t, q, opaque{a}, 1, 0.1)
	for i, l := range p.Eigenvalues() {
		if math.Abs(l-q.Eigenvalues()[i]) > 1e-12*p.Eigenvalues()[0] {
			t.Errorf("eigenvalue %d: %g, %g", i, l, q.Eigenvalues()[i])
		}
	}
	if err := (&PivotedCholesky{Rank: 5}).Start(opaque{a}, rnd(1), nil); err == nil {
		t.Error("a map without columns was accepted")
	}
}
