package simd

// outerSquares goes by strips of eight columns; what is left of them takes vectors with a mask.
func outerSquares(n, m, w, c int, d []float64, ds, dp int, a []float64, as, ap int, dst []float64) {
	if !vector {
		outerSquaresScalar(n, m, w, c, d, ds, dp, a, as, ap, dst)
		return
	}
	block := rowBlock(callElements, n*c)
	for i := 0; i < w; i += Lanes {
		for j := 0; j < m; j += block {
			rows, x, y, z := min(block, m-j), &d[j], &a[i], &dst[j*w+i]
			switch k := w - i; {
			case k >= Lanes:
				outerSquaresAVX2(rows, n, c, x, 8*ds, 8*dp, y, 8*as, 8*ap, z, 8*w, nil)
			case k > 4:
				outerSquaresPairAVX2(rows, n, c, x, 8*ds, 8*dp, y, 8*as, 8*ap, z, 8*w, &some[Lanes-(k-4)])
			default:
				outerSquaresSingleAVX2(rows, n, c, x, 8*ds, 8*dp, y, 8*as, 8*ap, z, 8*w, &some[Lanes-k])
			}
		}
	}
}
