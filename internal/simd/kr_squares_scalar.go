package simd

import "math"

func outerSquaresScalar(n, m, w, c int, d []float64, ds, dp int, a []float64, as, ap int, dst []float64) {
	for j := range m {
		row := dst[j*w:][:w]
		for p := range n {
			e, b := d[p*dp+j:], a[p*ap:]
			for i := range row {
				t := float64(e[0] * b[i])
				for r := 1; r < c; r++ {
					t = math.FMA(e[r*ds], b[r*as+i], t)
				}
				row[i] = math.FMA(t, t, row[i])
			}
		}
	}
}
