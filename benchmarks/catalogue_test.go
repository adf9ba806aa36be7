package benchmarks

import (
	"testing"

	"ngdbench/conformance"
	"ngdbench/harness"
)

func TestCatalogue(t *testing.T) {
	conformance.Catalogue(t, Catalogue(), small)
}

// TestSuitesExpand finds a misspelt name in a suite before a user does.
func TestSuitesExpand(t *testing.T) {
	c := Catalogue()
	for _, s := range c.Suites {
		specs, err := harness.Expand(c, s, harness.Options{})
		if err != nil {
			t.Errorf("suite %s: %v", s.Name, err)
		}
		for _, spec := range specs {
			if spec.Skip != "" {
				t.Errorf("suite %s: %s is skipped: %s", s.Name, spec.Cell.Name(), spec.Skip)
			}
		}
	}
}

func TestPartsRefused(t *testing.T) {
	for _, opt := range []string{"dense+foo", "adam+spring", "lbfgs+"} {
		if _, err := Catalogue().Resolve(harness.Cell{"opt": opt}); err == nil {
			t.Errorf("opt=%s resolves", opt)
		}
	}
}
