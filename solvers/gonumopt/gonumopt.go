// Package gonumopt lets a solver of ours run under gonum's optimize.Minimize, which then counts, records, and decides when
// to stop:
//
//	o := objective.FromFuncs(objective.Funcs{N: n, P: p, Residual: r, JVP: jvp, VJP: vjp})
//	m := &gonumopt.Method{Solver: &naturalgradient.Method{Direction: &naturalgradient.Dense{}}, Objective: o}
//	result, err := optimize.Minimize(gonumopt.Problem(o), x0, nil, m)
//
// gonum's Problem has no tangent map, so the method keeps the objective itself and evaluates it there; gonum evaluates the
// loss, and the gradient where the problem has one, once more at each accepted point.
package gonumopt

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"gonum.org/v1/gonum/optimize"

	"ngdbench/cost"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Method is a solver as an optimize.Method. One Method serves one Minimize at a time, and may serve another after it: each
// starts the solver anew, with the same random numbers.
type Method struct {
	Solver    solvers.Solver
	Objective objective.Objective
	Seed      uint64      // of the solver's random numbers
	Meter     *cost.Meter // counts its work; may be nil

	Last solvers.Info // of the last step

	evaluate optimize.Operation // what Minimize can evaluate
	status   optimize.Status
	err      error
}

var (
	_ optimize.Method   = (*Method)(nil)
	_ optimize.Statuser = (*Method)(nil)
)

// Uses takes the gradient where there is one: Minimize can then test and record it. The solver does not need it.
func (m *Method) Uses(has optimize.Available) (optimize.Available, error) {
	if m.Solver == nil || m.Objective == nil {
		return optimize.Available{}, errors.New("gonumopt: a Method needs a Solver and an Objective")
	}
	if missing := objective.Missing(m.Solver.Needs(), m.Objective.Offers()); missing != "" {
		return optimize.Available{}, fmt.Errorf("gonumopt: the solver needs %s, which the objective does not offer", missing)
	}
	m.evaluate = optimize.FuncEvaluation
	if has.Grad {
		m.evaluate |= optimize.GradEvaluation
	}
	return optimize.Available{Grad: has.Grad}, nil
}

// Init starts the solver. It panics where dim is not the number of parameters of the objective; a bad setting of the solver
// is the error of Minimize.
func (m *Method) Init(dim, _ int) int {
	if p := m.Objective.Params().Size(); p != dim {
		panic(fmt.Sprintf("gonumopt: a start of %d numbers for an objective of %d parameters", dim, p))
	}
	m.status, m.Last = optimize.NotTerminated, solvers.Info{}
	m.err = m.Solver.Start(m.Objective, solvers.Env{Rand: rand.New(rand.NewPCG(m.Seed, 0)), Meter: m.Meter})
	return 1
}

// Status is how the solver ended: StepConvergence where its next step would be the same one, MethodConverge where its own
// test holds, Failure with an error where it diverged or its linear algebra failed.
func (m *Method) Status() (optimize.Status, error) { return m.status, m.err }

// Run does steps until Minimize or the solver has enough. The start is the first major iteration.
func (m *Method) Run(operation chan<- optimize.Task, result <-chan optimize.Task, tasks []optimize.Task) {
	defer close(operation)
	task := tasks[0]
	for m.err == nil {
		for _, op := range []optimize.Operation{m.evaluate, optimize.MajorIteration} {
			task.Op = op
			operation <- task
			if task = <-result; task.Op == optimize.PostIteration {
				drain(result)
				return
			}
		}
		m.Last = m.Solver.Step(task.X)
		if m.end(m.Last.Status); m.status != optimize.NotTerminated {
			break
		}
	}
	if m.err != nil {
		m.status = optimize.Failure
	}
	task.Op = optimize.MethodDone
	operation <- task
	drain(result)
}

// drain reads what is still to come, as gonum wants it.
func drain(result <-chan optimize.Task) {
	for range result {
	}
}

func (m *Method) end(s solvers.Status) {
	switch s {
	case solvers.Running:
	case solvers.Converged:
		m.status = optimize.MethodConverge
	case solvers.Stalled:
		m.status = optimize.StepConvergence
	default:
		m.status, m.err = optimize.Failure, fmt.Errorf("gonumopt: %s at a loss of %g", s, m.Last.Loss)
	}
}

// Problem is loss and gradient of an objective for gonum. Its functions share a point: they are for one Minimize at a time.
func Problem(o objective.Objective) optimize.Problem {
	p := objective.NewPoint(o, objective.Loss|objective.Grad, nil)
	return optimize.Problem{
		Func: func(x []float64) float64 { p.Eval(x, objective.Loss); return p.Loss },
		Grad: func(grad, x []float64) { p.Eval(x, objective.Loss|objective.Grad); copy(grad, p.Grad) },
	}
}
