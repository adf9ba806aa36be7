package benchmarks

import (
	"fmt"

	"ngdbench/formulations"
	"ngdbench/harness"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
)

// metricEntries are the inner products of natural gradients.
func metricEntries() []harness.Entry[harness.NewMetric] {
	return []harness.Entry[harness.NewMetric]{
		{Name: "gn", Doc: "Gauss-Newton: the Jacobian of the loss's own residual", New: gaussNewton},
		{Name: "l2", Doc: "L² inner product of functions", New: functions(formulations.Values)},
		{Name: "h1", Doc: "H¹ inner product of functions", New: functions(formulations.Sobolev)},
		{Name: "energy", Doc: "second variation of the energy, with the data where they are not built in; part: positive", New: energy},
		{Name: "dual", Doc: "dual norm of the weak residual over the test space", New: dualNorm},
	}
}

func gaussNewton(_ *problems.Problem, _ *networks.Network, in harness.Instance, c harness.Cell) (objective.Objective, error) {
	return in.Objective, noParts(c, "metric")
}

// functions is the entry of a metric of functions alone.
func functions(make func(p *problems.Problem, net *networks.Network, count int) (objective.Metric, error)) harness.NewMetric {
	return func(p *problems.Problem, net *networks.Network, in harness.Instance, c harness.Cell) (objective.Objective, error) {
		if err := noParts(c, "metric"); err != nil {
			return nil, err
		}
		m, err := make(p, net, in.Points[0])
		return with(in, c, m, err)
	}
}

func energy(p *problems.Problem, net *networks.Network, in harness.Instance, c harness.Cell) (objective.Objective, error) {
	part := formulations.Whole
	switch _, parts := harness.Parts(c["metric"]); {
	case len(parts) == 1 && parts[0] == "positive":
		part = formulations.Positive
	case len(parts) > 0:
		return nil, fmt.Errorf("metric=%s: energy has no part but positive", c["metric"])
	}
	var data formulations.Data
	if o, has := in.Objective.(interface{ Data() formulations.Data }); has {
		data = o.Data()
	}
	m, err := formulations.Energy(p, net, in.Points[0], part, data)
	return with(in, c, m, err)
}

// dualNorm is there where the formulation has a test space.
func dualNorm(_ *problems.Problem, _ *networks.Network, in harness.Instance, c harness.Cell) (objective.Objective, error) {
	if err := noParts(c, "metric"); err != nil {
		return nil, err
	}
	o, has := in.Objective.(interface {
		Dual() (objective.Metric, error)
	})
	if !has {
		return nil, fmt.Errorf("metric=dual: form=%s has no test space", c["form"])
	}
	m, err := o.Dual()
	return with(in, c, m, err)
}

// with puts a metric on the instance's objective.
func with(in harness.Instance, c harness.Cell, m objective.Metric, err error) (objective.Objective, error) {
	if err != nil {
		return nil, fmt.Errorf("metric=%s: %w", c["metric"], err)
	}
	return objective.WithMetric(in.Objective, m), nil
}
