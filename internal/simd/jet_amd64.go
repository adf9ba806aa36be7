package simd

// neuronBlock returns how many neurons of c channels one assembly call takes: a multiple of 8. It changes no bit.
func neuronBlock(c int) int { return max(8, callElements/c&^7) }

// fours returns how many of n neurons the vector form takes.
func fours(n int) int {
	if !vector {
		return 0
	}
	return n &^ 3
}

// given returns the address of x[i], or any address where x, which the kernel then does not read, is too short.
func given(x []float64, i int) *float64 {
	if i >= len(x) {
		return &zeros[0]
	}
	return &x[i]
}

func jet(n, d int, sec Seconds, s1, s2, z, a []float64, stride int) {
	full, block := fours(n), neuronBlock(sec.Channels(d))
	for i := 0; i < full; i += block {
		m, second := min(block, full-i), given(s2, i)
		switch sec {
		case NoSeconds:
			jetFirstsAVX2(m, d, &s1[i], second, &z[i], &a[i], 8*stride)
		case Laplace:
			jetLaplaceAVX2(m, d, &s1[i], second, &z[i], &a[i], 8*stride)
		case Diagonal:
			jetDiagonalAVX2(m, d, &s1[i], second, &z[i], &a[i], 8*stride)
		case Hessian:
			jetHessianAVX2(m, d, &s1[i], second, &z[i], &a[i], 8*stride)
		}
	}
	jetScalar(full, n, d, sec, s1, s2, z, a, stride)
}

func jetAdjoint(n, d int, sec Seconds, s1, s2, s3, z, g []float64, stride int) {
	c := sec.Channels(d)
	full, block := fours(n), neuronBlock(c)
	if c == 1 {
		sec = NoSeconds
	}
	for i := 0; i < full; i += block {
		m, second, third := min(block, full-i), given(s2, i), given(s3, i)
		switch sec {
		case NoSeconds:
			jetAdjointFirstsAVX2(m, d, &s1[i], second, third, &z[i], &g[i], 8*stride)
		case Laplace:
			jetAdjointLaplaceAVX2(m, d, &s1[i], second, third, &z[i], &g[i], 8*stride)
		case Diagonal:
			jetAdjointDiagonalAVX2(m, d, &s1[i], second, third, &z[i], &g[i], 8*stride)
		case Hessian:
			jetAdjointHessianAVX2(m, d, &s1[i], second, third, &z[i], &g[i], 8*stride)
		}
	}
	jetAdjointScalar(full, n, d, sec, s1, s2, s3, z, g, stride)
}

func tanhSlopes(s1, s2, s3, t []float64) {
	full := fours(len(t))
	if full > 0 {
		tanhSlopesAVX2(full, &s1[0], &s2[0], &s3[0], &t[0])
	}
	tanhSlopesScalar(s1[full:], s2[full:], s3[full:], t[full:])
}
