package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/results"
)

// weakSuite repeats the cases of the least-squares VPINNs (Uriarte et al. 2024, arXiv 2407.20417: sines normalised in
// H¹₀, which is a robust VPINN, boundary data built in, the authors' widths, tests and quadrature where the machine allows;
// for k = 40 once more with more tests and an embedding), and the sweep over ε of the robust VPINNs (Rojas et al. 2024), by
// four formulations.
func weakSuite() harness.Suite {
	s := harness.Suite{
		Name: "weak",
		Doc:  "the cases of the least-squares VPINNs beside their published errors, and advection-diffusion for ε down to 0.005; about ten minutes",
	}
	for _, c := range []struct{ name, problem, form, net, points string }{
		{"modulated", "modulated", "rvpinn+sines+t32", "1x16x16x16x1+hard", "1024+0"},
		{"modulated-40", "modulated+40", "rvpinn+sines+t128", "1x64x64x64x1+hard", "4096+0"},
		{"endpoint", "endpoint", "rvpinn+t16", "1x16x16x16x1+hard", "512+0"},
		{"waves", "waves", "rvpinn+sines+t8", "2x32x32x32x1+hard", "16384+0"},
		{"modulated-40-more", "modulated+40", "rvpinn+t300", "1x64x64x1+fourier16s5+hard", "1200+0"},
		{"waves-20", "waves+20", "rvpinn+t40", "2x32x1+fourier16s3+hard", "6400+0"},
	} {
		s.Blocks = append(s.Blocks, harness.Block{
			Name: c.name,
			Axes: map[string][]string{"problem": {c.problem}, "form": {c.form}, "net": {c.net}, "points": {c.points}},
			Variants: []harness.Cell{
				{"opt": "dual", "damp": "lm"},
				{"opt": "dual"},
				{"opt": "lbfgs"},
				{"opt": "adam"},
			},
			Seeds:  []int{1},
			Limits: results.Limits{Seconds: 30},
			Jobs:   2,
		})
	}
	s.Blocks = append(s.Blocks, harness.Block{
		Name: "epsilon",
		Axes: map[string][]string{
			"problem": {"advdiff+1", "advdiff+0.1", "advdiff+0.05", "advdiff+0.01", "advdiff+0.005"},
			"form":    {"pinn", "vpinn", "rvpinn", "feinn+k2+dual"}, "points": {"400+2"}, "opt": {"dense"}, "damp": {"lm"},
		},
		Seeds:  []int{1},
		Limits: results.Limits{Seconds: 20},
		Jobs:   2,
	})
	return s
}
