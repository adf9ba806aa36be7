package lowrank

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ngdbench/linalg"
)

// Chen, Epperly, Tropp, Webber 2025: with k ≥ r/ε + r log(1/(εη)), η the relative error of the best rank r,
// the expected trace of A − Â is at most (1 + ε) that of the best rank r. Both ways of drawing pivots.
func TestRPCholeskyTraceBound(t *testing.T) {
	const n, r, eps, samples = 80, 4, 0.5, 40
	eigenvalues := make([]float64, n)
	best, all := 0.0, 0.0
	for i := range eigenvalues {
		eigenvalues[i] = math.Pow(float64(i+1), -3)
		if all += eigenvalues[i]; i >= r {
			best += eigenvalues[i]
		}
	}
	k := int(math.Ceil(r/eps + r*math.Log(all/(eps*best))))
	a := tall(n, eigenvalues, rnd(8))
	for name, p := range map[string]*PivotedCholesky{"rejection": {Rank: k, Block: 6}, "one by one": {Rank: k, Block: 1}} {
		mean := 0.0
		for seed := range uint64(samples) {
			prepared(t, p, normal(a, nil), seed, 1)
			mean += p.Trace() / samples
		}
		if mean > (1+eps)*best {
			t.Errorf("%s: mean trace %g, bound %g", name, mean, (1+eps)*best)
		}
	}
}

// Epperly, Tropp, Webber 2024: thinning a block by rejection leaves the distribution of pivots unchanged. The first two
// pivots of a 4×4 matrix against their exact probabilities, 4 standard deviations on 4000 draws.
func TestRejectionKeepsDistribution(t *testing.T) {
	const n, samples = 4, 4000
	a := tall(n, []float64{4, 2, 1, 0.5}, rnd(4))
	g := gram(a)
	var want, got [n][n]float64
	for i := range n {
		rest, sum := [n]float64{}, 0.0
		for j := range n {
			rest[j] = g.At(j, j) - g.At(i, j)*g.At(i, j)/g.At(i, i)
			if j != i {
				sum += rest[j]
			}
		}
		for j := range n {
			if j != i {
				want[i][j] = g.At(i, i) / mat.Trace(g) * rest[j] / sum
			}
		}
	}
	p := &PivotedCholesky{Rank: 3, Block: 3}
	if err := p.Start(normal(a, nil), rnd(1), nil); err != nil {
		t.Fatal(err)
	}
	for range samples {
		p.Prepare()
		got[p.piv[0]][p.piv[1]] += 1.0 / samples
	}
	for i := range n {
		for j := range n {
			if d := math.Abs(got[i][j] - want[i][j]); d > 4*math.Sqrt(want[i][j]/samples) {
				t.Errorf("pivots %d, %d: share %.4f, probability %.4f", i, j, got[i][j], want[i][j])
			}
		}
	}
}

// FFᵀ is A minus a positive semi-definite residual whose diagonal is the one that the pivots were chosen by.
func TestPivotedCholeskyResidual(t *testing.T) {
	const n = 30
	a := tall(40, geometric(n, 50, 0.7), rnd(6))
	for _, p := range []*PivotedCholesky{{Rank: 11}, {Rank: 11, Block: 11}, {Rank: 11, Pivots: Greedy{}}} {
		if got := prepared(t, p, normal(a, nil), 9, 1e-3); got != 11 || len(p.piv) != 11 {
			t.Fatalf("rank %d", got)
		}
		e := gram(a)
		for i := range p.rank {
			e.SymRankOne(e, -1, mat.NewVecDense(n, linalg.Row(p.f, i)))
		}
		if l := spectrum(e); l[0] < -1e-12*50 {
			t.Errorf("residual is indefinite: %g", l[0])
		}
		for i := range n {
			if d := math.Abs(e.At(i, i) - p.residual[i]); d > 1e-13*50 {
				t.Errorf("residual %d: %g, by recurrence %g", i, e.At(i, i), p.residual[i])
			}
		}
		for _, i := range p.piv {
			if p.residual[i] != 0 {
				t.Errorf("pivot %d has residual %g", i, p.residual[i])
			}
		}
	}
}

// Greedy pivots are those of the textbook, column by column.
func TestGreedyTwin(t *testing.T) {
	const n, k = 20, 8
	a := tall(20, geometric(n, 9, 0.8), rnd(12))
	p := &PivotedCholesky{Rank: k, Pivots: Greedy{}}
	prepared(t, p, normal(a, nil), 0, 1)
	e := gram(a)
	for j := range k {
		s := 0
		for i := range n {
			if e.At(i, i) > e.At(s, s) {
				s = i
			}
		}
		if p.piv[j] != s {
			t.Fatalf("pivot %d is %d, want %d", j, p.piv[j], s)
		}
		c := mat.NewVecDense(n, nil)
		for i := range n {
			c.SetVec(i, e.At(i, s))
		}
		e.SymRankOne(e, -1/e.At(s, s), c)
	}
}
