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
var activations = []Activation{Tanh{}}

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

// Tanh is the hyperbolic tangent.
type Tanh struct{}

func (Tanh) Name() string { return "tanh" }

func (Tanh) Jet(s Shape, n int, z, a []float64, stride int) {
	simd.TanhJet(n, s.firsts(), s.Order == Laplacian, z, a, stride)
}

func (Tanh) Adjoint(s Shape, n int, z, a, g []float64, stride int) {
	simd.TanhJetAdjoint(n, s.firsts(), s.Order == Laplacian, z, a, g, stride)
}
