package main

import (
	"fmt"
	"strconv"

	"ngdbench/harness"
	"ngdbench/networks"
	"ngdbench/problems"
	"ngdbench/solvers"
)

// mine is what this module adds.
func mine() harness.Catalogue {
	return harness.Catalogue{
		Problems: []harness.Entry[harness.NewProblem]{{
			Name: "bratu", Doc: "-Δu = λ exp(u) + f on (0,1)², u = sin πx sin πy",
			New: func(harness.Cell) (*problems.Problem, error) { return bratu(1), nil },
		}},
		Networks: []harness.Entry[harness.NewNetwork]{{
			Name: "funnel", Doc: "widths 24, 12, 6 between inputs and outputs, swish",
			New: func(p *problems.Problem, _ harness.Cell) (*networks.Network, error) {
				return funnel(p.Dim(), len(p.Fields)), nil
			},
		}},
		Solvers: []harness.SolverEntry{{
			Entry: harness.Entry[harness.NewSolver]{Name: "heavyball", Doc: "gradient descent with momentum and a step search", New: newHeavyBall},
			Class: solvers.FirstOrder,
			Uses:  harness.Uses{Search: true},
			Sets:  map[string]harness.Settings{"default": {"beta": "0.9"}},
		}},
	}
}

func newHeavyBall(c harness.Cell, s harness.Settings) (solvers.Solver, error) {
	search, err := solvers.ParseSearch(c["search"])
	if err != nil {
		return nil, err
	}
	beta, err := strconv.ParseFloat(s["beta"], 64)
	if err != nil || beta < 0 || beta >= 1 {
		return nil, fmt.Errorf("beta=%s: want a number from 0 up to 1", s["beta"])
	}
	return &heavyBall{Beta: beta, Search: search}, nil
}
