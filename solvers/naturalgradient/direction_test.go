package naturalgradient

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/lowrank"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// All directions take the same steps at a damping that all resolve, with and without momentum.
func TestDirectionsAgree(t *testing.T) {
	o, _ := fit(40, 6)
	for _, beta := range []float64{0, 0.5} {
		method := func(d solvers.Direction) *Method {
			return &Method{Direction: d, Damping: solvers.Constant(1e-3), Momentum: solvers.Momentum{Beta: beta}}
		}
		want, _, _ := run(t, o, method(&Dense{}), start(o), 4)
		for name, d := range directions(8) {
			got, infos, _ := run(t, o, method(d), start(o), 4)
			if e := distance(got, want); e > 1e-7 {
				t.Errorf("%s, β = %g: off by %g", name, beta, e)
			}
			if last := infos[len(infos)-1]; (d.Class() == solvers.Explicit) != (last.Iterations == 0) {
				t.Errorf("%s: %d inner iterations", name, last.Iterations)
			}
		}
	}
}

// solveWith prepares d at a point of o and solves for rhs, which for sample space is a residual.
func solveWith(t *testing.T, o objective.Objective, d solvers.Direction, theta []float64, mu float64) ([]float64, solvers.Report, *objective.Point) {
	t.Helper()
	p := objective.NewPoint(o, objective.Loss|objective.Grad|objective.Residual|objective.Tangent, nil)
	p.Eval(theta, objective.Loss|objective.Grad|objective.Residual|objective.Tangent)
	if err := d.Start(p, solvers.Env{Rand: rnd(3)}); err != nil {
		t.Fatal(err)
	}
	d.Prepare(p)
	rhs := p.Grad
	if d.Space() == solvers.Sample {
		rhs = p.Residual
	}
	x := make([]float64, len(theta))
	return x, d.Solve(x, rhs, mu), p
}

// Woodbury's identity, (TᵀT + μI)⁻¹Tᵀ = Tᵀ(TTᵀ + μI)⁻¹, to c ε λ₁/μ, for n < P and n > P.
func TestWoodburyIdentity(t *testing.T) {
	for _, n := range []int{8, 60} {
		o, _, _ := linear(n, 20, 4)
		theta := start(o)
		for _, mu := range []float64{1, 1e-3, 1e-6} {
			a, _, _ := solveWith(t, o, &Dense{}, theta, mu)
			b, _, _ := solveWith(t, o, &Dual{}, theta, mu)
			if e := distance(a, b); e > 100*0x1p-52*100/mu {
				t.Errorf("n = %d, μ = %g: off by %g", n, mu, e)
			}
		}
	}
}

// A linear problem is solved in one step as μ → 0, and the model's prediction is then exact at any scale.
func TestLinearProblem(t *testing.T) {
	o, a, b := linear(30, 10, 5)
	var want mat.VecDense
	if err := want.SolveVec(mat.NewDense(30, 10, a.Data), mat.NewVecDense(30, b)); err != nil {
		t.Fatal(err)
	}
	for name, d := range directions(10) {
		mu := 1e-9
		if _, sample := d.(*SampleCG); sample {
			mu = 1e-7 // n > P: in the null space of T, where nothing matters, w grows with 1/μ and costs digits
		}
		got, infos, _ := run(t, o, &Method{Direction: d, Damping: solvers.Constant(mu)}, start(o), 1)
		if e := distance(got, want.RawVector().Data); e > 1e-5 || infos[0].Scale != 1 {
			t.Errorf("%s: off by %g, %+v", name, e, infos[0])
		}
	}
	rule := &recorder{}
	x, _, _ := run(t, o, &Method{Direction: &Dense{}, Damping: rule, Search: fixed(0.25)}, start(o), 1)
	p := objective.NewPoint(o, objective.Loss, nil)
	p.Eval(x, objective.Loss)
	if got, want := rule.m.Predicted(), rule.m.Loss-p.Loss; math.Abs(got-want) > 1e-12*want {
		t.Errorf("predicted decrease %g, actual %g", got, want)
	}
}

