package simd

// TileLenA is the length of an m×k matrix packed by TilePackA: ⌈m/6⌉ panels of 6k numbers.
func TileLenA(m, k int) int { return (m + TileM - 1) / TileM * TileM * k }

// TileLenB is the length of a k×n matrix packed by TilePackB: ⌈n/8⌉ panels of 8k numbers.
func TileLenB(k, n int) int { return (n + TileN - 1) / TileN * TileN * k }

// Of an empty matrix the packing functions read nothing, for its rows may begin past the end of its slice.

// TilePackA packs A (m×k, row-major) into panels of six rows, k-major: panel p holds a_{6p+i,l} at 6l+i. Rows that the
// last panel lacks are zeros.
func TilePackA(dst []float64, m, k int, a []float64, lda int) {
	if k == 0 {
		return
	}
	for i := 0; i < m; i += TileM {
		interleave6(dst[i*k:(i+TileM)*k], min(TileM, m-i), k, a[i*lda:], lda)
	}
}

// TilePackAT is TilePackA for A given as its transpose (k×m, row-major).
func TilePackAT(dst []float64, m, k int, at []float64, lda int) {
	if k == 0 {
		return
	}
	i := 0
	for ; i+4*TileM <= m; i += 4 * TileM {
		deal6(dst[i*k:(i+4*TileM)*k], k, at[i:], lda)
	}
	for ; i < m; i += TileM {
		deal(dst[i*k:(i+TileM)*k], min(TileM, m-i), TileM, k, at[i:], lda)
	}
}

// TilePackB packs α·B (B k×n, row-major) into panels of eight columns, k-major: panel p holds α·b_{l,8p+j} at 8l+j.
// Columns that the last panel lacks are zeros.
func TilePackB(dst []float64, k, n int, alpha float64, b []float64, ldb int) {
	if k == 0 {
		return
	}
	j := 0
	for ; j+4*TileN <= n; j += 4 * TileN {
		deal8(dst[j*k:(j+4*TileN)*k], k, b[j:], ldb)
	}
	for ; j < n; j += TileN {
		deal(dst[j*k:(j+TileN)*k], min(TileN, n-j), TileN, k, b[j:], ldb)
	}
	scalePanel(dst[:TileLenB(k, n)], alpha)
}

// deal8 deals the first 32 elements of k rows to four panels of eight columns: the rows are read in whole cache lines
// that follow one another, and few enough panels are written at a time for L1 to hold their lines.
func deal8(p []float64, k int, b []float64, ldb int) {
	for l := range k {
		s := (*[4 * TileN]float64)(b[l*ldb:])
		for q := range 4 {
			x, d := (*[TileN]float64)(s[q*TileN:]), (*[TileN]float64)(p[(q*k+l)*TileN:])
			d[0], d[1], d[2], d[3] = x[0], x[1], x[2], x[3] // not as arrays: that would call memmove
			d[4], d[5], d[6], d[7] = x[4], x[5], x[6], x[7]
		}
	}
}

// deal6 is deal8 for panels of six.
func deal6(p []float64, k int, b []float64, ldb int) {
	for l := range k {
		s := (*[4 * TileM]float64)(b[l*ldb:])
		for q := range 4 {
			x, d := (*[TileM]float64)(s[q*TileM:]), (*[TileM]float64)(p[(q*k+l)*TileM:])
			d[0], d[1], d[2], d[3], d[4], d[5] = x[0], x[1], x[2], x[3], x[4], x[5]
		}
	}
}

// deal fills one panel, w of its columns from the rows of b, the rest with zeros.
func deal(p []float64, w, width, k int, b []float64, ldb int) {
	if w < width {
		clear(p)
	}
	for l := range k {
		for i, v := range b[l*ldb : l*ldb+w] {
			p[l*width+i] = v
		}
	}
}

// TilePackBT is TilePackB for B given as its transpose (n×k, row-major).
func TilePackBT(dst []float64, k, n int, alpha float64, bt []float64, ldb int) {
	if k == 0 {
		return
	}
	for j := 0; j < n; j += TileN {
		p := dst[j*k : (j+TileN)*k]
		interleave8(p, min(TileN, n-j), k, bt[j*ldb:], ldb)
		scalePanel(p, alpha)
	}
}

func scalePanel(p []float64, alpha float64) {
	if alpha == 1 {
		return
	}
	for i, v := range p {
		p[i] = alpha * v
	}
}

// interleave6 writes w ≤ 6 rows of length k side by side; the missing ones as zeros.
func interleave6(p []float64, w, k int, a []float64, lda int) {
	if w < TileM {
		interleave(p, w, TileM, k, a, lda)
		return
	}
	r0, r1, r2 := a[:k], a[lda:][:k], a[2*lda:][:k]
	r3, r4, r5 := a[3*lda:][:k], a[4*lda:][:k], a[5*lda:][:k]
	for l := range k {
		q := (*[TileM]float64)(p[l*TileM:])
		q[0], q[1], q[2], q[3], q[4], q[5] = r0[l], r1[l], r2[l], r3[l], r4[l], r5[l]
	}
}

// interleave8 is interleave6 for eight rows.
func interleave8(p []float64, w, k int, a []float64, lda int) {
	if w < TileN {
		interleave(p, w, TileN, k, a, lda)
		return
	}
	r0, r1, r2, r3 := a[:k], a[lda:][:k], a[2*lda:][:k], a[3*lda:][:k]
	r4, r5, r6, r7 := a[4*lda:][:k], a[5*lda:][:k], a[6*lda:][:k], a[7*lda:][:k]
	for l := range k {
		q := (*[TileN]float64)(p[l*TileN:])
		q[0], q[1], q[2], q[3] = r0[l], r1[l], r2[l], r3[l]
		q[4], q[5], q[6], q[7] = r4[l], r5[l], r6[l], r7[l]
	}
}

func interleave(p []float64, w, width, k int, a []float64, lda int) {
	clear(p)
	for i := range w {
		for l, v := range a[i*lda : i*lda+k] {
			p[l*width+i] = v
		}
	}
}
