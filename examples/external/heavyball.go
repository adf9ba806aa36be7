package main

import (
	"ngdbench/objective"
	"ngdbench/solvers"
)

// heavyBall is gradient descent with momentum, d = −∇L + β d₋, and a search for the step length. Where d does not descend
// the momentum is dropped. Cost: one gradient and one search.
type heavyBall struct {
	Beta   float64        // β from 0 up to 1
	Search solvers.Search // nil: Grid{}

	ray  *solvers.Ray
	last []float64 // d₋
}

func (*heavyBall) Class() solvers.Class      { return solvers.FirstOrder }
func (*heavyBall) Needs() objective.Quantity { return objective.Loss | objective.Grad }

func (h *heavyBall) Start(o objective.Objective, env solvers.Env) error {
	if h.Search == nil {
		h.Search = solvers.Grid{}
	}
	h.ray = solvers.NewRay(o, h.Needs()|h.Search.Needs(), env)
	h.last = env.Meter.Floats(o.Params().Size())
	return nil
}

func (h *heavyBall) Step(theta []float64) solvers.Info {
	p := h.ray.At
	p.Eval(theta, h.Needs())
	info := solvers.Info{Loss: p.Loss}
	if !p.Finite() {
		info.Status = solvers.Diverged
		return info
	}
	for i, g := range p.Grad {
		h.ray.D[i] = -g + h.Beta*h.last[i]
	}
	if info.Slope = dot(p.Grad, h.ray.D); !(info.Slope < 0) {
		info.Plain = true
		for i, g := range p.Grad {
			h.ray.D[i] = -g
		}
		info.Slope = dot(p.Grad, h.ray.D)
	}
	out := h.ray.Find(h.Search, info.Slope)
	if info.Scale = out.Scale; out.Scale == 0 {
		clear(h.last) // the next step is plain descent
		if info.Plain || h.Beta == 0 {
			info.Status = solvers.Stalled
		}
		return info
	}
	copy(h.last, h.ray.D)
	h.ray.Accept(theta, out.Scale)
	return info
}

// dot adds up in the order of the indices, so that its bits depend on nothing else.
func dot(a, b []float64) (s float64) {
	for i, v := range a {
		s += v * b[i]
	}
	return s
}