// recorder is a rule with μ = ½ that reads the curvature and remembers the model.
type recorder struct{ m solvers.Model }

func (*recorder) Needs() objective.Quantity      { return objective.Tangent }
func (*recorder) Start()                         {}
func (*recorder) Value(*objective.Point) float64 { return 0.5 }
func (r *recorder) Judge(m solvers.Model) bool   { r.m = m; return false }

// Goldshlager, Abrahamsen, Lin 2024: a SPRING step is the minimiser of ‖Td + r‖² + μ‖d − βφ‖².
func TestSpringLeastSquares(t *testing.T) {
	const mu, beta, scale = 1e-3, 0.5, 0.01
	o, _ := fit(20, 5)
	n, k := 20, o.Params().Size()
	for name, d := range directions(10) {
		m := &Method{Direction: d, Damping: solvers.Constant(mu), Momentum: solvers.Momentum{Beta: beta}, Search: fixed(scale)}
		x0 := start(o)
		x1, _, _ := run(t, o, m, x0, 1)
		x2, infos, _ := run(t, o, m, x0, 2)
		if infos[1].Plain {
			t.Fatalf("%s: momentum was dropped", name)
		}
		p := objective.NewPoint(o, objective.Residual|objective.Tangent|objective.Loss, nil)
		p.Eval(x1, objective.Residual|objective.Tangent)
		a, b := mat.NewDense(n+k, k, nil), mat.NewVecDense(n+k, nil)
		row := make([]float64, k)
		for i := range n {
			p.T.Row(row, i)
			a.SetRow(i, row)
			b.SetVec(i, -p.Residual[i])
		}
		for j := range k {
			a.Set(n+j, j, math.Sqrt(mu))
			b.SetVec(n+j, math.Sqrt(mu)*beta*(x1[j]-x0[j])/scale)
		}
		var want mat.VecDense
		if err := want.SolveVec(a, b); err != nil {
			t.Fatal(err)
		}
		got := make([]float64, k)
		for j := range got {
			got[j] = (x2[j] - x1[j]) / scale
		}
		if e := distance(got, want.RawVector().Data); e > 1e-7 {
			t.Errorf("%s: off by %g", name, e)
		}
	}
}

// spectral is ½‖S x − b‖² with S diagonal: TᵀT has the eigenvalues given, and d_eff is known.
func spectral(eigenvalues []float64) (objective.Objective, []float64) {
	n := len(eigenvalues)
	a := operator.Matrix{General: linalg.New(nil, n, n)}
	var o linalg.Orthonormaliser
	o.Reset(n, n, nil)
	rng := rnd(9)
	for i := range a.Data {
		a.Data[i] = rng.NormFloat64()
	}
	o.Rows(a.General)
	for i, l := range eigenvalues {
		row := linalg.Row(a.General, i)
		for j := range row {
			row[j] *= math.Sqrt(l)
		}
	}
	return objective.FromFuncs(objective.Funcs{N: n, P: n,
		Residual: func(dst, theta []float64) {
			a.Apply(dst, theta)
			for i := range dst {
				dst[i]--
			}
		},
		JVP: func(dst, _, v []float64) { a.Apply(dst, v) },
		VJP: func(dst, _, y []float64) { a.ApplyT(dst, y) }}), make([]float64, n)
}

// geometric is the spectrum 100, 60, 36, …
func geometric(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 100 * math.Pow(0.6, float64(i))
	}
	return out
}

// decrease is that of the damped quadratic model by −d.
func decrease(p *objective.Point, d []float64, mu float64) float64 {
	y := make([]float64, len(p.Residual))
	p.T.Apply(y, d)
	s := 0.0
	for i, v := range y {
		s += v*p.Residual[i] - v*v/2
	}
	for _, v := range d {
		s -= mu * v * v / 2
	}
	return s
}

