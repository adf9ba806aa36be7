package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// Poisson5D is the Poisson equation in five dimensions with a sum of cosines as its solution,
//
//	−Δu = π² Σ cos πx_i  on (0,1)⁵,   u = Σ cos πx_i,   also on the boundary.
func Poisson5D() *Problem {
	exact := func(x, u, grad []float64) {
		v := 0.0
		for i, t := range x {
			s, c := math.Sincos(math.Pi * t)
			v += c
			if grad != nil {
				grad[i] = -math.Pi * s
			}
		}
		if u != nil {
			u[0] = v
		}
	}
	value := at(exact)
	f := func(x []float64) float64 { return math.Pi * math.Pi * value(x) }
	return &Problem{
		Name:      "poisson5d",
		Doc:       "-Δu = π² Σ cos πx_i on (0,1)⁵, u = Σ cos πx_i on the boundary",
		Source:    "Dangel, Müller, Zeinhofer (2024), arXiv 2405.15603, and its code",
		Domain:    geometry.Cube(5),
		Fields:    []string{"u"},
		Exact:     exact,
		Norms:     Norms{L2: math.Sqrt(2.5), H1: math.Pi * math.Sqrt(2.5)},
		Strong:    []Strong{poisson(f), prescribed("boundary", geometry.Boundary, 0, 1, value)},
		Dirichlet: everywhere(value),
		Net:       "5x64x1",
		Points:    "3000+500",
	}
}

// at is the first field of an exact solution as a function.
func at(exact func(x, u, grad []float64)) function {
	return func(x []float64) float64 {
		var u [1]float64
		exact(x, u[:], nil)
		return u[0]
	}
}
