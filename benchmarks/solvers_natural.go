package benchmarks

import (
	"maps"
	"slices"

	"ngdbench/harness"
	"ngdbench/solvers"
	ng "ngdbench/solvers/naturalgradient"
)

func solverEntries() []harness.SolverEntry {
	return slices.Concat(explicitEntries(), krylovEntries(), lowRankEntries(), baselineEntries())
}

// naturalParts are the parts that go with any direction, with their settings.
var naturalParts = map[string]harness.Settings{}

// natural is the entry of a direction: method = direction × damping × search. Only preconditioned ones have a rank. The
// direction reads its own parts by has(c, …).
func natural(name, doc string, class solvers.Class, s harness.Settings, parts map[string]harness.Settings,
	direction func(c harness.Cell, r *reader) (solvers.Direction, error)) harness.SolverEntry {
	e := harness.SolverEntry{
		Class: class,
		Uses:  harness.Uses{Rank: class == solvers.Preconditioned, Damp: true, Search: true},
		Parts: maps.Clone(naturalParts),
		Sets:  map[string]harness.Settings{"default": s},
	}
	maps.Copy(e.Parts, parts)
	e.Entry = harness.Entry[harness.NewSolver]{Name: name, Doc: doc,
		New: func(c harness.Cell, s harness.Settings) (solvers.Solver, error) {
			r := &reader{s: s}
			m := &ng.Method{}
			var err error
			if m.Direction, err = direction(c, r); err != nil {
				return nil, err
			}
			if m.Damping, err = solvers.ParseDamping(c["damp"]); err != nil {
				return nil, err
			}
			if m.Search, err = solvers.ParseSearch(c["search"]); err != nil {
				return nil, err
			}
			return m, r.err
		}}
	if e.Uses.Rank {
		e.Defaults = harness.Cell{"rank": "128"}
	}
	return e
}

// has says whether opt has the part.
func has(c harness.Cell, part string) bool {
	_, parts := harness.Parts(c["opt"])
	return slices.Contains(parts, part)
}
