// Package harness holds cells, seeds, budgets, the one loop, isolation, resume, the manifest and the command line.
//
// A Catalogue is a value: problems, formulations, metrics, solvers and suites by name. Main over a catalogue is the
// whole of benchrun, child processes included, so a user's own module gets the full tool from a five-line main.
package harness

import (
	"cmp"
	"slices"
	"time"

	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/results"
	"ngdbench/solvers"
)

// Cell is a value for each axis of the axis table.
type Cell = results.Cell

// Settings are what the axis set names: every setting of a solver that is no axis, by name ("lr", "cg-cap").
type Settings map[string]string

// Instance is what a formulation makes of a problem: the training problem, its judge, and where to start.
type Instance struct {
	Objective objective.Objective
	Judge     objective.Judge // nil: no errors
	Theta     []float64       // θ₀; nil: drawn by the layout from the stream "theta"
	Points    []int           // points per group, for the record
	Resample  int             // steps between redraws of the points where no setting says so; 0: never
}

// Entry is one named thing of a catalogue. Defaults are its own values for axes that nobody named.
type Entry[T any] struct {
	Name, Doc string
	Defaults  Cell
	New       T
	// Lends are more defaults, which a formulation takes from the problem and the cell as it stands; nil: none.
	Lends func(p *problems.Problem, c Cell) Cell
}

// The constructors. Each gets the resolved cell; parts of a value (after the first +) are the constructor's
// to read. Those of opt must be among SolverEntry.Parts of the entry; a short name that stands for parts (spring =
// dual+spring) is an entry of its own.
type (
	NewProblem func(c Cell) (*problems.Problem, error)
	// NewNetwork makes the network of a shape that has a name: net=NAME stands for widths, activation and embedding. Parts
	// behind the name (sine, fourier16, hard) are added to what it returns.
	NewNetwork func(p *problems.Problem, c Cell) (*networks.Network, error)
	// NewFormulation gets the network that c["net"] names. It may keep it, and must not change it.
	NewFormulation func(p *problems.Problem, net *networks.Network, c Cell) (Instance, error)
	// NewMetric puts another tangent map on the instance's objective. The metric gn is the identity.
	NewMetric func(p *problems.Problem, net *networks.Network, in Instance, c Cell) (objective.Objective, error)
	NewSolver func(c Cell, s Settings) (solvers.Solver, error)
)

// SolverEntry is a solver with its named settings. Sets["default"] lists every setting with its default value, so that
// a misspelt one can be refused; other sets hold what differs.
type SolverEntry struct {
	Entry[NewSolver]
	Class solvers.Class
	Uses  Uses
	// Parts are what may stand behind a + in opt, each with the settings and defaults that it adds; anything else there is
	// refused. A cell without the part knows nothing of its settings.
	Parts map[string]Settings
	Sets  map[string]Settings
}

// Uses says which axes a solver reads; what it does not read is 0 or none in the resolved cell, and anything else is refused.
type Uses struct{ Rank, Damp, Search bool }

// Catalogue is what a benchrun can run.
type Catalogue struct {
	Problems     []Entry[NewProblem]
	Networks     []Entry[NewNetwork] // shapes with a name, beside those that are widths
	Formulations []Entry[NewFormulation]
	Metrics      []Entry[NewMetric]
	Solvers      []SolverEntry
	Suites       []Suite
	Calibration  Calibration
}

// Suite is a named list of blocks; the records of all blocks lie in one folder.
type Suite struct {
	Name   string  `json:"name"`
	Doc    string  `json:"doc,omitempty"`
	Blocks []Block `json:"blocks"`
	// Settings are named sets for the axis set, beside the solvers' own: set → setting → value, for the solvers that know it.
	Settings map[string]Settings `json:"settings,omitempty"`
	// Targets are the relative L2 errors by which a report ranks times; nil: its own.
	Targets []float64 `json:"targets,omitempty"`
	// Profiles are named sizes of the suite: smoke, small, paper.
	Profiles map[string]Profile `json:"profiles,omitempty"`
}

// Block is a grid. Its cells are the product of Axes, once for each of Variants (linked axes: opt with its rank, say),
// less what Exclude matches, for each seed.
type Block struct {
	Name       string              `json:"name"`
	Axes       map[string][]string `json:"axes,omitempty"`
	Variants   []Cell              `json:"variants,omitempty"`
	Exclude    []Cell              `json:"exclude,omitempty"`
	Seeds      []int               `json:"seeds,omitempty"`
	Limits     results.Limits      `json:"limits"`
	GOMAXPROCS int                 `json:"gomaxprocs,omitempty"`   // of each child; 0: 1
	Jobs       int                 `json:"jobs,omitempty"`         // cells side by side, 0: 1; --jobs overrides
	Timeout    time.Duration       `json:"timeout_ns,omitempty"`   // hard limit of a child's wall time, 0: see --timeout, which overrides
	Memory     int64               `json:"memory_bytes,omitempty"` // limit of a child's memory, 0: none; --memory overrides
	Diagnose   bool                `json:"diagnose,omitempty"`     // look at each step, as by --diagnose
}

// With returns c with o's entries added; an entry of the same name replaces c's.
func (c Catalogue) With(o Catalogue) Catalogue {
	return Catalogue{
		Problems:     merge(c.Problems, o.Problems, func(e Entry[NewProblem]) string { return e.Name }),
		Networks:     merge(c.Networks, o.Networks, func(e Entry[NewNetwork]) string { return e.Name }),
		Formulations: merge(c.Formulations, o.Formulations, func(e Entry[NewFormulation]) string { return e.Name }),
		Metrics:      merge(c.Metrics, o.Metrics, func(e Entry[NewMetric]) string { return e.Name }),
		Solvers:      merge(c.Solvers, o.Solvers, func(e SolverEntry) string { return e.Name }),
		Suites:       merge(c.Suites, o.Suites, func(s Suite) string { return s.Name }),
		Calibration: Calibration{
			Measure: append(slices.Clone(c.Calibration.Measure), o.Calibration.Measure...),
			Check:   append(slices.Clone(c.Calibration.Check), o.Calibration.Check...),
		},
	}
}

func merge[T any](a, b []T, name func(T) string) []T {
	out := slices.Clone(b)
	for _, n := range a {
		if !slices.ContainsFunc(b, func(m T) bool { return name(m) == name(n) }) {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(x, y T) int { return cmp.Compare(name(x), name(y)) })
	return out
}
