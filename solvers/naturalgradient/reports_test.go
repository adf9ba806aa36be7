package naturalgradient

import (
	"fmt"
	"math"
	"testing"

	"ngdbench/linalg"
	"ngdbench/linalg/krylov"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// every combination of direction, damping rule and search, by name.
func combinations(rank int) map[string]*Method {
	all := map[string]*Method{}
	for dn, direction := range map[string]func() solvers.Direction{
		"svd": func() solvers.Direction { return &SVD{} }, "block": func() solvers.Direction { return &Block{} },
		"diagonal": func() solvers.Direction { return &Diagonal{} },
		"dense":    func() solvers.Direction { return &Dense{} }, "dual": func() solvers.Direction { return &Dual{} },
		"cg": func() solvers.Direction { return &CG{} }, "nystrom": func() solvers.Direction { return Nystrom(rank) },
		"rpchol": func() solvers.Direction { return RPChol(rank) }, "pchol": func() solvers.Direction { return PChol(rank) },
	} {
		for mn, damping := range map[string]func() solvers.Damping{
			"0":     func() solvers.Damping { return solvers.Constant(0) },
			"1e-10": func() solvers.Damping { return nil },
			"loss":  func() solvers.Damping { return solvers.MinLoss{} },
			"lm":    func() solvers.Damping { return &solvers.Marquardt{} },
			"trust": func() solvers.Damping { return &solvers.Trust{} },
		} {
			for _, sn := range []string{"full", "grid", "grid31", "kfac", "armijo", "wolfe"} {
				search, _ := solvers.ParseSearch(sn)
				all[fmt.Sprintf("%s %s %s", dn, mn, sn)] = &Method{Direction: direction(), Damping: damping(), Search: search}
			}
		}
	}
	return all
}

// No success at infinity, and no training without end. Every direction, damping rule and search: what is not finite at
// θ₀ diverges at step 0; what is NaN everywhere else is not accepted, θ unchanged to the bit, each step within 100
// losses, and ends as stalled where no random numbers are involved.
func TestSuccessAtInfinity(t *testing.T) {
	one := func(float64) float64 { return 1 }
	inf, nan := math.Inf(1), math.NaN()
	around := func(x float64) float64 {
		if x == 3 {
			return 1
		}
		return nan
	}
	for _, c := range []struct {
		name string
		o    objective.Objective
		want solvers.Status
	}{
		{"a: loss +Inf", scalar(func(float64) float64 { return inf }, one), solvers.Diverged},
		{"b: gradient NaN", scalar(one, func(float64) float64 { return nan }), solvers.Diverged},
		{"c: NaN around", scalar(around, one), solvers.Stalled},
		{"d: uphill", scalar(func(x float64) float64 { return 1 + math.Abs(x-3) }, one), solvers.Stalled},
		{"e: residual zero", scalar(func(float64) float64 { return 0 }, one), solvers.Converged},
	} {
		for name, m := range combinations(1) {
			theta, infos, meter := run(t, c.o, m, []float64{3}, 4)
			last := infos[len(infos)-1]
			random := name[:2] == "ny" || name[:2] == "rp"
			if last.Status != c.want && !(random && c.want == solvers.Stalled && last.Status == solvers.Running) {
				t.Errorf("%s, %s: %v after %d steps, want %v", c.name, name, last.Status, len(infos), c.want)
			}
			if theta[0] != 3 || math.IsNaN(last.Damping) || math.IsInf(last.Damping, 0) {
				t.Errorf("%s, %s: θ = %v, %+v", c.name, name, theta, last)
			}
			evals, steps := meter.Counts.Losses+meter.Counts.Grads, 1
			if random {
				steps = len(infos)
			}
			if evals > 100*steps {
				t.Errorf("%s, %s: %d evaluations in %d steps", c.name, name, evals, len(infos))
			}
			if c.want != solvers.Stalled && len(infos) != 1 {
				t.Errorf("%s, %s: %d steps", c.name, name, len(infos))
			}
		}
	}
}

// A tangent map that is not finite where loss and gradient are is a breakdown, not a crash, and θ stays.
func TestBreakdown(t *testing.T) {
	o := objective.FromFuncs(objective.Funcs{N: 1, P: 1,
		Residual: func(dst, _ []float64) { dst[0] = 1 },
		JVP:      func(dst, _, _ []float64) { dst[0] = math.NaN() },
		VJP:      func(dst, _, y []float64) { dst[0] = y[0] }})
	for _, d := range []solvers.Direction{&CG{}, &Dual{}, Nystrom(1)} {
		if x, infos, _ := run(t, o, &Method{Direction: d}, []float64{3}, 4); infos[0].Status != solvers.Breakdown || x[0] != 3 {
			t.Errorf("%T: %+v", d, infos[0])
		}
	}
}

// Damping zero on a singular Gramian: dense adds a shift and says its size, nothing is NaN, the loss
// never rises; at a damping that resolves, the loss after one step is the same for all.
func TestSingularGramian(t *testing.T) {
	losses := map[string]float64{}
	for _, mu := range []float64{0, 1e-4} {
		for _, name := range []string{"dense", "dual", "cg", "nystrom", "rpchol", "pchol"} {
			d := map[string]solvers.Direction{"dense": &Dense{}, "dual": &Dual{}, "cg": &CG{Tol: 1e-10}, "nystrom": Nystrom(12),
				"rpchol": RPChol(12), "pchol": PChol(12)}[name]
			o, _ := fit(10, 7) // 10 rows, P = 22
			x, infos, _ := run(t, o, &Method{Direction: d, Damping: solvers.Constant(mu)}, start(o), 5)
			if !finite(x) {
				t.Errorf("%s at μ = %g: θ = %v", name, mu, x)
			}
			for i, info := range infos {
				if math.IsNaN(info.Slope) || math.IsNaN(info.Norm) || math.IsNaN(info.Damping) || i > 0 && info.Loss > infos[i-1].Loss {
					t.Errorf("%s at μ = %g: %+v", name, mu, info)
				}
			}
			if first := infos[0]; name == "dense" && mu == 0 && !(first.Retries > 0 && first.Damping > 0 && first.Status == solvers.Running) {
				t.Errorf("dense without damping: %+v", first)
			}
			if mu > 0 {
				losses[name] = infos[1].Loss
			}
		}
	}
	for name, tol := range map[string]float64{"dual": 1e-6, "cg": 1e-3, "nystrom": 1e-3, "rpchol": 1e-3, "pchol": 1e-3} {
		if want := losses["dense"]; math.Abs(losses[name]-want) > tol*want {
			t.Errorf("loss after one step: %s %g, dense %g", name, losses[name], want)
		}
	}
}

// A preconditioner of full rank leaves at most 3 iterations.
func TestFullRankPreconditioner(t *testing.T) {
	o, a, _ := linear(40, 30, 2)
	top := 0.0
	{
		x, y := make([]float64, 30), make([]float64, 30)
		x[0] = 1
		for range 200 {
			operator.Bind(a, nil).Gram(y, x)
			s := 0.0
			for _, v := range y {
				s += v * v
			}
			top = math.Sqrt(s)
			for i := range x {
				x[i] = y[i] / top
			}
		}
	}
	for name, c := range map[string]*CG{"nystrom": Nystrom(30), "rpchol": RPChol(30), "pchol": PChol(30)} {
		c.Tol = 1e-10
		_, rep, _ := solveWith(t, o, c, start(o), 1e-6*top)
		if rep.Iterations > 3 || rep.Rank != 30 {
			t.Errorf("%s: %+v", name, rep)
		}
	}
}

// Scaling the objective's tangent map and μ by powers of two leaves the number of iterations alone.
func TestIterationsAreScaleFree(t *testing.T) {
	_, a, b := linear(40, 30, 2)
	for i := range a.Data {
		a.Data[i] *= math.Pow(0.5, float64(i%30))
	}
	want := map[string]krylov.Result{}
	for _, e := range []int{0, -40, 40} {
		s := operator.Matrix{General: linalg.New(nil, 40, 30)}
		for i, v := range a.Data {
			s.Data[i] = math.Ldexp(v, e)
		}
		m := operator.Normal{Map: operator.Bind(s, nil)}
		rhs := make([]float64, 30)
		m.ApplyT(rhs, b)
		for name, p := range map[string]Preconditioner{"nystrom": Nystrom(9).Precond, "rpchol": RPChol(9).Precond, "pchol": PChol(9).Precond} {
			mu := math.Ldexp(1e-6, 2*e)
			if err := p.Start(m, rnd(4), nil); err != nil {
				t.Fatal(err)
			}
			p.Prepare()
			p.Set(mu)
			c := krylov.CG{Tol: 1e-8}
			if err := c.Start(30, nil); err != nil {
				t.Fatal(err)
			}
			got := c.Solve(make([]float64, 30), m, mu, rhs, p)
			if e == 0 {
				want[name] = got
				if got.Status != krylov.Converged || got.Iterations < 3 {
					t.Errorf("%s: %+v", name, got)
				}
			} else if got != want[name] {
				t.Errorf("%s at 4^%d: %+v, unscaled %+v", name, e, got, want[name])
			}
		}
	}
}
