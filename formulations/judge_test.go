package formulations_test

import (
	"math"
	"runtime"
	"slices"
	"testing"

	"ngdbench/formulations"
	"ngdbench/internal/simd"
	"ngdbench/problems"
)

func judge(t testing.TB, p *problems.Problem, net string, n int, name uint64) *formulations.Judge {
	t.Helper()
	j, err := formulations.NewJudge(p, parse(t, net), n, stream(name))
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func errors(j *formulations.Judge, theta []float64) []float64 {
	e := []float64{math.NaN(), math.NaN(), math.NaN()}
	j.Errors(e, theta)
	return e
}

// By the definitions, on the judge's own points: the stream is used for them alone.
func TestErrorsByTheirDefinitions(t *testing.T) {
	const n = 77
	for _, p := range []*problems.Problem{problems.Poisson2D(), system()} {
		net := parse(t, p.Net)
		theta := formulations.Params(net).Draw(stream(2))
		x, f := make([]float64, 2*n), len(p.Fields)
		p.Domain.Draw(x, "interior", stream(3))
		var e, de, u, du float64
		exact, grad := make([]float64, f), make([]float64, 2*f)
		for i := range n {
			at := x[2*i:][:2]
			jet := jets(net, theta, at)
			p.Exact(at, exact, grad)
			for k := range f {
				e, u = e+sq(jet[4*k]-exact[k]), u+sq(exact[k])
				de += sq(jet[4*k+1]-grad[2*k]) + sq(jet[4*k+2]-grad[2*k+1])
				du += sq(grad[2*k]) + sq(grad[2*k+1])
			}
		}
		got := errors(judge(t, p, p.Net, n, 3), theta)
		for i, want := range []float64{math.Sqrt(e / u), math.Sqrt(e / n), math.Sqrt((e + de) / (u + du))} {
			near(t, p.Name, got[i], want, 1e-12)
		}
	}
}

func sq(x float64) float64 { return x * x }

// The zero network errs by the solution itself: 1, RMS(u*) = ½ up to sampling, and 1.
func TestErrorsOfNothing(t *testing.T) {
	j := judge(t, problems.Poisson2D(), "2x64x1", 0, 4)
	e := errors(j, make([]float64, 257))
	if e[0] != 1 || math.Abs(e[1]-0.5) > 0.02 || e[2] != 1 {
		t.Errorf("%v", e)
	}
	if !slices.Equal(j.Measures(), []string{"l2err", "l2abs", "h1err"}) {
		t.Errorf("%v", j.Measures())
	}
}

// A linear solution is a network without hidden layers: no error but rounding.
func TestErrorsOfTheSolution(t *testing.T) {
	p := problems.Poisson2D()
	p.Exact = func(x, u, g []float64) {
		if u != nil {
			u[0] = 3*x[0] - 2*x[1] + 0.5
		}
		if g != nil {
			g[0], g[1] = 3, -2
		}
	}
	if e := errors(judge(t, p, "2x1", 500, 5), []float64{3, -2, 0.5}); !(e[0] < 1e-15 && e[1] < 1e-15 && e[2] < 1e-15) {
		t.Errorf("%v", e)
	}
}

func TestErrorsAreDeterministic(t *testing.T) {
	path, threads := simd.Path(), runtime.GOMAXPROCS(0)
	defer func() { runtime.GOMAXPROCS(threads); _ = simd.Use(path) }()
	theta := formulations.Params(parse(t, "2x24x16x1")).Draw(stream(2))
	var want []float64
	for i, procs := range []int{1, 2, 4, 2} {
		runtime.GOMAXPROCS(procs)
		if err := simd.Use(simd.Paths()[i%len(simd.Paths())]); err != nil {
			t.Fatal(err)
		}
		j := judge(t, problems.Poisson2D(), "2x24x16x1", 0, 6)
		for range 3 {
			e := errors(j, theta)
			if want == nil {
				want = e
			}
			if !slices.Equal(e, want) {
				t.Errorf("GOMAXPROCS %d on %s: %v, want %v", procs, simd.Path(), e, want)
			}
		}
	}
	if e := errors(judge(t, problems.Poisson2D(), "2x24x16x1", 0, 7), theta); slices.Equal(e, want) {
		t.Error("another stream, the same errors")
	}
}

func TestJudgeAllocatesNothing(t *testing.T) {
	j := judge(t, problems.Poisson2D(), "2x64x1", 100, 8)
	e, theta := make([]float64, 3), make([]float64, 257)
	if n := testing.AllocsPerRun(5, func() { theta[0]++; j.Errors(e, theta) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}

func TestJudgeRefuses(t *testing.T) {
	unknown, bare := problems.Poisson2D(), problems.Poisson2D()
	unknown.Exact, bare.Hard = nil, nil
	for _, c := range []struct {
		p   *problems.Problem
		net string
		n   int
	}{{unknown, "2x4x1", 9}, {problems.Poisson2D(), "1x4x1", 9}, {problems.Poisson2D(), "2x4x1", -1}, {problems.Poisson2D(), "2x4x1", 1 << 30},
		{bare, "2x9x1+hard", 10}, {bare, "2x9x1+periodic", 10}} {
		if j, err := formulations.NewJudge(c.p, parse(t, c.net), c.n, stream(1)); j != nil || err == nil {
			t.Errorf("%s %s %d accepted", c.p.Name, c.net, c.n)
		}
	}
}
