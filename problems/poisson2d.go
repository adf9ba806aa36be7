package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// Poisson2D is the Poisson equation on the unit square with a product of sines as its solution,
//
//	−Δu = 2π² sin πx sin πy  on Ω = (0,1)²,   u = 0  on ∂Ω,   u = sin πx sin πy,
//
// with the residual −Δu − 2π² sin πx sin πy inside and u on the boundary. The solution has RMS ½ over Ω.
func Poisson2D() *Problem {
	return &Problem{
		Name:   "poisson2d",
		Doc:    "-Δu = 2π² sin πx sin πy on (0,1)², u = 0 on the boundary",
		Source: "set-up of exp09_reproduce_poisson2d of Dangel, Müller, Zeinhofer (2024), Kronecker-factored approximate curvature for physics-informed neural networks, arXiv 2405.15603",
		Domain: geometry.Cube(2),
		Fields: []string{"u"},
		Exact:  poisson2dExact,
		Strong: []Strong{
			{Name: "interior", Part: geometry.Interior, Order: Laplacian, Affine: true, Term: poisson2dInterior},
			{Name: "boundary", Part: geometry.Boundary, Order: Value, Affine: true, Term: poisson2dBoundary},
		},
		Weak:      diffusion(1, poisson2dSource),
		Energy:    dirichletEnergy(1, poisson2dSource, -math.Pi*math.Pi/4),
		Dirichlet: everywhere(zero),
		Norms:     Norms{L2: 0.5, H1: math.Pi / math.Sqrt2},
		Hard:      poisson2dHard,
		Net:       "2x64x1",
		Points:    "900+120",
	}
}

func poisson2dExact(x, u, grad []float64) {
	s, c := math.Sincos(math.Pi * x[0])
	r, d := math.Sincos(math.Pi * x[1])
	if u != nil {
		u[0] = s * r
	}
	if grad != nil {
		grad[0], grad[1] = math.Pi*c*r, math.Pi*s*d
	}
}

// poisson2dHard is g = 0 and φ = x(1−x)y(1−y).
func poisson2dHard(x, g, phi []float64) {
	clear(g)
	p, q := x[0]*(1-x[0]), x[1]*(1-x[1])
	dp, dq := 1-2*x[0], 1-2*x[1]
	phi[0], phi[1], phi[2] = p*q, dp*q, p*dq
	phi[3], phi[4], phi[5] = -2*q, dp*dq, -2*p
}

func poisson2dSource(x []float64) float64 {
	return 2 * math.Pi * math.Pi * math.Sin(math.Pi*x[0]) * math.Sin(math.Pi*x[1])
}

func poisson2dInterior(x, jet, partial []float64) float64 {
	if partial != nil {
		partial[0], partial[1], partial[2], partial[3] = 0, 0, 0, -1
	}
	return -jet[3] - 2*math.Pi*math.Pi*math.Sin(math.Pi*x[0])*math.Sin(math.Pi*x[1])
}

func poisson2dBoundary(_, jet, partial []float64) float64 {
	if partial != nil {
		partial[0] = 1
	}
	return jet[0]
}
