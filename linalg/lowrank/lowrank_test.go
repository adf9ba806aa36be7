package lowrank

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
)

func rnd(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 5)) }

func gaussian(r, c int, rng *rand.Rand) blas64.General {
	a := linalg.New(nil, r, c)
	for i := range a.Data {
		a.Data[i] = rng.NormFloat64()
	}
	return a
}

// tall returns an m×n operator T with the given eigenvalues of TᵀT and random singular vectors.
func tall(m int, eigenvalues []float64, rng *rand.Rand) operator.Matrix {
	n := len(eigenvalues)
	u, v := gaussian(n, m, rng), gaussian(n, n, rng)
	var o linalg.Orthonormaliser
	o.Reset(n, m, nil)
	o.Rows(u)
	o.Reset(n, n, nil)
	o.Rows(v)
	for i, l := range eigenvalues {
		row := linalg.Row(v, i)
		for j := range row {
			row[j] *= math.Sqrt(l)
		}
	}
	t := linalg.New(nil, m, n)
	linalg.Gemm(blas.Trans, blas.NoTrans, 1, u, v, 0, t)
	return operator.Matrix{General: t}
}

func geometric(n int, first, ratio float64) []float64 {
	l := make([]float64, n)
	for i := range l {
		l[i] = first * math.Pow(ratio, float64(i))
	}
	return l
}

func normal(t operator.Operator, m *cost.Meter) operator.Normal {
	return operator.Normal{Map: operator.Bind(t, m)}
}

// both lists the approximations in their kinds.
func both(rank int) map[string]approximation {
	return map[string]approximation{
		"nystrom": &Nystrom{Rank: rank},
		"rpchol":  &PivotedCholesky{Rank: rank},
		"block":   &PivotedCholesky{Rank: rank, Block: min(6, rank)},
		"greedy":  &PivotedCholesky{Rank: rank, Pivots: Greedy{}},
	}
}

type approximation interface {
	Start(a operator.Symmetric, rng *rand.Rand, m *cost.Meter) error
	Prepare()
	Set(mu float64) int
	Precondition(dst, x []float64)
	Random() bool
}

func prepared(t *testing.T, p approximation, a operator.Symmetric, seed uint64, mu float64) int {
	t.Helper()
	if err := p.Start(a, rnd(seed), nil); err != nil {
		t.Fatal(err)
	}
	p.Prepare()
	return p.Set(mu)
}

// inverse returns M⁻¹ as a matrix, from products with unit vectors.
func inverse(p approximation, n int) *mat.SymDense {
	s := mat.NewSymDense(n, nil)
	x, y := make([]float64, n), make([]float64, n)
	for j := range n {
		x[j] = 1
		p.Precondition(y, x)
		x[j] = 0
		for i := 0; i <= j; i++ {
			s.SetSym(i, j, y[i])
		}
	}
	return s
}

func gram(a operator.Operator) *mat.SymDense {
	rows, n := a.Dims()
	d := linalg.New(nil, rows, n)
	operator.Bind(a, nil).Dense(d)
	g := linalg.New(nil, n, n)
	linalg.SyrkT(g, d)
	return mat.NewSymDense(n, g.Data)
}

// spectrum returns the eigenvalues, rising.
func spectrum(s *mat.SymDense) []float64 {
	var e mat.EigenSym
	e.Factorize(s, false)
	return e.Values(nil)
}

// condition returns the condition number of M^{-1/2}(A + μI)M^{-1/2}.
func condition(a, m *mat.SymDense, mu float64) float64 {
	n := a.SymmetricDim()
	var e mat.EigenSym
	e.Factorize(m, true)
	var v, root mat.Dense
	e.VectorsTo(&v)
	l := e.Values(nil)
	d := mat.NewDiagDense(n, nil)
	for i, x := range l {
		d.SetDiag(i, math.Sqrt(x))
	}
	root.Product(&v, d, v.T())
	b := mat.NewSymDense(n, nil)
	b.CopySym(a)
	for i := range n {
		b.SetSym(i, i, b.At(i, i)+mu)
	}
	var p mat.Dense
	p.Product(&root, b, &root)
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, (p.At(i, j)+p.At(j, i))/2)
		}
	}
	l = spectrum(s)
	return l[n-1] / l[0]
}

