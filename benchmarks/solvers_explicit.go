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
		natural("svd", "natural gradient: T decomposed, small singular values cut off (ANaGRAM)", solvers.Explicit,
			harness.Settings{"cutoff": "1e-12"}, nil, decomposed),
		natural("block", "natural gradient: one block of TᵀT for each layer", solvers.Explicit, nil, nil, blocked),
		spring(),
		natural("diagonal", "natural gradient: the diagonal of TᵀT alone", solvers.Explicit, nil, nil, diagonal),
	}
}

// spring is the short name of dual+spring.
func spring() harness.SolverEntry {
	e := natural("spring", "SPRING: dual with momentum, short for dual+spring", solvers.Explicit, nil, nil, dual)
	e.Defaults = harness.Cell{"opt": "dual+spring"}
	return e
}

func dense(harness.Cell, *reader) (solvers.Direction, error) { return &ng.Dense{}, nil }

func dual(harness.Cell, *reader) (solvers.Direction, error) { return &ng.Dual{}, nil }

func decomposed(_ harness.Cell, r *reader) (solvers.Direction, error) {
	e := &ng.SVD{Cut: r.nonzero("cutoff", "in (0, 1)")}
	return e, e.Validate()
}

func blocked(harness.Cell, *reader) (solvers.Direction, error) { return &ng.Block{}, nil }

func diagonal(harness.Cell, *reader) (solvers.Direction, error) { return &ng.Diagonal{}, nil }
