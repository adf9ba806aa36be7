package lowrank

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ngdbench/linalg/operator"
)

// Guzmán-Cordero et al. 2025, algorithm 2, against (Y(ΩᵀY)⁻¹Yᵀ + μI)⁻¹ in dense algebra, and the exact inverse at full rank.
func TestFastTwin(t *testing.T) {
	const n, mu = 20, 1e-2
	a := tall(30, geometric(n, 10, 0.7), rnd(3))
	g := gram(a)
	for _, k := range []int{6, n} {
		p := &Fast{Rank: k}
		if rank := prepared(t, p, normal(a, nil), 1, mu); rank != k {
			t.Fatalf("rank %d, want %d", rank, k)
		}
		omega := mat.NewDense(k, n, p.omega.Data)
		var y, core, solved, hat, want mat.Dense
		y.Mul(omega, g)
		core.Mul(omega, y.T())
		if err := solved.Solve(&core, &y); err != nil {
			t.Fatal(err)
		}
		hat.Mul(y.T(), &solved)
		for i := range n {
			hat.Set(i, i, hat.At(i, i)+mu)
		}
		if err := want.Inverse(&hat); err != nil {
			t.Fatal(err)
		}
		got := inverse(p, n)
		for i := range n {
			for j := range n {
				if math.Abs(got.At(i, j)-want.At(i, j)) > 1e-8/mu {
					t.Fatalf("rank %d: entry (%d, %d) is %g, want %g", k, i, j, got.At(i, j), want.At(i, j))
				}
			}
		}
	}
}

func TestFastDegenerate(t *testing.T) {
	const n = 10
	zero := operator.Matrix{General: gaussian(5, n, rnd(1))}
	clear(zero.Data)
	p := &Fast{Rank: 3}
	if rank := prepared(t, p, normal(zero, nil), 1, 0.5); rank != 0 || inverse(p, n).At(0, 0) != 2 {
		t.Errorf("zero: rank %d, %g", rank, inverse(p, n).At(0, 0))
	}
	a := tall(20, geometric(n, 5, 0.5), rnd(1))
	if k := testing.AllocsPerRun(3, func() { p.Prepare(); p.Set(0.1) }); k != 0 {
		t.Errorf("%g allocations", k)
	}
	a.Data[0] = math.Inf(1)
	if rank := prepared(t, p, normal(a, nil), 1, 0.5); rank != 0 {
		t.Errorf("not finite: rank %d", rank)
	}
	if (&Fast{Rank: 11}).Start(normal(a, nil), rnd(1), nil) == nil {
		t.Error("rank above n accepted")
	}
}
