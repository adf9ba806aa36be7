package benchmarks

import (
	"fmt"

	"ngdbench/formulations"
	"ngdbench/harness"
	"ngdbench/networks"
	"ngdbench/problems"
)

// formulationEntries are the formulations of package formulations.
func formulationEntries() []harness.Entry[harness.NewFormulation] {
	return []harness.Entry[harness.NewFormulation]{
		{Name: "pinn", Doc: "strong residuals at points; parts: mean or measure (scaling), w10 (weight of the data), redraw or adaptive (points)", New: pinn},
	}
}

// adaptivePeriod is how many steps pinn+adaptive keeps its points.
const adaptivePeriod = 50

func pinn(p *problems.Problem, c harness.Cell) (in harness.Instance, err error) {
	var w formulations.Weights
	adaptive := false
	err = readForm(c, map[string]func(arg float64) error{
		"mean":     func(float64) error { w.Scaling = formulations.OneMean; return nil },
		"measure":  func(float64) error { w.Scaling = formulations.Measured; return nil },
		"w#":       dataWeight(&w),
		"redraw":   func(float64) error { in.Resample = 1; return nil },
		"adaptive": func(float64) error { in.Resample, adaptive = adaptivePeriod, true; return nil },
	})
	if err != nil {
		return in, err
	}
	net, err := networks.Parse(c["net"])
	if err != nil {
		return in, err
	}
	counts, err := formulations.ParsePoints(p, c["points"])
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
	in.Objective, in.Points = o, counts
	in.Judge, err = formulations.NewJudge(p, net, 0, harness.Stream(c, "evaluation"))
	return in, err
}

// dataWeight reads the part w#.
func dataWeight(w *formulations.Weights) func(float64) error {
	return func(v float64) error {
		if !(v > 0) {
			return fmt.Errorf("the weight of the data is %g: want a number > 0", v)
		}
		w.Data = v
		return nil
	}
}
