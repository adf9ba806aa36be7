package simd

import "math"

// TileSolve solves x U = x for the m rows of X (m×w, w ≤ 8, row-major) in place, U a w×w triangle given in u as 8×8
// row-major: −u_ij off the diagonal, u_jj on it. U is upper and columns are eliminated upwards, or, with backward,
// lower and eliminated downwards:
//
//	x_j = fma(x_i, −u_ij, … x_j) / u_jj,  i = 0 … j−1 in this order, or i = w−1 … j+1.
//
// One column after the other: as backward stable as a dense substitution. Elements of u outside the triangle are not read.
func TileSolve(m, w int, u *[TileN * TileN]float64, x []float64, ldx int, backward bool) {
	if m <= 0 || w <= 0 {
		return
	}
	if w > TileN || ldx < w || len(x) < (m-1)*ldx+w {
		panic("simd: TileSolve: bad size")
	}
	tileSolve(m, w, u, x, ldx, backward)
}

func tileSolveScalar(m, w int, u *[TileN * TileN]float64, x []float64, ldx int, backward bool) {
	for i := range m {
		r := x[i*ldx : i*ldx+w]
		if backward {
			solveDown(r, u)
		} else {
			solveUp(r, u)
		}
	}
}

func solveUp(x []float64, u *[TileN * TileN]float64) {
	for i := range x {
		x[i] /= u[i*TileN+i]
		for j := i + 1; j < len(x); j++ {
			x[j] = math.FMA(x[i], u[i*TileN+j], x[j])
		}
	}
}

func solveDown(x []float64, u *[TileN * TileN]float64) {
	for i := len(x) - 1; i >= 0; i-- {
		x[i] /= u[i*TileN+i]
		for j := range i {
			x[j] = math.FMA(x[i], u[i*TileN+j], x[j])
		}
	}
}
