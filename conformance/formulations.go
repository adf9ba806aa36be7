package conformance

import (
	"maps"
	"strings"
	"testing"

	"ngdbench/harness"
	"ngdbench/results"
)

// formulationSteps is how long Formulations trains each pair.
const formulationSteps = 30

// Formulations trains every formulation of a catalogue on the cells of its homes, by form, with every solver: 30 steps,
// in which the loss must fall. A pair that does not fit must be one of misfits, with a cause that has those words in it,
// and all of misfits must occur; keys are "form opt", or "form" for all of its solvers.
func Formulations(t *testing.T, c harness.Catalogue, homes map[string][]harness.Cell, misfits map[string]string) {
	seen := map[string]bool{}
	for _, form := range c.Formulations {
		if len(homes[form.Name]) == 0 {
			t.Errorf("form=%s: no problem to train it on", form.Name)
		}
		for _, home := range homes[form.Name] {
			for _, e := range c.Solvers {
				cell := harness.Cell{"form": form.Name, "opt": e.Name}
				maps.Copy(cell, home)
				if e.Uses.Rank {
					cell["rank"] = "8"
				}
				t.Run(strings.ReplaceAll(cell.Name(), "/", " "), func(t *testing.T) {
					rec, err := harness.RunCell(c, harness.Spec{Cell: cell, Limits: results.Limits{Steps: formulationSteps}}, nil)
					if rec.Status != results.Skipped {
						if err != nil {
							t.Fatal(err)
						}
						checkTraining(t, rec)
						return
					}
					key := cell["form"] + " " + e.Name
					if _, has := misfits[key]; !has {
						key = cell["form"]
					}
					if want, has := misfits[key]; !has || !strings.Contains(rec.Cause, want) {
						t.Errorf("does not fit: %s; want %q", rec.Cause, want)
					}
					seen[key] = true
				})
			}
		}
	}
	for key := range misfits {
		if !seen[key] {
			t.Errorf("%s was to be refused, and was not", key)
		}
	}
}
