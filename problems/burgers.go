package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// burgersNu is the viscosity of Burgers.
const burgersNu = 0.01 / math.Pi

// Burgers is
//
//	u_t + u u_x = (0.01/π) u_xx  on (−1,1) × (0,1),   u(x,0) = −sin πx,   u(±1,t) = 0.
//
// Exact is the Cole-Hopf solution u = −2ν φ_x/φ, φ the heat evolution of exp(−cos πx/(2πν)), by the trapezoidal rule with
// 800 nodes, which agrees with 4000 nodes to 3e-15.
func Burgers() *Problem {
	start := func(x []float64) float64 { return -math.Sin(math.Pi * x[0]) }
	return &Problem{
		Name:     "burgers",
		Doc:      "u_t + u u_x = (0.01/π) u_xx on (-1,1), t < 1, u = -sin πx at t = 0 and 0 at the ends",
		Source:   "Raissi, Perdikaris, Karniadakis (2019), Physics-informed neural networks, Burgers' equation",
		Domain:   geometry.Cylinder{Space: geometry.Box{Lo: []float64{-1}, Hi: []float64{1}}, End: 1},
		Fields:   []string{"u"},
		Exact:    burgersExact,
		Accuracy: 1e-14,
		Norms:    Norms{L2: 0.868648375981301, H1: 10.0933813324823, Tol: 1e-2},
		Length:   0.1,
		Rough:    func(x []float64) bool { return x[1] < 0.06 || math.Abs(x[0]) < 0.1 && x[1] > 0.2 },
		Strong: []Strong{
			{Name: "interior", Part: geometry.Interior, Order: Diagonal, Term: func(_, jet, partial []float64) float64 {
				if partial != nil {
					partial[0], partial[1], partial[2], partial[3], partial[4] = jet[1], jet[0], 1, -burgersNu, 0
				}
				return jet[2] + jet[0]*jet[1] - burgersNu*jet[3]
			}},
			prescribed("boundary", geometry.Boundary, 0, 1, zero),
			prescribed("initial", geometry.Initial, 0, 1, start),
		},
		Weak: &Weak{Epsilon: burgersNu, Flux: func(_, jet, flux, partial []float64) {
			flux[0], flux[1], flux[2] = jet[2]+jet[0]*jet[1], burgersNu*jet[1], 0
			if partial != nil {
				copy(partial, []float64{jet[1], jet[0], 1, 0, burgersNu, 0, 0, 0, 0})
			}
		}},
		Dirichlet: func(x, u []float64) bool {
			switch {
			case x[1] == 0:
				u[0] = start(x)
			case x[0] == -1 || x[0] == 1:
				u[0] = 0
			default:
				return false
			}
			return true
		},
		Hard: func(x, g, phi []float64) {
			s, c := math.Sincos(math.Pi * x[0])
			product(g, factor{-s, -math.Pi * c, math.Pi * math.Pi * s}, constant(1))
			product(phi, bubble(x[0], -1, 1), ramp(x[1], 0))
		},
		Net:    "2x20x20x20x1+hard",
		Points: "2000+0+0",
	}
}

func burgersExact(x, u, grad []float64) {
	if x[1] <= 0 {
		s, c := math.Sincos(math.Pi * x[0])
		if u != nil {
			u[0] = -s
		}
		if grad != nil {
			grad[0], grad[1] = -math.Pi*c, math.Pi*s*(burgersNu*math.Pi-c)
		}
		return
	}
	m := coleHopf(x[0], x[1])
	p, q, r := m[1]/m[0], m[2]/m[0], m[3]/m[0] // φ_x/φ, φ_xx/φ, φ_xxx/φ
	if u != nil {
		u[0] = -2 * burgersNu * p
	}
	if grad != nil {
		grad[0] = -2 * burgersNu * (q - p*p)
		grad[1] = -2 * burgersNu * burgersNu * (r - p*q) // φ_t = ν φ_xx
	}
}

// coleHopf returns φ and its first three derivatives in x, all with one factor taken out: the derivatives of
// E = exp(−cos πz/(2πν)) are E′ = sE, E″ = (s² + c)E, E‴ = (s³ + 3sc − π²s)E with s = sin πz/(2ν), c = π cos πz/(2ν).
func coleHopf(x, t float64) (m [4]float64) {
	const half = 400
	width := math.Sqrt(4 * burgersNu * t)
	h := min(2.5, 12*width) / half
	top := math.Inf(-1)
	var exponent [2*half + 1]float64
	for k := range exponent {
		y := h * float64(k-half)
		exponent[k] = -math.Cos(math.Pi*(x-y))/(2*math.Pi*burgersNu) - y*y/(width*width)
		top = max(top, exponent[k])
	}
	for k, e := range exponent {
		z := math.Pi * (x - h*float64(k-half))
		s, c := math.Sincos(z)
		s, c = s/(2*burgersNu), math.Pi*c/(2*burgersNu)
		w := math.Exp(e - top)
		m[0] += w
		m[1] += w * s
		m[2] += w * (s*s + c)
		m[3] += w * s * (s*s + 3*c - math.Pi*math.Pi)
	}
	return m
}
