package simd

import "math"

var zeros [Lanes]float64

// start returns the eight numbers at column j of init.
func start(init []float64, j int) *[Lanes]float64 {
	if init == nil {
		return &zeros
	}
	return (*[Lanes]float64)(init[j:])
}

func mulPanelsScalar(m, n, k int, a []float64, lda int, b, init, c []float64, ldc int) {
	for j := 0; j < n; j += Lanes {
		panel, s := b[j*k:(j+Lanes)*k], start(init, j)
		for i := range m {
			*(*[Lanes]float64)(c[i*ldc+j:]) = chain(s, row(a, i, lda, k), panel)
		}
	}
}

func dotPanelsScalar(m, n, k int, a []float64, lda int, b, init, d []float64, ldd int, lanes []float64) {
	for j := 0; j < n; j += Lanes {
		panel, s := b[j*k:(j+Lanes)*k], start(init, j)
		for i := range m {
			x := chain(s, row(a, i, lda, k), panel)
			p, e := (*[Lanes]float64)(lanes[i*Lanes:]), (*[Lanes]float64)(d[i*ldd+j:])
			for q := range p {
				p[q] = math.FMA(x[q], e[q], p[q])
			}
		}
	}
}

func transPanelsScalar(m, n, k int, a []float64, lda int, b, c []float64, ldc int) {
	for j := 0; j < n; j += Lanes {
		panel := b[j*k : (j+Lanes)*k]
		for i := range m {
			x := chainT(a[i:], lda, panel)
			p := (*[Lanes]float64)(c[i*ldc+j:])
			for q := range p {
				p[q] += x[q]
			}
		}
	}
}

// chain returns s + Σ_l a[l]·panel[l], eight chains of fused multiply-adds side by side.
func chain(s *[Lanes]float64, a, panel []float64) [Lanes]float64 {
	s0, s1, s2, s3, s4, s5, s6, s7 := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	for _, x := range a {
		b := (*[Lanes]float64)(panel)
		s0, s1 = math.FMA(x, b[0], s0), math.FMA(x, b[1], s1)
		s2, s3 = math.FMA(x, b[2], s2), math.FMA(x, b[3], s3)
		s4, s5 = math.FMA(x, b[4], s4), math.FMA(x, b[5], s5)
		s6, s7 = math.FMA(x, b[6], s6), math.FMA(x, b[7], s7)
		panel = panel[Lanes:]
	}
	return [Lanes]float64{s0, s1, s2, s3, s4, s5, s6, s7}
}

// chainT is chain from zero with the factors at a[0], a[lda], a[2·lda], …, one for each row of the panel.
func chainT(a []float64, lda int, panel []float64) [Lanes]float64 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float64
	for l := 0; len(panel) >= Lanes; l += lda {
		x, b := a[l], (*[Lanes]float64)(panel)
		s0, s1 = math.FMA(x, b[0], s0), math.FMA(x, b[1], s1)
		s2, s3 = math.FMA(x, b[2], s2), math.FMA(x, b[3], s3)
		s4, s5 = math.FMA(x, b[4], s4), math.FMA(x, b[5], s5)
		s6, s7 = math.FMA(x, b[6], s6), math.FMA(x, b[7], s7)
		panel = panel[Lanes:]
	}
	return [Lanes]float64{s0, s1, s2, s3, s4, s5, s6, s7}
}
