package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ngdbench/conformance"
)

func TestLibrary(t *testing.T) {
	var out strings.Builder
	if err := run(&out); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "at [2.000000 0.500000 1.000000 3.000000]"); n != 2 {
		t.Errorf("%d fits of 2 end at the truth:\n%s", n, &out)
	}
	last := regexp.MustCompile(`step 100 .* l2err (\S+)\n`).FindStringSubmatch(out.String())
	if last == nil {
		t.Fatalf("no step 100:\n%s", &out)
	}
	if e, err := strconv.ParseFloat(last[1], 64); err != nil || e > 1e-3 {
		t.Errorf("l2err %s after 100 steps", last[1])
	}
}

// The closures are what they say: the adjoint identity, and differences of the residual.
func TestExponentials(t *testing.T) {
	conformance.Objective(t, exponentials(), start())
}
