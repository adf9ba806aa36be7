package fem_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"ngdbench/formulations/fem"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// errorsOf returns the L² error and the H¹ seminorm of the error of nodal values, by eight points a cell.
func errorsOf(t testing.TB, p *problems.Problem, s *fem.Space, alpha []float64) (l2, h1 float64) {
	t.Helper()
	d := p.Dim()
	r := s.Fine().Rule(6)
	n := len(r.W)
	e := s.Sampling(r.X)
	jets, u, g := make([]float64, e.Rows), make([]float64, 1), make([]float64, d)
	e.Mul(jets, alpha)
	for i, w := range r.W {
		p.Exact(r.X[i*d:][:d], u, g)
		l2 += w * (jets[i] - u[0]) * (jets[i] - u[0])
		for a := range g {
			v := jets[(a+1)*n+i] - g[a]
			h1 += w * v * v
		}
	}
	return math.Sqrt(l2), math.Sqrt(h1)
}

func solve(t testing.TB, p *problems.Problem, mesh geometry.Lattice, order int) (s *fem.System, alpha []float64) {
	t.Helper()
	s, err := fem.NewSystem(p, mesh, order, 0)
	if err != nil {
		t.Fatal(err)
	}
	if alpha, err = s.Solve(); err != nil {
		t.Fatal(err)
	}
	return s, alpha
}

// The solver converges at its theoretical order: h^{k+1} in L² and h^k in H¹ for smooth solutions (Ciarlet 1978, theorem
// 3.2.5), linear or not, symmetric or not; Petrov-Galerkin with linear tests keeps the order of H¹, and h^{2/3} is left
// of it at the re-entrant corner.
func TestFEConvergesAtItsOrder(t *testing.T) {
	for _, c := range []struct {
		p            *problems.Problem
		order, cells int
		l2, h1       float64
	}{
		{problems.Poisson1D(), 1, 20, 2, 1},
		{problems.Poisson2D(), 1, 12, 2, 1},
		{problems.Poisson2D(), 2, 6, 2.9, 2},
		{problems.Poisson2D(), 3, 4, 3.9, 3},
		{problems.Poisson3D(), 1, 5, 2, 1},
		{problems.CDR(), 1, 24, 2, 1},
		{problems.CDR(), 2, 12, 2, 2},
		{problems.CDR(), 4, 8, 3.9, 4},
		{problems.PoissonCubic(), 1, 20, 2, 1},
		{problems.Heat1D(), 1, 12, 2, 1},
		{problems.LShape(), 1, 16, 4. / 3, 2. / 3},
		{problems.Helmholtz(), 2, 16, 2.9, 2},
	} {
		s, a := solve(t, c.p, c.p.Domain.Lattice(c.cells), c.order)
		l, h := errorsOf(t, c.p, s.Space, a)
		s, a = solve(t, c.p, c.p.Domain.Lattice(2*c.cells), c.order)
		l2, h2 := errorsOf(t, c.p, s.Space, a)
		rl, rh := math.Log2(l/l2), math.Log2(h/h2)
		t.Logf("%s order %d: L² %.2e rate %.2f, H¹ %.2e rate %.2f", c.p.Name, c.order, l2, rl, h2, rh)
		if rl < c.l2-0.15 || rh < c.h1-0.1 {
			t.Errorf("%s, order %d: rates %.2f in L² and %.2f in H¹, want %.2f and %.2f", c.p.Name, c.order, rl, rh, c.l2, c.h1)
		}
	}
}

// A polynomial of the space is reproduced, with its gradient, at any point.
func TestSamplingReproducesPolynomials(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, order := range []int{1, 2, 4, 6} {
		s, err := fem.NewSpace(geometry.LShape{}.Lattice(4), order)
		if err != nil {
			t.Fatal(err)
		}
		k := float64(order)
		u := func(x []float64) float64 { return math.Pow(x[0]+0.3, k) * (1 + math.Pow(x[1], k)) }
		alpha := make([]float64, s.Len())
		for j := range alpha {
			alpha[j] = u(s.Nodes()[2*j:][:2])
		}
		x := make([]float64, 2*40)
		geometry.LShape{}.Draw(x, geometry.Interior, r)
		got := make([]float64, 3*40)
		s.Sampling(x).Mul(got, alpha)
		for i := range 40 {
			p, q := x[2*i], x[2*i+1]
			want := []float64{u(x[2*i:]), k * math.Pow(p+0.3, k-1) * (1 + math.Pow(q, k)), math.Pow(p+0.3, k) * k * math.Pow(q, k-1)}
			for f, w := range want {
				if math.Abs(got[f*40+i]-w) > 1e-11*(1+math.Abs(w)) {
					t.Errorf("order %d, functional %d at (%.3f, %.3f): %v, want %v", order, f, p, q, got[f*40+i], w)
				}
			}
		}
	}
}

// A state's A is the derivative of its residual, for a linear and a nonlinear form.
func TestDerivativeOfResidual(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range []*problems.Problem{problems.PoissonCubic(), problems.CDR(), problems.Burgers()} {
		s, err := fem.NewSystem(p, p.Domain.Lattice(5), 2, 0)
		if err != nil {
			t.Fatal(err)
		}
		n := s.Order()
		st, alpha, v := s.NewState(nil), make([]float64, n), make([]float64, n)
		for i := range alpha {
			alpha[i], v[i] = r.NormFloat64(), r.NormFloat64()
		}
		st.Linearise(alpha)
		av, plus, minus, moved := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		st.A().Mul(av, v)
		const h = 1e-4
		for _, c := range []struct {
			step float64
			out  []float64
		}{{h, plus}, {-h, minus}} {
			for i := range moved {
				moved[i] = alpha[i] + c.step*v[i]
			}
			st.Residual(c.out, moved)
		}
		for i := range av {
			if d := (plus[i] - minus[i]) / (2 * h); math.Abs(d-av[i]) > 1e-6*(1+math.Abs(d)) {
				t.Fatalf("%s: row %d of A v is %v, by differences %v", p.Name, i, av[i], d)
			}
		}
	}
}

func TestBadMeshesAreRefused(t *testing.T) {
	p := problems.Poisson2D()
	for want, f := range map[string]func() error{
		"want 1 to 8": func() error { _, err := fem.NewSystem(p, p.Domain.Lattice(3), 0, 0); return err },
		"0 elements": func() error {
			_, err := fem.NewSystem(p, geometry.Lattice{Lines: [][]float64{{0}, {0, 1}}}, 1, 0)
			return err
		},
		"need 3":              func() error { _, err := fem.NewSystem(p, p.Domain.Lattice(3), 4, 2); return err },
		"all with prescribed": func() error { _, err := fem.NewSystem(p, p.Domain.Lattice(1), 1, 0); return err },
		"no weak form":        func() error { _, err := fem.NewSystem(problems.Kovasznay(), p.Domain.Lattice(3), 1, 0); return err },
		"Gram matrix of the tests is": func() error {
			s, err := fem.NewSystem(problems.PoissonCubic(), problems.PoissonCubic().Domain.Lattice(8), 1, 0)
			if err != nil {
				return err
			}
			_, err = s.GramCholesky(nil)
			return err
		},
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}
