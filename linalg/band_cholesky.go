package linalg

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/internal/simd"
)

// BandCholesky is the factorisation A = L·Lᵀ of a symmetric positive definite band matrix of order n with b diagonals on
// either side of the main one: stiffness and mass matrices of finite elements on structured meshes. L has the band of A.
//
// Elements follow the recurrence of [Cholesky], without the products with zeros outside the band; the factorisation takes
// nb² flops, blocks of columns at a time, a solve 4nbk for k right-hand sides (half of that L⁻¹ or L⁻ᵀ alone). Solves are
// by substitution, eight right-hand sides and more at a time; of what is left over, up to two are taken one by one, by dots
// along the rows of L, so that the last bits of a column depend on where it stands.
//
// Solves may run side by side and allocate nothing. The zero value is the factorisation of order 0.
type BandCholesky struct {
	n, b  int
	edge  int // columns per block
	l     padded
	tri   triangle
	solve rightSolve
}

// bandEdge is the block size of band factorisations, by the number of diagonals on one side: blocks wider than the band
// compute with zeros, narrow ones leave the products little to do.
func bandEdge(b int) int {
	if b < 3*simd.TileN {
		return simd.TileN
	}
	return 3 * simd.TileN
}

// Reset makes c ready for matrices of order n with b diagonals on either side, its workspace (n·(b+24) numbers, n·(b+8)
// for b < 24) booked on m. A half-bandwidth beyond n−1 counts as n−1.
func (c *BandCholesky) Reset(n, b int, m *cost.Meter) {
	if n < 0 || b < 0 {
		panic("linalg: BandCholesky: negative size")
	}
	b = max(0, min(b, n-1))
	*c = BandCholesky{n: n, b: b, edge: bandEdge(b)}
	// Left of the band, blocks hold a triangle of edge−1 zeros, in which the next diagonal blocks have their upper
	// triangles too: nothing but zeros is left there.
	left, right := b+c.edge-1, 0
	c.l = pad(m.Floats(padLen(n, left, right)), left, right)
	c.tri.panel = m.Floats(panelLen(c.edge))
}

// Order returns n.
func (c *BandCholesky) Order() int { return c.n }

// Factor computes L for A, of which K may not exceed the b of Reset. A is not changed. The error names the row where a
// pivot is not positive or not finite, as it becomes for NaN or Inf in the stored triangle; L is then undefined.
func (c *BandCholesky) Factor(a blas64.SymmetricBand) error {
	if a.N != c.n || min(a.K, max(0, a.N-1)) > c.b {
		panic("linalg: BandCholesky: order or bandwidth differs from Reset")
	}
	s := stored(a)
	if a.Uplo == blas.Lower {
		for i := range c.n {
			r, first := BandRow(s, i)
			c.l.load(i, r, first)
		}
	} else {
		c.turn(s)
	}
	for i := 0; i < c.n; i += c.edge {
		h := min(c.edge, c.n-i)
		if good := c.tri.factor(h, c.l.at(i, i), c.l.ld); good < h {
			return fmt.Errorf("band Cholesky: pivot of row %d of %d is not positive", i+good, c.n)
		}
		c.below(i, h)
	}
	return nil
}

// turn loads L from an upper triangle.
func (c *BandCholesky) turn(u blas64.Band) {
	for i := range c.n {
		c.l.load(i, nil, i)
	}
	for i := range c.n {
		r, first := BandRow(u, i)
		for j, v := range r {
			c.l.at(first+j, i)[0] = v
		}
	}
}

// below solves for the rows under the h×h block at (i, i) and takes their products from the trailing triangle.
func (c *BandCholesky) below(i, h int) {
	m := min(c.b, c.n-i-h)
	if m <= 0 {
		return
	}
	ld, x := c.l.ld, c.l.at(i+h, i)
	c.solve.rows(false, m, 0, 0, h, x, ld, &c.tri)
	gemm(false, true, m, m, h, -1, x, ld, x, ld, 1, c.l.at(i+h, i+h), ld, lower)
}