// Scaling A and μ by powers of four scales factors by powers of two and M⁻¹ by powers of four, bit for bit, with the
// same pivots and rank (an absolute stop test would call tiny matrices done at once).
func TestScaling(t *testing.T) {
	const n, k = 30, 12
	a, x := tall(40, geometric(n, 300, 0.3), rnd(1)), gaussian(1, n, rnd(2)).Data
	for name, p := range both(k) {
		want, got := make([]float64, n), make([]float64, n)
		rank := prepared(t, p, normal(a, nil), 7, 1e-4)
		p.Precondition(want, x)
		f, pivots := factor(p)
		for _, e := range []int{-40, 40} {
			b := operator.Matrix{General: scaled(a.General, math.Ldexp(1, e))}
			if r := prepared(t, p, normal(b, nil), 7, math.Ldexp(1e-4, 2*e)); r != rank {
				t.Errorf("%s: rank %d at scale 4^%d, %d unscaled", name, r, e, rank)
			}
			p.Precondition(got, x)
			g, again := factor(p)
			for i := range got {
				if math.Ldexp(got[i], 2*e) != want[i] {
					t.Fatalf("%s: M⁻¹x differs at scale 4^%d: %g, %g", name, e, math.Ldexp(got[i], 2*e), want[i])
				}
			}
			for i := range f {
				if g[i] != f[i] && math.Ldexp(g[i], -e) != f[i] {
					t.Fatalf("%s: factor differs at scale 4^%d", name, e)
				}
			}
			for i := range pivots {
				if pivots[i] != again[i] {
					t.Fatalf("%s: pivots %v, %v", name, again, pivots)
				}
			}
		}
	}
}

func scaled(a blas64.General, s float64) blas64.General {
	b := linalg.New(nil, a.Rows, a.Cols)
	for i, v := range a.Data {
		b.Data[i] = v * s
	}
	return b
}

// factor returns copies of what the approximation is made of.
func factor(p approximation) (f []float64, pivots []int) {
	switch p := p.(type) {
	case *Nystrom:
		return append(f, p.u.Data...), nil
	case *PivotedCholesky:
		return append(f, p.f.Data...), append(pivots, p.piv...)
	}
	return nil, nil
}

// Where the pivots must stop: VVᵀ with V (50×7), entries min(i, j), has rank 7; the zero matrix has rank 0; diag(1, 0, 0) rank 1.
func TestTrueRank(t *testing.T) {
	v := linalg.New(nil, 7, 50)
	for i := range 7 {
		for j := range 50 {
			v.Data[i*50+j] = float64(min(i, j) + 1)
		}
	}
	one := linalg.New(nil, 3, 3)
	one.Data[0] = 1
	for _, c := range []struct {
		name string
		a    operator.Matrix
		k    int
		rank int
	}{
		{"seven", operator.Matrix{General: v}, 50, 7},
		{"zero", operator.Matrix{General: linalg.New(nil, 4, 3)}, 3, 0},
		{"one", operator.Matrix{General: one}, 3, 1},
	} {
		_, n := c.a.Dims()
		trace := mat.Trace(gram(c.a))
		for name, p := range both(c.k) {
			rank := prepared(t, p, normal(c.a, nil), 3, 0.5)
			if rank != c.rank && !(name == "nystrom" && rank >= c.rank) { // beyond the true rank: eigenvalues just above ν
				t.Errorf("%s, %s: rank %d, want %d", c.name, name, rank, c.rank)
			}
			if p, ok := p.(*PivotedCholesky); ok && !(p.Trace() <= 1e-12*trace) {
				t.Errorf("%s, %s: trace %g of %g remains", c.name, name, p.Trace(), trace)
			}
			m := inverse(p, n)
			if c.rank == 0 {
				for i := range n {
					if m.At(i, i) != 2 {
						t.Errorf("%s: not the identity over μ: %g", name, m.At(i, i))
					}
				}
			}
			if got := condition(gram(c.a), m, 0.5); !(got <= 1+1e-6) {
				t.Errorf("%s, %s: condition %g of an exact inverse", c.name, name, got)
			}
			p.Set(0)
			if got := inverse(p, n).At(n-1, n-1); math.IsNaN(got) || math.IsInf(got, 0) {
				t.Errorf("%s, %s: %g without damping", c.name, name, got)
			}
		}
	}
}

