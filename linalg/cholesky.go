package linalg

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/internal/par"
	"ngdbench/internal/simd"
)

// Cholesky is the factorisation A + μI = L·Lᵀ of a symmetric positive definite matrix, n³/3 flops.
//
// Every element follows the textbook recurrence, whatever the blocking: l_ij = fma(−l_ik, l_jk, … a_ij)/l_jj, k = 0 … j−1
// in this order, l_jj the square root of its chain. Substitution is used throughout and no inverse, so that
// ‖L·Lᵀ − (A + μI)‖ ≤ c n ε ‖A‖ also for the badly conditioned Gramians of small damping (Higham 2002, theorem 10.3).
//
// The zero value is the factorisation of order 0; Reset makes the workspace of another.
type Cholesky struct {
	l     blas64.General
	shift float64
	from  blas64.General // A, while Factor runs
	ok    bool

	tri          triangle // the diagonal block of the current step
	step         int      // first row of that block
	edge         int      // block size
	slabA, slabB []float64
	stage        stage
}

// stage says which part of the factorisation Run works on.
type stage uint8

const (
	copying  stage = iota // L = lower triangle of A, shifted
	solving               // rows below the diagonal block, packed for the update
	updating              // trailing matrix
)

// smallOrder is the order under which blocks of half size leave more to share among workers.
const smallOrder = 8 * blockEdge

// Reset makes c ready for matrices of order n, its workspace (n² + 400 n numbers) booked on m.
func (c *Cholesky) Reset(n int, m *cost.Meter) {
	if n < 0 {
		panic("linalg: Cholesky: negative order")
	}
	edge := blockEdge
	if n < smallOrder {
		edge = blockEdge / 2
	}
	rest := max(0, n-edge)
	*c = Cholesky{l: New(m, n, n), edge: edge}
	c.slabA, c.slabB = m.Floats(simd.TileLenA(rest, edge)), m.Floats(simd.TileLenB(edge, rest))
	c.tri.panel = m.Floats(panelLen(min(n, edge)))
}

// Order returns n.
func (c *Cholesky) Order() int { return c.l.Rows }

// L returns the factor, lower triangular with zeros above, valid until the next Factor.
func (c *Cholesky) L() blas64.General { return c.l }

// Factor computes L for A + shift·I. It reads the lower triangle of A and leaves A as it is. It is false where a pivot is
// not positive or not finite, so also for NaN and Inf anywhere in that triangle; L is then undefined.
func (c *Cholesky) Factor(a blas64.General, shift float64) bool {
	n := c.l.Rows
	if a.Rows != n || a.Cols != n {
		panic("linalg: Cholesky: order differs from Reset")
	}
	check(a)
	if n == 0 {
		return true
	}
	c.from, c.shift, c.stage = a, shift, copying
	par.Run(ceil(n, c.edge), packFlops/2*float64(n)*float64(n), c)
	c.from = blas64.General{}
	c.step = 0
	for c.ok = c.diagonal(0); c.ok && c.step+c.edge < n; c.step += c.edge {
		c.below()
	}
	return c.ok
}

// diagonal factors the block whose first row is i.
func (c *Cholesky) diagonal(i int) bool {
	w := min(c.edge, c.l.Rows-i)
	return c.tri.factor(w, c.l.Data[i*(c.l.Stride+1):], c.l.Stride) == w
}

// below solves for the rows under the diagonal block and takes their products from the trailing matrix. The next
// diagonal block is updated and factored first, by the worker that gets group 0, while others update the rest.
func (c *Cholesky) below() {
	rest := float64(c.l.Rows - c.step - c.edge)
	edge := float64(c.edge)
	c.stage = solving
	par.Run(ceil(int(rest), solveRows), edge*edge*rest, c)
	c.stage = updating
	nb := ceil(int(rest), c.edge)
	par.Run(nb*(nb+1)/2, edge*rest*rest, c)
}

// Run does one group of the current stage.
func (c *Cholesky) Run(g, _ int) {
	switch c.stage {
	case copying:
		c.copy(g)
	case solving:
		c.panel(g)
	case updating:
		c.update(g)
	}
}

func (c *Cholesky) copy(g int) {
	for i := g * c.edge; i < min(c.l.Rows, (g+1)*c.edge); i++ {
		r := Row(c.l, i)
		copy(r[:i+1], Row(c.from, i))
		r[i] += c.shift
	}
}

// panel solves for solveRows rows and packs them both as left factor and, negated, as right factor of the update.
func (c *Cholesky) panel(g int) {
	i, ld, k := g*solveRows, c.l.Stride, c.edge
	first := c.step + c.edge
	h := min(solveRows, c.l.Rows-first-i)
	x := c.l.Data[(first+i)*ld+c.step:]
	c.tri.solve(h, x, ld)
	simd.TilePackA(c.slabA[i*k:], h, k, x, ld)
	simd.TilePackBT(c.slabB[i*k:], k, h, -1, x, ld)
}

// update takes the product of the rows below from block g of the trailing matrix.
func (c *Cholesky) update(g int) {
	bi, bj := pair(g)
	first := c.step + c.edge
	rest := c.l.Rows - first
	i, j := bi*c.edge, bj*c.edge
	h, w := min(c.edge, rest-i), min(c.edge, rest-j)
	ld, step := c.l.Stride, w
	if i == j {
		step = simd.TileN
	}
	for y := 0; y < w; y += step { // on the diagonal, panel by panel: tiles above it are left out
		x := 0
		if i == j {
			x = y / simd.TileM * simd.TileM
		}
		simd.Tile(h-x, min(step, w-y), c.edge, c.slabA[(i+x)*c.edge:], c.slabB[(j+y)*c.edge:],
			c.l.Data[(first+i+x)*ld+first+j+y:], ld, false)
	}
	if g == 0 {
		c.ok = c.diagonal(first)
	}
}

// pair is the g-th pair (i, j), j ≤ i, in the order (0,0), (1,0), (1,1), (2,0), …
func pair(g int) (i, j int) {
	i = int((math.Sqrt(float64(8*g+1)) - 1) / 2)
	for i*(i+1)/2 > g {
		i--
	}
	for (i+1)*(i+2)/2 <= g {
		i++
	}
	return i, g - i*(i+1)/2
}

// Solve overwrites x with (A + μI)⁻¹x, 2n² flops: a dot per row down, a row's multiple per row up.
func (c *Cholesky) Solve(x []float64) {
	if len(x) != c.l.Rows {
		panic("linalg: Cholesky: length of right-hand side")
	}
	for i := range x {
		r := Row(c.l, i)
		x[i] = (x[i] - simd.Dot(r[:i], x[:i])) / r[i]
	}
	for i := len(x) - 1; i >= 0; i-- {
		r := Row(c.l, i)
		x[i] /= r[i]
		simd.Axpy(x[:i], -x[i], r[:i])
	}
}

// fewRows is the number of right-hand sides up to which they are solved one by one.
const fewRows = 3

// SolveRows overwrites each row b of B (k×n) with (A + μI)⁻¹b, 2kn² flops.
func (c *Cholesky) SolveRows(b blas64.General) {
	if b.Cols != c.l.Rows {
		panic("linalg: Cholesky: length of right-hand sides")
	}
	check(b)
	if b.Rows <= fewRows {
		for i := range b.Rows {
			c.Solve(Row(b, i))
		}
		return
	}
	Trsm(blas.Right, blas.Lower, blas.Trans, blas.NonUnit, 1, c.l, b)
	Trsm(blas.Right, blas.Lower, blas.NoTrans, blas.NonUnit, 1, c.l, b)
}
