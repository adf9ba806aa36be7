package benchmarks

import (
	"fmt"
	"strings"

	"ngdbench/formulations"
	"ngdbench/harness"
	"ngdbench/networks"
	"ngdbench/problems"
)

// formulationEntries are the formulations of package formulations.
func formulationEntries() []harness.Entry[harness.NewFormulation] {
	return []harness.Entry[harness.NewFormulation]{
		{Name: "pinn", Doc: "strong residuals at points; parts: mean or measure (scaling), w10 (weight of all data; wboundary10, winitial10), redraw or adaptive (points)", New: pinn},
		{Name: "vpinn", Doc: "weak residuals against tests, mean square; parts: hats or sines, t15 (tests an axis), e4 (elements), w10, measure", New: vpinn},
		{Name: "rvpinn", Doc: "weak residuals in the dual norm of the test space; parts as of vpinn", New: rvpinn},
		{Name: "feinn", Doc: "the network's nodal values in finite element equations; parts: k4 (order), dual or energy (norm), q5 (quadrature)", New: feinn},
		{Name: "ritz", Doc: "the energy, boundary data built in; metric=energy", New: ritz, Lends: ritzLends},
	}
}

// adaptivePeriod is how many steps pinn+adaptive keeps its points.
const adaptivePeriod = 50

func pinn(p *problems.Problem, net *networks.Network, c harness.Cell) (in harness.Instance, err error) {
	var w formulations.Weights
	adaptive := false
	err = readForm(c, merged(weightParts(&w), map[string]func(arg float64) error{
		"mean":     func(float64) error { w.Scaling = formulations.OneMean; return nil },
		"measure":  func(float64) error { w.Scaling = formulations.Measured; return nil },
		"redraw":   func(float64) error { in.Resample = 1; return nil },
		"adaptive": func(float64) error { in.Resample, adaptive = adaptivePeriod, true; return nil },
	}))
	if err != nil {
		return in, err
	}
	counts, judge, err := common(p, net, c)
	if err != nil {
		return in, err
	}
	o, err := formulations.NewPINN(p, net, counts, w, harness.Stream(c, "points"))
	if err != nil {
		return in, err
	}
	if adaptive {
		o.Adaptive()
	}
	in.Objective, in.Points, in.Judge = o, counts, judge
	return in, nil
}

// factor reads a part that is a weight.
func factor(dst *float64) func(float64) error {
	return func(v float64) error {
		if !(v > 0) {
			return fmt.Errorf("a weight of %g: want a number > 0", v)
		}
		*dst = v
		return nil
	}
}

// weightParts are the parts that weigh data.
func weightParts(w *formulations.Weights) map[string]func(float64) error {
	return map[string]func(float64) error{"w#": factor(&w.Data), "wboundary#": factor(&w.Boundary), "winitial#": factor(&w.Initial)}
}

func vpinn(p *problems.Problem, net *networks.Network, c harness.Cell) (harness.Instance, error) {
	return weak(p, net, c, false)
}

func rvpinn(p *problems.Problem, net *networks.Network, c harness.Cell) (harness.Instance, error) {
	return weak(p, net, c, true)
}

func weak(p *problems.Problem, net *networks.Network, c harness.Cell, robust bool) (in harness.Instance, err error) {
	s := formulations.WeakSetup{Robust: robust}
	err = readForm(c, merged(weightParts(&s.Weights), map[string]func(arg float64) error{
		"hats":    func(float64) error { s.Tests.Hats = true; return nil },
		"sines":   func(float64) error { s.Tests.Family = formulations.Sines; return nil },
		"t#":      count("tests along an axis", &s.Tests.PerAxis),
		"e#":      count("elements along an axis", &s.Tests.Elements),
		"measure": func(float64) error { s.Weights.Scaling = formulations.Measured; return nil },
	}))
	if err != nil {
		return in, err
	}
	counts, judge, err := common(p, net, c)
	if err != nil {
		return in, err
	}
	o, err := formulations.NewWeak(p, net, counts, s, harness.Stream(c, "points"))
	if err != nil {
		return in, formError(c, err)
	}
	in.Objective, in.Points = o, o.Counts()
	in.Judge, err = formulations.NewWeakJudge(o, judge)
	return in, formError(c, err)
}

func feinn(p *problems.Problem, net *networks.Network, c harness.Cell) (in harness.Instance, err error) {
	var s formulations.FEINNSetup
	err = readForm(c, map[string]func(arg float64) error{
		"k#":     count("order", &s.Order),
		"q#":     count("quadrature points", &s.Quadrature),
		"dual":   func(float64) error { s.Norm = formulations.DualNorm; return nil },
		"energy": func(float64) error { s.Norm = formulations.EnergyNorm; return nil },
	})
	if err != nil {
		return in, err
	}
	counts, judge, err := common(p, net, c)
	if err != nil {
		return in, err
	}
	o, err := formulations.NewFEINN(p, net, counts[0], s)
	if err != nil {
		return in, formError(c, err)
	}
	in.Objective, in.Points = o, []int{o.System().Order()}
	in.Judge, err = formulations.NewFEINNJudge(o, judge)
	return in, formError(c, err)
}

func ritz(p *problems.Problem, net *networks.Network, c harness.Cell) (in harness.Instance, err error) {
	if err = noParts(c, "form"); err != nil {
		return in, err
	}
	counts, judge, err := common(p, net, c)
	if err != nil {
		return in, err
	}
	o, err := formulations.NewRitz(p, net, counts[0])
	if err != nil {
		return in, formError(c, err)
	}
	in.Objective, in.Points, in.Judge = o, []int{o.Points()}, judge
	return in, nil
}

// ritzLends is the network with the boundary data built in, and the metric of the energy.
func ritzLends(p *problems.Problem, _ harness.Cell) harness.Cell {
	out := harness.Cell{"metric": "energy"}
	if p.Energy != nil && !p.Energy.Convex {
		out["metric"] = "energy+positive"
	}
	if p.Dirichlet != nil && p.Hard != nil && !strings.HasSuffix(p.Net, "+hard") {
		out["net"] = p.Net + "+hard"
	}
	return out
}

// common is what all formulations make of a cell: counts of points, and the judge of the raw network.
func common(p *problems.Problem, net *networks.Network, c harness.Cell) (counts []int, judge *formulations.Judge, err error) {
	if counts, err = formulations.ParsePoints(p, c["points"]); err != nil {
		return nil, nil, err
	}
	judge, err = formulations.NewJudge(p, net, 0, harness.Stream(c, "evaluation"))
	return counts, judge, err
}

// formError puts the axis before what a formulation refuses.
func formError(c harness.Cell, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("form=%s: %w", c["form"], err)
}

// count reads a part that is a number of things.
func count(what string, dst *int) func(float64) error {
	return func(v float64) error {
		if !(v >= 1 && v <= 1e6) || v != float64(int(v)) {
			return fmt.Errorf("%s: %g; want an integer > 0", what, v)
		}
		*dst = int(v)
		return nil
	}
}
