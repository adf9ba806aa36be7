package conformance_test

import (
	"testing"

	"ngdbench/conformance"
	"ngdbench/networks"
)

func TestNetworks(t *testing.T) {
	for _, name := range []string{"1x5x1", "2x6x4x2+sine", "3x5x1+fourier4"} {
		net, err := networks.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		conformance.Network(t, net)
	}
}

// crooked is tanh with a wrong second derivative.
type crooked struct{ networks.Tanh }

func (crooked) Jet(s networks.Shape, n int, z, a []float64, stride int) {
	networks.Tanh{}.Jet(s, n, z, a, stride)
	if s.Order > networks.Gradient {
		a[(1+s.Dim)*stride] *= 1.001
	}
}

// bent has second derivatives that depend on which others are asked for.
type bent struct{ networks.Tanh }

func (bent) Jet(s networks.Shape, n int, z, a []float64, stride int) {
	networks.Tanh{}.Jet(s, n, z, a, stride)
	if s.Order == networks.Laplacian {
		a[(1+s.Dim)*stride] += 1e-9
	}
}

func TestWrongActivationIsFound(t *testing.T) {
	for _, act := range []networks.Activation{crooked{}, bent{}} {
		r := &recorder{TB: t}
		conformance.Network(r, &networks.Network{Widths: []int{2, 6, 1}, Act: act})
		if len(r.errors) == 0 {
			t.Errorf("%T passes", act)
		}
	}
}