// Solve overwrites B (n×k, row i the k right-hand sides of unknown i) with A⁻¹B.
func (c *BandCholesky) Solve(b blas64.General) { solveColumns(c, c.n, b, sweepSolve, 2*c.flops()) }

// SolveL overwrites B (n×k) with L⁻¹B. Since ‖L⁻¹b‖² = bᵀA⁻¹b, it turns the dual norm of A into the Euclidean one.
func (c *BandCholesky) SolveL(b blas64.General) { solveColumns(c, c.n, b, sweepDown, c.flops()) }

// SolveLT overwrites B (n×k) with L⁻ᵀB, the transpose of SolveL.
func (c *BandCholesky) SolveLT(b blas64.General) { solveColumns(c, c.n, b, sweepUp, c.flops()) }

// flops is the work of one sweep for one right-hand side.
func (c *BandCholesky) flops() float64 { return 2 * float64(c.n) * float64(c.b+1) }

func (c *BandCholesky) vector(x []float64, s sweep) {
	if s != sweepUp {
		for i := range x {
			lo := max(0, i-c.b)
			x[i] = (x[i] - simd.Dot(c.l.row(i, lo, i), x[lo:i])) / c.l.at(i, i)[0]
		}
	}
	if s == sweepDown {
		return
	}
	for i := len(x) - 1; i >= 0; i-- {
		lo := max(0, i-c.b)
		x[i] /= c.l.at(i, i)[0]
		simd.Axpy(x[lo:i], -x[i], c.l.row(i, lo, i))
	}
}

// columns solves for a multiple of eight right-hand sides. In a wide band, what a block of rows takes from others is a
// product; in a narrow one it is taken row by row.
func (c *BandCholesky) columns(b blas64.General, s sweep) {
	last := (c.n - 1) / c.edge * c.edge
	if s != sweepUp {
		for i := 0; i <= last; i += c.edge {
			c.down(b, i, min(c.edge, c.n-i))
		}
	}
	if s == sweepDown {
		return
	}
	t := take()
	t.full = Grow(t.full, simd.TileN*(c.b+simd.TileN))
	for i := last; i >= 0; i -= c.edge {
		c.up(t.full, b, i, min(c.edge, c.n-i))
	}
	t.give()
}

// down is L⁻¹ for the h rows at i, those above being solved.
func (c *BandCholesky) down(b blas64.General, i, h int) {
	from := max(0, i-c.b)
	if c.b >= wideBand && i > 0 {
		gemm(false, false, h, b.Cols, i-from, -1, c.l.at(i, from), c.l.ld,
			b.Data[from*b.Stride:], b.Stride, 1, b.Data[i*b.Stride:], b.Stride, whole)
		from = i
	}
	for r := i; r < i+h; r++ {
		lo, x := max(from, r-c.b), Row(b, r)
		takeRows(x, c.l.row(r, lo, r), b, lo)
		divide(x, c.l.at(r, r)[0])
	}
}

// up is L⁻ᵀ for the h rows at i, those below being solved.
func (c *BandCholesky) up(t []float64, b blas64.General, i, h int) {
	to := min(c.n, i+h+c.b)
	if c.b >= wideBand && to > i+h {
		gemm(true, false, h, b.Cols, to-i-h, -1, c.l.at(i+h, i), c.l.ld,
			b.Data[(i+h)*b.Stride:], b.Stride, 1, b.Data[i*b.Stride:], b.Stride, whole)
		to = i + h
	}
	for j := i + (h-1)/simd.TileN*simd.TileN; j >= i; j -= simd.TileN {
		w := min(simd.TileN, i+h-j)
		hi := min(to, j+w+c.b)
		n := hi - j
		c.l.turn(t, j, w, j, hi)
		for q := w - 1; q >= 0; q-- {
			x, below := Row(b, j+q), min(n, q+c.b+1)
			takeRows(x, t[q*n+q+1:q*n+below], b, j+q+1)
			divide(x, t[q*n+q])
		}
	}
}
