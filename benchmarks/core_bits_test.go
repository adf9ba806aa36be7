package benchmarks

import (
	"testing"

	"ngdbench/harness"
	"ngdbench/internal/simd"
	"ngdbench/results"
)

// TestTrainingBitsWhenShared trains the cells of the quick suite for a few steps: the trajectory has the same bits for
// GOMAXPROCS 1, 2 and 4, and on the scalar path. The conformance kit asks that of every solver on a cell so small that no
// worker takes part; here most of the work is shared.
func TestTrainingBitsWhenShared(t *testing.T) {
	for _, opt := range []string{"dense", "dual", "cg", "nystrom", "rpchol", "lbfgs", "adam"} {
		cell := harness.Cell{"problem": "poisson2d", "net": "2x64x1", "points": "900+120", "opt": opt}
		var want results.Digests
		for i, c := range []struct {
			procs   int
			kernels string
		}{{1, ""}, {2, ""}, {4, ""}, {2, simd.Scalar}} {
			spec := harness.Spec{Cell: cell, Limits: results.Limits{Steps: 2}, GOMAXPROCS: c.procs, Kernels: c.kernels}
			rec, err := harness.RunCell(Catalogue(), spec, nil)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				want = rec.Digests
			}
			if rec.Digests != want || want.Trajectory == "" {
				t.Errorf("%s: GOMAXPROCS %d, kernels %q: %v, want %v", opt, c.procs, c.kernels, rec.Digests, want)
			}
		}
	}
}
