package lowrank

import (
	"cmp"
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
// Workspace: 3kn numbers (4kn with Tau, k the largest), the middle of the product, and some k².
//
// With Tau the rank adapts: while λ̂_k > τμ, Set doubles k, adding columns to the sketch and keeping the products it has.
// The next Prepare begins with the smallest of these ranks that sufficed.
//
// Source: Frangella, Tropp, Udell (2023), algorithms 2.1 and 5.1, section 5.4 for the doubling; Tropp, Yurtsever, Udell, Cevher
// (2017) for the shift.
type Nystrom struct {
	Rank    int     // k in [1, n]; with Tau the first one, n where that is less
	Tau     float64 // τ ≥ 0; 0: the rank is fixed
	Max     int     // with Tau, the largest rank, at least Rank, n where that is less; 0: n
	Recycle float64 // share of the sketch made of the leading eigenvectors found last, in [0, 1); 0: all is drawn

	rng       *rand.Rand
	a         products
	omega, y  blas64.General // sketch; its image, then Bᵀ
	image     blas64.General // AΩ: y itself, unless Tau asks to keep it
	u         blas64.General // eigenvectors of Â as rows, by falling eigenvalue
	lambda, t []float64      // Λ̂; scratch
	work      map[int]*small // by sketch size
	first     int            // size of the first sketch
	size      int            // of the sketch
	rank      int            // of Â: eigenvalues above ν
	nu        float64        // shift
	mu, tail  float64
}

// small is the workspace of order k for one size of sketch.
type small struct {
	core       blas64.General
	chol, grow linalg.Cholesky // grow: of the columns added to the next smaller sketch
	eigen      linalg.SymEigen
	orthogonal linalg.Orthonormaliser
}

// Start makes the workspace for a, whose content may come later.
func (s *Nystrom) Start(a operator.Symmetric, rng *rand.Rand, m *cost.Meter) error {
	n := a.Order()
	first, most, err := s.ranks(n)
	if err != nil {
		return fmt.Errorf("lowrank: Nyström %w", err)
	}
	s.rng, s.a, s.rank, s.nu = rng, newProducts(a, most, m), 0, 0
	s.first, s.size = first, first
	s.omega, s.y, s.u = linalg.New(m, most, n), linalg.New(m, most, n), linalg.New(m, most, n)
	s.image = s.y
	if s.Tau > 0 {
		s.image = linalg.New(m, most, n)
	}
	s.lambda, s.t = m.Floats(most), m.Floats(most)
	s.sizes(most, n, m)
	s.Set(0)
	return nil
}

// sizes makes the workspaces for all sizes of sketch.
func (s *Nystrom) sizes(most, n int, m *cost.Meter) {
	s.work = map[int]*small{}
	for last, k := 0, s.first; k > last; last, k = k, min(2*k, most) {
		w := &small{core: linalg.New(m, k, k)}
		w.chol.Reset(k, m)
		w.eigen.Reset(k, m)
		w.orthogonal.Reset(k, n, m)
		if last > 0 {
			w.grow.Reset(k-last, m)
		}
		s.work[k] = w
	}
}

// ranks checks the settings and returns the first and the largest rank.
func (s *Nystrom) ranks(n int) (first, most int, err error) {
	switch {
	case !(s.Tau >= 0) || math.IsInf(s.Tau, 1):
		return 0, 0, fmt.Errorf("tau %g outside [0, ∞)", s.Tau)
	case !(s.Recycle >= 0 && s.Recycle < 1):
		return 0, 0, fmt.Errorf("recycled share %g outside [0, 1)", s.Recycle)
	case s.Tau == 0:
		return s.Rank, s.Rank, checkRank(s.Rank, n)
	case s.Rank < 1:
		return 0, 0, checkRank(s.Rank, n)
	case s.Max == 0:
		return min(s.Rank, n), n, nil
	case s.Max < s.Rank:
		return 0, 0, fmt.Errorf("largest rank %d below the first, %d", s.Max, s.Rank)
	}
	return min(s.Rank, n), min(s.Max, n), nil
}

// Random is true: the approximation depends on the sketch.
func (*Nystrom) Random() bool { return true }

// Prepare draws a new sketch and approximates a. Where a is zero or not finite the rank is zero.
func (s *Nystrom) Prepare() {
	kept := int(s.Recycle * float64(s.rank))
	s.shrink()
	kept = min(kept, s.size)
	linalg.Copy(top(s.omega, kept), top(s.u, kept))
	s.sketch(kept, 0)
	s.approximate()
	s.choose(s.mu)
}

// shrink chooses the size that a new sketch begins with: the smallest that would have sufficed for the last one.
func (s *Nystrom) shrink() {
	for k := s.first; k < s.size; k *= 2 {
		if s.rank < k || s.lambda[k-1] <= s.Tau*s.mu {
			s.size = k
		}
	}
}

// sketch fills Ω from row drawn on with Gaussians, makes the rows from known on orthonormal, and multiplies these by A. One
// pass of Cholesky QR will do: a Gaussian matrix is well conditioned, and Â depends on the span alone.
func (s *Nystrom) sketch(drawn, known int) {
	n, w := s.omega.Cols, s.work[s.size]
	for i := drawn; i < s.size; i++ {
		row := linalg.Row(s.omega, i)
		for j := range row {
			row[j] = s.rng.NormFloat64()
		}
	}
	fresh := linalg.Block(s.omega, known, 0, s.size-known, n)
	chol := &w.chol
	if known > 0 {
		chol = &w.grow
		old, c := top(s.omega, known), linalg.Block(w.core, 0, 0, fresh.Rows, known)
		linalg.Gemm(blas.NoTrans, blas.Trans, 1, fresh, old, 0, c)
		linalg.Gemm(blas.NoTrans, blas.NoTrans, -1, c, old, 1, fresh)
	}
	core := linalg.Block(w.core, 0, 0, fresh.Rows, fresh.Rows)
	linalg.Syrk(core, fresh)
	if chol.Factor(core, 0) {
		linalg.Trsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, 1, chol.L(), fresh)
	}
	s.a.mul(linalg.Block(s.image, known, 0, fresh.Rows, n), fresh)
}

