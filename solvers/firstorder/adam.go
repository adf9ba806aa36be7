package firstorder

import (
	"cmp"
	"fmt"
	"math"

	"ngdbench/cost"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Adam is the method of adaptive moments: with g = ∇L at step t = 1, 2, …
//
//	m ← β₁m + (1 − β₁)g,   v ← β₂v + (1 − β₂)g∘g,
//	θ ← θ − α_t (m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε).
//
// The default schedule is a warm-up with exponential decay: a constant rate ends at a noise level that the rate sets.
// Once gradients are below ε it turns into scaled gradient descent; set Eps to 1e-20 against that.
//
// It has no search, so it does not stall, and ends as diverged where the loss is not finite. Cost: one gradient and about
// 15P flops; memory 2P.
//
// Source: Kingma, Ba (2015), algorithm 1.
type Adam struct {
	Rate     float64  // α > 0; 0: 1e-3
	Beta1    float64  // in [0, 1); 0: 0.9
	Beta2    float64  // in [0, 1); 0: 0.999
	Eps      float64  // in [1e-20, 1]; 0: 1e-8
	Schedule Schedule // nil: Exponential{}

	p                 *objective.Point
	meter             *cost.Meter
	m, v              []float64
	t                 int
	rate, b1, b2, eps float64
	power1, power2    float64 // β₁ᵗ, β₂ᵗ
	schedule          Schedule
}

// Class is first-order.
func (*Adam) Class() solvers.Class { return solvers.FirstOrder }

// Needs asks for the gradient.
func (*Adam) Needs() objective.Quantity { return objective.Loss | objective.Grad }

// Start clears the moments.
func (a *Adam) Start(o objective.Objective, env solvers.Env) error {
	a.rate, a.b1, a.b2, a.eps = cmp.Or(a.Rate, 1e-3), cmp.Or(a.Beta1, 0.9), cmp.Or(a.Beta2, 0.999), cmp.Or(a.Eps, 1e-8)
	if a.schedule = a.Schedule; a.schedule == nil {
		a.schedule = Exponential{}
	}
	if err := a.validate(); err != nil {
		return err
	}
	n := o.Params().Size()
	a.meter = env.Meter
	a.p = objective.NewPoint(o, a.Needs(), env.Meter)
	a.m, a.v, a.t = env.Meter.Floats(n), env.Meter.Floats(n), 0
	a.power1, a.power2 = 1, 1
	return nil
}

func (a *Adam) validate() error {
	switch {
	case !(a.rate > 0) || math.IsInf(a.rate, 1):
		return fmt.Errorf("firstorder: learning rate %g outside (0, ∞)", a.rate)
	case !(a.b1 >= 0 && a.b1 < 1):
		return fmt.Errorf("firstorder: Adam β₁ %g outside [0, 1)", a.b1)
	case !(a.b2 >= 0 && a.b2 < 1):
		return fmt.Errorf("firstorder: Adam β₂ %g outside [0, 1)", a.b2)
	case !(a.eps >= 1e-20 && a.eps <= 1):
		return fmt.Errorf("firstorder: Adam ε %g outside [1e-20, 1]", a.eps)
	}
	return a.schedule.Validate()
}

// Step does one update.
func (a *Adam) Step(theta []float64) solvers.Info {
	a.p.Eval(theta, a.Needs())
	info := solvers.Info{Loss: a.p.Loss}
	if !a.p.Finite() {
		info.Status = solvers.Diverged
		return info
	}
	a.t++
	a.meter.Ledger().Iteration(float64(len(theta)), 2)
	a.power1 *= a.b1
	a.power2 *= a.b2
	rate := a.rate * a.schedule.Factor(a.t) / (1 - a.power1)
	root := 1 / (1 - a.power2)
	squares := 0.0
	for i, g := range a.p.Grad {
		a.m[i] = a.b1*a.m[i] + (1-a.b1)*g
		a.v[i] = a.b2*a.v[i] + (1-a.b2)*g*g
		d := -rate * a.m[i] / (math.Sqrt(a.v[i]*root) + a.eps)
		theta[i] += d
		info.Slope += g * d
		squares += d * d
	}
	info.Scale, info.Norm = 1, math.Sqrt(squares)
	return info
}

// Forecast is one gradient and the update.
func (a *Adam) Forecast(s *cost.Shape) (w cost.Work, floats float64, ok bool) {
	w.Network(cost.Gradient, s, 1)
	w.Iteration(float64(s.Params), 2)
	return w, 4*float64(s.Params) + s.Points(), true
}
