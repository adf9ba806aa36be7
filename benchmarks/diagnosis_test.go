package benchmarks

import (
	"math"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ngdbench/harness"
	"ngdbench/linalg"
	"ngdbench/objective"
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

// The spectrum and d_eff of the first step are those of TᵀT by gonum at θ₀, for n > P and for n < P.
func TestDiagnosisIsOfTheGramian(t *testing.T) {
	for _, points := range []string{"60+20", "12+4"} {
		cell := harness.Cell{"opt": "dense", "net": "2x8x1", "points": points, "damp": "1e-3"}
		rec := diagnosed(t, cell, true)
		train, err := Catalogue().Training(harness.Spec{Cell: rec.Cell})
		if err != nil {
			t.Fatal(err)
		}
		at := objective.NewPoint(train.Objective, objective.Tangent|objective.Loss, nil)
		at.Eval(train.Theta, objective.Tangent)
		n, params := at.T.Dims()
		a := linalg.New(nil, n, params)
		at.T.Dense(a)
		var g mat.SymDense
		g.SymOuterK(1, mat.NewDense(n, params, a.Data).T())
		var eigen mat.EigenSym
		if !eigen.Factorize(&g, false) {
			t.Fatal("no eigenvalues")
		}
		values, deff := eigen.Values(nil), 0.0
		for _, v := range values {
			deff += math.Max(v, 0) / (math.Max(v, 0) + 1e-3)
		}
		d := rec.Trace[1].Diagnosis
		if math.Abs(float64(d.Deff)-deff) > 1e-8*deff {
			t.Errorf("%s: d_eff %g, want %g", points, float64(d.Deff), deff)
		}
		for i, v := range d.Spectrum {
			if want := values[len(values)-1-i]; math.Abs(float64(v)-want) > 1e-12*values[len(values)-1] {
				t.Errorf("%s: eigenvalue %d is %g, want %g", points, i, float64(v), want)
			}
		}
		if k := len(d.Spectrum); k == 0 || k > min(n, params) {
			t.Errorf("%s: %d eigenvalues", points, k)
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
			if d := row.Diagnosis; row.Scale > 0 && !(float64(d.Captured) > 1-1e-6) {
				t.Errorf("%v: step %d captures %.9f", c, row.Step, float64(d.Captured))
			}
		}
	}
	short, least := diagnosed(t, harness.Cell{"opt": "diagonal", "damp": "1e-6"}, true), 1.0
	for _, row := range short.Trace[1:] {
		if v := float64(row.Diagnosis.Captured); row.Scale > 0 {
			least = math.Min(least, v)
			if !(v > 0 && v < 1) {
				t.Errorf("the diagonal captures %g", v)
			}
		}
	}
	if least > 0.9 {
		t.Errorf("the diagonal captures at least %g", least)
	}
}
