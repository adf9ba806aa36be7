package tables

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"ngdbench/results"
	"ngdbench/results/resultstest"
)

func brief(t *testing.T, list []results.Record) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteBrief(&b, "quick", list); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestBrief: the page that a run ends with has table, headline, bad ends, and last how many cells ended how.
func TestBrief(t *testing.T) {
	page := brief(t, resultstest.Troubled())
	for _, want := range []string{"Results of quick\n", "\n nystrom rank=128 *  preconditioned  budget 3 ", "is 552 times below", "\n cg                2        diverged"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	if !strings.HasSuffix(page, "\n\n27 cells: budget 22, diverged 1, crashed 1, skipped 3\n") {
		t.Errorf("the page ends in %q", page[max(0, len(page)-80):])
	}
	if page := brief(t, nil); page != "Results of quick\n================\n" {
		t.Errorf("without records: %q", page)
	}
}

// TestNoPlotting: what links this package, the measured child processes among it, links no plotting.
func TestNoPlotting(t *testing.T) {
	deps, err := exec.Command("go", "list", "-deps", "ngdbench/results/tables").Output()
	if err != nil {
		t.Skipf("no go command to ask: %v", err)
	}
	for dep := range strings.Lines(string(deps)) {
		if strings.Contains(dep, "/plot") {
			t.Error("results/tables links " + dep)
		}
	}
}
