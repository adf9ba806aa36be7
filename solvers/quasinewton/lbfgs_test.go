package quasinewton

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
	"gonum.org/v1/gonum/optimize/functions"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// smooth is any function with its gradient, as an objective; it counts gradients.
type smooth struct {
	n       int
	f       func(x []float64) float64
	grad    func(g, x []float64)
	grads   int
	version int
}

func (s *smooth) Params() objective.Layout {
	return objective.Layout{{Name: "x", Rows: s.n, Cols: 1, Role: objective.Scalar}}
}
func (*smooth) Offers() objective.Quantity { return objective.Loss | objective.Grad }
func (s *smooth) Version() int             { return s.version }
func (*smooth) Start(*objective.Point, objective.Quantity) operator.Operator {
	return nil
}
func (s *smooth) Eval(p *objective.Point, want objective.Quantity) {
	p.Loss = s.f(p.Theta)
	if want&objective.Grad != 0 {
		s.grads++
		s.grad(p.Grad, p.Theta)
	}
}

func rosenbrock(n int) *smooth {
	f := functions.ExtendedRosenbrock{}
	return &smooth{n: n, f: f.Func, grad: f.Grad}
}

func quadratic(d []float64) *smooth {
	return &smooth{n: len(d), f: func(x []float64) float64 {
		s := 0.0
		for i, v := range d {
			s += v * (x[i] - 1) * (x[i] - 1) / 2
		}
		return s
	}, grad: func(g, x []float64) {
		for i, v := range d {
			g[i] = v * (x[i] - 1)
		}
	}}
}

func run(t *testing.T, o objective.Objective, l *LBFGS, x []float64, steps int) (infos []solvers.Info, m *cost.Meter) {
	t.Helper()
	m = &cost.Meter{}
	if err := l.Start(o, solvers.Env{Meter: m}); err != nil {
		t.Fatal(err)
	}
	for range steps {
		infos = append(infos, l.Step(x))
		if infos[len(infos)-1].Status != solvers.Running {
			break
		}
	}
	return infos, m
}

func start(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = []float64{-1.2, 1}[i%2]
	}
	return x
}

// On a quadratic the method reaches the minimum to rounding, and then says that it is done.
func TestQuadratic(t *testing.T) {
	x := start(6)
	infos, _ := run(t, quadratic([]float64{1, 3, 10, 30, 100, 300}), &LBFGS{}, x, 100)
	for i, v := range x {
		if math.Abs(v-1) > 1e-9 {
			t.Errorf("x[%d] = %v after %d steps", i, v, len(infos))
		}
	}
	if s := infos[len(infos)-1].Status; s != solvers.Converged && s != solvers.Stalled {
		t.Errorf("ended as %v after %d", s, len(infos))
	}
}

// Rosenbrock's function in 10 dimensions: the minimum, with no more evaluations than gonum's L-BFGS by half.
func TestRosenbrockAgainstGonum(t *testing.T) {
	const n = 10
	o := rosenbrock(n)
	x := start(n)
	run(t, o, &LBFGS{}, x, 200)
	for i, v := range x {
		if math.Abs(v-1) > 1e-8 {
			t.Errorf("x[%d] = %v", i, v)
		}
	}
	const target = 1e-10
	o.grads, x = 0, start(n)
	l := &LBFGS{}
	_ = l.Start(o, solvers.Env{})
	for o.f(x) >= target {
		l.Step(x)
	}
	mine := o.grads
	o.grads = 0
	p := optimize.Problem{Func: o.f, Grad: func(g, x []float64) { o.grads++; o.grad(g, x) }}
	_, err := optimize.Minimize(p, start(n), &optimize.Settings{Converger: optimize.NeverTerminate{}, Recorder: stopBelow{target}},
		&optimize.LBFGS{Store: 100, Linesearcher: &optimize.MoreThuente{DecreaseFactor: 1e-4}})
	if err != nil && !errors.Is(err, errLow) {
		t.Fatal(err)
	}
	if 2*mine > 3*o.grads {
		t.Errorf("%d gradients to %g, gonum %d", mine, target, o.grads)
	}
}

// stopBelow ends gonum's loop at a loss.
type stopBelow struct{ loss float64 }

var errLow = errors.New("low enough")

