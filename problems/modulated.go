package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// Modulated is the one-dimensional Poisson problem of the least-squares VPINNs with a modulated solution,
//
//	−u″ = f  on (0,π),   u = 0 at the ends,   u = sin kx sin(x/2),
//
// k = 4 and 40 in the paper.
func Modulated(k int) *Problem {
	w := float64(k)
	exact := func(x, u, grad []float64) {
		s, c := math.Sincos(w * x[0])
		r, d := math.Sincos(x[0] / 2)
		if u != nil {
			u[0] = s * r
		}
		if grad != nil {
			grad[0] = w*c*r + s*d/2
		}
	}
	f := func(x []float64) float64 {
		s, c := math.Sincos(w * x[0])
		r, d := math.Sincos(x[0] / 2)
		return (w*w+0.25)*s*r - w*c*d
	}
	h1 := math.Pi / 16 * (4*w*w + 1) // ∫ u′²: 65π/16 for k = 4
	return &Problem{
		Name:   "modulated",
		Doc:    "-u'' = f on (0,π), u = sin kx sin(x/2), u = 0 at the ends",
		Source: "Uriarte, Bastidas, Pardo, Taylor, Rojas (2024), Optimizing variational physics-informed neural networks using least squares, arXiv 2407.20417, section 4",
		Domain: geometry.Box{Lo: []float64{0}, Hi: []float64{math.Pi}},
		Fields: []string{"u"},
		Exact:  exact,
		Length: 2 / w,
		Norms:  Norms{L2: math.Sqrt(math.Pi) / 2, H1: math.Sqrt(h1)},
		Strong: []Strong{poisson(f), prescribed("boundary", geometry.Boundary, 0, 1, zero)},
		Weak:   diffusion(1, f),
		// E(u) = −½ ∫ u′².
		Energy:    dirichletEnergy(1, f, -h1/2),
		Dirichlet: everywhere(zero),
		Hard:      boxHard([]float64{0}, []float64{math.Pi}),
		Net:       "1x16x16x16x1",
		Points:    "256+2",
	}
}
