package simd

// The micro-kernel of the large matrix products: a tile of C is loaded, one chain of fused multiply-adds over k runs on
// it, and it is stored. Because a chain starts from C and not from zero, cutting k into slices changes no bit, so block
// sizes are free and every element of C is
//
//	c_ij = fma(a_i,k-1, b_k-1,j, … fma(a_i1, b_1j, fma(a_i0, b_0j, c_ij)))
//
// A is given in panels of TileM rows, k-major (TilePackA), or row-major in place (TileRows); B always in panels of
// TileN columns, k-major (TilePackB, the layout of Pack). Scaling by α and negation are done in packing B.
const (
	TileM = 6     // rows of a tile and of a panel of A
	TileN = Lanes // columns of a tile and of a panel of B
)

// Tile computes C += A·B, or C = A·B where fresh, for A (m×k) packed by TilePackA, B (k×n) packed by TilePackB and C
// (m×n) row-major. No element outside the m×n rectangle is read or written, and with fresh no old value of C is read.
func Tile(m, n, k int, a, b, c []float64, ldc int, fresh bool) {
	if m <= 0 || n <= 0 {
		return
	}
	checkTile(n, k, b)
	if len(a) < TileLenA(m, k) || len(c) < (m-1)*ldc+n || ldc < n {
		panic("simd: Tile: short slice")
	}
	if k == 0 {
		tileEmpty(m, n, c, ldc, fresh)
		return
	}
	for j := 0; j < n; j += TileN {
		p := b[j*k : (j+TileN)*k]
		if n-j >= TileN {
			tilePacked(m, k, a, p, c[j:], ldc, fresh)
			continue
		}
		for i := 0; i < m; i += TileM {
			var t [TileM * TileN]float64
			h, w := min(TileM, m-i), n-j
			q := c[i*ldc+j:]
			tileLoad(&t, h, w, q, ldc, fresh)
			tilePacked(h, k, a[i*k:(i+TileM)*k], p, t[:], TileN, fresh)
			tileStore(&t, h, w, q, ldc)
		}
	}
}

// TileRows is Tile for A (m×k) row-major with leading dimension lda. A and C may be different columns of one array.
func TileRows(m, n, k int, a []float64, lda int, b, c []float64, ldc int, fresh bool) {
	if m <= 0 || n <= 0 {
		return
	}
	checkTile(n, k, b)
	if k > 0 && (lda < k || len(a) < (m-1)*lda+k) || len(c) < (m-1)*ldc+n || ldc < n {
		panic("simd: TileRows: short slice")
	}
	if k == 0 {
		tileEmpty(m, n, c, ldc, fresh)
		return
	}
	for j := 0; j < n; j += TileN {
		p := b[j*k : (j+TileN)*k]
		if n-j >= TileN {
			tileRows(m, k, a, lda, p, c[j:], ldc, fresh)
			continue
		}
		for i := 0; i < m; i += TileM {
			var t [TileM * TileN]float64
			h, w := min(TileM, m-i), n-j
			q := c[i*ldc+j:]
			tileLoad(&t, h, w, q, ldc, fresh)
			tileRows(h, k, a[i*lda:], lda, p, t[:], TileN, fresh)
			tileStore(&t, h, w, q, ldc)
		}
	}
}

func checkTile(n, k int, b []float64) {
	if k < 0 || len(b) < TileLenB(k, n) {
		panic("simd: tile: B is not a packed k×n matrix")
	}
}

// tileEmpty is a product of depth 0.
func tileEmpty(m, n int, c []float64, ldc int, fresh bool) {
	for i := 0; i < m && fresh; i++ {
		clear(c[i*ldc : i*ldc+n])
	}
}

// tileLoad copies the h×w corner of C into a tile whose other elements are zero.
func tileLoad(t *[TileM * TileN]float64, h, w int, c []float64, ldc int, fresh bool) {
	if fresh {
		return
	}
	for i := range h {
		copy(t[i*TileN:i*TileN+w], c[i*ldc:])
	}
}

func tileStore(t *[TileM * TileN]float64, h, w int, c []float64, ldc int) {
	for i := range h {
		copy(c[i*ldc:i*ldc+w], t[i*TileN:])
	}
}
