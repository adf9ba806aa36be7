package benchmarks

import (
	"strings"
	"testing"

	"ngdbench/conformance"
	"ngdbench/harness"
	"ngdbench/results"
)

// Each formulation with each solver, on poisson2d and on its home problem.
func TestFormulationsTrain(t *testing.T) {
	small := harness.Cell{"problem": "poisson2d", "net": "2x12x1", "points": "144+24"}
	hard := harness.Cell{"problem": "poisson2d", "net": "2x12x1+hard", "points": "144+0"}
	conformance.Formulations(t, Catalogue(), map[string][]harness.Cell{
		"pinn":   {small, {"problem": "kovasznay", "net": "2x8x3", "points": "80+30"}},
		"vpinn":  {small, {"problem": "sweep", "net": "2x12x1", "points": "196+24"}},
		"rvpinn": {small, {"problem": "advdiff", "net": "1x12x1", "points": "60+2"}},
		"feinn":  {small, {"problem": "cdr", "net": "2x12x1", "points": "121+0"}},
		"ritz":   {hard, {"problem": "poisson_cubic", "net": "1x12x1", "points": "60+0"}},
	}, map[string]string{
		"ritz dual":   "needs residual, least squares",
		"ritz spring": "needs residual, least squares",
		"ritz svd":    "needs residual, least squares",
	})
}

// What does not apply, or cannot be computed, is refused with the reason.
func TestFormulationsRefused(t *testing.T) {
	for words, want := range map[string]string{
		"problem=kovasznay form=vpinn":              "has no weak form",
		"problem=kovasznay form=feinn":              "has no weak form",
		"problem=heat1d form=ritz":                  "minimises no energy",
		"problem=endpoint form=pinn":                "no strong residual in the interior",
		"problem=lshape form=vpinn":                 "need a box; take hats",
		"problem=lshape form=pinn net=2x8x1+hard":   "no ansatz for its boundary data",
		"form=ritz net=2x8x1":                       "boundary data built in",
		"form=ritz metric=gn":                       "needs tangent map",
		"form=pinn metric=dual":                     "form=pinn has no test space",
		"form=ritz metric=dual":                     "form=ritz has no test space",
		"problem=helmholtz form=ritz metric=energy": "take its positive part",
		"problem=heat1d metric=energy":              "minimises no energy",
		"metric=l2 net=2x64x1 points=100+10":        "rows for 257 parameters",
		"form=vpinn+t20 points=100+20":              "need 22, 484 points in all",
		"form=vpinn+sines+t20 points=100+20":        "need 40, 1600 points in all",
		"form=vpinn+hats+t20 points=100+20":         "too few for 20 hats: they need 42",
		"form=feinn+k4+q2 points=100+0":             "elements of order 4 with linear tests need 3",
		"form=feinn+k4 points=4+0":                  "mesh with no element of order 4",
		"form=feinn+k99 points=90000+0":             "want 1 to 8",
		"problem=poisson_cubic form=rvpinn+hats":    "constants are in its null space",
		"problem=poisson_cubic form=feinn+dual":     "constants are in its null space",
		"problem=cdr form=feinn+energy":             "needs a linear symmetric problem",
		"form=feinn+k2+energy":                      "elements of order 1",
		"form=pinn+wx":                              "pinn has no part \"wx\"",
		"form=pinn+w10+w20":                         "twice",
		"form=pinn+w0":                              "want a number > 0",
		"form=vpinn+t1.5":                           "want an integer > 0",
		"form=vpinn+hast":                           "no part \"hast\"",
		"problem=advdiff+x":                         "one part, a number",
		"problem=advdiff+0":                         "want a number in",
		"problem=sweep+2.5":                         "want an integer in",
		"problem=poisson2d+3":                       "no part \"3\"",
	} {
		cell, _, err := harness.ParseCell(strings.Fields(words))
		if err != nil {
			t.Fatal(err)
		}
		rec, err := harness.RunCell(Catalogue(), harness.Spec{Cell: cell, Limits: results.Limits{Steps: 1}}, nil)
		got := rec.Cause
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
}
