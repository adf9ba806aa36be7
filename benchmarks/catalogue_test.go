package benchmarks

import (
	"os"
	"strings"
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

// The suite file in the README is one, in every profile.
func TestReadmeSuite(t *testing.T) {
	readme, err := os.ReadFile(readmeDoc)
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(readme), "```yaml\n")
	text, _, found := strings.Cut(after, "```")
	if !found {
		t.Fatal("no suite file in the README")
	}
	c := Catalogue()
	suite, err := harness.ParseSuite(c, "README.md", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if specs, err := harness.Expand(c, suite, harness.Options{}); err != nil || len(specs) != 21 || len(suite.Profiles) != 2 {
		t.Errorf("%d cells, %d profiles, %v", len(specs), len(suite.Profiles), err)
	}
}

func TestPartsRefused(t *testing.T) {
	for _, opt := range []string{"dense+foo", "adam+spring", "lbfgs+"} {
		if _, err := Catalogue().Resolve(harness.Cell{"opt": opt}); err == nil {
			t.Errorf("opt=%s resolves", opt)
		}
	}
}
