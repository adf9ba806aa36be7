package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// EndPoint is the one-dimensional Poisson problem of the least-squares VPINNs with a singular end,
//
//	−u″ = f  on (0,π),   u = 0 at the ends,   u = x^0.7 (π − x):
//
// u′ is in L², u″ is not, so that a strong residual has no L² norm, and f must be tested in the weak form: the flux is
// u′ − u*′, F₀ = 0.
func EndPoint() *Problem {
	const a = 0.7
	exact := func(x, u, grad []float64) {
		if u != nil {
			u[0] = math.Pow(x[0], a) * (math.Pi - x[0])
		}
		if grad != nil {
			grad[0] = a*math.Pi*math.Pow(x[0], a-1) - (a+1)*math.Pow(x[0], a)
		}
	}
	l2 := math.Pow(math.Pi, 2*a+3) * (1/(2*a+1) - 2/(2*a+2) + 1/(2*a+3))
	h1 := math.Pow(math.Pi, 2*a+1) * (a*a/(2*a-1) - 2*a*(a+1)/(2*a) + (a+1)*(a+1)/(2*a+1))
	return &Problem{
		Name:   "endpoint",
		Doc:    "-u'' = f on (0,π), u = x^0.7 (π-x), f not in L²",
		Source: "Uriarte, Bastidas, Pardo, Taylor, Rojas (2024), arXiv 2407.20417, section 4, singular solution",
		Domain: geometry.Box{Lo: []float64{0}, Hi: []float64{math.Pi}},
		Fields: []string{"u"},
		Exact:  exact,
		Length: 0.4,
		Rough:  func(x []float64) bool { return x[0] < 0.4 },
		Norms:  Norms{L2: math.Sqrt(l2), H1: math.Sqrt(h1), Tol: 0.1},
		Strong: []Strong{prescribed("boundary", geometry.Boundary, 0, 1, zero)},
		Weak: &Weak{Affine: true, Symmetric: true, Flux: func(x, jet, flux, partial []float64) {
			var g [1]float64
			exact(x, nil, g[:])
			flux[0], flux[1] = 0, jet[1]-g[0]
			if partial != nil {
				partial[0], partial[1], partial[2], partial[3] = 0, 0, 0, 1
			}
		}},
		Dirichlet: everywhere(zero),
		Hard:      boxHard([]float64{0}, []float64{math.Pi}),
		Breaks:    [][]float64{{1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1}},
		Net:       "1x16x16x16x1",
		Points:    "512+2",
	}
}
