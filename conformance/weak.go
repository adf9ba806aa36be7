package conformance

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ngdbench/problems"
)

// weak checks the weak form at an interior point: that F₀ = ∇·F there for the exact solution, whose gradient Exact
// gives and whose divergence differences give; that the derivatives of the flux are right; its promises.
func (c ProblemCheck) weak(t testing.TB, p *problems.Problem, x []float64, r *rand.Rand, smooth bool) {
	t.Helper()
	w := p.Weak
	if w == nil {
		return
	}
	if len(p.Fields) != 1 {
		t.Errorf("%s: a weak form of %d fields", p.Name, len(p.Fields))
		return
	}
	n := p.Dim() + 1
	exact := func(x []float64, i int) float64 {
		jet, flux := make([]float64, n), nans(n)
		p.Exact(x, jet[:1], jet[1:])
		w.Flux(x, jet, flux, nil)
		return flux[i]
	}
	if smooth {
		c.equation(t, p, x, "the weak form", exact)
	}
	jet, flux, partial := normals(r, n), nans(n), nans(n*n)
	w.Flux(x, jet, flux, partial)
	c.derivatives(t, p, x, "the flux", jet, flux, partial, func(jet, flux []float64) { w.Flux(x, jet, flux, nil) })
	if w.Affine {
		other := nans(n * n)
		w.Flux(x, normals(r, n), flux, other)
		if !slices.Equal(partial, other) {
			t.Errorf("%s: the flux is called affine, but its derivative at %v depends on the jet", p.Name, x)
		}
	}
	if w.Symmetric && !semidefinite(partial, n) {
		t.Errorf("%s: the flux is called symmetric, but its derivative at %v is %v", p.Name, x, partial)
	}
}

// energy checks the density at an interior point: the Euler-Lagrange equation ∂e/∂u = ∇·∂e/∂∇u of the exact solution, the
// derivatives, the promises.
func (c ProblemCheck) energy(t testing.TB, p *problems.Problem, x []float64, r *rand.Rand, smooth bool) {
	t.Helper()
	e := p.Energy
	if e == nil {
		return
	}
	n := p.Dim() + 1
	exact := func(x []float64, i int) float64 {
		jet, grad := make([]float64, n), nans(n)
		p.Exact(x, jet[:1], jet[1:])
		e.Density(x, jet, grad, nil)
		return grad[i]
	}
	if smooth {
		c.equation(t, p, x, "the energy", exact)
	}
	jet, grad, hess := normals(r, n), nans(n), nans(n*n)
	v := e.Density(x, jet, grad, hess)
	if alone := e.Density(x, jet, nil, nil); alone != v {
		t.Errorf("%s: the density at %v is %v alone and %v with derivatives", p.Name, x, alone, v)
	}
	c.derivatives(t, p, x, "the density", jet, []float64{v}, grad, func(jet, f []float64) { f[0] = e.Density(x, jet, nil, nil) })
	c.derivatives(t, p, x, "the gradient of the density", jet, grad, hess, func(jet, g []float64) { e.Density(x, jet, g, nil) })
	other := nans(n * n)
	e.Density(x, normals(r, n), nil, other)
	if e.Quadratic && !slices.Equal(hess, other) {
		t.Errorf("%s: the energy is called quadratic, but its second derivative at %v depends on the jet", p.Name, x)
	}
	if e.Convex && !(semidefinite(hess, n) && semidefinite(other, n)) {
		t.Errorf("%s: the energy is called convex, but its second derivative at %v is %v or %v", p.Name, x, hess, other)
	}
}

// equation checks that f₀ = Σ ∂_i f_i at x.
func (c ProblemCheck) equation(t testing.TB, p *problems.Problem, x []float64, what string, f func(x []float64, i int) float64) {
	t.Helper()
	left := f(x, 0)
	right, doubt, size := 0.0, 0.0, math.Abs(left)
	for i := range x {
		v, noise := derivative(along(func(x []float64) float64 { return f(x, i+1) }, x, i), 1, c.Scale)
		right, doubt, size = right+v, doubt+noise, size+math.Abs(v)
	}
	if !near(left, right, doubt, c.Tol*(1+size)) {
		t.Errorf("%s: the exact solution leaves a residual of %.3g in %s at %v, where terms of size %.3g cancel", p.Name, left-right, what, x, size)
	}
}

