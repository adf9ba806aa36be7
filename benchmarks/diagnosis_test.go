package benchmarks

import (
	"math"
	"reflect"
	"testing"

	"ngdbench/harness"
	"ngdbench/results"
)

// diagnosed trains a small cell for a few steps.
func diagnosed(t *testing.T, cell harness.Cell, diagnose bool) results.Record {
	t.Helper()
	c := cell.Clone()
	if c["net"] == "" {
		c["net"], c["points"] = "2x8x1", "60+20"
	}
	rec, err := harness.RunCell(Catalogue(), harness.Spec{Cell: c, Limits: results.Limits{Steps: 6}, Diagnose: diagnose}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// A diagnosis changes nothing but the rows it is in: bits, counts, workspace and key are the same.
func TestDiagnosisOnlyLooks(t *testing.T) {
	for _, opt := range []string{"dense", "dual", "nystrom", "lbfgs"} {
		cell := harness.Cell{"opt": opt}
		if opt == "nystrom" {
			cell["rank"] = "8"
		}
		with, without := diagnosed(t, cell, true), diagnosed(t, cell, false)
		if with.Digests != without.Digests || with.Key != without.Key || !reflect.DeepEqual(with.Counts, without.Counts) ||
			with.Metrics["work-B"] != without.Metrics["work-B"] || with.Metrics["model-ns"] != without.Metrics["model-ns"] {
			t.Errorf("%s: a diagnosis changes the training", opt)
		}
		for i, row := range with.Trace {
			if (row.Diagnosis != nil) != (row.Step > 0) || without.Trace[i].Diagnosis != nil {
				t.Errorf("%s: row %d: %v", opt, i, row.Diagnosis)
			}
		}
	}
}

// The exact directions capture all of the model's decrease, in either space; truncated conjugate gradients less.
func TestDiagnosisOfCapture(t *testing.T) {
	for _, c := range []harness.Cell{
		{"opt": "dense", "damp": "1e-6"}, {"opt": "dual", "damp": "1e-6"},
		{"opt": "dense", "damp": "1e-6", "net": "2x8x1", "points": "12+4"}, {"opt": "dual", "damp": "1e-6", "net": "2x8x1", "points": "12+4"},
	} {
		for _, row := range diagnosed(t, c, true).Trace[1:] {
			if d := row.Diagnosis; row.Scale > 0 && !(float64(*d.Captured) > 1-1e-6) {
				t.Errorf("%v: step %d captures %.9f", c, row.Step, float64(*d.Captured))
			}
		}
	}
	short, least := diagnosed(t, harness.Cell{"opt": "diagonal", "damp": "1e-6"}, true), 1.0
	for _, row := range short.Trace[1:] {
		if row.Scale == 0 {
			continue
		}
		v := float64(*row.Diagnosis.Captured)
		if least = math.Min(least, v); !(v > 0 && v < 1) {
			t.Errorf("the diagonal captures %g", v)
		}
	}
	if least > 0.9 {
		t.Errorf("the diagonal captures at least %g", least)
	}
}
