package benchmarks

import (
	"fmt"
	"strconv"

	"ngdbench/harness"
	"ngdbench/solvers"
	ng "ngdbench/solvers/naturalgradient"
)

// lowRankEntries are the directions with a low-rank factor.
func lowRankEntries() []harness.SolverEntry {
	return []harness.SolverEntry{
		natural("nystrom", "natural gradient: CG with a randomised Nyström preconditioner", solvers.Preconditioned, inner, nil, nystrom),
		natural("rpchol", "natural gradient: CG with a randomly pivoted Cholesky preconditioner", solvers.Preconditioned, inner, nil, rpchol),
	}
}

func nystrom(c harness.Cell, r *reader) (solvers.Direction, error) { return ranked(ng.Nystrom, c, r) }

func rpchol(c harness.Cell, r *reader) (solvers.Direction, error) { return ranked(ng.RPChol, c, r) }

// ranked reads a fixed rank.
func ranked(make func(rank int) *ng.CG, c harness.Cell, r *reader) (solvers.Direction, error) {
	k, err := strconv.Atoi(c["rank"])
	if err != nil {
		return nil, fmt.Errorf("rank=%s: opt=%s has fixed ranks only", c["rank"], c["opt"])
	}
	return conjugate(make(k), r), nil
}
