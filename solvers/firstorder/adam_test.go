package firstorder

import (
	"cmp"
	"math"
	"strings"
	"testing"

	"ngdbench/cost"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// valley is ½‖r‖² with r = (x − 1, 10(y − x²)).
func valley() objective.Objective {
	return objective.FromFuncs(objective.Funcs{N: 2, P: 2,
		Residual: func(r, t []float64) { r[0], r[1] = t[0]-1, 10*(t[1]-t[0]*t[0]) },
		JVP:      func(d, t, v []float64) { d[0], d[1] = v[0], 10*(v[1]-2*t[0]*v[0]) },
		VJP:      func(d, t, y []float64) { d[0], d[1] = y[0]-20*t[0]*y[1], 10*y[1] }})
}

// A dumb transcription of Kingma and Ba's algorithm 1, with powers and moments written out.
func TestTranscription(t *testing.T) {
	for _, a := range []*Adam{{}, {Rate: 0.02, Beta1: 0.5, Beta2: 0.9, Eps: 1e-20, Schedule: Constant{}},
		{Rate: 0.1, Schedule: Exponential{WarmUp: 3, Horizon: 20, Final: 0.1}}} {
		rate, b1, b2, eps := cmp.Or(a.Rate, 1e-3), cmp.Or(a.Beta1, 0.9), cmp.Or(a.Beta2, 0.999), cmp.Or(a.Eps, 1e-8)
		if err := a.Start(valley(), solvers.Env{}); err != nil {
			t.Fatal(err)
		}
		theta, want := []float64{-1, 2}, []float64{-1, 2}
		m, v := make([]float64, 2), make([]float64, 2)
		for step := 1; step <= 40; step++ {
			x, y := want[0], want[1]
			g := []float64{x - 1 - 200*x*(y-x*x), 100 * (y - x*x)}
			for i := range g {
				m[i] = b1*m[i] + (1-b1)*g[i]
				v[i] = b2*v[i] + (1-b2)*g[i]*g[i]
				mHat, vHat := m[i]/(1-math.Pow(b1, float64(step))), v[i]/(1-math.Pow(b2, float64(step)))
				want[i] -= rate * factor(a.Schedule, step) * mHat / (math.Sqrt(vHat) + eps)
			}
			info := a.Step(theta)
			if info.Status != solvers.Running || info.Scale != 1 {
				t.Fatalf("%+v", info)
			}
			for i := range want {
				if math.Abs(theta[i]-want[i]) > 1e-12 {
					t.Fatalf("step %d: θ = %v, want %v", step, theta, want)
				}
			}
		}
	}
}

// factor is the schedule written out.
func factor(s Schedule, t int) float64 {
	switch s := s.(type) {
	case Constant:
		return 1
	case Exponential:
		if t < s.WarmUp {
			return float64(t) / float64(s.WarmUp)
		}
		return math.Pow(s.Final, math.Min(1, float64(t-s.WarmUp)/float64(s.Horizon-s.WarmUp)))
	}
	return math.Min(1, float64(t)/500) * math.Pow(1e-2, math.Max(0, float64(t-500)/9500))
}

func TestSchedule(t *testing.T) {
	e := Exponential{WarmUp: 10, Horizon: 110, Final: 1e-4}
	for step, want := range map[int]float64{1: 0.1, 10: 1, 60: 1e-2, 110: 1e-4, 1000: 1e-4} {
		if got := e.Factor(step); math.Abs(got-want) > 1e-15 {
			t.Errorf("step %d: %g, want %g", step, got, want)
		}
	}
	for step := 1; step < 120; step++ {
		if got, want := e.Factor(step), factor(e, step); math.Abs(got-want) > 1e-14 {
			t.Errorf("step %d: %g, want %g", step, got, want)
		}
	}
}

// Slope and norm are those of the update that was made, and a few thousand steps reach the minimum.
func TestInfoAndConvergence(t *testing.T) {
	a := &Adam{Rate: 0.3, Schedule: Exponential{Horizon: 3000, Final: 0.1}}
	var m cost.Meter
	_ = a.Start(valley(), solvers.Env{Meter: &m})
	theta := []float64{-1, 2}
	info := a.Step(theta)
	dx, dy := theta[0]+1, theta[1]-2
	if slope := (-2+200*1)*dx + 100*dy; math.Abs(info.Slope-slope) > 1e-12 || math.Abs(info.Norm-math.Hypot(dx, dy)) > 1e-15 || info.Loss != 52 {
		t.Errorf("%+v, want slope %g, norm %g", info, slope, math.Hypot(dx, dy))
	}
	for range 2999 {
		info = a.Step(theta)
	}
	if info.Loss > 1e-6 || m.Counts.Grads != 3000 || m.Counts.Losses != 0 {
		t.Errorf("loss %g, %+v", info.Loss, m.Counts)
	}
}

// What is not finite ends as diverged at once, also when only the gradient is.
func TestDiverged(t *testing.T) {
	at := func(r, d float64) objective.Objective {
		return objective.FromFuncs(objective.Funcs{N: 1, P: 1,
			Residual: func(dst, _ []float64) { dst[0] = r },
			JVP:      func(dst, _, v []float64) { dst[0] = d * v[0] },
			VJP:      func(dst, _, y []float64) { dst[0] = d * y[0] }})
	}
	for _, o := range []objective.Objective{at(math.Inf(1), 1), at(1, math.NaN())} {
		a, x := &Adam{}, []float64{3}
		_ = a.Start(o, solvers.Env{})
		if info := a.Step(x); info.Status != solvers.Diverged || x[0] != 3 {
			t.Errorf("%+v, x = %v", info, x)
		}
	}
	hill := objective.FromFuncs(objective.Funcs{N: 1, P: 1, // finite at the start, NaN everywhere else
		Residual: func(dst, x []float64) { dst[0] = 1 / math.Sqrt(float64(int(x[0]))-x[0]+1e-300) * 1e-150 },
		JVP:      func(dst, _, v []float64) { dst[0] = v[0] },
		VJP:      func(dst, _, y []float64) { dst[0] = -y[0] }})
	a, x := &Adam{Schedule: Constant{}}, []float64{3}
	_ = a.Start(hill, solvers.Env{})
	if first, second := a.Step(x), a.Step(x); first.Status != solvers.Running || second.Status != solvers.Diverged {
		t.Errorf("%+v, %+v", first, second)
	}
}

func TestSettings(t *testing.T) {
	for want, a := range map[string]*Adam{
		"learning rate -1 outside (0, ∞)": {Rate: -1},
		"learning rate NaN":               {Rate: math.NaN()},
		"β₁ 1 outside [0, 1)":             {Beta1: 1},
		"β₂ -0.5 outside [0, 1)":          {Beta2: -0.5},
		"ε 1e-21 outside [1e-20, 1]":      {Eps: 1e-21},
		"horizon -5 outside [1, ∞)":       {Schedule: Exponential{Horizon: -5}},
		"warm-up 10 outside [0, 10)":      {Schedule: Exponential{WarmUp: 10, Horizon: 10}},
		"final factor 2 outside (0, 1]":   {Schedule: Exponential{Final: 2}},
	} {
		if err := a.Start(valley(), solvers.Env{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if got := objective.Missing((&Adam{}).Needs(), objective.Loss); got != "gradient" {
		t.Errorf("missing %q", got)
	}
}

func TestNoAllocations(t *testing.T) {
	a, x := &Adam{}, []float64{-1, 2}
	var m cost.Meter
	_ = a.Start(valley(), solvers.Env{Meter: &m})
	before := m.Bytes
	if n := testing.AllocsPerRun(20, func() { a.Step(x) }); n != 0 || before == 0 || m.Bytes != before {
		t.Errorf("%g allocations per step, %d bytes then %d", n, before, m.Bytes)
	}
}
