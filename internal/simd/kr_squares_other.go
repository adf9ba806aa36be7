//go:build !amd64

package simd

func outerSquares(n, m, w, c int, d []float64, ds, dp int, a []float64, as, ap int, dst []float64) {
	outerSquaresScalar(n, m, w, c, d, ds, dp, a, as, ap, dst)
}
