//go:build !amd64

package simd

func outerSum(m, n, c int, d []float64, ds int, a []float64, as int, dst []float64) {
	outerSumScalar(m, n, c, d, ds, a, as, dst)
}

func mulAcc(dst, x, y []float64) { mulAccScalar(dst, x, y) }
