// Package quasinewton holds methods that build curvature from differences of gradients.
package quasinewton

import (
	"cmp"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/linalg"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// LBFGS is the limited-memory BFGS method: d = −H∇L, H from the last m pairs s = θ₊ − θ, y = ∇L₊ − ∇L by the two-loop
// recursion, starting from γI with γ = sᵀy/yᵀy of the newest pair. The first direction is −∇L/max(1, ‖∇L‖₁).
//
// A pair is kept where sᵀy > 1e-14‖s‖‖y‖ and both gradients are of the same points (the objective's Version). A search that
// finds no decrease drops all pairs and tries again along the scaled gradient; where that fails too the method has Stalled.
// No evaluation is done twice: an accepted trial's gradient is the next step's.
//
// Cost: one gradient per trial of the search, 4mP flops; memory 2(m + 1)P.
//
// Source: Nocedal (1980); Liu, Nocedal (1989); Nocedal, Wright, Numerical Optimization, algorithm 7.4.
type LBFGS struct {
	History int            // pairs m ≥ 1; 0: 100
	Search  solvers.Search // nil: strong Wolfe, C1 = 1e-4, C2 = 0.9

	ray         *solvers.Ray
	o           objective.Objective
	s, y        blas64.General // rings of m + 1 rows; pair j lies in row j mod (m + 1), one row is for the next
	rho, alpha  []float64
	n           int       // pairs kept since the last restart
	theta, grad []float64 // where the last step started
	meter       *cost.Meter
	version     int  // of the points grad was taken on
	moved       bool // the last step moved: theta and grad make a pair with what is found now
}

// Class is quasi-Newton.
func (*LBFGS) Class() solvers.Class { return solvers.QuasiNewton }

// Needs asks for the gradient, and what the search needs.
func (l *LBFGS) Needs() objective.Quantity {
	return objective.Loss | objective.Grad | l.search().Needs()
}

var wolfe solvers.Search = solvers.Wolfe{}

func (l *LBFGS) search() solvers.Search {
	if l.Search == nil {
		return wolfe
	}
	return l.Search
}

// Start forgets all pairs.
func (l *LBFGS) Start(o objective.Objective, env solvers.Env) error {
	k := l.History
	if k == 0 {
		k = 100
	}
	if k < 0 {
		return fmt.Errorf("quasinewton: L-BFGS history %d outside [1, ∞)", k)
	}
	if err := solvers.Validate(l.search()); err != nil {
		return err
	}
	m, p := env.Meter, o.Params().Size()
	l.o, l.ray = o, solvers.NewRay(o, l.Needs(), env)
	l.s, l.y = linalg.New(m, k+1, p), linalg.New(m, k+1, p)
	l.rho, l.alpha = m.Floats(k+1), m.Floats(k+1)
	l.theta, l.grad = m.Floats(p), m.Floats(p)
	l.n, l.moved, l.meter = 0, false, m
	return nil
}

// Step does one step.
func (l *LBFGS) Step(theta []float64) solvers.Info {
	p := l.ray.At
	p.Eval(theta, objective.Loss|objective.Grad)
	info := solvers.Info{Loss: p.Loss}
	if !p.Finite() {
		info.Status = solvers.Diverged
		return info
	}
	if l.moved && l.version == l.o.Version() {
		l.remember(p)
	}
	copy(l.theta, p.Theta)
	copy(l.grad, p.Grad)
	l.version, l.moved = l.o.Version(), false
	info.Status = solvers.Stalled
	for restarts := 0; restarts < 2; restarts++ {
		info.Retries = restarts
		if l.try(p, &info) {
			break
		}
		if l.n == 0 {
			break // that was the gradient
		}
		l.n = 0
	}
	l.ray.Accept(theta, info.Scale)
	return info
}

// try searches along the direction of the present pairs and reports whether the step is settled.
func (l *LBFGS) try(p *objective.Point, info *solvers.Info) bool {
	d := l.ray.D
	if !l.direction(p.Grad) {
		info.Status = solvers.Converged
		return true
	}
	info.Slope, info.Norm = simd.Dot(p.Grad, d), math.Sqrt(simd.Dot(d, d))
	out := l.ray.Find(l.search(), info.Slope)
	if out.Scale == 0 {
		return false
	}
	info.Scale, info.Status, l.moved = out.Scale, solvers.Running, true
	return true
}

// remember makes a pair of the last step and keeps it where its curvature is positive.
func (l *LBFGS) remember(p *objective.Point) {
	k := l.n % l.s.Rows
	s, y := linalg.Row(l.s, k), linalg.Row(l.y, k)
	for i := range s {
		s[i], y[i] = p.Theta[i]-l.theta[i], p.Grad[i]-l.grad[i]
	}
	sy := simd.Dot(s, y)
	if rho := 1 / sy; sy > 1e-14*math.Sqrt(simd.Dot(s, s))*math.Sqrt(simd.Dot(y, y)) && !math.IsInf(rho, 1) {
		l.rho[k] = rho
		l.n++
	}
}

// direction fills ray.D with −H g, and reports whether g is not zero.
func (l *LBFGS) direction(g []float64) bool {
	d, norm := l.ray.D, 0.0
	for i, v := range g {
		d[i] = -v
		norm += math.Abs(v)
	}
	if l.n == 0 {
		scale := 1 / math.Max(1, norm)
		for i := range d {
			d[i] *= scale
		}
		return norm > 0
	}
	l.recurse(d)
	return norm > 0
}

// recurse is the two-loop recursion, d ← H d.
func (l *LBFGS) recurse(d []float64) {
	m := l.s.Rows
	first := max(0, l.n-m+1)
	l.meter.Ledger().LowRank(float64(2*(l.n-first)), float64(len(d)), 1)
	for j := l.n - 1; j >= first; j-- {
		k := j % m
		l.alpha[k] = l.rho[k] * simd.Dot(linalg.Row(l.s, k), d)
		simd.Axpy(d, -l.alpha[k], linalg.Row(l.y, k))
	}
	k := (l.n - 1) % m
	y := linalg.Row(l.y, k)
	gamma := 1 / (l.rho[k] * simd.Dot(y, y))
	for i := range d {
		d[i] *= gamma
	}
	for j := first; j < l.n; j++ {
		k := j % m
		beta := l.rho[k] * simd.Dot(linalg.Row(l.y, k), d)
		simd.Axpy(d, l.alpha[k]-beta, linalg.Row(l.s, k))
	}
}

// Forecast is a typical step: one gradient, which is the search's, and all pairs.
func (l *LBFGS) Forecast(s *cost.Shape) (w cost.Work, floats float64, ok bool) {
	k, p := float64(cmp.Or(l.History, 100)), float64(s.Params)
	w.Network(cost.Gradient, s, 1)
	w.LowRank(2*k, p, 1)
	return w, 2*(k+1)*p + 2*s.Points(), true
}
