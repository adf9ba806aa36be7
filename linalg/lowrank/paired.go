package lowrank

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
)

// Paired preconditions K + μI in the K-inner product ⟨a, b⟩ = aᵀKb, on pairs (a, Ka) held as vectors of length 2n (krylov.Pairs). With
// K = TTᵀ it is the image under d = Tᵀw of a preconditioner of TᵀT + μI:
//
//	M⁻¹ = I/τ + Σ_i (1/(λ_i + μ) − 1/τ) q_i q_iᵀK,   τ the tail,
//
// where Tᵀq_i are orthonormal Ritz vectors of TᵀT in the span of TᵀΩ, and λ_i their Ritz values, which are the eigenvalues of the
// approximation it is made from: Ω is the sketch of Nystrom, or the unit vectors of the pivots of PivotedCholesky. M is positive
// definite in that product, whatever Ω. An approximation of K inverted, in contrast, is not self-adjoint there.
//
// Precondition: 6kn flops, no product. Workspace: 2kn numbers beside that of the approximation.
type Paired struct {
	From Ritz

	q, kq  blas64.General // q_i and K q_i as rows
	lambda []float64
	t      []float64
	rank   int
	source int // rank of the approximation that the pairs are of
	mu     float64
	tail   float64
}

// Ritz is an approximation that gives away the pairs behind it: Nystrom and PivotedCholesky.
type Ritz interface {
	Start(a operator.Symmetric, rng *rand.Rand, m *cost.Meter) error
	Prepare()
	Set(mu float64) (rank int)
	Random() bool
	Bill(s *cost.Shape, order, rank int) cost.Bill
	largestRank() int
	startPairs(m *cost.Meter)
	// pairs fills q, kq and λ and returns how many there are.
	pairs(q, kq blas64.General, lambda []float64) int
	tailWeight() float64
}

// Start makes the workspace for k.
func (p *Paired) Start(k operator.Symmetric, rng *rand.Rand, m *cost.Meter) error {
	if err := p.From.Start(k, rng, m); err != nil {
		return err
	}
	p.From.startPairs(m)
	most := p.From.largestRank()
	p.q, p.kq = linalg.New(m, most, k.Order()), linalg.New(m, most, k.Order())
	p.lambda, p.t, p.rank, p.source = m.Floats(most), m.Floats(most), 0, 0
	p.Set(0)
	return nil
}

// Random reports whether the approximation draws random numbers.
func (p *Paired) Random() bool { return p.From.Random() }

// Prepare approximates K.
func (p *Paired) Prepare() {
	p.From.Prepare()
	p.pair(p.From.Set(p.mu))
}

// pair makes the pairs of an approximation of rank source, without those whose K q_i would not be that of q_i: its relative error grows
// with λ₁/λ_i.
func (p *Paired) pair(source int) {
	p.source, p.rank = source, p.From.pairs(p.q, p.kq, p.lambda)
	for p.rank > 0 && p.lambda[p.rank-1] < 0x1p-26*p.lambda[0] {
		p.rank--
	}
}

// Set chooses μ and returns the rank.
func (p *Paired) Set(mu float64) (rank int) {
	p.mu = mu
	if source := p.From.Set(mu); source != p.source {
		p.pair(source)
	}
	if p.tail = p.From.tailWeight(); p.rank < p.source && p.source > 0 {
		p.tail = math.Max(p.tail, p.lambda[p.rank]+mu)
	}
	return p.rank
}

// Precondition computes dst = M⁻¹ x for pairs.
func (p *Paired) Precondition(dst, x []float64) {
	n, over := p.q.Cols, 1/p.tail
	clear(dst)
	if p.rank > 0 {
		t := p.t[:p.rank]
		linalg.Mul(t, top(p.q, p.rank), x[n:])
		for i, l := range p.lambda[:p.rank] {
			t[i] *= 1/(l+p.mu) - over
		}
		linalg.MulT(dst[:n], top(p.q, p.rank), t)
		linalg.MulT(dst[n:], top(p.kq, p.rank), t)
	}
	for i, v := range x {
		dst[i] += v * over
	}
}

