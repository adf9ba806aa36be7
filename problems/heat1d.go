package problems

import (
	"math"

	"ngdbench/problems/geometry"
)

// Heat1D is the heat equation
//
//	u_t = ¼ u_xx  on (0,1) × (0,1),   u(x,0) = sin πx,   u = 0 at x = 0 and 1,   u = e^{−π²t/4} sin πx.
func Heat1D() *Problem {
	return &Problem{
		Name:   "heat1d",
		Doc:    "u_t = u_xx/4 on (0,1), t < 1, u = sin πx at t = 0 and 0 at the ends",
		Source: "Müller, Zeinhofer (2023), Achieving high accuracy with PINNs via energy natural gradients, heat equation",
		Domain: geometry.Cylinder{Space: geometry.Cube(1), End: 1},
		Fields: []string{"u"},
		Exact:  heatExact(0.25),
		Norms: Norms{
			L2: math.Sqrt((1 - math.Exp(-math.Pi*math.Pi/2)) / (math.Pi * math.Pi)),
			H1: math.Sqrt((1 - math.Exp(-math.Pi*math.Pi/2)) * (1 + math.Pi*math.Pi/16)),
		},
		Strong: []Strong{
			heat(0.25),
			prescribed("boundary", geometry.Boundary, 0, 1, zero),
			prescribed("initial", geometry.Initial, 0, 1, func(x []float64) float64 { return sines(x[:1], nil) }),
		},
		Weak:      heatWeak(0.25),
		Dirichlet: heatData,
		Hard:      heatHard,
		Net:       "2x64x1",
		Points:    "900+60+30",
	}
}

// heatExact is u = e^{−κπ²d t} Π sin πx_i in d dimensions of space.
func heatExact(kappa float64) func(x, u, grad []float64) {
	return func(x, u, grad []float64) {
		d := len(x) - 1
		rate := -kappa * math.Pi * math.Pi * float64(d)
		e := math.Exp(rate * x[d])
		space := grad
		if grad != nil {
			space = grad[:d]
		}
		v := e * sines(x[:d], space)
		if u != nil {
			u[0] = v
		}
		if grad != nil {
			for i := range space {
				space[i] *= e
			}
			grad[d] = rate * v
		}
	}
}

// heat is the residual u_t − κΔu, the Laplacian in space.
func heat(kappa float64) Strong {
	return Strong{Name: "interior", Part: geometry.Interior, Order: Diagonal, Affine: true,
		Term: func(x, jet, partial []float64) float64 {
			n := len(x)
			if partial != nil {
				clear(partial)
				partial[n] = 1
			}
			r := jet[n]
			for i := n + 1; i < 2*n; i++ {
				r -= kappa * jet[i]
				if partial != nil {
					partial[i] = -kappa
				}
			}
			return r
		}}
}

// heatWeak is F₀ = u_t, F = κ∇u in space.
func heatWeak(kappa float64) *Weak {
	return &Weak{Affine: true, Epsilon: kappa, Flux: func(x, jet, flux, partial []float64) {
		n := len(x) + 1
		flux[0], flux[n-1] = jet[n-1], 0
		for i := 1; i < n-1; i++ {
			flux[i] = kappa * jet[i]
		}
		if partial != nil {
			clear(partial)
			partial[n-1] = 1
			for i := 1; i < n-1; i++ {
				partial[i*n+i] = kappa
			}
		}
	}}
}

// heatData is 0 at the ends, sin πx at the beginning, and nothing at the end of time.
func heatData(x, u []float64) bool {
	switch {
	case x[1] == 0:
		u[0] = sines(x[:1], nil)
	case x[0] == 0 || x[0] == 1:
		u[0] = 0
	default:
		return false
	}
	return true
}

// heatHard is g = sin πx and φ = t·x(1−x).
func heatHard(x, g, phi []float64) {
	s, c := math.Sincos(math.Pi * x[0])
	product(g, factor{s, math.Pi * c, -math.Pi * math.Pi * s}, constant(1))
	product(phi, bubble(x[0], 0, 1), ramp(x[1], 0))
}
