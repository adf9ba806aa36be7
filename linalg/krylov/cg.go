package krylov

import (
	"fmt"
	"math"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/linalg/operator"
)

// CG is the (preconditioned) conjugate-gradient method for (A + μI) x = b, started from zero.
//
// It works on b scaled by a power of two to size one, so that no inner product leaves the range of numbers and x scales
// with b bit for bit. The residual of the recurrence drifts from the true one: whenever it meets the tolerance, the true
// residual is computed, and the method goes on from it where it does not; where that brings no more, the solve has
// Stagnated. A solve of m iterations costs m + 1 products, m + 1 preconditionings and about 10 n flops each.
//
// Source: Hestenes, Stiefel (1952); progress test: Martens (2010), on the termination of CG.
type CG struct {
	// Tol is the relative residual to reach, ‖r‖ ≤ Tol‖b‖, in [0, 1); 0 asks for an exact solution. On an ill-conditioned
	// system a small residual does not mean a small error: set Progress or Cap too.
	Tol float64
	// Progress is Martens' ε: the solve ends after iteration j once the quadratic model fell by less than the fraction
	// k ε over the last k = max(10, j/10) iterations. In [0, 1); 0: not asked.
	Progress float64
	// Bound is ε of the bound on the model decrease that is still missing: the solve ends where ‖e‖² ≤ ε² bᵀx in the norm of
	// A + μI, e the error of x, so that at most the share ε² of the decrease is missing. ‖e‖² is bounded by the preconditioner where
	// it is a Bounder, and by ‖r‖²/μ, which is far too large on an ill-conditioned system, where it is not. In [0, 1); 0: not asked.
	Bound float64
	// Cap is the largest number of iterations; 0: 2n.
	Cap int

	r, z, p, q []float64
	fall       []float64 // fall[j]: decrease of the quadratic model after j iterations
}

// floor is the relative residual that no recurrence falls below by more than rounding: at it the truth is asked for.
const floor = 0x1p-100

// Start makes the workspace for order n: 4n + Cap numbers.
func (c *CG) Start(n int, m *cost.Meter) error {
	if err := c.Validate(); err != nil {
		return err
	}
	c.r, c.z, c.p, c.q = m.Floats(n), m.Floats(n), m.Floats(n), m.Floats(n)
	c.fall = m.Floats(c.limit(n) + 1)
	return nil
}

// Validate refuses settings out of range.
func (c *CG) Validate() error {
	switch {
	case !(c.Tol >= 0 && c.Tol < 1):
		return fmt.Errorf("krylov: CG tolerance %g outside [0, 1)", c.Tol)
	case !(c.Progress >= 0 && c.Progress < 1):
		return fmt.Errorf("krylov: CG progress %g outside [0, 1)", c.Progress)
	case !(c.Bound >= 0 && c.Bound < 1):
		return fmt.Errorf("krylov: CG bound %g outside [0, 1)", c.Bound)
	case c.Cap < 0:
		return fmt.Errorf("krylov: CG cap %d outside [1, ∞)", c.Cap)
	}
	return nil
}

func (c *CG) limit(n int) int {
	if c.Cap == 0 {
		return 2 * n
	}
	return c.Cap
}

// Solve overwrites x with the solution of (A + μI) x = b; m may be nil. It allocates nothing, and neither x nor the
// workspace need hold numbers before.
func (c *CG) Solve(x []float64, a operator.Symmetric, mu float64, b []float64, m Preconditioner) Result {
	clear(x)
	scale, ok := powerOfTwo(b)
	if !ok {
		return Result{Status: Breakdown, Residual: 1, Reason: NotFinite}
	}
	if scale == 0 {
		return Result{}
	}
	s := solve{CG: c, a: a, mu: mu, b: b, scale: scale, m: m, x: x}
	s.pairs, _ = a.(Pairs)
	s.bounder, _ = m.(Bounder)
	res := s.run()
	for i := range x {
		x[i] *= scale
	}
	return res
}

// powerOfTwo returns the scale 2ᵉ that brings the largest entry of b to [1, 2); 0 for b = 0, and false where an entry is
// not finite.
func powerOfTwo(b []float64) (scale float64, finite bool) {
	top, probe := 0.0, 0.0
	for _, v := range b {
		top = math.Max(top, math.Abs(v))
		probe += v * 0
	}
	if probe != 0 || top == 0 {
		return 0, probe == 0
	}
	_, e := math.Frexp(top)
	return math.Ldexp(1, max(e-1, -1020)), true // below, the inverse of the scale would overflow
}

// solve is one run on the scaled right-hand side b/scale.
type solve struct {
	*CG
	a         operator.Symmetric
	mu        float64
	b, x      []float64
	scale     float64
	m         Preconditioner
	pairs     Pairs   // zero: the inner product is that of Euclid
	bounder   Bounder // nil: none
	norm, rz  float64 // ‖b‖/scale, rᵀz
	confirmed float64 // the last true residual, relative
}