func (stopBelow) Init() error { return nil }
func (s stopBelow) Record(l *optimize.Location, op optimize.Operation, _ *optimize.Stats) error {
	if op&optimize.MajorIteration != 0 && l.F < s.loss {
		return errLow
	}
	return nil
}

// The two-loop recursion is the product with the dense BFGS matrix of the same pairs, also once the ring is full.
func TestRecursionTwin(t *testing.T) {
	const n, m = 5, 3
	o := rosenbrock(n)
	l := &LBFGS{History: m}
	x := start(n)
	_ = l.Start(o, solvers.Env{})
	var pairs [][2][]float64
	for range 9 {
		before, g := append([]float64(nil), x...), make([]float64, n)
		o.grad(g, x)
		l.Step(x)
		s, y := make([]float64, n), make([]float64, n)
		o.grad(y, x)
		for i := range s {
			s[i], y[i] = x[i]-before[i], y[i]-g[i]
		}
		pairs = append(pairs, [2][]float64{s, y})
	}
	l.Step(x) // takes in the last pair
	pairs = pairs[len(pairs)-m:]
	s, y := mat.NewVecDense(n, pairs[m-1][0]), mat.NewVecDense(n, pairs[m-1][1])
	h := mat.NewDense(n, n, nil)
	for i := range n {
		h.Set(i, i, mat.Dot(s, y)/mat.Dot(y, y))
	}
	for _, p := range pairs {
		s, y := mat.NewVecDense(n, p[0]), mat.NewVecDense(n, p[1])
		rho := 1 / mat.Dot(s, y)
		v := mat.NewDense(n, n, nil)
		v.Outer(-rho, y, s)
		for i := range n {
			v.Set(i, i, v.At(i, i)+1)
		}
		h.Product(v.T(), h, v)
		var ss mat.Dense
		ss.Outer(rho, s, s)
		h.Add(h, &ss)
	}
	d, want := []float64{1, -2, 3, 0.5, 0}, mat.NewVecDense(n, nil)
	want.MulVec(h, mat.NewVecDense(n, append([]float64(nil), d...)))
	l.recurse(d)
	for i := range d {
		if math.Abs(d[i]-want.AtVec(i)) > 1e-9*(1+math.Abs(d[i])) {
			t.Errorf("entry %d: %g, dense %g", i, d[i], want.AtVec(i))
		}
	}
}

// Evaluations are those of the search and the first one; none is done twice, and the meter counts what the objective saw.
func TestNothingTwice(t *testing.T) {
	o := rosenbrock(4)
	counted := &counter{}
	infos, m := run(t, o, &LBFGS{Search: counted}, start(4), 40)
	if o.grads != 1+counted.evals || m.Counts.Grads != o.grads || m.Counts.Losses != 0 {
		t.Errorf("%d gradients, %+v, searches asked for %d in %d steps", o.grads, m.Counts, counted.evals, len(infos))
	}
}

type counter struct{ evals int }

func (*counter) Needs() objective.Quantity { return objective.Grad }
func (c *counter) Find(loss, slope float64, l solvers.Line) solvers.Outcome {
	out := solvers.Wolfe{}.Find(loss, slope, l)
	c.evals += out.Evals
	return out
}

// A pair whose gradients are of different points is none.
func TestRedrawnPoints(t *testing.T) {
	o := rosenbrock(4)
	l := &LBFGS{}
	_ = l.Start(o, solvers.Env{})
	x := start(4)
	for i := range 6 {
		o.version = i / 2
		l.Step(x)
	}
	if l.n != 3 {
		t.Errorf("%d pairs of 5 steps, 2 of which saw the points redrawn", l.n)
	}
}

