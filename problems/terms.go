package problems

import "ngdbench/problems/geometry"

// Terms that several problems share. All are affine.

// function is a function of a point.
type function func(x []float64) float64

// poisson is the residual −Δu − f of a problem with one field.
func poisson(f function) Strong {
	return Strong{Name: "interior", Part: geometry.Interior, Order: Laplacian, Affine: true,
		Term: func(x, jet, partial []float64) float64 {
			lap := len(x) + 1
			if partial != nil {
				clear(partial)
				partial[lap] = -1
			}
			return -jet[lap] - f(x)
		}}
}

// prescribed is the residual u_f − g of a part where a field has the values g; fields is the number of fields.
func prescribed(name string, part geometry.Part, field, fields int, g function) Strong {
	return Strong{Name: name, Part: part, Order: Value, Affine: true, Term: func(x, jet, partial []float64) float64 {
		if partial != nil {
			clear(partial[:fields])
			partial[field] = 1
		}
		return jet[field] - g(x)
	}}
}

// zero is the function 0.
func zero([]float64) float64 { return 0 }

// everywhere is the Dirichlet data g on the whole boundary.
func everywhere(g function) func(x, u []float64) bool {
	return func(x, u []float64) bool {
		u[0] = g(x)
		return true
	}
}

// diffusion is the weak form of −κΔu = f: F₀ = −f, F = κ∇u.
func diffusion(kappa float64, f function) *Weak {
	return &Weak{Affine: true, Symmetric: true, Epsilon: kappa, Flux: func(x, jet, flux, partial []float64) {
		n := len(x) + 1
		flux[0] = -f(x)
		for i := 1; i < n; i++ {
			flux[i] = kappa * jet[i]
		}
		if partial != nil {
			clear(partial)
			for i := 1; i < n; i++ {
				partial[i*n+i] = kappa
			}
		}
	}}
}

// dirichletEnergy is the density κ/2 |∇u|² − f u.
func dirichletEnergy(kappa float64, f function, minimum float64) *Energy {
	return &Energy{Quadratic: true, Convex: true, Minimum: minimum, Density: func(x, jet, grad, hess []float64) float64 {
		n, fx := len(x)+1, f(x)
		e := -fx * jet[0]
		for _, g := range jet[1:n] {
			e += kappa / 2 * g * g
		}
		if grad != nil {
			grad[0] = -fx
			for i := 1; i < n; i++ {
				grad[i] = kappa * jet[i]
			}
		}
		if hess != nil {
			clear(hess)
			for i := 1; i < n; i++ {
				hess[i*n+i] = kappa
			}
		}
		return e
	}}
}
