package lowrank

import (
	"math"
	"testing"

	"ngdbench/cost"
	"ngdbench/linalg"
)

// Frangella, Tropp, Udell 2023, section 5.4: the rank doubles until λ̂_k ≤ τμ, and no further; all products are kept.
func TestAdaptiveRank(t *testing.T) {
	const n, tau = 60, 10
	a := tall(70, geometric(n, 1000, 0.5), rnd(4))
	for _, c := range []struct {
		mu   float64
		most int
		want int
	}{
		{100, 0, 4}, // λ_4 = 125 ≤ 1000
		{1, 0, 8},   // λ_8 = 7.8
		{1e-3, 0, 32}, {1e-30, 0, n}, {1e-3, 12, 12},
	} {
		var m cost.Meter
		p := &Nystrom{Rank: 4, Tau: tau, Max: c.most}
		if err := p.Start(normal(a, &m), rnd(1), &m); err != nil {
			t.Fatal(err)
		}
		bytes := m.Bytes
		p.Prepare()
		if p.Set(c.mu); p.size != c.want {
			t.Errorf("μ = %g: rank %d, want %d", c.mu, p.size, c.want)
		}
		if m.Counts.Applies != c.want || m.Bytes != bytes {
			t.Errorf("μ = %g: %d products for rank %d, %d bytes more", c.mu, m.Counts.Applies, c.want, m.Bytes-bytes)
		}
		if k := p.size; k < p.u.Rows && p.lambda[k-1] > tau*c.mu {
			t.Errorf("μ = %g: λ̂_%d = %g", c.mu, k, p.lambda[k-1])
		}
	}
}

// The doubled sketch is as good as one drawn at once: Â recovers a matrix of that rank, and the next Prepare begins with the
// rank that sufficed.
func TestAdaptiveRecovery(t *testing.T) {
	const n = 40
	eigenvalues := append(geometric(16, 100, 0.8), make([]float64, n-16)...)
	a := tall(50, eigenvalues, rnd(2))
	var m cost.Meter
	p := &Nystrom{Rank: 4, Tau: 1}
	if err := p.Start(normal(a, &m), rnd(3), &m); err != nil {
		t.Fatal(err)
	}
	p.Prepare()
	p.Set(1e-6)
	for i, l := range eigenvalues[:16] {
		if math.Abs(p.lambda[i]-l) > 1e-10*l {
			t.Errorf("λ̂_%d = %g, want %g", i, p.lambda[i], l)
		}
	}
	size, before := p.size, m.Counts.Applies
	p.Prepare()
	if p.Set(1e-6); p.size != size || m.Counts.Applies-before != size {
		t.Errorf("second sketch: size %d after %d, %d products", p.size, size, m.Counts.Applies-before)
	}
	if p.Prepare(); p.Set(1e3) != 4 { // a large μ lets the next sketch be small again
		p.Prepare()
		if p.Set(1e3) != 4 {
			t.Errorf("rank %d for a large damping", p.rank)
		}
	}
	if k := testing.AllocsPerRun(3, func() { p.Prepare(); p.Set(1e-6); p.Set(1e3) }); k != 0 {
		t.Errorf("%g allocations", k)
	}
}

// Recycling is a block power iteration: on an unchanged matrix of slow decay the error of Â falls from sketch to sketch, and not
// without it, in the mean over 20 seeds.
func TestRecycling(t *testing.T) {
	const n, k = 60, 12
	eigenvalues := geometric(n, 1, 0.93)
	a := tall(70, eigenvalues, rnd(5))
	missed := func(share float64) (sum float64) {
		for seed := range uint64(20) {
			p := &Nystrom{Rank: k, Recycle: share}
			prepared(t, p, normal(a, nil), seed, 1e-3)
			for range 5 {
				p.Prepare()
			}
			for i, l := range p.Eigenvalues() {
				sum += (eigenvalues[i] - l) / 20
			}
		}
		return sum
	}
	if fresh, kept := missed(0), missed(0.5); kept > 0.7*fresh {
		t.Errorf("eigenvalues missed: %g with recycling, %g without", kept, fresh)
	}
}

func TestAdaptiveSettings(t *testing.T) {
	a := normal(tall(20, geometric(10, 5, 0.5), rnd(1)), nil)
	for _, p := range []*Nystrom{{Rank: 2, Tau: -1}, {Rank: 2, Tau: math.NaN()}, {Rank: 2, Tau: math.Inf(1)}, {Rank: 4, Tau: 1, Max: 3},
		{Tau: 1}, {Rank: 2, Recycle: 1}, {Rank: 2, Recycle: -0.1}, {Rank: 2, Recycle: math.NaN()}} {
		if p.Start(a, rnd(1), nil) == nil {
			t.Errorf("accepted %+v", p)
		}
	}
	p := &Nystrom{Rank: 16, Tau: 1, Max: 32}
	if err := p.Start(a, rnd(1), nil); err != nil || p.u.Rows != 10 {
		t.Errorf("ranks above n: %v, largest %d", err, p.u.Rows)
	}
}

// The bound is one: never below rᵀ(A + μI)⁻¹r, equal to it at full rank.
func TestErrorBound(t *testing.T) {
	const n, mu = 30, 1e-3
	a := tall(40, geometric(n, 10, 0.6), rnd(7))
	g := linalg.New(nil, n, n)
	linalg.SyrkT(g, a.General)
	var chol linalg.Cholesky
	chol.Reset(n, nil)
	chol.Factor(g, mu)
	for _, k := range []int{1, 5, 15, n} {
		for name, p := range both(k) {
			b, ok := p.(interface{ Bound(r, z []float64) float64 })
			if !ok {
				continue
			}
			prepared(t, p, normal(a, nil), 3, mu)
			for s := range uint64(5) {
				r, z := gaussian(1, n, rnd(s)).Data, make([]float64, n)
				x := append([]float64(nil), r...)
				chol.Solve(x)
				truth := dot(r, x)
				p.Precondition(z, r)
				if got := b.Bound(r, z); got < truth*(1-1e-9) || k == n && got > truth*(1+1e-6) {
					t.Errorf("%s rank %d: bound %g of %g", name, k, got, truth)
				}
			}
		}
	}
}

func dot(a, b []float64) (s float64) {
	for i, v := range a {
		s += v * b[i]
	}
	return s
}
