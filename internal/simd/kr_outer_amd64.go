package simd

func outerSum(m, n, c int, d []float64, ds int, a []float64, as int, dst []float64) {
	switch {
	case !vector:
		outerSumScalar(m, n, c, d, ds, a, as, dst)
	case n <= 4 && c <= 4:
		outerSumNarrowAVX2(m, n, c, &d[0], 8*ds, &a[0], 8*as, &dst[0])
	default:
		full := 0
		if n%Lanes == 0 && m >= 4 {
			full = m &^ 3
			outerSumAVX2(full, n, c, &d[0], 8*ds, &a[0], 8*as, &dst[0])
		}
		if full < m {
			outerSumRowAVX2(m-full, n, c, &d[full], 8*ds, &a[0], 8*as, &dst[full*n])
		}
	}
}

func mulAcc(dst, x, y []float64) {
	full := eights(len(x))
	if full > 0 {
		mulAccAVX2(full, &dst[0], &x[0], &y[0])
	}
	mulAccScalar(dst[full:], x[full:], y[full:])
}