// At full rank both are the matrix: M⁻¹(A + μI) = I.
func TestFullRank(t *testing.T) {
	const n = 25
	a := tall(30, geometric(n, 50, 0.6), rnd(6))
	for name, p := range both(n) {
		prepared(t, p, normal(a, nil), 4, 1e-3)
		if got := condition(gram(a), inverse(p, n), 1e-3); got > 1+1e-5 {
			t.Errorf("%s: condition %g", name, got)
		}
	}
}

// The approximations of TTᵀ are those of (Tᵀ)ᵀTᵀ: the spaces differ in how products and columns are asked for only.
func TestSampleSpace(t *testing.T) {
	a := tall(40, geometric(25, 50, 0.7), rnd(6))
	b := linalg.New(nil, 25, 40)
	for i := range 40 {
		for j := range 25 {
			b.Data[j*40+i] = a.Data[i*25+j]
		}
	}
	x := gaussian(1, 40, rnd(1)).Data
	for name, p := range both(10) {
		got, want := make([]float64, 40), make([]float64, 40)
		prepared(t, p, operator.Dual{Map: operator.Bind(a, nil)}, 5, 1e-2)
		p.Precondition(got, x)
		prepared(t, p, normal(operator.Matrix{General: b}, nil), 5, 1e-2)
		p.Precondition(want, x)
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-7*math.Abs(want[i])+1e-9 {
				t.Fatalf("%s: %g, %g", name, got[i], want[i])
			}
		}
	}
}

func TestNotFinite(t *testing.T) {
	a := tall(20, geometric(10, 5, 0.5), rnd(1))
	a.Data[3] = math.NaN()
	for name, p := range both(5) {
		if rank := prepared(t, p, normal(a, nil), 1, 0.5); rank != 0 {
			t.Errorf("%s: rank %d of NaN", name, rank)
		}
		if got := inverse(p, 10).At(0, 0); got != 2 {
			t.Errorf("%s: %g", name, got)
		}
	}
}

func TestSettings(t *testing.T) {
	a := normal(tall(20, geometric(10, 5, 0.5), rnd(1)), nil)
	for _, p := range []approximation{&Nystrom{}, &Nystrom{Rank: 11}, &Nystrom{Rank: -1}, &PivotedCholesky{},
		&PivotedCholesky{Rank: 11}, &PivotedCholesky{Rank: 5, Block: 6}, &PivotedCholesky{Rank: 5, Block: -1}} {
		if p.Start(a, rnd(1), nil) == nil {
			t.Errorf("accepted %+v", p)
		}
	}
}

// Products, columns and workspace are counted; nothing allocates after Start; the same seed gives the same bits.
func TestCostsAndDeterminism(t *testing.T) {
	const n, k = 30, 10
	a, x := tall(40, geometric(n, 50, 0.7), rnd(6)), gaussian(1, n, rnd(2)).Data
	for name, p := range both(k) {
		var m cost.Meter
		if err := p.Start(normal(a, &m), rnd(3), &m); err != nil {
			t.Fatal(err)
		}
		before := m.Bytes
		p.Prepare()
		if c := m.Counts; name == "nystrom" && (c.Applies != k || c.ApplyTs != k) || name == "greedy" && c.ApplyTs != k || c.ApplyTs < k {
			t.Errorf("%s: %+v", name, c)
		}
		if before == 0 || m.Bytes != before {
			t.Errorf("%s: %d bytes at start, %d after Prepare", name, before, m.Bytes)
		}
		y, z := make([]float64, n), make([]float64, n)
		if allocs := testing.AllocsPerRun(5, func() { p.Prepare(); p.Set(0.1); p.Precondition(y, x) }); allocs != 0 {
			t.Errorf("%s: %g allocations", name, allocs)
		}
		prepared(t, p, normal(a, nil), 3, 0.1)
		p.Precondition(y, x)
		prepared(t, p, normal(a, nil), 3, 0.1)
		p.Precondition(z, x)
		for i := range y {
			if y[i] != z[i] {
				t.Fatalf("%s: two runs of one seed differ", name)
			}
		}
	}
}
