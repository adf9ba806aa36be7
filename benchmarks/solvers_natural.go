package benchmarks

import (
	"fmt"
	"slices"

	"ngdbench/harness"
	"ngdbench/solvers"
	ng "ngdbench/solvers/naturalgradient"
)

func solverEntries() []harness.SolverEntry {
	return slices.Concat(explicitEntries(), krylovEntries(), lowRankEntries(),
		[]harness.SolverEntry{autoEntry()}, baselineEntries())
}

// naturalParts are the parts that go with any direction, with their settings.
var naturalParts = map[string]harness.Settings{
	"spring": {"momentum": "0.3", "bias": "none", "clip": "0"},
	"geo":    {"reach": "0.75"},
}

// natural is the entry of a direction: method = direction × damping × search. The direction reads its own parts by has(c, …).
func natural(name, doc string, class solvers.Class, s harness.Settings, parts map[string]harness.Settings,
	direction func(c harness.Cell, r *reader) (solvers.Direction, error)) harness.SolverEntry {
	e := harness.SolverEntry{
		Class: class,
		Uses:  harness.Uses{Damp: true, Search: true},
		Parts: merged(naturalParts, parts),
		Sets:  map[string]harness.Settings{"default": s},
	}
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
			if err = readParts(m, c, r); err != nil {
				return nil, err
			}
			return m, r.err
		}}
	return e
}

// readParts gives the method the parts of naturalParts.
func readParts(m *ng.Method, c harness.Cell, r *reader) (err error) {
	if has(c, "spring") {
		m.Momentum.Beta, m.Momentum.Clip = r.float("momentum"), r.float("clip")
		if m.Momentum.Correct, err = solvers.ParseCorrection(r.s["bias"]); err != nil {
			return fmt.Errorf("setting %w", err)
		}
		if r.err == nil && m.Momentum.Beta == 0 {
			return fmt.Errorf("setting momentum=0: opt=%s has momentum; want a number in (0, 1)", c["opt"])
		}
	}
	if has(c, "geo") {
		m.Geodesic = &ng.Geodesic{Reach: r.nonzero("reach", "> 0")}
	}
	return nil
}

// has says whether opt has the part.
func has(c harness.Cell, part string) bool {
	_, parts := harness.Parts(c["opt"])
	return slices.Contains(parts, part)
}
