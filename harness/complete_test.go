package harness

import (
	"slices"
	"strings"
	"testing"

	"ngdbench/solvers"
)

// What completion offers is accepted, and it offers all that the parser of step length rules names.
func TestValuesOf(t *testing.T) {
	a := &app{Catalogue: toyCatalogue()}
	for _, axis := range []string{"damp", "search", "set"} {
		values := a.valuesOf(axis)
		if len(values) < 2 {
			t.Errorf("%s: %v", axis, values)
		}
		for _, v := range values {
			opt := "dense" // has damping and step length rule
			switch v {
			case absent[axis], "tuned":
				opt = "sgd" // has neither, and a set of its own
			}
			if _, err := a.ResolveSpec(Spec{Cell: Cell{"opt": opt, axis: v}}); err != nil {
				t.Errorf("%s=%s is offered: %v", axis, v, err)
			}
		}
	}
	_, err := solvers.ParseSearch("?")
	_, words, _ := strings.Cut(err.Error(), "want ")
	for _, w := range strings.FieldsFunc(strings.ReplaceAll(words, " or ", " "), func(r rune) bool { return r == ' ' || r == ',' }) {
		if !slices.Contains(a.valuesOf("search"), w) {
			t.Errorf("search=%s exists and is not offered", w)
		}
	}
	if !slices.Contains(a.valuesOf("damp"), "trust") {
		t.Error("damp=trust is offered")
	}
}
