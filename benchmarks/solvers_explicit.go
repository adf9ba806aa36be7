package benchmarks

import (
	"ngdbench/harness"
	"ngdbench/solvers"
	ng "ngdbench/solvers/naturalgradient"
)

// explicitEntries are the directions that form a matrix.
func explicitEntries() []harness.SolverEntry {
	return []harness.SolverEntry{
		natural("dense", "natural gradient: the Gramian TᵀT formed and factored", solvers.Explicit, nil, nil, dense),
		natural("dual", "natural gradient: the kernel TTᵀ formed and factored", solvers.Explicit, nil, nil, dual),
	}
}

func dense(harness.Cell, *reader) (solvers.Direction, error) { return &ng.Dense{}, nil }

func dual(harness.Cell, *reader) (solvers.Direction, error) { return &ng.Dual{}, nil }
