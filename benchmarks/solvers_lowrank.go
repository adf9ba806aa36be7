package benchmarks

import (
	"fmt"
	"strconv"

	"ngdbench/harness"
	"ngdbench/linalg/lowrank"
	"ngdbench/solvers"
	ng "ngdbench/solvers/naturalgradient"
)

// lowRankEntries are the directions with a low-rank factor.
func lowRankEntries() []harness.SolverEntry {
	sketched := harness.Settings{"tau": "10", "rank-first": "64", "rank-max": "1024"}
	recycle := harness.Settings{"recycle": "0.5"}
	preconditioners := merged(sampleParts, map[string]harness.Settings{"stale": {"every": "5"}})
	return []harness.SolverEntry{
		ranked("nystrom", "natural gradient: CG with a randomised Nyström preconditioner, rank=auto by tau",
			merged(inner, sketched), merged(preconditioners, map[string]harness.Settings{"recycle": recycle}), nystrom),
		ranked("pchol", "natural gradient: CG with a greedily pivoted Cholesky preconditioner", inner, preconditioners, pchol),
		ranked("rpchol", "natural gradient: CG with a randomly pivoted Cholesky preconditioner", inner,
			merged(preconditioners, map[string]harness.Settings{"block": nil}), rpchol),
		ranked("sketch", "natural gradient: the inverse of a randomised Nyström approximation, no iterations", sketched,
			map[string]harness.Settings{"sample": nil, "recycle": recycle, "published": nil}, sketch),
	}
}

// ranked is natural with a rank.
func ranked(name, doc string, s harness.Settings, parts map[string]harness.Settings,
	direction func(c harness.Cell, r *reader) (solvers.Direction, error)) harness.SolverEntry {
	e := natural(name, doc, solvers.Preconditioned, s, parts, direction)
	e.Uses.Rank = true
	e.Defaults = harness.Cell{"rank": "128"}
	return e
}

func nystrom(c harness.Cell, r *reader) (solvers.Direction, error) {
	s, err := sketching(c, r)
	if err != nil {
		return nil, err
	}
	if has(c, "stale") && s.Tau != 0 {
		return nil, fmt.Errorf("rank=auto: opt=%s keeps its sketch while the matrix changes, so that it cannot grow", c["opt"])
	}
	return preconditioned(s, c, r)
}

func pchol(c harness.Cell, r *reader) (solvers.Direction, error) {
	k, err := fixedRank(c)
	if err != nil {
		return nil, err
	}
	return preconditioned(&lowrank.PivotedCholesky{Rank: k, Pivots: lowrank.Greedy{}}, c, r)
}

func rpchol(c harness.Cell, r *reader) (solvers.Direction, error) {
	k, err := fixedRank(c)
	if err != nil {
		return nil, err
	}
	p := &lowrank.PivotedCholesky{Rank: k}
	if has(c, "block") {
		p.Block = (k + 9) / 10
	}
	return preconditioned(p, c, r)
}

func sketch(c harness.Cell, r *reader) (solvers.Direction, error) {
	d := &ng.Sketch{}
	if has(c, "sample") || has(c, "published") {
		d.In = solvers.Sample
	}
	if !has(c, "published") {
		s, err := sketching(c, r)
		d.Inverse = s
		return d, err
	}
	if has(c, "recycle") {
		return nil, fmt.Errorf("opt=%s: the published form has no eigenvectors to recycle", c["opt"])
	}
	k, err := fixedRank(c)
	d.Inverse = &lowrank.Fast{Rank: k}
	return d, err
}

// preconditioned makes CG with a, in the space asked for, built again as often as asked for.
func preconditioned(a interface {
	ng.Preconditioner
	lowrank.Ritz
}, c harness.Cell, r *reader) (solvers.Direction, error) {
	var m ng.Preconditioner = a
	if has(c, "sample") {
		m = &lowrank.Paired{From: a}
	}
	if has(c, "stale") {
		if has(c, "sample") {
			return nil, fmt.Errorf("opt=%s: a preconditioner of the K-inner product is self-adjoint for its own K alone", c["opt"])
		}
		s := &ng.Stale{Preconditioner: m, Every: r.int("every")}
		if r.err == nil && s.Every < 1 {
			return nil, fmt.Errorf("setting every=%d: want an integer ≥ 1", s.Every)
		}
		m = s
	}
	return conjugate(m, c, r), nil
}

// sketching reads the rank of a Nyström approximation, which may be auto, and what it recycles.
func sketching(c harness.Cell, r *reader) (*lowrank.Nystrom, error) {
	s := &lowrank.Nystrom{}
	if has(c, "recycle") {
		s.Recycle = r.float("recycle")
	}
	if c["rank"] != "auto" {
		var err error
		s.Rank, err = fixedRank(c)
		return s, err
	}
	s.Rank, s.Tau, s.Max = r.int("rank-first"), r.float("tau"), r.int("rank-max")
	if r.err == nil && !(s.Tau > 0) {
		return nil, fmt.Errorf("setting tau=%s: rank=auto wants a number > 0", r.s["tau"])
	}
	return s, nil
}

// fixedRank reads a rank that is a number.
func fixedRank(c harness.Cell) (int, error) {
	k, err := strconv.Atoi(c["rank"])
	if err != nil {
		return 0, fmt.Errorf("rank=%s: opt=%s has fixed ranks only", c["rank"], c["opt"])
	}
	return k, nil
}
