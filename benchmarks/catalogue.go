// Package benchmarks is the catalogue: what each name on the command line stands for, one file per suite. Its Go
// benchmarks run cells of the quick suite through the same harness.RunCell as benchrun's child processes.
package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/objective"
	"ngdbench/problems"
)

// Catalogue is what benchrun can run. A user's module adds its own with Catalogue().With(…).
func Catalogue() harness.Catalogue {
	return harness.Catalogue{
		Problems:     problemEntries(),
		Formulations: formulationEntries(),
		Metrics: []harness.Entry[harness.NewMetric]{
			{Name: "gn", Doc: "Gauss-Newton: the Jacobian of the loss's own residual", New: gaussNewton},
		},
		Solvers:     solverEntries(),
		Suites:      []harness.Suite{quick(), smoke(), tuning(), published(), automaticSuite(), findings(), breakEven()},
		Calibration: calibration(),
	}
}

func gaussNewton(_ *problems.Problem, in harness.Instance, _ harness.Cell) (objective.Objective, error) {
	return in.Objective, nil
}
