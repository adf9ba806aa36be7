package simd

import "math"

func scalePackScalar(n, w int, y, d []float64, ldd int, dst []float64, k, k0 int) {
	for i, s := range y[:n] {
		for j := 0; j < w; j += Lanes {
			p, e := (*[Lanes]float64)(dst[j*k+(k0+i)*Lanes:]), (*[Lanes]float64)(d[i*ldd+j:])
			for q := range p {
				p[q] = s * e[q]
			}
		}
	}
}

func scaleAccScalar(n, w int, y, d []float64, ldd int, out []float64) {
	for j := range w {
		var s float64
		for i, v := range y[:n] {
			s = math.FMA(v, d[i*ldd+j], s)
		}
		out[j] += s
	}
}

func addScalar(dst, x []float64) {
	for i, v := range x {
		dst[i] += v
	}
}

func axpyScalar(dst []float64, alpha float64, x []float64) {
	for i, v := range x {
		dst[i] = math.FMA(alpha, v, dst[i])
	}
}

// dotScalar adds x[i]·y[i] to lane i mod 8 of q.
func dotScalar(q *[Lanes]float64, x, y []float64) {
	for i, v := range x {
		q[i%Lanes] = math.FMA(v, y[i], q[i%Lanes])
	}
}
