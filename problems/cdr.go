package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// CDR is the convection-diffusion-reaction problem with variable coefficients of interpolated VPINNs and FEINNs,
//
//	−∇·(μ∇u) + β·∇u + σu = f  on (0,1)²,   u prescribed on the boundary,
//	μ = 2 + sin(x+2y),   β = (√(x−y²+5), √(y−x²+5)),   σ = exp(x/2 − y/3) + 2,
//	u = sin 3.2x(x−y) cos(x+4.3y) + sin 4.6(x+2y) cos 2.6(y−2x).
func CDR() *Problem {
	exact := func(x, u, grad []float64) {
		v, g, _ := cdrJet(x)
		if u != nil {
			u[0] = v
		}
		if grad != nil {
			grad[0], grad[1] = g[0], g[1]
		}
	}
	return &Problem{
		Name:   "cdr",
		Doc:    "-∇·(μ∇u) + β·∇u + σu = f on (0,1)², coefficients variable, u prescribed on the boundary",
		Source: "Berrone, Canuto, Pintore (2022), Variational physics informed neural networks: the role of quadratures and test functions, arXiv 2109.02035; Badia, Li, Martín (2024), FEINNs, arXiv 2306.06304; data on all sides",
		Domain: geometry.Cube(2),
		Fields: []string{"u"},
		Exact:  exact,
		Norms:  Norms{L2: 0.667615563492425, H1: 6.73725975341433},
		Length: 0.4,
		Strong: []Strong{
			{Name: "interior", Part: geometry.Interior, Order: Laplacian, Affine: true, Term: cdrInterior},
			prescribed("boundary", geometry.Boundary, 0, 1, at(exact)),
		},
		Weak:      &Weak{Affine: true, Flux: cdrFlux},
		Dirichlet: everywhere(at(exact)),
		Net:       "2x30x30x30x1",
		Points:    "1600+200",
	}
}

// cdrCoefficients returns μ, ∇μ, β and σ.
func cdrCoefficients(x []float64) (mu float64, dmu, beta [2]float64, sigma float64) {
	s, c := math.Sincos(x[0] + 2*x[1])
	return 2 + s, [2]float64{c, 2 * c},
		[2]float64{math.Sqrt(x[0] - x[1]*x[1] + 5), math.Sqrt(x[1] - x[0]*x[0] + 5)}, math.Exp(x[0]/2-x[1]/3) + 2
}

// cdrSource is f.
func cdrSource(x []float64) float64 {
	u, g, lap := cdrJet(x)
	mu, dmu, beta, sigma := cdrCoefficients(x)
	return -mu*lap + (beta[0]-dmu[0])*g[0] + (beta[1]-dmu[1])*g[1] + sigma*u
}

func cdrInterior(x, jet, partial []float64) float64 {
	mu, dmu, beta, sigma := cdrCoefficients(x)
	if partial != nil {
		partial[0], partial[1], partial[2], partial[3] = sigma, beta[0]-dmu[0], beta[1]-dmu[1], -mu
	}
	return -mu*jet[3] + (beta[0]-dmu[0])*jet[1] + (beta[1]-dmu[1])*jet[2] + sigma*jet[0] - cdrSource(x)
}

// cdrFlux is F₀ = β·∇u + σu − f, F = μ∇u.
func cdrFlux(x, jet, flux, partial []float64) {
	mu, _, beta, sigma := cdrCoefficients(x)
	flux[0] = beta[0]*jet[1] + beta[1]*jet[2] + sigma*jet[0] - cdrSource(x)
	flux[1], flux[2] = mu*jet[1], mu*jet[2]
	if partial != nil {
		copy(partial, []float64{sigma, beta[0], beta[1], 0, mu, 0, 0, 0, mu})
	}
}

// cdrJet returns u, ∇u and Δu.
func cdrJet(x []float64) (u float64, grad [2]float64, lap float64) {
	p, q := x[0], x[1]
	u1, g1, l1 := sinCos(3.2*p*(p-q), [2]float64{6.4*p - 3.2*q, -3.2 * p}, 6.4, p+4.3*q, [2]float64{1, 4.3})
	u2, g2, l2 := sinCos(4.6*(p+2*q), [2]float64{4.6, 9.2}, 0, 2.6*(q-2*p), [2]float64{-5.2, 2.6})
	return u1 + u2, [2]float64{g1[0] + g2[0], g1[1] + g2[1]}, l1 + l2
}

// sinCos returns sin a · cos b, its gradient and its Laplacian, for a with gradient da and Laplacian la, and b affine.
func sinCos(a float64, da [2]float64, la float64, b float64, db [2]float64) (v float64, grad [2]float64, lap float64) {
	s, c := math.Sincos(a)
	t, d := math.Sincos(b)
	lap = c * d * la
	for i := range grad {
		grad[i] = c*d*da[i] - s*t*db[i]
		lap -= s*d*(da[i]*da[i]+db[i]*db[i]) + 2*c*t*da[i]*db[i]
	}
	return s * d, grad, lap
}
