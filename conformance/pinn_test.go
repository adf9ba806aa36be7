package conformance_test

import (
	"math/rand/v2"
	"testing"

	"ngdbench/conformance"
	"ngdbench/formulations"
	"ngdbench/networks"
	"ngdbench/problems"
)

// PINNs of linear and nonlinear problems, of one field and of two, on networks of several shapes, with each activation,
// embedding and order, and with boundary data built in.
func TestPINN(t *testing.T) {
	for _, c := range []struct {
		p      *problems.Problem
		net    string
		counts []int
	}{
		{problems.Poisson2D(), "2x64x1", []int{900, 120}},
		{problems.Poisson2D(), "2x64x1", []int{10, 3}},
		{problems.Poisson2D(), "2x48x1", []int{50, 20}},
		{problems.Poisson2D(), "2x32x32x1", []int{100, 30}},
		{problems.Poisson2D(), "2x5x7x6x1", []int{13, 1}},
		{problems.Poisson2D(), "2x1", []int{4, 4}},
		{steep(), "2x16x2", []int{40, 15}},
		{steep(), "2x9x8x2", []int{29, 31}},
		{problems.Poisson2D(), "2x20x1+sine", []int{60, 20}},
		{problems.Poisson2D(), "2x9x8x1+sine+fourier4", []int{40, 20}},
		{problems.Poisson2D(), "2x32x1+hard", []int{100, 0}},
		{problems.Poisson2D(), "2x8x8x1+fourier3s0.5+hard", []int{40, 10}},
		{sheared(false), "2x16x1+periodic", []int{50, 20}},
		{sheared(true), "2x12x9x1+sine+periodic+hard", []int{60, 0}},
		{sheared(true), "2x17x1", []int{30, 7}},
	} {
		t.Run(c.p.Name+"/"+c.net, func(t *testing.T) {
			net, err := networks.Parse(c.net)
			if err != nil {
				t.Fatal(err)
			}
			f, err := formulations.NewPINN(c.p, net, c.counts, formulations.Weights{}, rand.New(rand.NewPCG(1, 3)))
			if err != nil {
				t.Fatal(err)
			}
			conformance.Objective(t, f, f.Params().Draw(rand.New(rand.NewPCG(2, 3))))
		})
	}
}
