package benchmarks

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"ngdbench/conformance"
	"ngdbench/harness"
	"ngdbench/results"
)

// small is a cell on which anything trains in milliseconds.
var small = harness.Cell{"problem": "poisson2d", "net": "2x9x6x1", "points": "60+16"}

// refused is the reason for which a cell is not trained.
func refused(t *testing.T, cell harness.Cell, s harness.Settings) string {
	t.Helper()
	maps.Copy(cell, small)
	c := Catalogue()
	rec, err := harness.RunCell(c, harness.Spec{Cell: cell, Settings: s, Limits: results.Limits{Steps: 1}, GOMAXPROCS: 1}, nil)
	var r *harness.Refusal
	switch {
	case err == nil:
		return ""
	case errors.As(err, &r) && rec.Status != results.Skipped:
		t.Errorf("%v: status %s", cell, rec.Status)
	}
	return err.Error()
}

// Bad settings are refused before the first step, with the valid range.
func TestBadSettings(t *testing.T) {
	for _, c := range []struct {
		cell harness.Cell
		s    harness.Settings
		want string
	}{
		{harness.Cell{"opt": "nystrom", "rank": "0"}, nil, "needs a rank"},
		{harness.Cell{"opt": "nystrom", "rank": "95"}, nil, "above the number of parameters, 94"},
		{harness.Cell{"opt": "nystrom", "rank": "-1"}, nil, "want an integer ≥ 0 or auto"},
		{harness.Cell{"opt": "nystrom+sample", "rank": "90"}, nil, "outside [1, 76]"},
		{harness.Cell{"opt": "pchol", "rank": "auto"}, nil, "fixed ranks only"},
		{harness.Cell{"opt": "nystrom+stale", "rank": "auto"}, nil, "cannot grow"},
		{harness.Cell{"opt": "rpchol+sample+stale", "rank": "8"}, nil, "its own K alone"},
		{harness.Cell{"opt": "nystrom+stale", "rank": "8"}, harness.Settings{"every": "0"}, "want an integer ≥ 1"},
		{harness.Cell{"opt": "nystrom+recycle", "rank": "8"}, harness.Settings{"recycle": "1"}, "outside [0, 1)"},
		{harness.Cell{"opt": "nystrom", "rank": "auto"}, harness.Settings{"tau": "0"}, "number > 0"},
		{harness.Cell{"opt": "sketch", "rank": "auto"}, harness.Settings{"rank-max": "8"}, "below the first"},
		{harness.Cell{"opt": "sketch+published+recycle", "rank": "8"}, nil, "no eigenvectors to recycle"},
		{harness.Cell{"opt": "cg+sample+warm"}, nil, "start from zero"},
		{harness.Cell{"opt": "cg+warm"}, harness.Settings{"warm": "1.5"}, "outside [0, 1]"},
		{harness.Cell{"opt": "cg+bound"}, harness.Settings{"cg-bound": "1"}, "outside [0, 1)"},
		{harness.Cell{"opt": "cg"}, harness.Settings{"cg-tol": "1"}, "outside [0, 1)"},
		{harness.Cell{"opt": "cg"}, harness.Settings{"cg-tol": "-1e-3"}, "outside [0, 1)"},
		{harness.Cell{"opt": "cg"}, harness.Settings{"cg-cap": "-2"}, "outside [1, ∞)"},
		{harness.Cell{"opt": "cg"}, harness.Settings{"cg-progress": "x"}, "want a number"},
		{harness.Cell{"opt": "svd"}, harness.Settings{"cutoff": "0"}, "(0, 1)"},
		{harness.Cell{"opt": "svd"}, harness.Settings{"cutoff": "1"}, "(0, 1)"},
		{harness.Cell{"opt": "dense", "damp": "-1e-3"}, nil, "want a number ≥ 0"},
		{harness.Cell{"opt": "dense", "damp": "nan"}, nil, "want a number ≥ 0"},
		{harness.Cell{"opt": "dual+spring"}, harness.Settings{"momentum": "1"}, "outside [0, 1)"},
		{harness.Cell{"opt": "dense+geo"}, harness.Settings{"reach": "0"}, "> 0"},
		{harness.Cell{"opt": "auto"}, harness.Settings{"table": "0123"}, "name the other one with --calibration"},
		{harness.Cell{"opt": "auto"}, harness.Settings{"rank-max": "8"}, "below the first"},
		{harness.Cell{"opt": "auto"}, harness.Settings{"rest": "0"}, "want integers ≥ 1"},
		{harness.Cell{"opt": "auto"}, harness.Settings{"threads": "0"}, "want integers ≥ 1"},
		{harness.Cell{"opt": "auto"}, harness.Settings{"tau": "-1"}, "outside (0, ∞)"},
	} {
		if got := refused(t, c.cell, c.s); !strings.Contains(got, c.want) {
			t.Errorf("%s %v: %q, want %q", c.cell.Name(), c.s, got, c.want)
		}
	}
}

// rank=auto is a solver like any other.
func TestAutomaticRank(t *testing.T) {
	for _, opt := range []string{"nystrom", "nystrom+sample", "sketch"} {
		t.Run("opt="+opt, func(t *testing.T) {
			cell := small.Clone()
			cell["opt"], cell["rank"] = opt, "auto"
			conformance.Solver(t, Catalogue(), cell)
		})
	}
}
