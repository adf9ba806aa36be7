package naturalgradient

import (
	"math"
	"testing"

	"ngdbench/linalg/krylov"
	"ngdbench/linalg/lowrank"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// share is the share of the model's full decrease that a direction captures, and its report.
func share(t *testing.T, o objective.Objective, theta []float64, d solvers.Direction, mu float64) (float64, solvers.Report) {
	t.Helper()
	full, _, p := solveWith(t, o, &Dense{}, theta, mu)
	x, rep, _ := solveWith(t, o, d, theta, mu)
	return decrease(p, x, mu) / decrease(p, full, mu), rep
}

// In the K-inner product m iterations are those of parameter space; with a rank above d_eff they are few.
func TestSampleSpaceIsParameterSpace(t *testing.T) {
	o, theta := spectral(geometric(60))
	const mu = 1e-4
	for cap := 1; cap <= 8; cap++ {
		s := &SampleCG{CG: CG{Cap: cap}}
		a, _, _ := solveWith(t, o, &CG{Cap: cap}, theta, mu)
		b, rep, _ := solveWith(t, o, s, theta, mu)
		if e := distance(a, b); e > 1e-8 || rep.Iterations != cap {
			t.Errorf("%d iterations: off by %g, %+v", cap, e, rep)
		}
	}
	plain := &SampleCG{CG: CG{Tol: 1e-6, Cap: 1000}}
	_, without, _ := solveWith(t, o, plain, theta, mu)
	for name, r := range map[string]lowrank.Ritz{
		"nystrom": &lowrank.Nystrom{Rank: 30}, "rpchol": &lowrank.PivotedCholesky{Rank: 30}, "pchol": &lowrank.PivotedCholesky{Rank: 30, Pivots: lowrank.Greedy{}},
	} {
		c := &SampleCG{CG: CG{Tol: 1e-6, Precond: &lowrank.Paired{From: r}}}
		got, rep := share(t, o, theta, c, mu)
		if got < 0.999 || rep.Iterations > without.Iterations/4 {
			t.Errorf("%s: share %g after %d iterations, %d without", name, got, rep.Iterations, without.Iterations)
		}
	}
}

// In the Euclidean product, CG on (TTᵀ + μI) w = r needs several times the iterations for half of the decrease (43 and 9 here;
// near all of it the two meet, for then both must resolve what is near μ).
func TestEuclideanSampleSpace(t *testing.T) {
	o, theta := spectral(geometric(60))
	const mu, enough = 1e-4, 0.5
	first := func(d func(cap int) solvers.Direction) int {
		for cap := 1; cap < 1000; cap++ {
			if got, _ := share(t, o, theta, d(cap), mu); got >= enough {
				return cap
			}
		}
		return 1000
	}
	paired := first(func(cap int) solvers.Direction { return &SampleCG{CG: CG{Cap: cap}} })
	euclid := first(func(cap int) solvers.Direction { return &euclidean{cap: cap} })
	if euclid < 3*paired {
		t.Errorf("%d iterations in the Euclidean product, %d in that of K", euclid, paired)
	}
	t.Logf("%d iterations in the Euclidean product, %d in that of K", euclid, paired)
}

// euclidean is SampleCG in the wrong product.
type euclidean struct {
	SampleCG
	cap   int
	inner krylov.CG
	k     operator.Dual
	w     []float64
}

func (e *euclidean) Start(p *objective.Point, env solvers.Env) error {
	e.k, e.inner, e.tangent = operator.Dual{Map: p.T}, krylov.CG{Cap: e.cap}, p.T
	e.w = make([]float64, e.k.Order())
	return e.inner.Start(e.k.Order(), env.Meter)
}

func (e *euclidean) Prepare(*objective.Point) {}

func (e *euclidean) Solve(d, rhs []float64, damping float64) solvers.Report {
	res := e.inner.Solve(e.w, e.k, damping, rhs, nil)
	e.tangent.ApplyT(d, e.w)
	return solvers.Report{Iterations: res.Iterations}
}

// A sketched inverse is exact above the effective dimension. Below it, the damped tail still gives a direction of descent with a good
// share of the decrease, and the published tail 1/μ none: it climbs the model.
func TestSketchTail(t *testing.T) {
	o, theta := spectral(geometric(60))
	const mu = 1e-4
	for _, c := range []struct {
		name        string
		d           solvers.Direction
		least, most float64
	}{
		{"damped tail", &Sketch{Inverse: &lowrank.Nystrom{Rank: 40}}, 0.999, 1},
		{"damped tail, sample space", &Sketch{Inverse: &lowrank.Nystrom{Rank: 40}, In: solvers.Sample}, 0.99, 1},
		{"adaptive", &Sketch{Inverse: &lowrank.Nystrom{Rank: 4, Tau: 1}}, 0.98, 1},
		{"published", &Sketch{Inverse: &lowrank.Fast{Rank: 40}, In: solvers.Sample}, 0.99, 1},
		{"damped tail, half the rank", &Sketch{Inverse: &lowrank.Nystrom{Rank: 15}}, 0.3, 1},
		{"published, half the rank", &Sketch{Inverse: &lowrank.Fast{Rank: 15}, In: solvers.Sample}, math.Inf(-1), 0},
	} {
		got, rep := share(t, o, theta, c.d, mu)
		if !(got >= c.least && got <= c.most+1e-9) || rep.Iterations != 0 || rep.Rank == 0 {
			t.Errorf("%s: share %g, %+v", c.name, got, rep)
		}
	}
}

// A stale preconditioner is built every so many points.
func TestStaleCounts(t *testing.T) {
	c := &counted{}
	s := &Stale{Preconditioner: c, Every: 3}
	for i := 1; i <= 9; i++ {
		s.Prepare()
		if want := (i + 2) / 3; c.built != want {
			t.Errorf("after %d points built %d times, want %d", i, c.built, want)
		}
	}
}

type counted struct {
	Preconditioner
	built int
}

func (c *counted) Prepare() { c.built++ }
