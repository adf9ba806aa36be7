package benchmarks

import (
	"bytes"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"ngdbench/harness"
	"ngdbench/results"
	"ngdbench/solvers"
)

// benchSteps ends the trainings of BenchmarkCell: by steps, so that everything but the time is the same in every run.
var benchSteps = map[solvers.Class]int{
	solvers.Explicit: 40, solvers.MatrixFree: 20, solvers.Preconditioned: 20, solvers.QuasiNewton: 400, solvers.FirstOrder: 400,
}

// benchCells are the cells of the first block of the suite quick, with benchSteps for their budget.
func benchCells(tb testing.TB) []harness.Spec {
	suite := quick()
	suite.Blocks = suite.Blocks[:1]
	suite.Blocks[0].Limits = results.Limits{Steps: 1}
	c := Catalogue()
	specs, err := harness.Expand(c, suite, harness.Options{GOMAXPROCS: runtime.GOMAXPROCS(0)})
	if err != nil {
		tb.Fatal(err)
	}
	for i := range specs {
		specs[i].Limits.Steps = benchSteps[classOf(c, specs[i].Cell["opt"])]
		specs[i].Key = ""
	}
	slices.SortFunc(specs, func(a, b harness.Spec) int { return results.Compare(a.Cell, b.Cell) })
	return specs
}

func classOf(c harness.Catalogue, opt string) solvers.Class {
	for _, e := range c.Solvers {
		if e.Name == opt {
			return e.Class
		}
	}
	return ""
}

// BenchmarkCell trains the cells of the quick suite's first block, each once per iteration through the RunCell of
// benchrun's child processes. ns/op is the training's own clock: drawing points and evaluating errors are left out.
func BenchmarkCell(b *testing.B) {
	c := Catalogue()
	for _, spec := range benchCells(b) {
		b.Run(spec.Cell.Name(), func(b *testing.B) {
			var rec results.Record
			ns, n := 0.0, 0
			for b.Loop() {
				var err error
				if rec, err = harness.RunCell(c, spec, nil); err != nil {
					b.Fatal(err)
				}
				ns, n = ns+float64(rec.Metrics["ns/op"]), n+1
			}
			b.ReportMetric(ns/float64(n), "ns/op")
			for _, unit := range []string{"l2err", "l2-digits", "steps", "cg-iters", "work-B"} {
				if v := rec.Metrics[unit]; v.Finite() {
					b.ReportMetric(float64(v), unit)
				}
			}
		})
	}
}

// TestChildAgrees runs a cell in a child process and in this one: the trajectories have the same bits.
func TestChildAgrees(t *testing.T) {
	dir := t.TempDir()
	var out, errs bytes.Buffer
	args := []string{"run", "smoke", "--out", dir, "--filter", "/opt:(nystrom OR lbfgs)"}
	if code := harness.Main(Catalogue(), args, nil, &out, &errs); code != 0 {
		t.Fatalf("exit %d\n%s", code, errs.String())
	}
	paths, err := filepath.Glob(filepath.Join(dir, "cells", "*.json"))
	if err != nil || len(paths) != 4 {
		t.Fatalf("%d records, want 4 (%v)", len(paths), err)
	}
	for _, path := range paths {
		want, err := results.ReadRecord(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := harness.RunCell(Catalogue(), harness.Spec{Cell: want.Cell, Settings: want.Settings, Limits: want.Limits}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.Digests != want.Digests || got.Digests.Trajectory == "" {
			t.Errorf("%s: digests %v in this process, %v in a child", want.Name, got.Digests, want.Digests)
		}
	}
}