// capture returns the number of CG iterations, of a direction made with that cap, after which 99.9 % of the model's full decrease is
// reached.
func capture(t *testing.T, o objective.Objective, theta []float64, mu float64, with func(CG) solvers.Direction) int {
	full, _, p := solveWith(t, o, &Dense{}, theta, mu)
	for its := 1; ; its++ {
		d, _, _ := solveWith(t, o, with(CG{Cap: its, Tol: 1e-15}), theta, mu)
		if decrease(p, d, mu) >= 0.999*decrease(p, full, mu) || its == 400 {
			return its
		}
	}
}

// in is CG in parameter space, and inSample in sample space, with preconditioners made by make.
func in(make func() Preconditioner) func(CG) solvers.Direction {
	return func(c CG) solvers.Direction { c.Precond = make(); return &c }
}

func inSample(make func() lowrank.Ritz) func(CG) solvers.Direction {
	return func(c CG) solvers.Direction { c.Precond = &lowrank.Paired{From: make()}; return &SampleCG{CG: c} }
}

// lowRankKinds is every low-rank preconditioner of a rank, in either space. The adaptive ones double from a quarter of it.
func lowRankKinds(rank int) map[string]func(CG) solvers.Direction {
	nystrom := func() *lowrank.Nystrom { return &lowrank.Nystrom{Rank: rank} }
	adaptive := func() *lowrank.Nystrom { return &lowrank.Nystrom{Rank: (rank + 3) / 4, Tau: 0.5, Max: rank} }
	recycled := func() *lowrank.Nystrom { return &lowrank.Nystrom{Rank: rank, Recycle: 0.5} }
	random := func() *lowrank.PivotedCholesky { return &lowrank.PivotedCholesky{Rank: rank} }
	blocks := func() *lowrank.PivotedCholesky { return &lowrank.PivotedCholesky{Rank: rank, Block: 5} }
	greedy := func() *lowrank.PivotedCholesky { return &lowrank.PivotedCholesky{Rank: rank, Pivots: lowrank.Greedy{}} }
	return map[string]func(CG) solvers.Direction{
		"nystrom": in(func() Preconditioner { return nystrom() }), "nystrom+sample": inSample(func() lowrank.Ritz { return nystrom() }),
		"adaptive": in(func() Preconditioner { return adaptive() }), "adaptive+sample": inSample(func() lowrank.Ritz { return adaptive() }),
		"recycled": in(func() Preconditioner { return recycled() }),
		"rpchol":   in(func() Preconditioner { return random() }), "rpchol+sample": inSample(func() lowrank.Ritz { return random() }),
		"rpchol+block": in(func() Preconditioner { return blocks() }), "rpchol+block+sample": inSample(func() lowrank.Ritz { return blocks() }),
		"pchol": in(func() Preconditioner { return greedy() }), "pchol+sample": inSample(func() lowrank.Ritz { return greedy() }),
	}
}

// At rank ≥ d_eff(μ), PCG needs at most 5 iterations to 99.9 % of the decrease, and at any rank no more than plain CG, on
// spectra that fall geometrically and algebraically, for every low-rank kind and in both spaces. In sample space a sketch spans TᵀΩ, and
// not TᵀTΩ as in parameter space, so that its factor resolves less: it needs a rank of 1.5 d_eff for the same.
func TestRankAboveEffectiveDimension(t *testing.T) {
	const n = 100
	algebraic := make([]float64, n)
	for i := range n {
		algebraic[i] = 100 * math.Pow(float64(i+1), -4)
	}
	for name, eigenvalues := range map[string][]float64{"geometric": geometric(n), "algebraic": algebraic} {
		o, theta := spectral(eigenvalues)
		const mu = 1e-4
		d := 0.0
		for _, l := range eigenvalues {
			d += l / (l + mu)
		}
		plain := capture(t, o, theta, mu, func(c CG) solvers.Direction { return &c })
		for _, rank := range []int{int(d / 2), int(1.2*d) + 1, int(1.5*d) + 1} {
			for kind, with := range lowRankKinds(rank) {
				its := capture(t, o, theta, mu, with)
				enough := d
				if kind == "nystrom+sample" || kind == "adaptive+sample" {
					enough = 1.5 * d
				}
				if its > plain || float64(rank) >= enough && its > 5 {
					t.Errorf("%s, %s: %d iterations at rank %d, d_eff %.0f; plain CG %d", name, kind, its, rank, d, plain)
				}
			}
		}
	}
}

