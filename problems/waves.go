package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// Waves is the two-dimensional Poisson problem of the least-squares VPINNs,
//
//	−Δu = f  on (0,π)²,   u = 0 on the boundary,   u = sin kx sin 2y e^{(x+y)/2},
//
// k = 2 and 20 in the paper.
func Waves(k int) *Problem {
	w := float64(k)
	axis := func(w, x float64) factor { // sin wx e^{x/2}
		s, c := math.Sincos(w * x)
		e := math.Exp(x / 2)
		return factor{s * e, (w*c + s/2) * e, (w*c + (0.25-w*w)*s) * e}
	}
	exact := func(x, u, grad []float64) {
		a, b := axis(w, x[0]), axis(2, x[1])
		if u != nil {
			u[0] = a[0] * b[0]
		}
		if grad != nil {
			grad[0], grad[1] = a[1]*b[0], a[0]*b[1]
		}
	}
	f := func(x []float64) float64 {
		a, b := axis(w, x[0]), axis(2, x[1])
		return -a[2]*b[0] - a[0]*b[2]
	}
	l2 := func(w float64) float64 { return 2 * w * w / (1 + 4*w*w) * math.Expm1(math.Pi) } // ∫ (sin wx e^{x/2})²
	h1 := func(w float64) float64 { return w * w / 2 * math.Expm1(math.Pi) }               // ∫ of its derivative's square
	slope := h1(w)*l2(2) + l2(w)*h1(2)
	return &Problem{
		Name:      "waves",
		Doc:       "-Δu = f on (0,π)², u = sin kx sin 2y exp((x+y)/2), u = 0 on the boundary",
		Source:    "Uriarte, Bastidas, Pardo, Taylor, Rojas (2024), arXiv 2407.20417, section 4",
		Domain:    geometry.Box{Lo: []float64{0, 0}, Hi: []float64{math.Pi, math.Pi}},
		Fields:    []string{"u"},
		Exact:     exact,
		Length:    2 / w,
		Norms:     Norms{L2: math.Sqrt(l2(w) * l2(2)), H1: math.Sqrt(slope)},
		Strong:    []Strong{poisson(f), prescribed("boundary", geometry.Boundary, 0, 1, zero)},
		Weak:      diffusion(1, f),
		Energy:    dirichletEnergy(1, f, -slope/2),
		Dirichlet: everywhere(zero),
		Hard:      boxHard([]float64{0, 0}, []float64{math.Pi, math.Pi}),
		Net:       "2x32x32x1",
		Points:    "1600+200",
	}
}
