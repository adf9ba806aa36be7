package naturalgradient

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// never takes no step; once takes one in its first search.
type never struct{}

func (never) Needs() objective.Quantity { return 0 }
func (never) Find(loss, _ float64, _ solvers.Line) solvers.Outcome {
	return solvers.Outcome{Loss: loss}
}

type once struct{ n int }

func (*once) Needs() objective.Quantity { return 0 }
func (o *once) Find(loss, _ float64, l solvers.Line) solvers.Outcome {
	if o.n++; o.n == 1 {
		return solvers.Outcome{Scale: 0.01, Loss: l.Loss(0.01), Evals: 1}
	}
	return solvers.Outcome{Loss: loss}
}

// A step that did not move is a stall only where the next one would be the same.
func TestStalled(t *testing.T) {
	mu := solvers.Constant(1e-3)
	for _, c := range []struct {
		want string
		m    *Method
	}{
		{"stalled after 1", &Method{Direction: &Dense{}, Search: never{}}},
		{"stalled after 1", &Method{Direction: &CG{}, Search: never{}}},
		{"stalled after 1", &Method{Direction: PChol(4), Search: never{}}},
		{"running after 3", &Method{Direction: Nystrom(4), Search: never{}}},
		{"running after 3", &Method{Direction: RPChol(4), Search: never{}}},
		{"stalled after 2", &Method{Direction: &Dense{}, Search: &once{}, Damping: mu}},
		{"stalled after 3", &Method{Direction: &Dense{}, Search: &once{}, Damping: mu, Momentum: solvers.Momentum{Beta: 0.1}}},
	} {
		o, _ := fit(20, 3)
		_, infos, _ := run(t, o, c.m, start(o), 3)
		if got := fmt.Sprintf("%v after %d", infos[len(infos)-1].Status, len(infos)); got != c.want {
			t.Errorf("%T: %s, want %s", c.m.Direction, got, c.want)
		}
	}
}

// Where momentum would climb it is dropped for the step, and Info says so: after a step too long the gradient has
// turned, and φ points uphill.
func TestMomentumIsDropped(t *testing.T) {
	o, _, _ := linear(30, 5, 1)
	m := &Method{Direction: &Dense{}, Damping: solvers.Constant(100), Momentum: solvers.Momentum{Beta: 0.999}, Search: fixed(6.5)}
	plain := &Method{Direction: &Dense{}, Damping: solvers.Constant(100), Search: fixed(6.5)}
	x, infos, _ := run(t, o, m, start(o), 2)
	y, _, _ := run(t, o, plain, start(o), 2)
	if infos[0].Plain || !infos[1].Plain || !(infos[1].Slope < 0) || !same(x, y) {
		t.Errorf("%+v", infos)
	}
}

// A rule that retries has the Gramian formed and T linearised once, and a step that failed costs no evaluation when it is
// tried again from the same point.
func TestRetries(t *testing.T) {
	o, f := fit(20, 3)
	theta := start(o)
	m := &Method{Direction: &Dense{}, Damping: &solvers.Marquardt{First: 1e-9}, Search: &reject{3}}
	_, infos, meter := run(t, o, m, theta, 1)
	c := meter.Counts
	if infos[0].Retries != 3 || c.Tangents != 1 || c.Explicit != 1 || c.Losses != 4 || math.Abs(infos[0].Damping-27e-9) > 1e-20 {
		t.Errorf("%+v %+v", infos[0], c)
	}
	m = &Method{Direction: &Dense{}, Damping: &solvers.Marquardt{First: 1e-9}, Search: &reject{30}}
	x, infos, meter := run(t, o, m, theta, 2)
	c = meter.Counts
	if infos[0].Scale != 0 || infos[0].Status != solvers.Running || infos[0].Retries != 20 || infos[1].Scale == 0 || same(x, theta) {
		t.Errorf("%+v", infos)
	}
	if c.Tangents != 1 || c.Explicit != 1 || c.Grads != 1 || c.Losses != 31 || f.residuals == 0 {
		t.Errorf("%+v", c)
	}
}

// reject refuses n times, then takes the whole step.
type reject struct{ n int }

func (*reject) Needs() objective.Quantity { return 0 }
func (r *reject) Find(loss, _ float64, l solvers.Line) solvers.Outcome {
	v := l.Loss(1)
	if r.n--; r.n >= 0 {
		return solvers.Outcome{Loss: loss, Evals: 1}
	}
	return solvers.Outcome{Scale: 1, Loss: v, Evals: 1}
}