// approximate computes U and Λ̂ from the sketch and its image.
func (s *Nystrom) approximate() {
	s.rank, s.nu = 0, 0
	y, w := top(s.y, s.size), s.work[s.size]
	if s.Tau > 0 {
		linalg.Copy(y, top(s.image, s.size))
	}
	if s.shift(y, w) && s.decompose(y, w) {
		for s.rank < s.size && s.lambda[s.rank] > 0 {
			s.rank++
		}
	}
}

// shift adds νΩ to the image and factors ΩᵀY.
func (s *Nystrom) shift(y blas64.General, w *small) bool {
	norm := math.Sqrt(simd.Dot(y.Data, y.Data))
	if norm == 0 || norm*0 != 0 {
		return false
	}
	omega := top(s.omega, s.size)
	nu, added := math.Sqrt(float64(y.Cols))*0x1p-52*norm, 0.0
	for range 10 {
		simd.Axpy(y.Data, nu-added, omega.Data)
		added = nu
		linalg.Gemm(blas.NoTrans, blas.Trans, 1, omega, y, 0, w.core)
		symmetrise(w.core)
		if w.chol.Factor(w.core, 0) {
			s.nu = nu
			return true
		}
		nu *= 10
	}
	return false
}

// decompose computes U and Λ̂ from Y and the factor of ΩᵀY.
func (s *Nystrom) decompose(y blas64.General, w *small) bool {
	linalg.Trsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, 1, w.chol.L(), y)
	linalg.Syrk(w.core, y)
	e := normalise(w.core)
	if !w.eigen.Decompose(w.core) {
		return false
	}
	// Row i of core becomes the i-th eigenvector, by falling eigenvalue, over its singular value: U = core·Bᵀ.
	k, values := s.size, w.eigen.Values
	least := values[k-1] * 0x1p-52 // a smaller one is rounding, as its vector
	for i := range k {
		v := math.Max(values[k-1-i], least)
		s.lambda[i] = math.Max(math.Ldexp(v, e)-s.nu, 0)
		over := 1 / math.Sqrt(math.Ldexp(v, e))
		row := linalg.Row(w.core, i)
		for j := range row {
			row[j] = w.eigen.Vectors.Data[j*w.eigen.Vectors.Stride+k-1-i] * over
		}
	}
	u := top(s.u, k)
	linalg.Gemm(blas.NoTrans, blas.NoTrans, 1, w.core, y, 0, u)
	return w.orthogonal.Rows(u)
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

