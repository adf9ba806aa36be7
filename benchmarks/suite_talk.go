package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/results"
)

// talk is the examples that Bioli, Marcati and Sangalli ship beside their work on scalable natural gradients (arXiv
// 2505.11638 and their package): PINNs for Poisson in 3D, heat in 3+1D and Kovasznay's flow, FEINNs with the Deep Ritz
// energy and with the dual norm of the residual; natural gradients explicit, matrix-free and preconditioned, with their
// baseline L-BFGS. The details of their set-ups are not public; sizes are ours but for Poisson's.
func talk() harness.Suite {
	s := harness.Suite{
		Name: "talk",
		Doc:  "Poisson 3D, heat 3+1D and Kovasznay as PINNs, FEINNs with energy and dual norm: explicit, matrix-free, preconditioned; about thirteen minutes",
	}
	for _, c := range []struct {
		name string
		cell harness.Cell
	}{
		{"poisson3d", harness.Cell{"problem": "poisson3d", "form": "pinn"}},
		{"heat3d", harness.Cell{"problem": "heat3d", "form": "pinn"}},
		{"kovasznay", harness.Cell{"problem": "kovasznay", "form": "pinn"}},
		{"feinn-energy", harness.Cell{"problem": "poisson2d", "form": "feinn+energy", "net": "2x32x32x1", "points": "2601+0"}},
		{"feinn-dual", harness.Cell{"problem": "poisson2d", "form": "feinn+k4+dual", "net": "2x32x32x1", "points": "2601+0"}},
	} {
		s.Blocks = append(s.Blocks, harness.Block{
			Name: c.name,
			Axes: axesOf(c.cell),
			Variants: []harness.Cell{
				{"opt": "dense"},
				{"opt": "cg"},
				{"opt": "nystrom", "rank": "256"},
				{"opt": "rpchol", "rank": "256"},
				{"opt": "lbfgs"},
			},
			Seeds:      []int{1},
			Limits:     results.Limits{Seconds: 30},
			GOMAXPROCS: 2,
		})
	}
	return s
}