// The meter counts what the objective saw, and each method what it promises: products of an explicit direction are none.
func TestCounts(t *testing.T) {
	for name, d := range map[string]solvers.Direction{"dense": &Dense{}, "dual": &Dual{}, "cg": &CG{}, "nystrom": Nystrom(4), "rpchol": RPChol(4)} {
		o, f := fit(20, 3)
		_, infos, m := run(t, o, &Method{Direction: d, Momentum: solvers.Momentum{Beta: 0.3}}, start(o), 6)
		c := m.Counts
		inner, steps, pushed := 0, len(infos), 0
		for i, info := range infos {
			inner += info.Iterations
			if i > 0 && infos[i-1].Scale > 0 {
				pushed++
			}
			if info.Plain {
				pushed += 1000 // not expected: counts below would differ
			}
		}
		if f.residuals != c.Losses+c.Grads || c.Grads != steps || c.Tangents != steps {
			t.Errorf("%s: %d residuals for %+v in %d steps", name, f.residuals, c, steps)
		}
		if products := f.vjps - c.Grads; name != "dense" && name != "dual" && (products != c.ApplyTs+c.Rows || f.jvps != c.Applies) {
			t.Errorf("%s: %d and %d products for %+v", name, f.jvps, products, c)
		}
		switch name {
		case "dense":
			if c.Explicit != steps || c.ApplyTs != pushed || c.Rows != 20*steps {
				t.Errorf("dense: %+v", c)
			}
		case "dual":
			if c.Explicit != steps || c.ApplyTs != steps {
				t.Errorf("dual: %+v", c)
			}
		case "cg": // each solve asks for the true residual at least once
			if c.Applies < inner+steps+pushed || c.Applies > inner+3*steps+pushed {
				t.Errorf("cg: %+v for %d iterations", c, inner)
			}
		case "nystrom":
			if c.Applies < inner+5*steps+pushed || infos[0].Rank != 4 {
				t.Errorf("nystrom: %+v for %d iterations", c, inner)
			}
		}
	}
}

// methods lists methods that between them use every part.
func methods() map[string]*Method {
	return map[string]*Method{
		"dense, lm, full":       {Direction: &Dense{}, Damping: &solvers.Marquardt{}, Search: solvers.Full{}},
		"dual, spring":          {Direction: &Dual{}, Momentum: solvers.Momentum{Beta: 0.5}},
		"cg, loss, wolfe":       {Direction: &CG{}, Damping: solvers.MinLoss{}, Search: solvers.Wolfe{}},
		"cg, martens":           {Direction: &CG{Progress: 5e-4}, Search: solvers.KFACGrid{}},
		"nystrom, armijo":       {Direction: Nystrom(8), Search: solvers.Armijo{}},
		"rpchol, lm, grid":      {Direction: RPChol(8), Damping: &solvers.Marquardt{}},
		"rpchol, block, grid31": {Direction: RPChol(8), Search: solvers.Grid{Whole: true}},
		"pchol":                 {Direction: PChol(8)},
	}
}

// A step allocates nothing at GOMAXPROCS = 2 after warm-up (100 steps; the runtime itself may make a few).
func TestNoAllocations(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for name, m := range methods() {
		o, _ := fit(60, 6)
		meter := &cost.Meter{}
		if err := m.Start(o, solvers.Env{Rand: rnd(3), Meter: meter}); err != nil {
			t.Fatal(err)
		}
		theta, first := start(o), start(o)
		for range 3 {
			m.Step(theta)
		}
		booked := meter.Bytes
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for i := range 100 {
			if i%10 == 0 {
				copy(theta, first) // away from where it stalls
			}
			m.Step(theta)
		}
		runtime.ReadMemStats(&after)
		if n := after.Mallocs - before.Mallocs; n >= 10 {
			t.Errorf("%s: %d allocations in 100 steps", name, n)
		}
		if meter.Bytes != booked || booked == 0 {
			t.Errorf("%s: %d bytes booked, then %d", name, booked, meter.Bytes)
		}
	}
}

// The same value started again takes the same steps bit for bit, whatever it did before, whatever GOMAXPROCS and kernel
// path.
func TestBitIdentical(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	path := simd.Path()
	defer func() { _ = simd.Use(path) }()
	for name, m := range methods() {
		o, _ := fit(60, 6)
		runtime.GOMAXPROCS(1)
		x, first, _ := run(t, o, m, start(o), 12)
		runtime.GOMAXPROCS(2)
		if err := simd.Use("scalar"); err != nil {
			t.Fatal(err)
		}
		y, second, _ := run(t, o, m, start(o), 12)
		if err := simd.Use(path); err != nil {
			t.Fatal(err)
		}
		if !same(x, y) || len(first) != len(second) {
			t.Errorf("%s: two runs differ", name)
			continue
		}
		for i := range first {
			if first[i] != second[i] {
				t.Errorf("%s: step %d: %+v, %+v", name, i, first[i], second[i])
				break
			}
		}
	}
}

// Time is booked where it is spent, and workspace is booked at all.
func TestPhases(t *testing.T) {
	o, _ := fit(60, 6)
	_, _, m := run(t, o, &Method{Direction: &Dense{}}, start(o), 3)
	for _, p := range []cost.Phase{cost.Linearise, cost.Setup, cost.Factor, cost.Inner, cost.Search} {
		if !(m.Seconds[p] > 0) {
			t.Errorf("phase %d: %v", p, m.Seconds)
		}
	}
	if least := int64(8 * (60*19 + 2*19*19)); m.Bytes < least {
		t.Errorf("%d bytes booked, T and two matrices of order P alone are %d", m.Bytes, least)
	}
}

// Training lowers the loss with every combination; the search is monotone, so it never rises.
func TestTrains(t *testing.T) {
	for name, m := range methods() {
		o, _ := fit(60, 6)
		_, infos, _ := run(t, o, m, start(o), 60)
		for i := 1; i < len(infos); i++ {
			if infos[i].Loss > infos[i-1].Loss {
				t.Errorf("%s: loss rose from %g to %g at step %d", name, infos[i-1].Loss, infos[i].Loss, i)
			}
		}
		if first, last := infos[0].Loss, infos[len(infos)-1].Loss; !(last < 1e-5*first) {
			t.Errorf("%s: loss %g -> %g", name, first, last)
		}
	}
}