// derivatives compares the derivative of a map of the jet, len(value)×len(jet), with differences.
func (c ProblemCheck) derivatives(t testing.TB, p *problems.Problem, x []float64, what string, jet, value, partial []float64, f func(jet, value []float64)) {
	t.Helper()
	out := nans(len(value))
	for k := range value {
		for i := range jet {
			moved := slices.Clone(jet)
			want, noise := derivative(func(h float64) float64 { moved[i] = jet[i] + h; f(moved, out); return out[k] }, 1, 1)
			if got := partial[k*len(jet)+i]; !near(got, want, noise, c.Tol*(1+math.Abs(want)+math.Abs(value[k]))) {
				t.Errorf("%s: ∂/∂jet[%d] of component %d of %s at %v is %.12g, and %.12g ± %.1g by differences", p.Name, i, k, what, x, got, want, noise)
			}
		}
	}
}

// semidefinite reports whether a is symmetric and has no negative eigenvalue.
func semidefinite(a []float64, n int) bool {
	for i := range n {
		for j := range i {
			if a[i*n+j] != a[j*n+i] {
				return false
			}
		}
	}
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, slices.Clone(a)), false) {
		return false
	}
	v := e.Values(nil)
	return v[0] >= -1e-12*max(math.Abs(v[0]), math.Abs(v[n-1]))
}

func normals(r *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}

// prescribed checks Dirichlet against the solution at a boundary point.
func (c ProblemCheck) prescribed(t testing.TB, p *problems.Problem, x []float64) {
	t.Helper()
	if p.Dirichlet == nil {
		return
	}
	got, want := nans(len(p.Fields)), nans(len(p.Fields))
	p.Exact(x, want, nil)
	if !p.Dirichlet(x, got) {
		return
	}
	for i, v := range got {
		if !near(v, want[i], 0, c.Tol*(1+math.Abs(want[i]))) {
			t.Errorf("%s: Dirichlet prescribes %.12g for %s at %v, where the solution is %.12g", p.Name, v, p.Fields[i], x, want[i])
		}
	}
}

// normCells and normPoints are the cells a side and the points a cell of the quadrature of norms, by dimension.
var normCells, normPoints = [...]int{0, 1000, 30, 4, 2, 2}, [...]int{0, 8, 8, 8, 6, 6}

// norms compares the stated norms and the minimum of the energy with a quadrature.
func (c ProblemCheck) norms(t testing.TB, p *problems.Problem) {
	t.Helper()
	if p.Norms.L2 == 0 && p.Energy == nil {
		return
	}
	d, f := p.Dim(), len(p.Fields)
	rule := p.Domain.Lattice(normCells[d]).Rule(normPoints[d])
	u, grad, l2, h1, energy := nans(f), nans(f*d), 0.0, 0.0, 0.0
	for i, w := range rule.W {
		x := rule.X[i*d:][:d]
		p.Exact(x, u, grad)
		l2, h1 = l2+w*dot(u, u), h1+w*dot(grad, grad)
		if p.Energy != nil {
			energy += w * p.Energy.Density(x, append(slices.Clone(u), grad...), nil, nil)
		}
	}
	tol := p.Norms.Tol
	if tol == 0 {
		tol = max(1e-8, c.Tol)
	}
	agree := func(what string, got, want float64) {
		if math.Abs(got-want) > tol*math.Abs(want) {
			t.Errorf("%s: %s is stated as %.12g, and %.12g by quadrature", p.Name, what, got, want)
		}
	}
	if p.Norms.L2 != 0 {
		agree("the L² norm", p.Norms.L2, math.Sqrt(l2))
		agree("the H¹ seminorm", p.Norms.H1, math.Sqrt(h1))
	}
	if p.Energy != nil {
		agree("the minimum of the energy", p.Energy.Minimum, energy)
	}
}
