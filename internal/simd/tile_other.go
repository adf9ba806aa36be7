//go:build !amd64

package simd

func tilePacked(m, k int, a, b, c []float64, ldc int, fresh bool) {
	tilePackedScalar(m, k, a, b, c, ldc, fresh)
}

func tileRows(m, k int, a []float64, lda int, b, c []float64, ldc int, fresh bool) {
	tileRowsScalar(m, k, a, lda, b, c, ldc, fresh)
}

func tileSolve(m, w int, u *[TileN * TileN]float64, x []float64, ldx int, backward bool) {
	tileSolveScalar(m, w, u, x, ldx, backward)
}
