package formulations_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"ngdbench/networks"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// jets is the plain forward pass of a tanh network at one point: values, gradients and Laplacians of all outputs, each
// neuron by its own loop, outputs×(d+2).
func jets(net *networks.Network, theta, x []float64) []float64 {
	d := len(x)
	c := d + 2
	in := make([]float64, d*c)
	for i, v := range x {
		in[i*c], in[i*c+1+i] = v, 1
	}
	layers := net.Layers()
	for l, y := range layers {
		out := make([]float64, y.Out*c)
		for o := range y.Out {
			z := out[o*c:][:c]
			for i, w := range theta[y.Weight+o*y.In:][:y.In] {
				for k := range c {
					z[k] += w * in[i*c+k]
				}
			}
			z[0] += theta[y.Bias+o]
			if l < len(layers)-1 {
				activate(z)
			}
		}
		in = out
	}
	return in
}

// activate replaces the jet of z by that of tanh z.
func activate(z []float64) {
	t := math.Tanh(z[0])
	s := 1 - t*t
	last, squares := len(z)-1, 0.0
	for _, v := range z[1:last] {
		squares += v * v
	}
	z[last] = s*z[last] - 2*t*s*squares
	for i := range z[1:last] {
		z[1+i] *= s
	}
	z[0] = t
}

// cut takes the channels of an order out of full jets: fields×(d+2) → fields×C.
func cut(full []float64, d int, o problems.Order) []float64 {
	var out []float64
	for f := 0; f < len(full); f += d + 2 {
		if o == problems.Laplacian {
			out = append(out, full[f:f+d+2]...)
		} else {
			out = append(out, full[f:f+o.Channels(d)]...)
		}
	}
	return out
}

// system is a nonlinear problem for two fields whose blocks have all orders on one part: u = sin(x+2y), v = exp(x−y).
func system() *problems.Problem {
	return &problems.Problem{
		Name: "system", Doc: "a test", Source: "made up", Net: "2x6x2", Points: "20+10",
		Domain: geometry.Box{Lo: []float64{-1, 0}, Hi: []float64{1, 1}}, Fields: []string{"u", "v"},
		Exact: func(x, f, g []float64) {
			s, c := math.Sincos(x[0] + 2*x[1])
			e := math.Exp(x[0] - x[1])
			if f != nil {
				f[0], f[1] = s, e
			}
			if g != nil {
				g[0], g[1], g[2], g[3] = c, 2*c, e, -e
			}
		},
		Strong: []problems.Strong{
			{Name: "edge", Part: geometry.Boundary, Order: problems.Value, Term: func(x, j, q []float64) float64 {
				if q != nil {
					q[0], q[1] = j[1], j[0]
				}
				return j[0]*j[1] - math.Sin(x[0]+2*x[1])*math.Exp(x[0]-x[1])
			}},
			{Name: "flux", Part: geometry.Interior, Order: problems.Gradient, Term: func(x, j, q []float64) float64 {
				if q != nil {
					copy(q, []float64{0, j[4], 0, 0, j[1], 0})
				}
				return j[1]*j[4] - math.Cos(x[0]+2*x[1])*math.Exp(x[0]-x[1])
			}},
			{Name: "diffusion", Part: geometry.Interior, Order: problems.Laplacian, Term: func(x, j, q []float64) float64 {
				if q != nil {
					copy(q, []float64{j[4], 0, 0, -1, j[0], 0, 0, 0})
				}
				s, e := math.Sin(x[0]+2*x[1]), math.Exp(x[0]-x[1])
				return -j[3] + j[0]*j[4] - (5*s + s*e)
			}},
			{Name: "slope", Part: geometry.Interior, Order: problems.Gradient, Affine: true, Term: func(x, j, q []float64) float64 {
				if q != nil {
					copy(q, []float64{0, 2, -1, -1, 1, 2})
				}
				return 2*j[1] - j[2] - j[3] + j[4] + 2*j[5] + 2*math.Exp(x[0]-x[1])
			}},
			{Name: "value", Part: geometry.Interior, Order: problems.Value, Affine: true, Term: func(x, j, q []float64) float64 {
				if q != nil {
					q[0], q[1] = x[0], 3
				}
				return x[0]*j[0] + 3*j[1] - x[0]*math.Sin(x[0]+2*x[1]) - 3*math.Exp(x[0]-x[1])
			}},
		},
	}
}

func stream(name uint64) *rand.Rand { return rand.New(rand.NewPCG(name, 11)) }

func parse(t testing.TB, s string) *networks.Network {
	t.Helper()
	net, err := networks.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return net
}
