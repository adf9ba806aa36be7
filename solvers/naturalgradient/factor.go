package naturalgradient

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/solvers"
)

// factored is a symmetric positive semi-definite matrix G and the Cholesky factor of G + μI.
type factored struct {
	g     blas64.General
	chol  linalg.Cholesky
	m     *cost.Meter
	last  solvers.Report // of the factorisation held, which was asked for with the damping asked
	asked float64        // NaN: none is held
}

func (f *factored) start(n int, env solvers.Env) {
	f.m, f.asked = env.Meter, math.NaN()
	f.g = linalg.New(f.m, n, n)
	f.chol.Reset(n, f.m)
}

// changed says that G is another matrix now.
func (f *factored) changed() { f.asked = math.NaN() }

// factor makes the factor of G + μI, once for one μ. Where G + μI is not positive definite to working precision it tries
// again with ten times the damping, from rounding level ε max diag G on, and reports the damping used and the number of
// retries. Breakdown: G is not finite.
func (f *factored) factor(damping float64) solvers.Report {
	if damping == f.asked {
		return f.last
	}
	defer f.m.Enter(f.m.Enter(cost.Factor))
	most, sum := 0.0, 0.0
	for i := range f.g.Rows {
		v := f.g.Data[i*f.g.Stride+i]
		most, sum = math.Max(most, v), sum+v
	}
	r := solvers.Report{Damping: damping}
	for !f.chol.Factor(f.g, r.Damping) {
		if r.Retries++; r.Retries > maxRetries || sum*0 != 0 {
			r.Status = solvers.Breakdown
			break
		}
		r.Damping = math.Max(10*r.Damping, most*0x1p-52)
	}
	f.asked, f.last = damping, r
	return r
}
