package problems

import (
	"fmt"
	"math"

	"ngdbench/problems/geometry"
)

// Sweep is the Poisson equation with a solution of k half waves a side,
//
//	Δu = 2ω² sin ωx sin ωy  on (0,1)²,   u = 0 on the boundary,   u = −sin ωx sin ωy,   ω = kπ,
//
// k an integer ≥ 1: 2, 4, 8 in the frequency study of FastVPINNs.
func Sweep(k int) *Problem {
	w := float64(k) * math.Pi
	f := func(x []float64) float64 { return -2 * w * w * math.Sin(w*x[0]) * math.Sin(w*x[1]) }
	return &Problem{
		Name:   "sweep",
		Doc:    fmt.Sprintf("Δu = 2ω² sin ωx sin ωy on (0,1)², ω = %dπ, u = 0 on the boundary", k),
		Source: "Anandh, Ghose, Jain, Ganesan (2024), FastVPINNs, arXiv 2404.12063, frequency-swept Poisson problem",
		Domain: geometry.Cube(2),
		Fields: []string{"u"},
		Exact: func(x, u, grad []float64) {
			s, c := math.Sincos(w * x[0])
			r, d := math.Sincos(w * x[1])
			if u != nil {
				u[0] = -s * r
			}
			if grad != nil {
				grad[0], grad[1] = -w*c*r, -w*s*d
			}
		},
		Norms:     Norms{L2: 0.5, H1: w / math.Sqrt2},
		Length:    1 / float64(k),
		Strong:    []Strong{poisson(f), prescribed("boundary", geometry.Boundary, 0, 1, zero)},
		Weak:      diffusion(1, f),
		Energy:    dirichletEnergy(1, f, -w*w/4),
		Dirichlet: everywhere(zero),
		Hard:      boxHard([]float64{0, 0}, []float64{1, 1}),
		Net:       "2x30x30x30x1",
		Points:    fmt.Sprintf("%d+200", max(900, 150*k*k)),
	}
}
