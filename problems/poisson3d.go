package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// Poisson3D is the Poisson equation on the unit cube with a product of sines as its solution,
//
//	−Δu = 3π² Π sin πx_i  on (0,1)³,   u = 0 on the boundary,   u = Π sin πx_i,
//
// in the size of the quasi-Newton example of the authors of scalable natural gradient: 5000 and 800 points, P = 1217.
func Poisson3D() *Problem {
	f := func(x []float64) float64 { return 3 * math.Pi * math.Pi * sines(x, nil) }
	return &Problem{
		Name:   "poisson3d",
		Doc:    "-Δu = 3π² sin πx sin πy sin πz on (0,1)³, u = 0 on the boundary",
		Source: "after the Poisson example of Bioli, Marcati, Sangalli (2025), arXiv 2505.11638 and its code",
		Domain: geometry.Cube(3),
		Fields: []string{"u"},
		Exact: func(x, u, grad []float64) {
			if v := sines(x, grad); u != nil {
				u[0] = v
			}
		},
		Norms:     Norms{L2: math.Sqrt(1. / 8), H1: math.Pi * math.Sqrt(3./8)},
		Strong:    []Strong{poisson(f), prescribed("boundary", geometry.Boundary, 0, 1, zero)},
		Weak:      diffusion(1, f),
		Energy:    dirichletEnergy(1, f, -3*math.Pi*math.Pi/16),
		Dirichlet: everywhere(zero),
		Hard:      boxHard([]float64{0, 0, 0}, []float64{1, 1, 1}),
		Net:       "3x32x32x1",
		Points:    "5000+800",
	}
}

// sines returns Π sin πx_i and writes its gradient where it is not nil.
func sines(x, grad []float64) float64 {
	v := 1.0
	for _, t := range x {
		v *= math.Sin(math.Pi * t)
	}
	for i := range grad {
		g := math.Pi * math.Cos(math.Pi*x[i])
		for j, t := range x {
			if j != i {
				g *= math.Sin(math.Pi * t)
			}
		}
		grad[i] = g
	}
	return v
}
