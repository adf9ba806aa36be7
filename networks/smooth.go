package networks

import "ngdbench/internal/simd"

// Smooth is an activation of one's own, given by its value and first three derivatives. The chain rule for the channels is
// done here; tanh and sine have kernels of their own, which are faster.
type Smooth struct {
	Title string // its name in messages
	// Slopes computes s0 = σ(z), s1 = σ′(z), s2 = σ″(z) and s3 = σ‴(z). They must depend on z alone, and several workers
	// call it at the same time.
	Slopes func(z float64) (s0, s1, s2, s3 float64)
}

// Name is Title.
func (a Smooth) Name() string { return a.Title }

func (a Smooth) Jet(s Shape, n int, z, out []float64, stride int) {
	var s1, s2 [chunk]float64
	for lo := 0; lo < n; lo += chunk {
		m := min(chunk, n-lo)
		for i, v := range z[lo:][:m] {
			out[lo+i], s1[i], s2[i], _ = a.Slopes(v)
		}
		simd.Jet(m, s.firsts(), s.seconds(), s1[:m], s2[:m], z[lo:], out[lo:], stride)
	}
}

func (a Smooth) Adjoint(s Shape, n int, z, _, g []float64, stride int) {
	var s1, s2, s3 [chunk]float64
	for lo := 0; lo < n; lo += chunk {
		m := min(chunk, n-lo)
		for i, v := range z[lo:][:m] {
			_, s1[i], s2[i], s3[i] = a.Slopes(v)
		}
		simd.JetAdjoint(m, s.firsts(), s.seconds(), s1[:m], s2[:m], s3[:m], z[lo:], g[lo:], stride)
	}
}
