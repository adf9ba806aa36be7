package conformance

import (
	"math"
	"math/rand/v2"
	"testing"

	"ngdbench/formulations"
	"ngdbench/harness"
	"ngdbench/networks"
	"ngdbench/problems"
)

// networkPoints is how many points of the unit cube Network looks at.
const networkPoints = 3

// Network checks the point derivatives of a network, and so of its activation and embedding, at parameters drawn from its
// layout: the jets with all derivatives against differences of order 8 of the values, to 1e-8 of their size, and those of
// the other orders against the jets with all derivatives, to rounding. That the derivatives with respect to the
// parameters are right is for Objective to say.
func Network(t testing.TB, net *networks.Network) {
	t.Helper()
	d, outs := net.Inputs(), net.Outputs()
	all := problems.Hessian.Channels(d)
	r := rand.New(rand.NewPCG(3, 0))
	theta := formulations.Params(net).Draw(r)
	x, values := make([]float64, d), make([]float64, outs)
	tape := tapeOf(net, x, networks.Value)
	jets := make([]float64, outs*all)
	for range networkPoints {
		for i := range x {
			x[i] = r.Float64()
		}
		tapeOf(net, x, networks.Hessian).Jets(theta, jets)
		for o := range outs {
			want, noise := make([]float64, all), make([]float64, all)
			at := func(y []float64) float64 { tape.Move(0, y); tape.Jets(theta, values); return values[o] }
			ProblemCheck{Scale: 0.5}.jetOf(at, problems.Hessian, x, want, noise)
			size := 1.0
			for _, v := range want {
				size = max(size, math.Abs(v))
			}
			for k, got := range jets[o*all:][:all] {
				if !near(got, want[k], noise[k], 1e-8*size) {
					t.Errorf("net %s: channel %d of output %d at %v is %.12g, and %.12g ± %.1g by differences", net, k, o, x, got, want[k], noise[k])
				}
			}
			otherOrders(t, net, theta, x, o, jets[o*all:][:all], size)
		}
	}
}

// otherOrders compares the jets of every order with the one that holds all derivatives.
func otherOrders(t testing.TB, net *networks.Network, theta, x []float64, o int, all []float64, size float64) {
	t.Helper()
	d := len(x)
	laplacian, diagonal := 0.0, []float64(nil)
	for i, at := 0, 1+d; i < d; i++ {
		laplacian, diagonal = laplacian+all[at], append(diagonal, all[at])
		at += d - i
	}
	for order, want := range map[networks.Order][]float64{
		networks.Value: all[:1], networks.Gradient: all[:1+d],
		networks.Laplacian: append(append([]float64{}, all[:1+d]...), laplacian),
		networks.Diagonal:  append(append([]float64{}, all[:1+d]...), diagonal...),
	} {
		c := len(want)
		got := make([]float64, net.Outputs()*c)
		tapeOf(net, x, order).Jets(theta, got)
		for k, v := range got[o*c:][:c] {
			if math.Abs(v-want[k]) > 1e-12*size {
				t.Errorf("net %s: channel %d of order %d of output %d at %v is %.16g, and %.16g with all derivatives", net, k, order, o, x, v, want[k])
			}
		}
	}
}

func tapeOf(net *networks.Network, x []float64, o networks.Order) *networks.Tape {
	return networks.New(net, []networks.Group{{X: x, Order: o}}, nil, networks.Values, nil)
}

// namedNetwork checks the network of a name on the problem of a cell: its jets, and the derivatives of a training's
// objective with respect to its parameters.
func namedNetwork(t *testing.T, c harness.Catalogue, name string, base harness.Cell) {
	cell := base.Clone()
	cell["net"] = name
	training, err := c.Training(harness.Spec{Cell: cell})
	if err != nil {
		t.Fatal(err)
	}
	Objective(t, training.Objective, training.Theta)
	p, net, err := c.Model(cell)
	if err != nil {
		t.Fatal(err)
	}
	if net, err = formulations.Fit(p, net); err != nil {
		t.Fatal(err)
	}
	Network(t, net)
}
