package main

import (
	"os"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/benchmarks"
	"ngdbench/conformance"
	"ngdbench/harness"
	"ngdbench/linalg"
)

func TestMain(m *testing.M) {
	blas64.Use(linalg.BLAS{})
	os.Exit(m.Run())
}

// TestConformance runs the kit on what this module adds: derivatives by differences, counts, allocations, the same bits for
// any number of threads and on any kernel path.
func TestConformance(t *testing.T) {
	conformance.Entries(t, benchmarks.Catalogue(), mine(), harness.Cell{"problem": "bratu", "net": "2x9x6x1", "points": "60+16"})
}

// TestSuite: every name in the suite file is one of the catalogue's.
func TestSuite(t *testing.T) {
	c := benchmarks.Catalogue().With(mine())
	suite, err := harness.LoadSuite(c, "external.yaml")
	if err != nil {
		t.Fatal(err)
	}
	specs, err := harness.Expand(c, suite, harness.Options{})
	if err != nil || len(specs) != 24 {
		t.Errorf("%d cells, %v", len(specs), err)
	}
	for _, s := range specs {
		if s.Skip != "" {
			t.Errorf("%s: %s", s.Cell.Name(), s.Skip)
		}
	}
}
