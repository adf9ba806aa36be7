package gonumopt

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/optimize"

	"ngdbench/cost"
	"ngdbench/objective"
	"ngdbench/solvers"
	"ngdbench/solvers/naturalgradient"
)

// rosenbrock is ½‖(10(x₂ − x₁²), 1 − x₁)‖², zero at (1, 1).
func rosenbrock() objective.Objective {
	return objective.FromFuncs(objective.Funcs{N: 2, P: 2,
		Residual: func(dst, x []float64) { dst[0], dst[1] = 10*(x[1]-x[0]*x[0]), 1-x[0] },
		JVP:      func(dst, x, v []float64) { dst[0], dst[1] = 10*(v[1]-2*x[0]*v[0]), -v[0] },
		VJP:      func(dst, x, y []float64) { dst[0], dst[1] = -20*x[0]*y[0]-y[1], 10*y[0] },
	})
}

func newton(o objective.Objective) *Method {
	return &Method{Solver: &naturalgradient.Method{Direction: &naturalgradient.Dense{}}, Objective: o, Meter: &cost.Meter{}}
}

func TestMinimize(t *testing.T) {
	o := rosenbrock()
	m := newton(o)
	var xs [2][]float64
	for i := range xs { // the second starts anew
		result, err := optimize.Minimize(Problem(o), []float64{-1.2, 1}, nil, m)
		if err != nil {
			t.Fatal(err)
		}
		if xs[i] = result.X; math.Abs(result.X[0]-1) > 1e-7 || math.Abs(result.X[1]-1) > 1e-7 || result.F > 1e-14 {
			t.Errorf("ends at %v, F %g, after %d iterations: %v", result.X, result.F, result.MajorIterations, result.Status)
		}
		if n := result.MajorIterations; n < 3 || n > 200 || result.FuncEvaluations != n || result.GradEvaluations != n {
			t.Errorf("statistics %+v", result.Stats)
		}
	}
	if !slices.Equal(xs[0], xs[1]) {
		t.Errorf("%v at first, %v again", xs[0], xs[1])
	}
	if m.Meter.Counts.Tangents == 0 {
		t.Error("no work was counted")
	}
}

// TestSettingsAreKept: a limit of Minimize ends the run, and without a gradient there is none.
func TestSettingsAreKept(t *testing.T) {
	o := rosenbrock()
	p := Problem(o)
	p.Grad = nil
	result, err := optimize.Minimize(p, []float64{-1.2, 1}, &optimize.Settings{MajorIterations: 3}, newton(o))
	if err != nil || result.Status != optimize.IterationLimit || result.MajorIterations != 3 || result.GradEvaluations != 0 {
		t.Errorf("%+v, %v", result, err)
	}
}

// end is a solver that ends with a status in its second step.
type end struct {
	solvers.Solver
	status solvers.Status
	steps  int
	bad    error
}

func (*end) Needs() objective.Quantity                      { return objective.Loss }
func (e *end) Start(objective.Objective, solvers.Env) error { e.steps = 0; return e.bad }
func (e *end) Step(x []float64) (info solvers.Info) {
	if e.steps++; e.steps == 2 {
		info.Status = e.status
	}
	return info
}

func TestEnds(t *testing.T) {
	for status, want := range map[solvers.Status]optimize.Status{
		solvers.Converged: optimize.MethodConverge, solvers.Stalled: optimize.StepConvergence,
		solvers.Diverged: optimize.Failure, solvers.Breakdown: optimize.Failure,
	} {
		o := rosenbrock()
		result, err := optimize.Minimize(Problem(o), []float64{0, 0}, nil, &Method{Solver: &end{status: status}, Objective: o})
		if result.Status != want || (err != nil) != (want == optimize.Failure) {
			t.Errorf("%s: %v, %v", status, result.Status, err)
		}
	}
}

func TestBadSetting(t *testing.T) {
	o := rosenbrock()
	m := &Method{Solver: &naturalgradient.Method{Direction: naturalgradient.Nystrom(3)}, Objective: o}
	result, err := optimize.Minimize(Problem(o), []float64{0, 0}, nil, m)
	if err == nil || result.Status != optimize.Failure {
		t.Errorf("rank 3 of 2 parameters: %v, %v", result.Status, err)
	}
	if _, err := (&Method{Solver: m.Solver}).Uses(optimize.Available{}); err == nil {
		t.Error("a method without an objective")
	}
}