// What is not finite at θ₀ diverges at once; what is not finite around it, or uphill, is not accepted and θ stays.
func TestSuccessAtInfinity(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	one := func(f func(x float64) float64, g func(x float64) float64) *smooth {
		return &smooth{n: 1, f: func(x []float64) float64 { return f(x[0]) }, grad: func(d, x []float64) { d[0] = g(x[0]) }}
	}
	for _, c := range []struct {
		name   string
		o      *smooth
		status solvers.Status
	}{
		{"a: loss +Inf", one(func(float64) float64 { return inf }, func(float64) float64 { return 1 }), solvers.Diverged},
		{"b: gradient NaN", one(func(float64) float64 { return 1 }, func(float64) float64 { return nan }), solvers.Diverged},
		{"c: NaN around", one(func(x float64) float64 {
			if x == 3 {
				return 1
			}
			return nan
		}, func(float64) float64 { return 1 }), solvers.Stalled},
		{"flat", one(func(float64) float64 { return 1 }, func(float64) float64 { return 0 }), solvers.Converged},
		{"wrong gradient", one(func(x float64) float64 { return x }, func(float64) float64 { return -1 }), solvers.Stalled},
	} {
		for name, s := range map[string]solvers.Search{"wolfe": nil, "armijo": solvers.Armijo{}, "grid": solvers.Grid{}, "full": solvers.Full{}} {
			x := []float64{3}
			infos, m := run(t, c.o, &LBFGS{Search: s}, x, 10)
			if len(infos) != 1 || infos[0].Status != c.status || x[0] != 3 {
				t.Errorf("%s, %s: %+v, x = %v", c.name, name, infos, x)
			}
			if evals := m.Counts.Losses + m.Counts.Grads; evals > 100 {
				t.Errorf("%s, %s: %d evaluations", c.name, name, evals)
			}
		}
	}
	barrier := one(func(x float64) float64 { return 100 * (x - math.Log(x)) }, func(x float64) float64 { return 100 * (1 - 1/x) })
	x := []float64{3} // f: the unit gradient step lands at −63.7
	if _, m := run(t, barrier, &LBFGS{}, x, 50); math.Abs(x[0]-1) > 1e-6 || math.Abs(barrier.f(x)-100) > 1e-10 || m.Counts.Grads > 100 {
		t.Errorf("f: x = %v after %d gradients", x, m.Counts.Grads)
	}
}

// A failed search drops the pairs and the method goes on along the gradient.
func TestRestart(t *testing.T) {
	o := rosenbrock(4)
	failing := &failOnce{at: 6}
	infos, _ := run(t, o, &LBFGS{Search: failing}, start(4), 60)
	if infos[5].Retries != 1 || infos[5].Scale == 0 {
		t.Errorf("%+v", infos[5])
	}
	if last := infos[len(infos)-1]; last.Loss > 1e-6 {
		t.Errorf("loss %g after the restart", last.Loss)
	}
}

type failOnce struct{ n, at int }

func (*failOnce) Needs() objective.Quantity { return objective.Grad }
func (f *failOnce) Find(loss, slope float64, l solvers.Line) solvers.Outcome {
	if f.n++; f.n == f.at {
		return solvers.Outcome{Loss: loss}
	}
	return solvers.Wolfe{}.Find(loss, slope, l)
}

func TestSettings(t *testing.T) {
	if (&LBFGS{History: -1}).Start(rosenbrock(2), solvers.Env{}) == nil {
		t.Error("negative history accepted")
	}
	if (&LBFGS{Search: solvers.Wolfe{C1: 0.5, C2: 0.4}}).Start(rosenbrock(2), solvers.Env{}) == nil {
		t.Error("constants out of order accepted")
	}
	if got := objective.Missing((&LBFGS{}).Needs(), objective.Loss); got != "gradient" {
		t.Errorf("missing %q", got)
	}
}

func TestStepAllocatesNothingAndRepeats(t *testing.T) {
	o := rosenbrock(20)
	l := &LBFGS{History: 5}
	var m cost.Meter
	_ = l.Start(o, solvers.Env{Meter: &m})
	before, x := m.Bytes, start(20)
	if n := testing.AllocsPerRun(30, func() { l.Step(x) }); n != 0 || m.Bytes != before || before == 0 {
		t.Errorf("%g allocations per step, %d bytes then %d", n, before, m.Bytes)
	}
	a, b := start(20), start(20)
	first, _ := run(t, o, &LBFGS{}, a, 25)
	l = &LBFGS{}
	run(t, o, l, start(20), 3)
	second, _ := run(t, o, l, b, 25) // the same value, started again
	for i := range a {
		if a[i] != b[i] {
			t.Fatal("two runs differ")
		}
	}
	for i := range first {
		if first[i] != second[i] {
			t.Fatalf("step %d differs", i)
		}
	}
}
