package networks

import "ngdbench/internal/simd"

// Activation is σ with its point derivatives. Channel c of z, a and g starts at c·stride and has n neurons; the shape
// says which channels there are. Implementations have no state: several workers call one value at the same time.
//
// A padding neuron has z = 0 in every channel; σ(0) may be anything there, since what multiplies it is zero.
type Activation interface {
	// Name is its part in the grammar of Parse.
	Name() string
	// Jet computes the channels of a = σ(z) from those of z.
	Jet(s Shape, n int, z, a []float64, stride int)
	// Adjoint replaces the partial derivatives g with respect to the channels of a by those with respect to the
	// channels of z; a holds what Jet made of z.
	Adjoint(s Shape, n int, z, a, g []float64, stride int)
}

// activations are those that Parse knows.
var activations = []Activation{Tanh{}, Sine{}}

func activation(name string) (Activation, bool) {
	for _, a := range activations {
		if a.Name() == name {
			return a, true
		}
	}
	return nil, false
}

func activationNames() []string {
	names := make([]string, len(activations))
	for i, a := range activations {
		names[i] = a.Name()
	}
	return names
}

// chunk is the number of neurons whose slopes σ′, σ″, σ‴ are held at once, on the stack.
const chunk = 256

// Tanh is the hyperbolic tangent.
type Tanh struct{}

func (Tanh) Name() string { return "tanh" }

// fused reports whether the kernels have one pass for the channels of s.
func fused(s Shape) bool { return s.Order <= Laplacian }

func (Tanh) Jet(s Shape, n int, z, a []float64, stride int) {
	if fused(s) {
		simd.TanhJet(n, s.firsts(), s.Order == Laplacian, z, a, stride)
		return
	}
	simd.Tanh(a[:n], z[:n])
	var s1, s2, s3 [chunk]float64
	for lo := 0; lo < n; lo += chunk {
		m := min(chunk, n-lo)
		simd.TanhSlopes(s1[:m], s2[:m], s3[:m], a[lo:][:m])
		simd.Jet(m, s.firsts(), s.seconds(), s1[:m], s2[:m], z[lo:], a[lo:], stride)
	}
}

func (Tanh) Adjoint(s Shape, n int, z, a, g []float64, stride int) {
	if fused(s) {
		simd.TanhJetAdjoint(n, s.firsts(), s.Order == Laplacian, z, a, g, stride)
		return
	}
	var s1, s2, s3 [chunk]float64
	for lo := 0; lo < n; lo += chunk {
		m := min(chunk, n-lo)
		simd.TanhSlopes(s1[:m], s2[:m], s3[:m], a[lo:][:m])
		simd.JetAdjoint(m, s.firsts(), s.seconds(), s1[:m], s2[:m], s3[:m], z[lo:], g[lo:], stride)
	}
}

// Sine is sin z, for solutions that oscillate. The weights of the first layer set the frequencies.
//
// Source: Sitzmann et al. (2020), Implicit neural representations with periodic activation functions, arXiv 2006.09661,
// without the factor ω₀ of that paper, which an initialisation can take over.
type Sine struct{}

func (Sine) Name() string { return "sine" }

func (Sine) Jet(s Shape, n int, z, a []float64, stride int) {
	var s1, s2 [chunk]float64
	for lo := 0; lo < n; lo += chunk {
		m := min(chunk, n-lo)
		simd.SinCos(a[lo:][:m], s1[:m], z[lo:][:m])
		negate(s2[:m], a[lo:])
		simd.Jet(m, s.firsts(), s.seconds(), s1[:m], s2[:m], z[lo:], a[lo:], stride)
	}
}

// Adjoint computes the cosines again, for a holds the sines alone.
func (Sine) Adjoint(s Shape, n int, z, a, g []float64, stride int) {
	var s0, s1, s2, s3 [chunk]float64
	for lo := 0; lo < n; lo += chunk {
		m := min(chunk, n-lo)
		simd.SinCos(s0[:m], s1[:m], z[lo:][:m])
		negate(s2[:m], s0[:])
		negate(s3[:m], s1[:])
		simd.JetAdjoint(m, s.firsts(), s.seconds(), s1[:m], s2[:m], s3[:m], z[lo:], g[lo:], stride)
	}
}

// negate computes dst = −x.
func negate(dst, x []float64) {
	for i := range dst {
		dst[i] = -x[i]
	}
}
