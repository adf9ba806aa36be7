package simd

// The assembly runs over all rows of one panel of B per call; see gen/tile.go.

func tilePacked(m, k int, a, b, c []float64, ldc int, fresh bool) {
	if !vector {
		tilePackedScalar(m, k, a, b, c, ldc, fresh)
		return
	}
	tilePackedAVX2(m, k, &a[0], &b[0], &c[0], ldc, truth(fresh))
}

func tileRows(m, k int, a []float64, lda int, b, c []float64, ldc int, fresh bool) {
	if !vector {
		tileRowsScalar(m, k, a, lda, b, c, ldc, fresh)
		return
	}
	tileRowsAVX2(m, k, &a[0], lda, &b[0], &c[0], ldc, truth(fresh))
}

// tileSolve leaves narrow panels and up to three last rows to the twin.
func tileSolve(m, w int, u *[TileN * TileN]float64, x []float64, ldx int, backward bool) {
	four := m &^ 3
	if !vector || w < TileN || four == 0 {
		tileSolveScalar(m, w, u, x, ldx, backward)
		return
	}
	if backward {
		tileSolveDownAVX2(four, &u[0], &x[0], ldx)
	} else {
		tileSolveUpAVX2(four, &u[0], &x[0], ldx)
	}
	if four < m {
		tileSolveScalar(m-four, w, u, x[four*ldx:], ldx, backward)
	}
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
