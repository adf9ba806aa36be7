package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// Poisson1D is the smooth one-dimensional problem of the robust variational PINNs,
//
//	−u″ = π² sin π(x+1)  on (−1,1),   u(±1) = 0,   u = sin π(x+1).
func Poisson1D() *Problem {
	f := func(x []float64) float64 { return math.Pi * math.Pi * math.Sin(math.Pi*(x[0]+1)) }
	return &Problem{
		Name:   "poisson1d",
		Doc:    "-u'' = π² sin π(x+1) on (-1,1), u = 0 at the ends",
		Source: "Rojas, Maczuga, Muñoz-Matute, Pardo, Paszyński (2024), Robust variational physics-informed neural networks, arXiv 2308.16910, smooth problem",
		Domain: geometry.Box{Lo: []float64{-1}, Hi: []float64{1}},
		Fields: []string{"u"},
		Exact: func(x, u, grad []float64) {
			s, c := math.Sincos(math.Pi * (x[0] + 1))
			if u != nil {
				u[0] = s
			}
			if grad != nil {
				grad[0] = math.Pi * c
			}
		},
		Norms:     Norms{L2: 1, H1: math.Pi},
		Strong:    []Strong{poisson(f), prescribed("boundary", geometry.Boundary, 0, 1, zero)},
		Weak:      diffusion(1, f),
		Energy:    dirichletEnergy(1, f, -math.Pi*math.Pi/2),
		Dirichlet: everywhere(zero),
		Hard:      boxHard([]float64{-1}, []float64{1}),
		Net:       "1x20x20x1",
		Points:    "200+2",
	}
}
