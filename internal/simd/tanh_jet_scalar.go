package simd

import "math"

// tanhJetScalar is TanhJet for the neurons lo … hi-1.
func tanhJetScalar(lo, hi, d int, lap bool, z, a []float64, stride int) {
	for j := lo; j < hi; j++ {
		t := tanh1(z[j])
		a[j] = t
		s1 := math.FMA(-t, t, 1)
		var q float64
		for c := j + stride; c <= j+d*stride; c += stride {
			q = math.FMA(z[c], z[c], q)
			a[c] = s1 * z[c]
		}
		if l := j + (d+1)*stride; lap {
			s2 := float64(t * s1)
			s2 += s2
			a[l] = math.FMA(-q, s2, float64(s1*z[l]))
		}
		if s1 == 0 {
			saturate(j, d, lap, z, a, stride)
		}
	}
}

// saturate makes the derivatives of a neuron with t′ = 0 zero where 0·∞ made them NaN, and leaves what a NaN made.
func saturate(j, d int, lap bool, z, a []float64, stride int) {
	nan := false
	for c := j + stride; c <= j+d*stride; c += stride {
		if math.IsNaN(z[c]) {
			nan = true
		} else if math.IsNaN(a[c]) {
			a[c] = 0
		}
	}
	if l := j + (d+1)*stride; lap && !nan && !math.IsNaN(z[l]) && math.IsNaN(a[l]) {
		a[l] = 0
	}
}

// tanhJetAdjointScalar is TanhJetAdjoint for the neurons lo … hi-1.
func tanhJetAdjointScalar(lo, hi, d int, lap bool, z, a, g []float64, stride int) {
	last := (channels(d, lap) - 1) * stride
	for j := lo; j < hi; j++ {
		s1 := math.FMA(-a[j], a[j], 1)
		clean := s1 == 0 && !anyNaN(z[j:], last, stride) && !anyNaN(g[j:], last, stride)
		tanhJetAdjoint1(j, d, lap, a[j], s1, z, g, stride)
		for c := j; clean && c <= j+last; c += stride {
			if math.IsNaN(g[c]) { // 0·∞ with t′ = 0
				g[c] = 0
			}
		}
	}
}

// tanhJetAdjoint1 is the formula for neuron j, with t and t′ = s1.
func tanhJetAdjoint1(j, d int, lap bool, t, s1 float64, z, g []float64, stride int) {
	s2 := float64(-2 * float64(t*s1))
	var q, u float64
	for c := j + stride; c <= j+d*stride; c += stride {
		q = math.FMA(z[c], z[c], q)
		u = math.FMA(z[c], g[c], u)
	}
	g[j] = math.FMA(s2, u, float64(s1*g[j]))
	if !lap {
		for c := j + stride; c <= j+d*stride; c += stride {
			g[c] = s1 * g[c]
		}
		return
	}
	l := j + (d+1)*stride
	s3 := float64(s1 * math.FMA(6, float64(t*t), -2))
	w := math.FMA(z[l], s2, float64(s3*q))
	g[j] = math.FMA(g[l], w, g[j])
	e := float64(s2 * g[l])
	e += e
	for c := j + stride; c <= j+d*stride; c += stride {
		g[c] = math.FMA(e, z[c], float64(s1*g[c]))
	}
	g[l] = s1 * g[l]
}

// anyNaN says whether one of x[0], x[stride], …, x[last] is NaN.
func anyNaN(x []float64, last, stride int) bool {
	for c := 0; c <= last; c += stride {
		if math.IsNaN(x[c]) {
			return true
		}
	}
	return false
}
