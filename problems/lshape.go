package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// LShape is Laplace's equation with the singular solution of the re-entrant corner,
//
//	−Δu = 0  on (−1,1)² without [0,1)×(−1,0],   u = r^{2/3} sin(2φ/3),   also on the boundary,
//
// (r, φ) polar coordinates at the corner. Second derivatives of u are not in L².
func LShape() *Problem {
	exact := func(x, u, grad []float64) {
		r, phi := math.Hypot(x[0], x[1]), math.Atan2(x[1], x[0])
		if phi < -math.Pi/4 { // the cut runs through the middle of the quadrant that is missing
			phi += 2 * math.Pi
		}
		s, c := math.Sincos(2 * phi / 3)
		if u != nil {
			u[0] = math.Pow(r, 2./3) * s
		}
		if grad != nil {
			t, e := math.Sincos(phi)
			q := 2. / 3 * math.Pow(r, -1./3)
			grad[0], grad[1] = q*(s*e-c*t), q*(s*t+c*e)
		}
	}
	return &Problem{
		Name:      "lshape",
		Doc:       "Δu = 0 on the L-shape, u = r^(2/3) sin(2φ/3) on the boundary",
		Source:    "the standard corner singularity; Badia, Li, Martín (2024), Adaptive finite element interpolated neural networks, arXiv 2403.14054",
		Domain:    geometry.LShape{},
		Fields:    []string{"u"},
		Exact:     exact,
		Norms:     Norms{L2: 1.04137209156885, H1: 1.35507441193285, Tol: 1e-2},
		Length:    0.3,
		Rough:     func(x []float64) bool { return math.Hypot(x[0], x[1]) < 0.3 },
		Strong:    []Strong{poisson(zero), prescribed("boundary", geometry.Boundary, 0, 1, at(exact))},
		Weak:      diffusion(1, zero),
		Dirichlet: everywhere(at(exact)),
		Net:       "2x30x30x1",
		Points:    "1200+200",
	}
}