// Set chooses μ, with Tau extends the sketch as far as this μ asks for, and returns the rank of Â.
func (s *Nystrom) Set(mu float64) (rank int) {
	s.choose(mu)
	for s.Tau > 0 && s.rank == s.size && s.size < s.u.Rows && s.lambda[s.size-1] > s.Tau*mu {
		known := s.size
		s.size = min(2*s.size, s.u.Rows)
		s.sketch(known, known)
		s.approximate()
		s.choose(mu)
	}
	return s.rank
}

// Captures reports whether Â has all of A that lies above τμ, for the μ of the last Set; with Tau = 0, above μ.
func (s *Nystrom) Captures() bool {
	return s.rank < s.size || s.rank > 0 && s.lambda[s.rank-1] <= math.Max(s.Tau, 1)*s.mu
}

// choose sets μ and the tail. Â has lost what lies below ν, so the tail is never less.
func (s *Nystrom) choose(mu float64) {
	s.mu, s.tail = mu, mu
	if s.rank > 0 && s.rank == s.size {
		s.tail += s.lambda[s.rank-1]
	}
	if s.tail = math.Max(s.tail, s.nu); s.tail == 0 {
		s.tail = 1
	}
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

// Bound returns rᵀ(Â + μI)⁻¹r, an upper bound of rᵀ(A + μI)⁻¹r since Â ⪯ A, which is ‖e‖² in the norm of A + μI for the error e
// behind the residual r. 4kn flops.
func (s *Nystrom) Bound(r, _ []float64) float64 {
	rest, sum := linalg.Row(s.y, 0), 0.0 // Bᵀ is spent
	clear(rest)
	if s.rank > 0 {
		u, t := top(s.u, s.rank), s.t[:s.rank]
		linalg.Mul(t, u, r)
		linalg.MulT(rest, u, t)
		for i, l := range s.lambda[:s.rank] {
			sum += t[i] * t[i] / (l + s.mu)
		}
	}
	for i, v := range r {
		rest[i] = v - rest[i]
	}
	return sum + simd.Dot(rest, rest)/s.mu
}

// Eigenvalues returns Λ̂, falling; the slice is valid until the next Prepare.
func (s *Nystrom) Eigenvalues() []float64 { return s.lambda[:s.rank] }

// Bill is the cost for a = TᵀT or TTᵀ of shape s: k products at once and the decomposition; 4kn flops for each vector. Where the rank
// adapts, k is the size of sketch that the given rank takes.
func (s *Nystrom) Bill(shape *cost.Shape, order, rank int) (b cost.Bill) {
	size, most := s.Rank, s.Rank
	if s.Tau > 0 {
		size, most = min(s.Rank, order), min(cmp.Or(s.Max, order), order)
		for size < rank {
			size = min(2*size, most)
		}
	}
	n, k := float64(order), float64(size)
	b.Prepare.Block(shape, k, 1)
	b.Prepare.Approximate(cost.Sketch, n, k, 1)
	b.Solve.LowRank(k, n, 1)
	b.Floats = 3*float64(most)*n + float64(most*(shape.Rows+shape.Params-order)) + 8*float64(most*most)
	if s.Tau > 0 {
		b.Floats += float64(most) * n
	}
	return b
}
