package simd

import "math"

// jetScalar is Jet for the neurons lo … hi-1.
func jetScalar(lo, hi, d int, sec Seconds, s1, s2, z, a []float64, stride int) {
	for j := lo; j < hi; j++ {
		s := s1[j]
		for c := j + stride; c <= j+d*stride; c += stride {
			a[c] = s * z[c]
		}
		switch l := j + (d+1)*stride; sec {
		case Laplace:
			var q float64
			for c := j + stride; c < l; c += stride {
				q = math.FMA(z[c], z[c], q)
			}
			a[l] = math.FMA(q, s2[j], float64(s*z[l]))
		case Diagonal, Hessian:
			jetSeconds1(j, d, sec, s, s2[j], z, a, stride)
		}
	}
}

// jetSeconds1 is the second derivatives of neuron j, with its slopes: all in the rows i, or the first of each.
func jetSeconds1(j, d int, sec Seconds, s1, s2 float64, z, a []float64, stride int) {
	l, last := j+(d+1)*stride, j+d*stride
	for i := j + stride; i <= last; i += stride {
		m, end := float64(s2*z[i]), last
		if sec == Diagonal {
			end = i
		}
		for k := i; k <= end; k += stride {
			a[l] = math.FMA(m, z[k], float64(s1*z[l]))
			l += stride
		}
	}
}

// jetAdjointScalar is JetAdjoint for the neurons lo … hi-1.
func jetAdjointScalar(lo, hi, d int, sec Seconds, s1, s2, s3, z, g []float64, stride int) {
	if sec.Channels(d) == 1 {
		for j := lo; j < hi; j++ {
			g[j] = s1[j] * g[j]
		}
		return
	}
	for j := lo; j < hi; j++ {
		switch sec {
		case NoSeconds:
			u := jetAdjointFirsts1(j, d, s1[j], z, g, stride)
			g[j] = math.FMA(s2[j], u, float64(s1[j]*g[j]))
		case Laplace:
			jetAdjointLaplace1(j, d, s1[j], s2[j], s3[j], z, g, stride)
		default:
			jetAdjointSeconds1(j, d, sec, s1[j], s2[j], s3[j], z, g, stride)
		}
	}
}

// jetAdjointFirsts1 multiplies the first derivatives of neuron j by s1 and returns Σ_i z_i g_i of before.
func jetAdjointFirsts1(j, d int, s1 float64, z, g []float64, stride int) (u float64) {
	for c := j + stride; c <= j+d*stride; c += stride {
		u = math.FMA(z[c], g[c], u)
		g[c] = s1 * g[c]
	}
	return u
}

func jetAdjointLaplace1(j, d int, s1, s2, s3 float64, z, g []float64, stride int) {
	l := j + (d+1)*stride
	e := float64(s2 * g[l])
	e += e
	var q, u float64
	for c := j + stride; c < l; c += stride {
		q = math.FMA(z[c], z[c], q)
		u = math.FMA(z[c], g[c], u)
		g[c] = math.FMA(e, z[c], float64(s1*g[c]))
	}
	g0 := math.FMA(s2, u, float64(s1*g[j]))
	w := math.FMA(z[l], s2, float64(s3*q))
	g[j] = math.FMA(g[l], w, g0)
	g[l] = s1 * g[l]
}

// jetAdjointSeconds1 is Diagonal and Hessian. With y_i the bracket of g_i, Σ_{i≤j} z_i z_j g_ij is half of Σ_i z_i y_i.
func jetAdjointSeconds1(j, d int, sec Seconds, s1, s2, s3 float64, z, g []float64, stride int) {
	var u, w float64
	last := j + d*stride
	for i := range d {
		c := j + (1+i)*stride
		u = math.FMA(z[c], g[c], u)
		y := jetAdjointBracket1(j, i, d, sec, z, g, stride)
		w = math.FMA(z[c], y, w)
		g[c] = math.FMA(s2, y, float64(s1*g[c]))
	}
	for c := last + stride; c < j+sec.Channels(d)*stride; c += stride {
		u = math.FMA(z[c], g[c], u)
		g[c] = s1 * g[c]
	}
	g0 := math.FMA(s2, u, float64(s1*g[j]))
	g[j] = math.FMA(s3, float64(0.5*w), g0)
}

// jetAdjointBracket1 returns y_i, i from 0: twice the diagonal first, then j < i, which go down column i of the rows
// above, then j > i, along row i.
func jetAdjointBracket1(j, i, d int, sec Seconds, z, g []float64, stride int) float64 {
	zi, second := j+(1+i)*stride, j+(1+d)*stride
	row := i
	if sec == Hessian {
		row = i * (2*d - i + 1) / 2
	}
	y := float64(z[zi] * g[second+row*stride])
	y += y
	if sec == Diagonal {
		return y
	}
	for k, c := 0, second+i*stride; k < i; k++ {
		y = math.FMA(z[j+(1+k)*stride], g[c], y)
		c += (d - 1 - k) * stride
	}
	for k := i + 1; k < d; k++ {
		y = math.FMA(z[j+(1+k)*stride], g[second+(row+k-i)*stride], y)
	}
	return y
}

func tanhSlopesScalar(s1, s2, s3, t []float64) {
	for i, v := range t {
		s := math.FMA(-v, v, 1)
		r := math.FMA(6, float64(v*v), -2)
		s1[i] = s
		s2[i] = -2 * float64(v*s)
		s3[i] = s * r
	}
}
