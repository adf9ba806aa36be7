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

// Nystrom is the randomised Nyström approximation
//
//	Â = (AΩ)(ΩᵀAΩ)⁻¹(AΩ)ᵀ = U Λ̂ Uᵀ,   Ω an n×k orthonormal Gaussian sketch,
//
// in the stable form: with ν = √n ε ‖AΩ‖_F and Y = AΩ + νΩ, factor ΩᵀY = LLᵀ (ten times the ν where that fails), B = YL⁻ᵀ,
// and take U and Λ̂ = max(Σ² − ν, 0) from the singular values and left vectors of B. As preconditioner it is
//
//	M⁻¹ = U(Λ̂ + μI)⁻¹Uᵀ + (I − UUᵀ)/(λ̂_k + μ),
//
// whose condition number is at most (λ̂_k + μ + ‖A − Â‖)/μ.
//
// Σ and U come from the k×k eigenproblem of BᵀB, which is off by ε‖A‖: less than ν, so nothing is lost on Λ̂; one pass of
// Cholesky QR then cleans U. Prepare: k products at once and about 10 k²n flops. Precondition: 4kn flops.
// Workspace: 3kn numbers, the middle of the product, and some k².
//
// Source: Frangella, Tropp, Udell (2023), algorithms 2.1 and 5.1; Tropp, Yurtsever, Udell, Cevher (2017) for the shift.
type Nystrom struct {
	Rank int // k in [1, n]

	rng        *rand.Rand
	a          products
	omega, y   blas64.General // sketch; its image, then Bᵀ
	u          blas64.General // eigenvectors of Â as rows, by falling eigenvalue
	lambda, t  []float64      // Λ̂; scratch
	core       blas64.General
	chol       linalg.Cholesky
	eigen      linalg.SymEigen
	orthogonal linalg.Orthonormaliser
	rank       int     // of Â: eigenvalues above ν
	nu         float64 // shift
	mu, tail   float64
}

// Start makes the workspace for a, whose content may come later.
func (s *Nystrom) Start(a operator.Symmetric, rng *rand.Rand, m *cost.Meter) error {
	n, k := a.Order(), s.Rank
	if err := checkRank(k, n); err != nil {
		return fmt.Errorf("lowrank: Nyström %w", err)
	}
	s.rng, s.a, s.rank, s.nu = rng, newProducts(a, k, m), 0, 0
	s.omega, s.y, s.u = linalg.New(m, k, n), linalg.New(m, k, n), linalg.New(m, k, n)
	s.core, s.lambda, s.t = linalg.New(m, k, k), m.Floats(k), m.Floats(k)
	s.chol.Reset(k, m)
	s.eigen.Reset(k, m)
	s.orthogonal.Reset(k, n, m)
	s.Set(0)
	return nil
}

// Random is true: the approximation depends on the sketch.
func (*Nystrom) Random() bool { return true }

// Prepare draws a new sketch and approximates a. Where a is zero or not finite the rank is zero.
func (s *Nystrom) Prepare() {
	s.rank, s.nu = 0, 0
	s.draw()
	s.a.mul(s.y, s.omega)
	if s.shift() && s.decompose() {
		for s.rank < s.Rank && s.lambda[s.rank] > 0 {
			s.rank++
		}
	}
	s.Set(s.mu)
}

// draw fills Ω with Gaussians and makes its columns orthonormal by one pass of Cholesky QR: a Gaussian matrix is well
// conditioned, and Â depends on the span alone.
func (s *Nystrom) draw() {
	for i := range s.omega.Data {
		s.omega.Data[i] = s.rng.NormFloat64()
	}
	linalg.Syrk(s.core, s.omega)
	if s.chol.Factor(s.core, 0) {
		linalg.Trsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, 1, s.chol.L(), s.omega)
	}
}

// shift adds νΩ to the image and factors ΩᵀY.
func (s *Nystrom) shift() bool {
	norm := math.Sqrt(simd.Dot(s.y.Data, s.y.Data))
	if norm == 0 || norm*0 != 0 {
		return false
	}
	nu, added := math.Sqrt(float64(s.y.Cols))*0x1p-52*norm, 0.0
	for range 10 {
		simd.Axpy(s.y.Data, nu-added, s.omega.Data)
		added = nu
		linalg.Gemm(blas.NoTrans, blas.Trans, 1, s.omega, s.y, 0, s.core)
		symmetrise(s.core)
		if s.chol.Factor(s.core, 0) {
			s.nu = nu
			return true
		}
		nu *= 10
	}
	return false
}

// decompose computes U and Λ̂ from Y and the factor of ΩᵀY.
func (s *Nystrom) decompose() bool {
	linalg.Trsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, 1, s.chol.L(), s.y)
	linalg.Syrk(s.core, s.y)
	e := normalise(s.core)
	if !s.eigen.Decompose(s.core) {
		return false
	}
	// Row i of core becomes the i-th eigenvector, by falling eigenvalue, over its singular value: U = core·Bᵀ.
	k, values := s.Rank, s.eigen.Values
	least := values[k-1] * 0x1p-52 // a smaller one is rounding, as its vector
	for i := range k {
		v := math.Max(values[k-1-i], least)
		s.lambda[i] = math.Max(math.Ldexp(v, e)-s.nu, 0)
		over := 1 / math.Sqrt(math.Ldexp(v, e))
		row := linalg.Row(s.core, i)
		for j := range row {
			row[j] = s.eigen.Vectors.Data[j*s.eigen.Vectors.Stride+k-1-i] * over
		}
	}
	linalg.Gemm(blas.NoTrans, blas.NoTrans, 1, s.core, s.y, 0, s.u)
	return s.orthogonal.Rows(s.u)
}

// normalise divides a by a power of four 2ᵉ, so that the eigenvalue iteration sees the same numbers whatever the scale.
func normalise(a blas64.General) (e int) {
	most := 0.0
	for i := range a.Rows {
		most = math.Max(most, a.Data[i*a.Stride+i])
	}
	_, e = math.Frexp(most)
	e &^= 1
	scale := math.Ldexp(1, -e)
	for i := range a.Data {
		a.Data[i] *= scale
	}
	return e
}

func symmetrise(a blas64.General) {
	for i := range a.Rows {
		for j := range i {
			p, q := &a.Data[i*a.Stride+j], &a.Data[j*a.Stride+i]
			*p = (*p + *q) / 2
			*q = *p
		}
	}
}

// Set chooses μ and returns the rank of Â. Â has lost what lies below ν, so the tail is never less.
func (s *Nystrom) Set(mu float64) (rank int) {
	s.mu, s.tail = mu, mu
	if s.rank == s.Rank {
		s.tail += s.lambda[s.rank-1]
	}
	if s.tail = math.Max(s.tail, s.nu); s.tail == 0 {
		s.tail = 1
	}
	return s.rank
}

// Precondition computes dst = M⁻¹ x.
func (s *Nystrom) Precondition(dst, x []float64) {
	over := 1 / s.tail
	if s.rank == 0 {
		clear(dst)
	} else {
		u, t := top(s.u, s.rank), s.t[:s.rank]
		linalg.Mul(t, u, x)
		for i, l := range s.lambda[:s.rank] {
			t[i] *= 1/(l+s.mu) - over
		}
		linalg.MulT(dst, u, t)
	}
	for i, v := range x {
		dst[i] += v * over
	}
}

// Eigenvalues returns Λ̂, falling; the slice is valid until the next Prepare.
func (s *Nystrom) Eigenvalues() []float64 { return s.lambda[:s.rank] }
