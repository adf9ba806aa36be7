package main

import (
	"fmt"
	"io"
	"math"

	"gonum.org/v1/gonum/optimize"

	"ngdbench/objective"
	"ngdbench/solvers"
	"ngdbench/solvers/gonumopt"
	"ngdbench/solvers/naturalgradient"
)

// decay is the model a·exp(−bt) + c·exp(−dt) at θ = (a, b, c, d), and its derivatives with respect to them.
func decay(t float64, theta []float64) (y float64, grad [4]float64) {
	e, f := math.Exp(-theta[1]*t), math.Exp(-theta[3]*t)
	return theta[0]*e + theta[2]*f, [4]float64{e, -theta[0] * t * e, f, -theta[2] * t * f}
}

// truth is what the data were made of.
var truth = []float64{2, 0.5, 1, 3}

// start is where the fits begin.
func start() []float64 { return []float64{1, 1, 1, 2} }

// exponentials is the fit as an objective: a residual, and products with its Jacobian and the transpose. That is all that a
// solver asks of a program with its own derivatives.
func exponentials() objective.Objective {
	const n = 40
	var times, data [n]float64
	for i := range times {
		times[i] = float64(i) / 8
		data[i], _ = decay(times[i], truth)
	}
	return objective.FromFuncs(objective.Funcs{N: n, P: 4,
		Residual: func(dst, theta []float64) {
			for i, t := range times {
				y, _ := decay(t, theta)
				dst[i] = y - data[i]
			}
		},
		JVP: func(dst, theta, v []float64) {
			for i, t := range times {
				_, g := decay(t, theta)
				dst[i] = g[0]*v[0] + g[1]*v[1] + g[2]*v[2] + g[3]*v[3]
			}
		},
		VJP: func(dst, theta, y []float64) {
			clear(dst)
			for i, t := range times {
				_, g := decay(t, theta)
				for j := range dst {
					dst[j] += y[i] * g[j]
				}
			}
		},
	})
}

// levenbergMarquardt is natural gradient with an explicit Gramian and an adaptive damping.
func levenbergMarquardt() *naturalgradient.Method {
	return &naturalgradient.Method{Direction: &naturalgradient.Dense{}, Damping: &solvers.Marquardt{}, Search: solvers.Full{}}
}

// fitByHand is the whole of a training: start, then steps until the solver ends it.
func fitByHand(w io.Writer) error {
	solver, theta := levenbergMarquardt(), start()
	if err := solver.Start(exponentials(), solvers.Env{}); err != nil {
		return err
	}
	for step := 0; step < 100; step++ {
		info := solver.Step(theta)
		if step%5 == 0 {
			fmt.Fprintf(w, "  step %2d  loss %.1e  damping %.1e\n", step, info.Loss, info.Damping)
		}
		if info.Status != solvers.Running {
			fmt.Fprintf(w, "  %s after %d steps at %.6f\n", info.Status, step, theta)
			break
		}
	}
	return nil
}

// fitByGonum leaves the loop, the limits and the record to gonum.
func fitByGonum(w io.Writer) error {
	o := exponentials()
	result, err := optimize.Minimize(gonumopt.Problem(o), start(), &optimize.Settings{MajorIterations: 100},
		&gonumopt.Method{Solver: levenbergMarquardt(), Objective: o})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "  %v after %d iterations at %.6f\n", result.Status, result.MajorIterations, result.X)
	return nil
}
