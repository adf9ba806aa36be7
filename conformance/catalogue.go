package conformance

import (
	"maps"
	"slices"
	"testing"

	"ngdbench/harness"
	"ngdbench/internal/simd"
	"ngdbench/results"
)

// Catalogue checks every problem of a catalogue by Problem, every network with a name by Network and its training by Objective, and
// every solver, alone and with each of its parts, by Solver: on the small cell base, which says problem, net and points.
func Catalogue(t *testing.T, c harness.Catalogue, base harness.Cell) { Entries(t, c, c, base) }

// Entries is Catalogue of those entries alone that own adds to c.
func Entries(t *testing.T, c, own harness.Catalogue, base harness.Cell) {
	c = c.With(own)
	for _, e := range own.Problems {
		t.Run("problem="+e.Name, func(t *testing.T) {
			cell, err := c.Resolve(harness.Cell{"problem": e.Name})
			if err != nil {
				t.Fatal(err)
			}
			p, err := e.New(cell)
			if err != nil {
				t.Fatal(err)
			}
			if p.Name != e.Name {
				t.Errorf("the problem calls itself %q", p.Name)
			}
			Problem(t, p)
		})
	}
	for _, e := range own.Networks {
		t.Run("net="+e.Name, func(t *testing.T) { namedNetwork(t, c, e.Name, base) })
	}
	for _, e := range own.Solvers {
		opts := []string{e.Name}
		if _, short := e.Defaults["opt"]; !short { // what it stands for has the same parts
			for part := range e.Parts {
				opts = append(opts, e.Name+"+"+part)
			}
		}
		slices.Sort(opts)
		for _, opt := range opts {
			t.Run("opt="+opt, func(t *testing.T) {
				cell := harness.Cell{"opt": opt}
				maps.Copy(cell, base)
				if e.Uses.Rank {
					cell["rank"] = "8"
				}
				Solver(t, c, cell)
			})
		}
	}
}

// solverSteps is how long Solver trains.
const solverSteps = 12

// Solver trains a cell for twelve steps under several conditions. The loss falls, nothing is lost on the way, and the
// trajectory has the same bits in a second run, for GOMAXPROCS 1, 2 and 4, on every kernel path of this machine, and as
// the beginning of a longer run. The bytes of workspace are the same for all of them but the longer one, where adaptive
// methods may grow. The counts are those that an instrumented objective saw (Counts), a step allocates nothing, and a loss that is no number
// ends the training by a status, with the parameters before it.
func Solver(t *testing.T, c harness.Catalogue, cell harness.Cell) {
	spec := harness.Spec{Cell: cell, Limits: results.Limits{Steps: solverSteps}, GOMAXPROCS: 1}
	want := train(t, c, spec)
	checkTraining(t, want)
	Counts(t, c, cell)
	checkAllocations(t, c, cell)
	checkNaN(t, c, cell)
	for _, kernels := range simd.Paths() {
		for _, procs := range []int{1, 2, 4} {
			spec.GOMAXPROCS, spec.Kernels = procs, kernels
			got := train(t, c, spec)
			if got.Metrics["work-B"] != want.Metrics["work-B"] {
				t.Errorf("GOMAXPROCS %d, kernels %s: %.0f bytes of workspace, want %.0f", procs, kernels, got.Metrics["work-B"], want.Metrics["work-B"])
			}
			if got.Digests != want.Digests {
				t.Errorf("GOMAXPROCS %d, kernels %s: trajectory %s, want %s", procs, kernels, got.Digests.Trajectory, want.Digests.Trajectory)
			}
		}
	}
	spec.GOMAXPROCS, spec.Kernels, spec.Limits.Steps = 1, "", solverSteps+5
	longer := train(t, c, spec)
	for i, row := range want.Trace {
		if i >= len(longer.Trace) || longer.Trace[i].Digest != row.Digest {
			t.Fatalf("step %d of a longer run is another one", row.Step)
		}
	}
}

func train(t *testing.T, c harness.Catalogue, spec harness.Spec) results.Record {
	t.Helper()
	rec, err := harness.RunCell(c, spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// checkTraining looks at a record as a reader would.
func checkTraining(t *testing.T, rec results.Record) {
	t.Helper()
	if rec.Status == results.Skipped || rec.Status == results.Diverged || rec.Status == results.Breakdown {
		t.Fatalf("status %s: %s", rec.Status, rec.Cause)
	}
	first, last := rec.Trace[0], rec.Trace[len(rec.Trace)-1]
	if !(last.Loss < first.Loss) {
		t.Errorf("loss %g after %d steps, %g before", last.Loss, last.Step, first.Loss)
	}
	if rec.Metrics["grad-equivalents"] <= 0 || rec.Metrics["work-B"] <= 0 {
		t.Errorf("no work was counted: %v", rec.Metrics)
	}
	for i, row := range rec.Trace[1:] {
		if was := rec.Trace[i]; row.Losses < was.Losses || row.Products < was.Products || row.CGIters < was.CGIters || row.Digest == was.Digest && row.Scale != 0 {
			t.Errorf("row of step %d does not follow from the one before", row.Step)
		}
	}
}