func (s *Nystrom) largestRank() int { return s.u.Rows }

func (s *Nystrom) tailWeight() float64 { return s.tail }

// pairs: with ΩᵀY = LLᵀ and B = YL⁻ᵀ = UΣWᵀ, the Ritz vectors are the columns of TᵀΩL⁻ᵀW, so that Q = ΩL⁻ᵀW and KQ = BW − νQ.
func (s *Nystrom) pairs(q, kq blas64.General, lambda []float64) int {
	if s.rank == 0 {
		return 0
	}
	w := s.work[s.size]
	solved, all := top(kq, s.size), top(q, s.size)
	linalg.Copy(solved, top(s.omega, s.size))
	linalg.Trsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, 1, w.chol.L(), solved)
	linalg.Gemm(blas.NoTrans, blas.NoTrans, 1, w.core, solved, 0, all)
	linalg.Gemm(blas.NoTrans, blas.NoTrans, 1, w.core, top(s.y, s.size), 0, solved)
	for i := range s.rank { // core has wᵢ/σᵢ
		lambda[i] = s.lambda[i]
		sigma := math.Sqrt(s.lambda[i] + s.nu)
		a, b := linalg.Row(q, i), linalg.Row(kq, i)
		for j := range a {
			a[j] *= sigma
			b[j] = sigma*b[j] - s.nu*a[j]
		}
	}
	return s.rank
}

func (s *Nystrom) startPairs(*cost.Meter) {}

func (s *PivotedCholesky) largestRank() int { return s.Rank }

func (s *PivotedCholesky) tailWeight() float64 { return s.rho }

// pivoted is what PivotedCholesky needs for pairs alone.
type pivoted struct {
	eigen linalg.SymEigen
	w, l  blas64.General // Wᵀ, L
}

func (s *PivotedCholesky) startPairs(m *cost.Meter) {
	s.pivoted = pivoted{w: linalg.New(m, s.Rank, s.Rank), l: linalg.New(m, s.Rank, s.Rank)}
	s.eigen.Reset(s.Rank, m)
}

// pairs: F = KE L⁻ᵀ with E the unit vectors of the pivots and L the rows of F there. With FᵀF = WΛWᵀ, Q = EL⁻ᵀW and KQ = FW.
func (s *PivotedCholesky) pairs(q, kq blas64.General, lambda []float64) int {
	k, r := s.Rank, s.rank
	if r == 0 || !s.eigen.Decompose(s.core) {
		return 0
	}
	w, l := linalg.Block(s.w, 0, 0, r, r), linalg.Block(s.l, 0, 0, r, r)
	for i := range r {
		lambda[i] = math.Max(s.eigen.Values[k-1-i], 0)
		for j := range r {
			w.Data[i*k+j] = s.eigen.Vectors.Data[j*k+k-1-i]
			l.Data[i*k+j] = s.f.Data[j*s.f.Stride+s.piv[i]]
		}
	}
	linalg.Gemm(blas.NoTrans, blas.NoTrans, 1, w, top(s.f, r), 0, top(kq, r))
	linalg.Trsm(blas.Right, blas.Lower, blas.NoTrans, blas.NonUnit, 1, l, w)
	clear(q.Data)
	for i := range r {
		for j, at := range s.piv {
			q.Data[i*q.Stride+at] = w.Data[i*k+j]
		}
	}
	return r
}

// Bill is the approximation's, with three products of k×k and k×n matrices for the pairs, and 6kn flops for each vector.
func (p *Paired) Bill(shape *cost.Shape, order, rank int) (b cost.Bill) {
	b = p.From.Bill(shape, order, rank)
	n, k := float64(order), float64(p.From.largestRank())
	b.Prepare.Multiply(k, n, 3)
	b.Solve = cost.Work{}
	b.Solve.LowRank(k, n, 1.5)
	b.Floats += 2 * k * n
	return b
}
