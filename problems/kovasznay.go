package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// Kovasznay is the flow behind a grid at Re = 40, a solution of the stationary Navier-Stokes equations
//
//	(u·∇)u + ∇p = ν Δu,   ∇·u = 0  on (−½,1) × (−½,3/2),   ν = 1/40,
//
// u = 1 − e^{λx} cos 2πy, v = λ/(2π) e^{λx} sin 2πy, p = ½(1 − e^{2λx}), λ = Re/2 − √(Re²/4 + 4π²). The velocity is
// prescribed on the boundary, and so the pressure is known up to a constant, which errors leave out.
func Kovasznay() *Problem {
	const nu = 1. / 40
	field := func(i int) function {
		return func(x []float64) float64 {
			var w [3]float64
			kovasznayExact(x, w[:], nil)
			return w[i]
		}
	}
	return &Problem{
		Name:      "kovasznay",
		Doc:       "(u·∇)u + ∇p = Δu/40, ∇·u = 0 on (-½,1)×(-½,3/2), velocity prescribed on the boundary",
		Source:    "Kovasznay (1948), Laminar flow behind a two-dimensional grid; Jnini, Vella, Zeinhofer (2024), arXiv 2402.10680",
		Domain:    geometry.Box{Lo: []float64{-0.5, -0.5}, Hi: []float64{1, 1.5}},
		Fields:    []string{"u", "v", "p"},
		Exact:     kovasznayExact,
		Norms:     Norms{L2: 2.16074452843899, H1: 7.51186037181337},
		Length:    0.8,
		Constants: []int{2},
		Strong: []Strong{
			{Name: "momentum-x", Part: geometry.Interior, Order: Laplacian, Term: momentum(0, nu)},
			{Name: "momentum-y", Part: geometry.Interior, Order: Laplacian, Term: momentum(1, nu)},
			{Name: "continuity", Part: geometry.Interior, Order: Gradient, Affine: true, Term: divergence},
			prescribed("u", geometry.Boundary, 0, 3, field(0)),
			prescribed("v", geometry.Boundary, 1, 3, field(1)),
		},
		Net:    "2x32x32x3",
		Points: "1200+300",
	}
}

func kovasznayExact(x, u, grad []float64) {
	lambda := 20 - math.Sqrt(400+4*math.Pi*math.Pi)
	e := math.Exp(lambda * x[0])
	s, c := math.Sincos(2 * math.Pi * x[1])
	if u != nil {
		u[0], u[1], u[2] = 1-e*c, lambda/(2*math.Pi)*e*s, (1-e*e)/2
	}
	if grad != nil {
		grad[0], grad[1] = -lambda*e*c, 2*math.Pi*e*s
		grad[2], grad[3] = lambda*lambda/(2*math.Pi)*e*s, lambda*e*c
		grad[4], grad[5] = -lambda*e*e, 0
	}
}

// momentum is u w_x + v w_y + ∂_i p − νΔw, w the component i of the velocity. The jets of u, v, p are four numbers each:
// value, ∂_x, ∂_y, Δ.
func momentum(i int, nu float64) Term {
	return func(_, jet, partial []float64) float64 {
		u, v, w := jet[0], jet[4], jet[4*i:][:4]
		if partial != nil {
			clear(partial)
			own := partial[4*i:][:4]
			own[1], own[2], own[3] = u, v, -nu
			partial[0] += w[1]
			partial[4] += w[2]
			partial[9+i] = 1
		}
		return u*w[1] + v*w[2] + jet[9+i] - nu*w[3]
	}
}

// divergence is u_x + v_y; its jets have three numbers each.
func divergence(_, jet, partial []float64) float64 {
	if partial != nil {
		clear(partial)
		partial[1], partial[5] = 1, 1
	}
	return jet[1] + jet[5]
}
