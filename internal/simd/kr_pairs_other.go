//go:build !amd64

package simd

func pairDots(n, c, w int, x []float64, ld, cs int, dst []float64) {
	pairDotsScalar(n, c, w, x, ld, cs, dst)
}
