// Package benchmarks is the catalogue: what each name on the command line stands for, one file per suite. Its Go
// benchmarks run cells of the quick suite through the same harness.RunCell as benchrun's child processes.
package benchmarks

import (
	"ngdbench/harness"
)

// Catalogue is what benchrun can run. A user's module adds its own with Catalogue().With(…).
func Catalogue() harness.Catalogue {
	return harness.Catalogue{
		Problems:     problemEntries(),
		Formulations: formulationEntries(),
		Metrics:      metricEntries(),
		Solvers:      solverEntries(),
		Suites: []harness.Suite{quick(), smoke(), tuning(), published(), automaticSuite(), findings(), breakEven(), regimesSuite(),
			formulationsSuite(), metrics(), problemsSuite(), talk(), weakSuite()},
		Calibration: calibration(),
	}
}
