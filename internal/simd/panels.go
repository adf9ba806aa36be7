package simd

// MulPanels computes C = init + A·B on padded rows: C[i][j] = init[j] + Σ_l A[i][l]·B[l][j] for j < Pad(n), as one chain
// of fused multiply-adds over l that starts from init. It is one layer of a network: A the inputs of m points, B = Wᵀ.
//
// A is m×k row-major, leading dimension lda; B is packed k×n; init has Pad(n) elements, nil is zero; C is m×n on padded
// rows and is overwritten. C must not overlap the others. 2·m·n·k flops.
func MulPanels(m, n, k int, a []float64, lda int, b, init, c []float64, ldc int) {
	check(fits(a, m, k, lda) && n >= 0 && len(b) >= PackedLen(k, n) && (init == nil || len(init) >= Pad(n)) &&
		fits(c, m, Pad(n), ldc), "simd: MulPanels: short slice")
	if m > 0 && n > 0 {
		mulPanels(m, n, k, a, lda, b, init, c, ldc)
	}
}

// DotPanels adds the row-wise products of init + A·B with D to lanes: panel by panel, and within a panel for all rows,
//
//	lanes[8i+q] ← fma((init + A·B)[i][8j+q], D[i][8j+q], lanes[8i+q]),
//
// with the product as in [MulPanels]. [SumLanes] then gives Σ_j (init + A·B)[i][j]·D[i][j]. It is T·v for the rows of a
// layer: A its input channel, B the tangent of Wᵀ, D the adjoint channel. The product itself is not stored.
//
// A is m×k row-major, B packed k×n, init has Pad(n) elements (nil is zero), D is m×n on padded rows, lanes has 8·m
// elements and is read and written; calls for several channels accumulate in the order of the calls. pf may be nil.
// 2·m·n·(k+1) flops.
func DotPanels(m, n, k int, a []float64, lda int, b, init, d []float64, ldd int, lanes []float64, pf *Prefetch) {
	check(fits(a, m, k, lda) && n >= 0 && len(b) >= PackedLen(k, n) && (init == nil || len(init) >= Pad(n)) &&
		fits(d, m, Pad(n), ldd) && len(lanes) >= Lanes*m, "simd: DotPanels: short slice")
	if m > 0 && n > 0 {
		dotPanels(m, n, k, a, lda, b, init, d, ldd, lanes, pf)
	}
}

// TransPanels computes C += Aᵀ·B on padded rows: C[i][j] ← C[i][j] + Σ_l A[l][i]·B[l][j] for j < Pad(n), the sum a chain
// of fused multiply-adds over l that starts from zero. It is Tᵀ·y for a layer: A the input channels of k samples, B the
// packed y∘δ of [ScalePack].
//
// A is k×m row-major, leading dimension lda; B is packed k×n; C is m×n on padded rows, and unchanged where k is 0. C must
// not overlap the others. pf may be nil. 2·m·n·k flops.
func TransPanels(m, n, k int, a []float64, lda int, b, c []float64, ldc int, pf *Prefetch) {
	check(fits(a, k, m, lda) && n >= 0 && len(b) >= PackedLen(k, n) && fits(c, m, Pad(n), ldc),
		"simd: TransPanels: short slice")
	if m > 0 && n > 0 && k > 0 {
		transPanels(m, n, k, a, lda, b, c, ldc, pf)
	}
}
