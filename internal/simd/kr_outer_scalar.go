package simd

import "math"

func outerSumScalar(m, n, c int, d []float64, ds int, a []float64, as int, dst []float64) {
	for j := range m {
		row := dst[j*n:][:n]
		for i, v := range a[:n] {
			row[i] = math.FMA(d[j], v, 0)
		}
		for k := 1; k < c; k++ {
			s := d[k*ds+j]
			for i, v := range a[k*as:][:n] {
				row[i] = math.FMA(s, v, row[i])
			}
		}
	}
}

func mulAccScalar(dst, x, y []float64) {
	for i, v := range x {
		dst[i] = math.FMA(v, y[i], dst[i])
	}
}
