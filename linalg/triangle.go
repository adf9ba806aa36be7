package linalg

import (
	"math"

	"ngdbench/internal/simd"
)

// triangle is a triangular matrix U of order n ≤ triMax prepared for solving x U = b for many rows at once: panels of
// eight columns of −U packed for the tile kernel, and the 8×8 triangles on the diagonal for simd.TileSolve. Columns are
// eliminated by substitution and never by a product with an inverse, so a solve is backward stable however
// ill-conditioned the block is: a Gramian damped by 1e-10 needs that.
type triangle struct {
	n        int
	backward bool // U is lower: columns are eliminated from the last to the first
	off      [triMax / simd.TileN]int
	panel    []float64
	diag     [triMax / simd.TileN][simd.TileN * simd.TileN]float64
}

const triMax = blockEdge

// panelLen is the space of the panels of a triangle of order n: eight columns times the depth, summed.
func panelLen(n int) int {
	p := ceil(n, simd.TileN)
	return simd.TileN * simd.TileN * p * (p + 1) / 2
}

// span is the range of columns that have been eliminated before panel p is.
func (t *triangle) span(p int) (lo, hi int) {
	if t.backward {
		return min(t.n, (p+1)*simd.TileN), t.n
	}
	return 0, p * simd.TileN
}

// load takes U from the slice u: element (i, j) at u[i*rs+j*cs], one of rs and cs being 1.
func (t *triangle) load(n int, u []float64, rs, cs int, backward, unit bool) {
	t.n, t.backward = n, backward
	t.panel = Grow(t.panel, panelLen(n))
	at := 0
	for p := range ceil(n, simd.TileN) {
		j := p * simd.TileN
		w := min(simd.TileN, n-j)
		lo, hi := t.span(p)
		t.off[p] = at
		switch {
		case hi == lo:
		case cs == 1:
			simd.TilePackB(t.panel[at:], hi-lo, w, -1, u[lo*rs+j:], rs)
		default:
			simd.TilePackBT(t.panel[at:], hi-lo, w, -1, u[lo+j*cs:], cs)
		}
		at += simd.TileN * (hi - lo)
		t.corner(p, w, u[j*(rs+cs):], rs, cs, unit)
	}
}

// corner takes the triangle on the diagonal of panel p.
func (t *triangle) corner(p, w int, u []float64, rs, cs int, unit bool) {
	d := &t.diag[p]
	for i := range w {
		lo, hi := i+1, w
		if t.backward {
			lo, hi = 0, i
		}
		for j := lo; j < hi; j++ {
			d[i*simd.TileN+j] = -u[i*rs+j*cs]
		}
		d[i*simd.TileN+i] = 1
		if !unit {
			d[i*simd.TileN+i] = u[i*(rs+cs)]
		}
	}
}

// solve overwrites the rows of X (rows×n) with the solutions x of x U = b.
func (t *triangle) solve(rows int, x []float64, ldx int) {
	np := ceil(t.n, simd.TileN)
	for q := range np {
		p := q
		if t.backward {
			p = np - 1 - q
		}
		j := p * simd.TileN
		w := min(simd.TileN, t.n-j)
		lo, hi := t.span(p)
		if hi > lo {
			simd.TileRows(rows, w, hi-lo, x[lo:], ldx, t.panel[t.off[p]:], x[j:], ldx, false)
		}
		simd.TileSolve(rows, w, &t.diag[p], x[j:], ldx, t.backward)
	}
}

// factor overwrites the lower triangle of A (n×n) with its Cholesky factor L, clears the strict upper one, and holds
// Lᵀ: x U = b for U = Lᵀ is what the rows below the block need. It returns the first row whose pivot is not positive or
// not finite, n where there is none.
func (t *triangle) factor(n int, a []float64, lda int) int {
	t.n, t.backward = n, false
	t.panel = Grow(t.panel, panelLen(n))
	at := 0
	for p := range ceil(n, simd.TileN) {
		j := p * simd.TileN
		w := min(simd.TileN, n-j)
		t.off[p] = at
		if j > 0 {
			simd.TilePackBT(t.panel[at:], j, w, -1, a[j*lda:], lda)
			simd.TileRows(n-j, w, j, a[j*lda:], lda, t.panel[at:], a[j*lda+j:], lda, false)
			at += simd.TileN * j
		}
		if good := pivots(w, a[j*lda+j:], lda); good < w {
			return j + good
		}
		t.corner(p, w, a[j*lda+j:], 1, lda, false)
		if j+w < n {
			simd.TileSolve(n-j-w, w, &t.diag[p], a[(j+w)*lda+j:], lda, false)
		}
	}
	for i := range n {
		clear(a[i*lda+i+1 : i*lda+n])
	}
	return n
}

// pivots is the Cholesky factorisation of a block of order w ≤ 8, up to the row that it returns: w, or where a pivot fails.
func pivots(w int, a []float64, lda int) int {
	for j := range w {
		s := a[j*lda+j]
		for k := range j {
			s = math.FMA(-a[j*lda+k], a[j*lda+k], s)
		}
		if !(s > 0 && s <= math.MaxFloat64) {
			return j
		}
		d := math.Sqrt(s)
		a[j*lda+j] = d
		for i := j + 1; i < w; i++ {
			s := a[i*lda+j]
			for k := range j {
				s = math.FMA(-a[i*lda+k], a[j*lda+k], s)
			}
			a[i*lda+j] = s / d
		}
	}
	return w
}
