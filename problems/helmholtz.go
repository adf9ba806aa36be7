package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// Helmholtz is
//
//	Δu + u = f  on (−1,1)²,   u = 0 on the boundary,   u = sin πx sin 4πy,   f = (1 − 17π²) u.
//
// Its energy ∫ ½|∇u|² − ½u² + f u is minimised by the solution, but its density is not convex in u.
func Helmholtz() *Problem {
	value := func(x []float64) float64 { return math.Sin(math.Pi*x[0]) * math.Sin(4*math.Pi*x[1]) }
	f := func(x []float64) float64 { return (1 - 17*math.Pi*math.Pi) * value(x) }
	return &Problem{
		Name:   "helmholtz",
		Doc:    "Δu + u = f on (-1,1)², u = sin πx sin 4πy, u = 0 on the boundary",
		Source: "Wang, Teng, Perdikaris (2021), Understanding and mitigating gradient flow pathologies in physics-informed neural networks, Helmholtz equation",
		Domain: geometry.Box{Lo: []float64{-1, -1}, Hi: []float64{1, 1}},
		Fields: []string{"u"},
		Exact: func(x, u, grad []float64) {
			s, c := math.Sincos(math.Pi * x[0])
			r, d := math.Sincos(4 * math.Pi * x[1])
			if u != nil {
				u[0] = s * r
			}
			if grad != nil {
				grad[0], grad[1] = math.Pi*c*r, 4*math.Pi*s*d
			}
		},
		Norms:  Norms{L2: 1, H1: math.Pi * math.Sqrt(17)},
		Length: 0.5,
		Strong: []Strong{
			{Name: "interior", Part: geometry.Interior, Order: Laplacian, Affine: true, Term: func(x, jet, partial []float64) float64 {
				if partial != nil {
					partial[0], partial[1], partial[2], partial[3] = 1, 0, 0, 1
				}
				return jet[3] + jet[0] - f(x)
			}},
			prescribed("boundary", geometry.Boundary, 0, 1, zero),
		},
		Weak: &Weak{Affine: true, Flux: func(x, jet, flux, partial []float64) {
			flux[0], flux[1], flux[2] = f(x)-jet[0], jet[1], jet[2]
			if partial != nil {
				copy(partial, []float64{-1, 0, 0, 0, 1, 0, 0, 0, 1})
			}
		}},
		Energy: &Energy{Quadratic: true, Minimum: (1 - 17*math.Pi*math.Pi) / 2, Density: func(x, jet, grad, hess []float64) float64 {
			fx := f(x)
			if grad != nil {
				grad[0], grad[1], grad[2] = fx-jet[0], jet[1], jet[2]
			}
			if hess != nil {
				copy(hess, []float64{-1, 0, 0, 0, 1, 0, 0, 0, 1})
			}
			return (jet[1]*jet[1]+jet[2]*jet[2]-jet[0]*jet[0])/2 + fx*jet[0]
		}},
		Dirichlet: everywhere(zero),
		Hard:      boxHard([]float64{-1, -1}, []float64{1, 1}),
		Net:       "2x30x30x1",
		Points:    "1600+200",
	}
}
