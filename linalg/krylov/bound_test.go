package krylov

import (
	"math"
	"testing"
)

// exact is the inverse of d + μ, up to the factor 1/3 of jacobi, and knows the error behind a residual.
type exact struct{ jacobi }

func (e exact) Bound(r, _ []float64) (s float64) {
	for i, v := range e.d {
		s += r[i] * r[i] / (v + e.mu)
	}
	return s
}

// half preconditions half of the spectrum only, and bounds like exact: many iterations, a sharp bound.
type half struct{ exact }

func (h half) Precondition(dst, x []float64) {
	h.jacobi.Precondition(dst, x)
	copy(dst[len(dst)/2:], x[len(x)/2:])
}

// missing is the share of the model's decrease that x has not made.
func missing(d diag, mu float64, b, x []float64) float64 {
	all, left := 0.0, 0.0
	for i, v := range d {
		e := b[i]/(v+mu) - x[i]
		left += e * e * (v + mu)
		all += b[i] * b[i] / (v + mu)
	}
	return left / all
}

// regimes: the test by the bound cannot be fooled. On a spectrum where a small relative residual says nothing, the solve by
// Bound misses at most ε² of the decrease, with the preconditioner's bound and without one.
func TestBoundCannotBeFooled(t *testing.T) {
	const n, mu = 80, 1e-8
	d := make(diag, n)
	b := make([]float64, n)
	for i := range d {
		d[i] = 1e3 * math.Pow(0.7, float64(i))
		b[i] = math.Sqrt(d[i]) // the gradient Tᵀr of an r with all parts
	}
	for _, eps := range []float64{0.5, 0.1, 1e-2} {
		for name, m := range map[string]Preconditioner{"none": nil, "half": half{exact{jacobi{d, mu}}}} {
			x := make([]float64, n)
			res := solver(t, n, CG{Bound: eps, Cap: 5000}).Solve(x, d, mu, b, m)
			if share := missing(d, mu, b, x); res.Status != Bounded || share > eps*eps {
				t.Errorf("%s, ε = %g: %+v, share %g missing", name, eps, res, share)
			}
		}
	}
	x := make([]float64, n)
	res := solver(t, n, CG{Tol: 1e-2, Cap: 5000}).Solve(x, d, mu, b, nil)
	if share := missing(d, mu, b, x); res.Status != Converged || share < 0.3 {
		t.Errorf("a residual of 1e-2 was no trap here: %+v, share %g missing", res, share)
	}
}

func TestBoundStopsEarly(t *testing.T) {
	const n, mu = 60, 1e-2
	d := make(diag, n)
	for i := range d {
		d[i] = math.Pow(0.8, float64(i))
	}
	x := make([]float64, n)
	one := solver(t, n, CG{Bound: 0.1}).Solve(x, d, mu, ones(n), exact{jacobi{d, mu}})
	full := solver(t, n, CG{Tol: 1e-10}).Solve(x, d, mu, ones(n), nil)
	few := solver(t, n, CG{Bound: 0.1}).Solve(x, d, mu, ones(n), nil)
	if one.Iterations != 1 || one.Status != Bounded || few.Iterations >= full.Iterations || few.Status != Bounded {
		t.Errorf("exact preconditioner %+v, none %+v, by residual %+v", one, few, full)
	}
}
