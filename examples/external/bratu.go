package main

import (
	"math"

	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// bratu is the Bratu equation with a source,
//
//	−Δu − λ exp(u) = f  on Ω = (0,1)²,   u = 0  on ∂Ω,   u = sin πx sin πy.
func bratu(lambda float64) *problems.Problem {
	source := func(x []float64) float64 {
		u := sines(x)
		return 2*math.Pi*math.Pi*u - lambda*math.Exp(u)
	}
	return &problems.Problem{
		Name:   "bratu",
		Doc:    "-Δu = λ exp(u) + f on (0,1)², u = 0 on the boundary",
		Source: "the Bratu equation with a source for which the solution is known",
		Domain: geometry.Cube(2),
		Fields: []string{"u"},
		Exact: func(x, u, grad []float64) {
			if u != nil {
				u[0] = sines(x)
			}
			if grad != nil {
				grad[0] = math.Pi * math.Cos(math.Pi*x[0]) * math.Sin(math.Pi*x[1])
				grad[1] = math.Pi * math.Sin(math.Pi*x[0]) * math.Cos(math.Pi*x[1])
			}
		},
		Strong: []problems.Strong{
			{Name: "interior", Part: geometry.Interior, Order: problems.Laplacian, Term: func(x, jet, partial []float64) float64 {
				reaction := lambda * math.Exp(jet[0])
				if partial != nil { // with respect to u, ∂₁u, ∂₂u, Δu
					partial[0], partial[1], partial[2], partial[3] = -reaction, 0, 0, -1
				}
				return -jet[3] - reaction - source(x)
			}},
			{Name: "boundary", Part: geometry.Boundary, Order: problems.Value, Affine: true, Term: func(_, jet, partial []float64) float64 {
				if partial != nil {
					partial[0] = 1
				}
				return jet[0]
			}},
		},
		Norms:  problems.Norms{L2: 0.5, H1: math.Pi / math.Sqrt2},
		Net:    "2x32x1",
		Points: "400+80",
	}
}

func sines(x []float64) float64 { return math.Sin(math.Pi*x[0]) * math.Sin(math.Pi*x[1]) }
