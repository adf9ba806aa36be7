package conformance_test

import (
	"math/rand/v2"
	"testing"

	"ngdbench/conformance"
	"ngdbench/formulations"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
)

// maker makes an objective of some size.
type maker func(p *problems.Problem, net *networks.Network, counts []int) (objective.Objective, error)

func weakly(s formulations.WeakSetup) maker {
	return func(p *problems.Problem, net *networks.Network, counts []int) (objective.Objective, error) {
		return formulations.NewWeak(p, net, counts, s, rand.New(rand.NewPCG(1, 3)))
	}
}

func interpolated(s formulations.FEINNSetup) maker {
	return func(p *problems.Problem, net *networks.Network, counts []int) (objective.Objective, error) {
		return formulations.NewFEINN(p, net, counts[0], s)
	}
}

func energetic(p *problems.Problem, net *networks.Network, counts []int) (objective.Objective, error) {
	return formulations.NewRitz(p, net, counts[0])
}

// metrics puts a metric on another formulation.
func under(m maker, metric func(p *problems.Problem, net *networks.Network, o objective.Objective) (objective.Metric, error)) maker {
	return func(p *problems.Problem, net *networks.Network, counts []int) (objective.Objective, error) {
		o, err := m(p, net, counts)
		if err != nil {
			return nil, err
		}
		g, err := metric(p, net, o)
		if err != nil {
			return nil, err
		}
		return objective.WithMetric(o, g), nil
	}
}

func values(p *problems.Problem, net *networks.Network, _ objective.Objective) (objective.Metric, error) {
	return formulations.Values(p, net, 400)
}

func sobolev(p *problems.Problem, net *networks.Network, _ objective.Objective) (objective.Metric, error) {
	return formulations.Sobolev(p, net, 100)
}

func dual(_ *problems.Problem, _ *networks.Network, o objective.Objective) (objective.Metric, error) {
	return o.(interface {
		Dual() (objective.Metric, error)
	}).Dual()
}

func curvature(part formulations.Curvature) func(p *problems.Problem, net *networks.Network, o objective.Objective) (objective.Metric, error) {
	return func(p *problems.Problem, net *networks.Network, o objective.Objective) (objective.Metric, error) {
		var d formulations.Data
		if h, has := o.(interface{ Data() formulations.Data }); has {
			d = h.Data()
		}
		return formulations.Energy(p, net, 200, part, d)
	}
}

// Weak forms, robust or not, with every kind of tests; finite element interpolated networks of several orders and norms;
// energies; metrics: on linear and nonlinear problems, in one to three dimensions, with soft and with hard data.
func TestFormulations(t *testing.T) {
	robust := formulations.WeakSetup{Robust: true}
	hats := formulations.Tests{Hats: true}
	for _, c := range []struct {
		name   string
		p      *problems.Problem
		net    string
		counts []int
		make   maker
	}{
		{"vpinn", problems.Poisson2D(), "2x16x1", []int{100, 20}, weakly(formulations.WeakSetup{})},
		{"vpinn, weighted", problems.CDR(), "2x9x8x1", []int{80, 13}, weakly(formulations.WeakSetup{Weights: formulations.Weights{Data: 10, Scaling: formulations.Measured}})},
		{"vpinn, elements", problems.AdvDiff(0.1), "1x12x1", []int{60, 2}, weakly(formulations.WeakSetup{Tests: formulations.Tests{Elements: 3, PerAxis: 4}})},
		{"vpinn, sines", problems.Sweep(2), "2x10x1+hard", []int{150, 0}, weakly(formulations.WeakSetup{Tests: formulations.Tests{Family: formulations.Sines}})},
		{"vpinn, hats", problems.LShape(), "2x12x1", []int{110, 20}, weakly(formulations.WeakSetup{Tests: hats})},
		{"vpinn, nonlinear", problems.Burgers(), "2x8x7x1", []int{100, 10, 10}, weakly(formulations.WeakSetup{})},
		{"rvpinn", problems.Poisson3D(), "3x9x1", []int{216, 30}, weakly(robust)},
		{"rvpinn, hats", problems.Heat1D(), "2x12x1", []int{100, 10, 10}, weakly(formulations.WeakSetup{Robust: true, Tests: hats})},
		{"feinn", problems.Poisson2D(), "2x12x1", []int{64}, interpolated(formulations.FEINNSetup{})},
		{"feinn+k3", problems.CDR(), "2x7x8x1", []int{100}, interpolated(formulations.FEINNSetup{Order: 3})},
		{"feinn+dual", problems.LShape(), "2x12x1", []int{90}, interpolated(formulations.FEINNSetup{Norm: formulations.DualNorm})},
		{"feinn+energy", problems.Poisson3D(), "3x8x1", []int{125}, interpolated(formulations.FEINNSetup{Norm: formulations.EnergyNorm})},
		{"feinn, nonlinear", problems.PoissonCubic(), "1x9x1", []int{21}, interpolated(formulations.FEINNSetup{Order: 2})},
		{"ritz", problems.Poisson2D(), "2x12x1+hard", []int{90}, energetic},
		{"ritz, nonlinear", problems.PoissonCubic(), "1x9x1", []int{30}, energetic},
		{"ritz, indefinite", problems.Helmholtz(), "2x8x1+hard", []int{90}, energetic},
		{"l2", problems.Poisson2D(), "2x12x1", []int{60, 20}, under(weakly(robust), values)},
		{"h1", problems.PoissonCubic(), "1x9x1", []int{30}, under(energetic, sobolev)},
		{"energy", problems.PoissonCubic(), "1x9x1", []int{30}, under(energetic, curvature(formulations.Whole))},
		{"energy with data", problems.Poisson2D(), "2x9x1", []int{80, 20}, under(weakly(formulations.WeakSetup{}), curvature(formulations.Whole))},
		{"energy+positive", problems.Helmholtz(), "2x8x1+hard", []int{90}, under(energetic, curvature(formulations.Positive))},
		{"dual", problems.Poisson2D(), "2x9x1", []int{100, 20}, under(weakly(formulations.WeakSetup{}), dual)},
		{"dual of a feinn", problems.CDR(), "2x9x1", []int{64}, under(interpolated(formulations.FEINNSetup{Order: 2}), dual)},
	} {
		t.Run(c.name+"/"+c.p.Name, func(t *testing.T) {
			net, err := networks.Parse(c.net)
			if err != nil {
				t.Fatal(err)
			}
			o, err := c.make(c.p, net, c.counts)
			if err != nil {
				t.Fatal(err)
			}
			conformance.Objective(t, o, o.Params().Draw(rand.New(rand.NewPCG(2, 3))))
		})
	}
}
