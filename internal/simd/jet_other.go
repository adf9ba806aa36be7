//go:build !amd64

package simd

func jet(n, d int, sec Seconds, s1, s2, z, a []float64, stride int) {
	jetScalar(0, n, d, sec, s1, s2, z, a, stride)
}

func jetAdjoint(n, d int, sec Seconds, s1, s2, s3, z, g []float64, stride int) {
	jetAdjointScalar(0, n, d, sec, s1, s2, s3, z, g, stride)
}

func tanhSlopes(s1, s2, s3, t []float64) { tanhSlopesScalar(s1, s2, s3, t) }
