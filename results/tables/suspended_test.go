package tables

import (
	"strings"
	"testing"

	"ngdbench/results/resultstest"
	"ngdbench/results/stats"
)

// TestSuspended: the seconds of a process that was stopped enter no statistics of time, as if that seed had not run; its
// final error counts like any other.
func TestSuspended(t *testing.T) {
	list := resultstest.Records([]resultstest.Method{resultstest.Quick[4], resultstest.Quick[7]}, 3, 4)
	stopped := &list[1]
	stopped.Environment.Suspended = 2.5
	stopped.Metrics["ns/op"] = 1e12
	for i := range stopped.Trace {
		stopped.Trace[i].Seconds += 996
	}
	s := NewRun(manifest, list).Sections()[0]
	v := s.Variants[0]
	if len(v.Cells) != 3 || v.Opt != "nystrom" {
		t.Fatalf("%s with %d cells comes first", v.Label, len(v.Cells))
	}
	for name, got := range map[string]stats.Summary{
		"seconds": v.seconds(), "time to 1e-5": stats.Summarise(v.timeTo(1e-5)), "ms/step": stats.Summarise(v.OverTimed(StepTime)),
		"error after the same seconds": s.family().aError,
	} {
		if got.N != 2 || got.Known != 2 || got.Max.Value > 100 {
			t.Errorf("%s: %+v, want the two seeds that were not stopped", name, got)
		}
	}
	if n := v.summary("l2err").N; n != 3 {
		t.Errorf("final errors of %d seeds, want 3", n)
	}
	p := s.pairs(1e-3)[0]
	if p.time.N != 2 || p.error.N != 3 {
		t.Errorf("%d pairs of times, %d of errors", p.time.N, p.error.N)
	}
	if st := s.standings(1e-5)[0]; st.run.N != 2 || !(st.run.Mean.Value < 4) {
		t.Errorf("standing %+v", st.run)
	}
	if page := strings.Join(strings.Fields(pageText(t, list)), " "); !strings.Contains(page, "was stopped for 2.50 s while it ran") {
		t.Error("no warning")
	}
}

// TestAllSuspended: a solver without any time of its own has an error, no time and no rank, and nothing divides by zero.
func TestAllSuspended(t *testing.T) {
	list := resultstest.Records([]resultstest.Method{resultstest.Quick[4], resultstest.Quick[7]}, 2, 4)
	for i := range 2 {
		list[i].Environment.Suspended = 1
	}
	s := NewRun(manifest, list).Sections()[0]
	if !strings.Contains(s.headline(), "one of them was stopped in every training") {
		t.Errorf("headline %q", s.headline())
	}
	if list := s.standings(1e-3); len(list) != 1 || list[0].v.Opt != "lbfgs" {
		t.Errorf("ranked: %+v", list)
	}
	page := pageText(t, list)
	for _, bad := range []string{"NaN", "Inf"} {
		if strings.Contains(page, bad) {
			t.Errorf("%s on the page", bad)
		}
	}
}
