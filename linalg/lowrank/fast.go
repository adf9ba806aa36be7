package lowrank

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
)

// Fast is the Nyström approximation without orthogonalisation and without decomposition, published for GPUs: with a plain
// Gaussian Ω, Y = AΩ + νΩ, ΩᵀY = LLᵀ and B = YL⁻ᵀ,
//
//	Â = BBᵀ,   M⁻¹ = (BBᵀ + μI)⁻¹ = (I − B(BᵀB + μI)⁻¹Bᵀ)/μ.
//
// It is meant as an approximate inverse: the tail is μ alone, so that what the sketch has missed is multiplied by 1/μ. ν is
// ε‖AΩ‖_F, the columns of Ω being √n long, and ten times that where the factorisation fails.
//
// Prepare: k products at once and 4k²n flops. Precondition: 4kn flops. Workspace: 2kn numbers, the middle of the product and 3k².
//
// Source: Guzmán-Cordero, Dangel, Goldshlager, Zeinhofer (2025), algorithm 2.
type Fast struct {
	Rank int // k in [1, n]

	woodbury // f holds Bᵀ
	rng      *rand.Rand
	a        products
	omega    blas64.General
	sketch   linalg.Cholesky
	rank     int
	mu       float64
}

// Start makes the workspace for a, whose content may come later.
func (s *Fast) Start(a operator.Symmetric, rng *rand.Rand, m *cost.Meter) error {
	n, k := a.Order(), s.Rank
	if err := checkRank(k, n); err != nil {
		return fmt.Errorf("lowrank: Nyström %w", err)
	}
	s.rng, s.a, s.rank = rng, newProducts(a, k, m), 0
	s.omega = linalg.New(m, k, n)
	s.sketch.Reset(k, m)
	s.woodbury.reset(linalg.New(m, k, n), m)
	s.Set(0)
	return nil
}

// Random is true: the approximation depends on the sketch.
func (*Fast) Random() bool { return true }

// Prepare draws a new sketch and approximates a. Where a is zero or not finite the rank is zero.
func (s *Fast) Prepare() {
	s.rank = 0
	for i := range s.omega.Data {
		s.omega.Data[i] = s.rng.NormFloat64()
	}
	s.a.mul(s.f, s.omega)
	norm := math.Sqrt(simd.Dot(s.f.Data, s.f.Data))
	if norm == 0 || norm*0 != 0 {
		return
	}
	nu, added := 0x1p-52*norm, 0.0
	for range 10 {
		simd.Axpy(s.f.Data, nu-added, s.omega.Data)
		added = nu
		linalg.Gemm(blas.NoTrans, blas.Trans, 1, s.omega, s.f, 0, s.core)
		symmetrise(s.core)
		if s.sketch.Factor(s.core, 0) {
			linalg.Trsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, 1, s.sketch.L(), s.f)
			s.changed()
			s.rank = s.Rank
			return
		}
		nu *= 10
	}
}

// Set chooses μ and returns the rank of Â.
func (s *Fast) Set(mu float64) (rank int) {
	s.mu, s.rho = mu, mu
	if s.rank > 0 && !s.set(mu) {
		s.rank = 0
	}
	if s.rho == 0 {
		s.rho = 1
	}
	return s.rank
}

// Precondition computes dst = M⁻¹ x.
func (s *Fast) Precondition(dst, x []float64) {
	if s.rank > 0 {
		s.solve(dst, x)
		return
	}
	for i, v := range x {
		dst[i] = v / s.rho
	}
}

// Bill is the cost for a = TᵀT or TTᵀ of shape s: k products at once, two Gramians of order k; 4kn flops for each vector.
func (s *Fast) Bill(shape *cost.Shape, order, _ int) (b cost.Bill) {
	n, k := float64(order), float64(s.Rank)
	b.Prepare.Block(shape, k, 1)
	b.Prepare.Approximate(cost.Fast, n, k, 1)
	b.Factor.Cholesky(k, 1, 0)
	b.Solve.LowRank(k, n, 1)
	b.Solve.Cholesky(k, 0, 1)
	b.Floats = 2*k*n + k*float64(shape.Rows+shape.Params-order) + 3*k*k
	return b
}
