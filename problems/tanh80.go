package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// Tanh80 is the steep multiscale problem of the hp-VPINNs,
//
//	−u″ = f  on (−1,1),   u = 0.1 sin 8πx + tanh 80x,   also at the ends.
func Tanh80() *Problem {
	exact := func(x, u, grad []float64) {
		s, c := math.Sincos(8 * math.Pi * x[0])
		t := math.Tanh(80 * x[0])
		if u != nil {
			u[0] = 0.1*s + t
		}
		if grad != nil {
			grad[0] = 0.8*math.Pi*c + 80*sech2(80*x[0])
		}
	}
	f := func(x []float64) float64 {
		return 0.1*64*math.Pi*math.Pi*math.Sin(8*math.Pi*x[0]) + 2*6400*math.Tanh(80*x[0])*sech2(80*x[0])
	}
	end := math.Tanh(80)
	return &Problem{
		Name:      "tanh80",
		Doc:       "-u'' = f on (-1,1), u = 0.1 sin 8πx + tanh 80x",
		Source:    "Kharazmi, Zhang, Karniadakis (2021), hp-VPINNs, arXiv 2003.05385, steep one-dimensional Poisson problem",
		Domain:    geometry.Box{Lo: []float64{-1}, Hi: []float64{1}},
		Fields:    []string{"u"},
		Exact:     exact,
		Norms:     Norms{L2: 1.40867736852748, H1: 11.0742758560363},
		Length:    0.03,
		Strong:    []Strong{poisson(f), prescribed("boundary", geometry.Boundary, 0, 1, at(exact))},
		Weak:      diffusion(1, f),
		Energy:    dirichletEnergy(1, f, -56.2932446220502),
		Dirichlet: everywhere(at(exact)),
		Hard: func(x, g, phi []float64) {
			product(g, factor{end * x[0], end, 0})
			product(phi, bubble(x[0], -1, 1))
		},
		Breaks: [][]float64{{-0.1, 0.1}},
		Net:    "1x20x20x20x1",
		Points: "600+2",
	}
}

// sech2 is 1/cosh², without overflow.
func sech2(x float64) float64 {
	c := math.Cosh(min(math.Abs(x), 350))
	return 1 / c / c
}
