package problems

import (
	"fmt"
	"math"

	"ngdbench/problems/geometry"
)

// AdvDiff is the one-dimensional advection-diffusion problem of the robust variational PINNs,
//
//	−εu″ + u′ = 1  on (−1,1),   u(±1) = 0,   u = 2(1 − e^{(x−1)/ε})/(1 − e^{−2/ε}) + x − 1,
//
// ε > 0, down to 0.005 in the paper: a layer of width ε at x = 1. Quadrature and tests have a line at its edge,
// 1 − 4ε ln(1/ε), where that is inside.
func AdvDiff(epsilon float64) *Problem {
	size := -math.Expm1(-2 / epsilon)
	p := &Problem{
		Name:   "advdiff",
		Doc:    fmt.Sprintf("-εu'' + u' = 1 on (-1,1), ε = %g, u = 0 at the ends", epsilon),
		Source: "Rojas, Maczuga, Muñoz-Matute, Pardo, Paszyński (2024), Robust variational physics-informed neural networks, arXiv 2308.16910, advection-diffusion",
		Domain: geometry.Box{Lo: []float64{-1}, Hi: []float64{1}},
		Fields: []string{"u"},
		Exact: func(x, u, grad []float64) {
			e := math.Exp((x[0] - 1) / epsilon)
			if u != nil {
				u[0] = -2*math.Expm1((x[0]-1)/epsilon)/size + x[0] - 1
			}
			if grad != nil {
				grad[0] = 1 - 2*e/(epsilon*size)
			}
		},
		Norms:  advDiffNorms(epsilon),
		Length: min(1, 4*epsilon),
		Strong: []Strong{
			{Name: "interior", Part: geometry.Interior, Order: Laplacian, Affine: true, Term: func(_, jet, partial []float64) float64 {
				if partial != nil {
					partial[0], partial[1], partial[2] = 0, 1, -epsilon
				}
				return -epsilon*jet[2] + jet[1] - 1
			}},
			prescribed("boundary", geometry.Boundary, 0, 1, zero),
		},
		Weak: &Weak{Affine: true, Epsilon: epsilon, Flux: func(_, jet, flux, partial []float64) {
			flux[0], flux[1] = jet[1]-1, epsilon*jet[1]
			if partial != nil {
				partial[0], partial[1], partial[2], partial[3] = 0, 1, 0, epsilon
			}
		}},
		Dirichlet: everywhere(zero),
		Hard:      boxHard([]float64{-1}, []float64{1}),
		Net:       "1x20x20x20x1",
		Points:    "400+2",
	}
	if edge := 1 - 4*epsilon*math.Log(1/epsilon); edge > -0.5 && edge < 1 {
		p.Breaks = [][]float64{{edge}}
	}
	return p
}

// advDiffNorms integrates the solution a(1−e) + x−1, a = 2/(1−q), e = e^{(x−1)/ε}, q = e^{−2/ε}.
func advDiffNorms(epsilon float64) Norms {
	q := math.Exp(-2 / epsilon)
	a := 2 / (1 - q)
	l2 := a*a*(2-2*epsilon*(1-q)+epsilon/2*(1-q*q)) + 2*a*(-2+epsilon*epsilon-epsilon*(2+epsilon)*q) + 8./3
	return Norms{L2: math.Sqrt(l2), H1: math.Sqrt(a*a/(2*epsilon)*(1-q*q) - 2)}
}
