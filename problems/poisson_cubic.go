package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// PoissonCubic is the nonlinear problem of the energy natural gradient,
//
//	−u″ + u³ = f  on (−1,1),   u′(±1) = 0,   u = cos πx,   f = π² cos πx + cos³ πx,
//
// the minimiser of ∫ ½u′² + ¼u⁴ − f u; its boundary conditions are natural.
func PoissonCubic() *Problem {
	f := func(x []float64) float64 {
		c := math.Cos(math.Pi * x[0])
		return math.Pi*math.Pi*c + c*c*c
	}
	return &Problem{
		Name:   "poisson_cubic",
		Doc:    "-u'' + u³ = f on (-1,1), u' = 0 at the ends, u = cos πx",
		Source: "Müller, Zeinhofer (2023), Achieving high accuracy with PINNs via energy natural gradients, nonlinear example",
		Domain: geometry.Box{Lo: []float64{-1}, Hi: []float64{1}},
		Fields: []string{"u"},
		Exact: func(x, u, grad []float64) {
			s, c := math.Sincos(math.Pi * x[0])
			if u != nil {
				u[0] = c
			}
			if grad != nil {
				grad[0] = -math.Pi * s
			}
		},
		Norms: Norms{L2: 1, H1: math.Pi},
		Strong: []Strong{
			{Name: "interior", Part: geometry.Interior, Order: Laplacian, Term: func(x, jet, partial []float64) float64 {
				if partial != nil {
					partial[0], partial[1], partial[2] = 3*jet[0]*jet[0], 0, -1
				}
				return -jet[2] + jet[0]*jet[0]*jet[0] - f(x)
			}},
			{Name: "boundary", Part: geometry.Boundary, Order: Gradient, Affine: true, Term: func(_, jet, partial []float64) float64 {
				if partial != nil {
					partial[0], partial[1] = 0, 1
				}
				return jet[1]
			}},
		},
		Weak: &Weak{Symmetric: true, Flux: func(x, jet, flux, partial []float64) {
			flux[0], flux[1] = jet[0]*jet[0]*jet[0]-f(x), jet[1]
			if partial != nil {
				partial[0], partial[1], partial[2], partial[3] = 3*jet[0]*jet[0], 0, 0, 1
			}
		}},
		// E(u) = ∫ ½u′² + ¼u⁴ − f u = π²/2 + 3/16 − π² − 3/4.
		Energy: &Energy{Convex: true, Minimum: -math.Pi*math.Pi/2 - 9./16, Density: func(x, jet, grad, hess []float64) float64 {
			u, fx := jet[0], f(x)
			if grad != nil {
				grad[0], grad[1] = u*u*u-fx, jet[1]
			}
			if hess != nil {
				hess[0], hess[1], hess[2], hess[3] = 3*u*u, 0, 0, 1
			}
			return jet[1]*jet[1]/2 + u*u*u*u/4 - fx*u
		}},
		Net:    "1x32x1",
		Points: "200+2",
	}
}
