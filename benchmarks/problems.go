package benchmarks

import (
	"fmt"
	"strconv"
	"strings"

	"ngdbench/harness"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// problemEntries are the problems of package problems.
func problemEntries() []harness.Entry[harness.NewProblem] {
	return []harness.Entry[harness.NewProblem]{
		parametric("advdiff", "-εu'' + u' = 1 in 1D, a layer at the right end; advdiff+0.005 is ε = 0.005, else 0.1", 0.1, advDiff),
		problem(problems.AllenCahn),
		problem(problems.Burgers),
		problem(problems.CDR),
		problem(problems.EndPoint),
		problem(problems.Heat1D),
		problem(problems.Heat3D),
		problem(problems.Helmholtz),
		problem(problems.Kovasznay),
		problem(problems.LShape),
		parametric("modulated", "Poisson on (0,π), u = sin kx sin(x/2); modulated+40 is k = 40, else 4", 4, integer(problems.Modulated)),
		problem(problems.Poisson1D),
		problem(problems.Poisson2D),
		problem(problems.Poisson3D),
		problem(problems.Poisson5D),
		problem(problems.PoissonCubic),
		parametric("sweep", "Poisson on (0,1)² with k half waves a side; sweep+8 is k = 8, else 2", 2, integer(problems.Sweep)),
		problem(problems.Tanh80),
		parametric("waves", "Poisson on (0,π)², u = sin kx sin 2y exp((x+y)/2); waves+20 is k = 20, else 2", 2, integer(problems.Waves)),
	}
}

// problem is the entry of a problem without parameters, under its own name.
func problem(make func() *problems.Problem) harness.Entry[harness.NewProblem] {
	p := make()
	return harness.Entry[harness.NewProblem]{Name: p.Name, Doc: p.Doc + applying(p),
		New: func(c harness.Cell) (*problems.Problem, error) { return make(), noParts(c, "problem") }}
}

// applying is " [pinn, feinn]": the formulations that the problem has what they are made of.
func applying(p *problems.Problem) string {
	var list []string
	for _, s := range p.Strong {
		if s.Part == geometry.Interior {
			list = []string{"pinn"}
		}
	}
	if p.Weak != nil {
		if p.Domain.Lattice(1).Inside == nil {
			list = append(list, "vpinn", "rvpinn", "feinn")
		} else {
			list = append(list, "vpinn+hats", "rvpinn+hats", "feinn")
		}
	}
	if p.Energy != nil && (p.Hard != nil || p.Dirichlet == nil) {
		list = append(list, "ritz")
	}
	return " [" + strings.Join(list, ", ") + "]"
}

// parametric is the entry of a problem whose one part is a number, with its default.
func parametric(name, doc string, usual float64, make func(v float64) (*problems.Problem, error)) harness.Entry[harness.NewProblem] {
	p, err := make(usual)
	if err != nil {
		panic("benchmarks: " + err.Error())
	}
	return harness.Entry[harness.NewProblem]{Name: name, Doc: doc + applying(p), New: func(c harness.Cell) (*problems.Problem, error) {
		_, parts := harness.Parts(c["problem"])
		switch len(parts) {
		case 0:
			return make(usual)
		case 1:
			v, err := strconv.ParseFloat(parts[0], 64)
			if err != nil {
				return nil, fmt.Errorf("%s has one part, a number; not %q", name, parts[0])
			}
			return make(v)
		}
		return nil, fmt.Errorf("%s has one part, a number", name)
	}}
}

func advDiff(epsilon float64) (*problems.Problem, error) {
	if !(epsilon >= 1e-4 && epsilon <= 10) {
		return nil, fmt.Errorf("ε = %g: want a number in [0.0001, 10]", epsilon)
	}
	return problems.AdvDiff(epsilon), nil
}

// integer makes problems of a number of waves.
func integer(make func(k int) *problems.Problem) func(k float64) (*problems.Problem, error) {
	return func(k float64) (*problems.Problem, error) {
		if !(k >= 1 && k <= 64) || k != float64(int(k)) {
			return nil, fmt.Errorf("k = %g: want an integer in [1, 64]", k)
		}
		return make(int(k)), nil
	}
}
