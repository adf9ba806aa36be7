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

// PivotedCholesky is the partial Cholesky approximation Â = FFᵀ, F n×k, from the diagonal of A and k of its columns:
//
//	s by the pivot rule,   c = (A − FFᵀ)e_s,   F ← [F, c/√c_s],   diag(A − Â) ← diag(A − Â) − (c∘c)/c_s.
//
// It stops at the true rank, where no residual exceeds n ε max diag A. As preconditioner it is, by Woodbury's identity,
//
//	M⁻¹ = (FFᵀ + ρI)⁻¹ = (I − F(FᵀF + ρI)⁻¹Fᵀ)/ρ,   ρ = μ + τ,
//
// where τ, the largest entry of the residual diagonal, estimates ‖A − Â‖.
//
// Prepare: the diagonal, k columns (and those of rejected candidates) and k²n flops. Precondition: 4kn flops.
// Workspace: (k + b + 2)n numbers and 2k²; with blocks of columns n more for each, and the middle of their product.
//
// Note: blocks do not pay where a column of TᵀT is one product with Tᵀ. In 2D at k = 128 a set-up took 0.55 s with b = 1, with
// b = 6, 12 and 25 three times that (P = 8577, n = 4400); 7.9 ms against 11 to 12 ms (P = 257, n = 1020): between a third and
// two thirds of a block is rejected on such steep spectra.
type PivotedCholesky struct {
	Rank   int    // k in [1, n]
	Pivots Pivots // nil: Random
	Block  int    // b in [1, k], candidates, and their columns, asked for at once; 0: 1

	rule     Pivots
	rng      *rand.Rand
	a        operator.Pivotable
	block    products
	unit     blas64.General // candidates as unit vectors, b×n
	c        blas64.General // residual columns of the candidates, b×n
	at       blas64.General // F at the candidates, b×k
	residual []float64      // diagonal of A − Â
	open     []float64      // the same, zero where it is at rounding level
	drawn    []int          // candidates, in order
	distinct []int          // the same without repeats: c has one row for each
	floor    float64        // rounding level of the diagonal

	woodbury // f holds Fᵀ; rows beyond the rank are zero
	rank     int
	piv      []int // accepted, in order
	mu       float64
	pivoted  // of pairs alone
}

// Start makes the workspace for a, whose content may come later. It must give away columns and diagonal.
func (s *PivotedCholesky) Start(a operator.Symmetric, rng *rand.Rand, m *cost.Meter) error {
	n, k := a.Order(), s.Rank
	if err := checkRank(k, n); err != nil {
		return fmt.Errorf("lowrank: pivoted Cholesky %w", err)
	}
	if s.Block < 0 || s.Block > k {
		return fmt.Errorf("lowrank: pivoted Cholesky block %d outside [1, %d]", s.Block, k)
	}
	p, ok := a.(operator.Pivotable)
	if !ok {
		return fmt.Errorf("lowrank: pivoted Cholesky of a map without columns")
	}
	s.a, s.rng, s.rule, s.rank, s.mu = p, rng, s.Pivots, 0, 0
	if s.rule == nil {
		s.rule = Random{}
	}
	b := s.Block
	if b == 0 {
		b = 1
	}
	s.buffers(n, k, b, m)
	s.Set(0)
	return nil
}

func (s *PivotedCholesky) buffers(n, k, b int, m *cost.Meter) {
	if b >= blockFrom {
		s.block, s.unit = newProducts(s.a, b, m), linalg.New(m, b, n)
	}
	s.c, s.at = linalg.New(m, b, n), linalg.New(m, b, k)
	s.residual, s.open = m.Floats(n), m.Floats(n)
	s.drawn, s.distinct, s.piv = make([]int, b), make([]int, 0, b), make([]int, 0, k)
	s.woodbury.reset(linalg.New(m, k, n), m)
}

// Random reports whether the pivot rule draws random numbers.
func (s *PivotedCholesky) Random() bool { return s.rule.Random() }

// Prepare approximates a. Where a is zero or not finite the rank is zero.
func (s *PivotedCholesky) Prepare() {
	s.rank, s.piv = 0, s.piv[:0]
	clear(s.f.Data)
	s.a.Diagonal(s.residual)
	most, sum := 0.0, 0.0
	for _, v := range s.residual {
		most, sum = math.Max(most, v), sum+v
	}
	if sum*0 != 0 {
		clear(s.residual)
	} else {
		s.floor = float64(len(s.residual)) * 0x1p-52 * most
		for s.rank < s.Rank && s.reopen() {
			s.round()
		}
	}
	s.changed()
	s.Set(s.mu)
}

// reopen lists the residuals above rounding level and reports whether there are any.
func (s *PivotedCholesky) reopen() bool {
	any := false
	for i, v := range s.residual {
		s.open[i] = 0
		if v > s.floor {
			s.open[i], any = v, true
		}
	}
	return any
}

// round draws a block of candidates and accepts some of them.
func (s *PivotedCholesky) round() {
	drawn := s.drawn[:min(len(s.drawn), s.Rank-s.rank)]
	drawn = drawn[:s.rule.Propose(drawn, s.open, s.rng)]
	s.fetch(drawn)
	for _, i := range drawn {
		j := find(s.distinct, i)
		if j < 0 {
			continue // accepted before
		}
		now := linalg.Row(s.c, j)[i]
		if !(now > s.floor) {
			s.residual[i] = math.Max(now, 0) // the better value: the updated diagonal was wrong at rounding level
			continue
		}
		if s.rule.Accept(now, s.open[i], s.rng) {
			s.accept(j, i, now)
		}
	}
}