func (s *solve) run() Result {
	inverse := 1 / s.scale
	for i, v := range s.b {
		s.r[i] = v * inverse
	}
	s.norm, s.confirmed = s.size(s.r), math.Inf(1)
	s.fall[0] = 0
	res := Result{Status: Capped}
	if reason := s.turn(); reason != "" {
		return Result{Status: Breakdown, Residual: 1, Reason: reason}
	}
	for limit := s.limit(len(s.x)); res.Iterations < limit; {
		res.Iterations++
		done, status, reason := s.iterate(res.Iterations)
		if done {
			res.Status, res.Reason = status, reason
			break
		}
	}
	res.Residual = s.truth()
	if res.Status == Capped && res.Residual <= s.Tol {
		res.Status = Converged
	}
	return res
}

// iterate does iteration j and says whether it was the last one.
func (s *solve) iterate(j int) (done bool, status Status, reason string) {
	s.a.Mul(s.q, s.p)
	simd.Axpy(s.q, s.mu, s.p)
	kappa := s.dot(s.p, s.q)
	if reason := curvature(kappa); reason != "" {
		return true, Breakdown, reason
	}
	alpha := s.rz / kappa
	if math.IsInf(alpha, 1) {
		return true, Breakdown, NotFinite
	}
	simd.Axpy(s.x, alpha, s.p)
	simd.Axpy(s.r, -alpha, s.q)
	s.fall[j] = s.fall[j-1] + alpha*s.rz/2
	rest := s.size(s.r) / s.norm
	switch {
	case math.IsNaN(rest) || math.IsInf(rest, 1):
		simd.Axpy(s.x, -alpha, s.p)
		return true, Breakdown, NotFinite
	case rest <= math.Max(s.Tol, floor):
		return s.confirm()
	case s.Progress > 0 && s.slow(j):
		return true, Progress, ""
	}
	old := s.rz
	if reason := s.precondition(); reason != "" {
		return true, Breakdown, reason
	}
	if s.Bound > 0 && s.bounded(j) {
		return s.confirmBound(j)
	}
	beta := s.rz / old
	for i, z := range s.z {
		s.p[i] = z + beta*s.p[i]
	}
	return false, 0, ""
}

// confirm asks for the true residual where the recurrence claims convergence, and starts again from it where it is too
// large, as long as each such restart halves it.
func (s *solve) confirm() (done bool, status Status, reason string) {
	rest := s.truth()
	if rest <= s.Tol {
		return true, Converged, ""
	}
	if !(rest < s.confirmed/2) {
		return true, Stagnated, ""
	}
	s.confirmed = rest
	if reason := s.turn(); reason != "" {
		return true, Breakdown, reason
	}
	return false, 0, ""
}

// confirmBound is confirm for the bound.
func (s *solve) confirmBound(j int) (done bool, status Status, reason string) {
	rest := s.truth()
	if reason := s.turn(); reason != "" {
		return true, Breakdown, reason
	}
	if s.bounded(j) {
		return true, Bounded, ""
	}
	if !(rest < s.confirmed/2) {
		return true, Stagnated, ""
	}
	s.confirmed = rest
	return false, 0, ""
}

// bounded is the test of Bound after iteration j; bᵀx is twice the decrease of the model.
func (s *solve) bounded(j int) bool {
	most := s.Bound * s.Bound * 2 * s.fall[j]
	if s.bounder != nil {
		return s.bounder.Bound(s.r, s.z) <= most
	}
	return s.dot(s.r, s.r) <= s.mu*most
}

// dot is the inner product in which A is symmetric.
func (s *solve) dot(x, y []float64) float64 {
	if n := s.pairs.n; n > 0 {
		return simd.Dot(x[:n], y[n:])
	}
	return simd.Dot(x, y)
}

// size is the norm of x in that product. That of pairs can fall below zero by rounding, where x is next to nothing.
func (s *solve) size(x []float64) float64 { return math.Sqrt(math.Max(s.dot(x, x), 0)) }

// truth replaces r by b/scale − (A + μI) x and returns its relative norm.
func (s *solve) truth() float64 {
	s.pairs.renew(s.x)
	s.a.Mul(s.q, s.x)
	simd.Axpy(s.q, s.mu, s.x)
	inverse := 1 / s.scale
	for i, v := range s.b {
		s.r[i] = v*inverse - s.q[i]
	}
	return s.size(s.r) / s.norm
}

// turn makes the preconditioned residual the search direction.
func (s *solve) turn() (reason string) {
	reason = s.precondition()
	copy(s.p, s.z)
	return reason
}

// precondition computes z = M⁻¹ r and rᵀz.
func (s *solve) precondition() (reason string) {
	if s.m == nil {
		copy(s.z, s.r)
	} else {
		s.m.Precondition(s.z, s.r)
	}
	s.rz = s.dot(s.r, s.z)
	switch {
	case math.IsNaN(s.rz) || math.IsInf(s.rz, 0):
		return NotFinite
	case s.rz <= 0:
		return Indefinite
	}
	return ""
}

// slow is Martens' test after iteration j.
func (s *solve) slow(j int) bool {
	k := max(10, j/10)
	return j > k && s.fall[j]-s.fall[j-k] < float64(k)*s.Progress*s.fall[j]
}

// curvature names what is wrong with κ = pᵀ(A + μI)p.
func curvature(kappa float64) string {
	switch {
	case math.IsNaN(kappa) || math.IsInf(kappa, 0):
		return NotFinite
	case kappa < 0:
		return NegativeCurvature
	case kappa == 0:
		return ZeroCurvature
	}
	return ""
}
