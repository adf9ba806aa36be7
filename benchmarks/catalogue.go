// Package benchmarks is the catalogue: what each name on the command line stands for, one file per suite. Its Go
// benchmarks run cells of the quick suite through the same harness.RunCell as benchrun's child processes.
package benchmarks

import (
	"ngdbench/formulations"
	"ngdbench/harness"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
)

// Catalogue is what benchrun can run. A user's module adds its own with Catalogue().With(…).
func Catalogue() harness.Catalogue {
	return harness.Catalogue{
		Problems: problemEntries(),
		Formulations: []harness.Entry[harness.NewFormulation]{
			{Name: "pinn", Doc: "strong residuals at random points, ½ mean square per block", New: pinn},
		},
		Metrics: []harness.Entry[harness.NewMetric]{
			{Name: "gn", Doc: "Gauss-Newton: the Jacobian of the loss's own residual", New: gaussNewton},
		},
		Solvers:     solverEntries(),
		Suites:      []harness.Suite{quick(), smoke(), tuning(), published(), automaticSuite(), findings(), breakEven()},
		Calibration: calibration(),
	}
}

func pinn(p *problems.Problem, c harness.Cell) (in harness.Instance, err error) {
	if err = noParts(c, "form"); err != nil {
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
	o, err := formulations.NewPINN(p, net, counts, harness.Stream(c, "points"))
	if err != nil {
		return in, err
	}
	judge, err := formulations.NewJudge(p, net, 0, harness.Stream(c, "evaluation"))
	return harness.Instance{Objective: o, Judge: judge, Points: counts}, err
}

func gaussNewton(_ *problems.Problem, in harness.Instance, _ harness.Cell) (objective.Objective, error) {
	return in.Objective, nil
}