// fetch fills c with the residual columns of the distinct candidates.
func (s *PivotedCholesky) fetch(drawn []int) {
	s.distinct = s.distinct[:0]
	for _, i := range drawn {
		if find(s.distinct, i) < 0 {
			s.distinct = append(s.distinct, i)
		}
	}
	b := len(s.distinct)
	c := top(s.c, b)
	s.columns(c)
	if s.rank == 0 {
		return
	}
	at := linalg.Block(s.at, 0, 0, b, s.rank)
	for j, i := range s.distinct {
		for l := range s.rank {
			at.Data[j*at.Stride+l] = s.f.Data[l*s.f.Stride+i]
		}
	}
	linalg.Gemm(blas.NoTrans, blas.NoTrans, -1, at, top(s.f, s.rank), 1, c)
}

// blockFrom is the number of columns from which one product with a block of unit vectors is cheaper than as many columns:
// 2C flops per column against 2C + 2 per vector and 4C for the tile of T, at the C = 4 channels of a Laplacian in 2D.
const blockFrom = 4

// columns computes the columns of A at the distinct candidates. Those of TTᵀ are cheap one by one.
func (s *PivotedCholesky) columns(c blas64.General) {
	if _, normal := s.a.(operator.Normal); !normal || c.Rows < blockFrom {
		for j, i := range s.distinct {
			s.a.Column(linalg.Row(c, j), i)
		}
		return
	}
	unit := top(s.unit, c.Rows)
	for j, i := range s.distinct {
		unit.Data[j*unit.Stride+i] = 1
	}
	s.block.mul(c, unit)
	for j, i := range s.distinct {
		unit.Data[j*unit.Stride+i] = 0
	}
}

// accept appends candidate j, index i, residual now, to F, and takes it out of the other candidates' columns.
func (s *PivotedCholesky) accept(j, i int, now float64) {
	f, root := linalg.Row(s.f, s.rank), math.Sqrt(now)
	for l, v := range linalg.Row(s.c, j) {
		f[l] = v / root
		s.residual[l] = math.Max(s.residual[l]-f[l]*f[l], 0)
	}
	s.residual[i] = 0
	s.distinct[j] = -1
	s.rank++
	s.piv = append(s.piv, i)
	for l, other := range s.distinct {
		if other >= 0 {
			simd.Axpy(linalg.Row(s.c, l), -f[other], f)
		}
	}
}

func find(s []int, i int) int {
	for j, v := range s {
		if v == i {
			return j
		}
	}
	return -1
}

// Set chooses μ and returns the rank of Â. Where the k×k factorisation fails for want of damping, ρ grows tenfold from
// rounding level on: that weakens the preconditioner and nothing else.
func (s *PivotedCholesky) Set(mu float64) (rank int) {
	s.mu, s.rho = mu, mu+s.Missed()
	if s.rank > 0 && !s.set(s.rho) {
		s.rank = 0
	}
	if s.rho == 0 {
		s.rho = 1
	}
	return s.rank
}

// Missed is τ = max diag(A − Â), a lower bound of ‖A − Â‖ whose upper bound is the trace.
//
// Note: with the trace as tail, PCG took 2.5 to 5 times the iterations (n = 300, k = 32 and 64, geometric and algebraic
// spectra, random eigenvectors); with the mean eigenvalue missed, trace/(n − k), the same as here within a tenth, but that one goes
// to zero with growing n; with zero up to five times as many. The count is then that of Nystrom with its λ̂_k.
func (s *PivotedCholesky) Missed() float64 {
	most := 0.0
	for _, v := range s.residual {
		most = math.Max(most, v)
	}
	return most
}

// Precondition computes dst = M⁻¹ x.
func (s *PivotedCholesky) Precondition(dst, x []float64) {
	if s.rank > 0 {
		s.solve(dst, x)
		return
	}
	for i, v := range x {
		dst[i] = v / s.rho
	}
}

// Bound returns an upper bound of rᵀ(A + μI)⁻¹r, which is ‖e‖² in the norm of A + μI for the error e behind the residual r, given
// z = M⁻¹r. From Â ⪯ A and FFᵀ + μI ⪰ (μ/ρ)M it is (ρ/μ) rᵀz; tight where the rank is above the effective dimension.
func (s *PivotedCholesky) Bound(r, z []float64) float64 { return simd.Dot(r, z) * (s.rho / s.mu) }

// Trace returns the trace of A − Â.
func (s *PivotedCholesky) Trace() float64 {
	trace := 0.0
	for _, v := range s.residual {
		trace += v
	}
	return trace
}

// Bill is the cost for a = TᵀT or TTᵀ of shape s: the diagonal, k columns, k²n flops; 4kn flops for each vector, k the rank reached, where
// that is known. With blocks, half as many columns again are priced, for candidates that are rejected.
func (s *PivotedCholesky) Bill(shape *cost.Shape, order, rank int) (b cost.Bill) {
	n, k, block := float64(order), float64(cmp.Or(rank, s.Rank)), float64(max(1, s.Block))
	b.Prepare.Form(cost.Norms, shape, 1)
	if block < blockFrom {
		b.Prepare.Product(cost.GramColumn, shape, k)
	} else {
		b.Prepare.Block(shape, block, 1.5*k/block)
	}
	b.Prepare.Approximate(cost.Pivot, n, k, 1)
	b.Factor.Cholesky(k, 1, 0)
	b.Solve.LowRank(k, n, 1)
	b.Solve.Cholesky(k, 0, 1)
	most := float64(s.Rank)
	b.Floats = (most+2*block+2)*n + 2*most*most
	return b
}