// Settings out of range are refused with the range.
func TestSettings(t *testing.T) {
	o, _ := fit(20, 3)
	for want, m := range map[string]*Method{
		"rank 11 outside [1, 10]":          {Direction: Nystrom(11)},
		"rank 0 outside [1, 10]":           {Direction: RPChol(0)},
		"rank -3 outside [1, 10]":          {Direction: PChol(-3)},
		"CG tolerance 1 outside [0, 1)":    {Direction: &CG{Tol: 1}},
		"CG cap -1 outside":                {Direction: &CG{Cap: -1}},
		"CG progress 2 outside [0, 1)":     {Direction: &CG{Progress: 2}},
		"momentum 1 outside [0, 1)":        {Direction: &Dense{}, Momentum: solvers.Momentum{Beta: 1}},
		"momentum NaN outside [0, 1)":      {Direction: &Dense{}, Momentum: solvers.Momentum{Beta: math.NaN()}},
		"damping -1 outside [0, ∞)":        {Direction: &Dense{}, Damping: solvers.Constant(-1)},
		"factor 0.5 outside (1, 1e6]":      {Direction: &Dense{}, Damping: &solvers.Marquardt{Factor: 0.5}},
		"Armijo constant 1 outside (0, 1)": {Direction: &Dense{}, Search: solvers.Armijo{C1: 1}},
		"without a direction":              {},
	} {
		if err := m.Start(o, solvers.Env{Rand: rnd(1)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// energy offers no residual: what a Ritz energy looks like to a solver.
type energy struct{ objective.Objective }

func (e energy) Offers() objective.Quantity {
	return objective.Loss | objective.Grad | objective.Tangent
}

// A method that needs what the objective lacks says what.
func TestMissing(t *testing.T) {
	o, _ := fit(20, 3)
	for want, m := range map[string]*Method{
		"residual, least squares": {Direction: &Dual{}},
		"non-negative loss":       {Direction: &Dense{}, Damping: solvers.MinLoss{}},
		"":                        {Direction: Nystrom(3), Damping: &solvers.Marquardt{}, Search: solvers.Wolfe{}},
	} {
		if got := objective.Missing(m.Needs(), energy{o}.Offers()); got != want {
			t.Errorf("missing %q, want %q", got, want)
		}
		if got := objective.Missing(m.Needs(), o.Offers()); got != "" {
			t.Errorf("missing %q in least squares", got)
		}
	}
	theta, infos, _ := run(t, energy{o}, &Method{Direction: &Dense{}}, start(o), 3)
	if !finite(theta) || infos[2].Status != solvers.Running {
		t.Errorf("%+v", infos)
	}
}

// One factorisation serves several right-hand sides and is made again for another μ only.
func TestSolveFactorsOnce(t *testing.T) {
	m := &cost.Meter{Clock: ticks()}
	o, _, _ := linear(30, 10, 5)
	want := objective.Loss | objective.Grad | objective.Residual | objective.Tangent
	p := objective.NewPoint(o, want, m)
	p.Eval(start(o), want)
	d := &Dense{}
	if err := d.Start(p, solvers.Env{Meter: m}); err != nil {
		t.Fatal(err)
	}
	d.Prepare(p)
	x, y := make([]float64, 10), make([]float64, 10)
	for i, mu := range []float64{1, 1, 2, 1, 0} {
		before := m.Seconds[cost.Factor]
		d.Solve(x, p.Grad, mu)
		again := m.Seconds[cost.Factor] > before
		if again != (i != 1) {
			t.Errorf("solve %d: factored %v", i, again)
		}
	}
	d.Solve(x, p.Grad, 1)
	d.Prepare(p)
	d.Solve(y, p.Grad, 1)
	if !same(x, y) {
		t.Error("Prepare changed the direction at the same point")
	}
}
