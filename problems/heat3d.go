package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// heat3dKappa is the diffusivity of Heat3D.
const heat3dKappa = 0.1

// Heat3D is the heat equation in three dimensions of space,
//
//	u_t = Δu/10  on (0,1)³ × (0,1),   u = Π sin πx_i at t = 0,   u = 0 on the boundary,   u = e^{−3π²t/10} Π sin πx_i.
func Heat3D() *Problem {
	rate := 3 * math.Pi * math.Pi * heat3dKappa
	mean := (1 - math.Exp(-2*rate)) / (2 * rate) // of e^{−2 rate t}
	return &Problem{
		Name:   "heat3d",
		Doc:    "u_t = Δu/10 on (0,1)³, t < 1, u = sin πx sin πy sin πz at t = 0 and 0 on the boundary",
		Source: "after the heat equation in 3+1 dimensions of Bioli, Marcati, Sangalli (2025), arXiv 2505.11638; diffusivity ours",
		Domain: geometry.Cylinder{Space: geometry.Cube(3), End: 1},
		Fields: []string{"u"},
		Exact:  heatExact(heat3dKappa),
		Norms:  Norms{L2: math.Sqrt(mean / 8), H1: math.Sqrt(mean / 8 * (3*math.Pi*math.Pi + rate*rate))},
		Strong: []Strong{
			heat(heat3dKappa),
			prescribed("boundary", geometry.Boundary, 0, 1, zero),
			prescribed("initial", geometry.Initial, 0, 1, func(x []float64) float64 { return sines(x[:3], nil) }),
		},
		Hard: func(x, g, phi []float64) {
			var s [4]factor
			for i := range 3 {
				v, c := math.Sincos(math.Pi * x[i])
				s[i] = factor{v, math.Pi * c, -math.Pi * math.Pi * v}
			}
			s[3] = constant(1)
			product(g, s[:]...)
			product(phi, bubble(x[0], 0, 1), bubble(x[1], 0, 1), bubble(x[2], 0, 1), ramp(x[3], 0))
		},
		Net:    "4x32x32x1",
		Points: "3000+500+300",
	}
}
