package tables

import (
	"strings"
	"testing"

	"ngdbench/results"
	"ngdbench/results/resultstest"
)

// priced are made-up records of some methods, three seeds each, with modelled seconds of factor times the clock's, and a choice.
func priced(factor float64, methods ...resultstest.Method) []results.Record {
	list := resultstest.Records(methods, 3, 4)
	for _, r := range list {
		for i := range r.Trace {
			r.Trace[i].Modelled = results.Float(factor) * r.Trace[i].Seconds
			if r.Cell["opt"] == "dense" && i > 0 {
				r.Trace[i].Choice = "dual: no rank costs less"
			}
		}
	}
	return list
}

// The target is the lowest loss that every variant reaches on every seed, the order is that of modelled seconds, and baselines are left out.
func TestCommonLoss(t *testing.T) {
	q := resultstest.Quick
	s := NewRun(manifest, append(priced(2, q[0]), priced(0.1, q[1], q[6])...)).Sections()[0]
	items := s.commonLoss()
	if len(items) != 1 {
		t.Fatalf("%d tables", len(items))
	}
	table := items[0].(*Table)
	target := 0.0
	for _, c := range s.Cells {
		if c.Class == "explicit" {
			target = max(target, lowest(c.Curve.Loss))
		}
	}
	if !strings.HasSuffix(table.Title, Scientific(target)) {
		t.Errorf("%s, want the loss %g", table.Title, target)
	}
	if len(table.Rows) != 2 || table.Rows[0][1] != "dual" || table.Rows[1][1] != "dense" || table.Rows[0][3] != "1.0" {
		t.Errorf("rows %v", table.Rows)
	}
	if notes := strings.Join(table.Notes, " "); !strings.Contains(notes, "dense took dual: no rank costs less.") {
		t.Errorf("notes %q", notes)
	}
	if len(NewRun(manifest, priced(0, q[0], q[1])).Sections()[0].commonLoss()) != 0 {
		t.Error("a table without prices")
	}
}
