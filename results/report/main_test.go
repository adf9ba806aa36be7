package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ngdbench/results"
	"ngdbench/results/resultstest"
	"ngdbench/results/tables"
)

func run(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = Main(args, &out, &err)
	return code, out.String(), err.String()
}

func TestMainWritesReport(t *testing.T) {
	dir := t.TempDir()
	resultstest.WriteRun(t, dir, resultstest.Troubled())
	code, out, stderr := run(dir)
	if code != 0 || stderr != "" {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	want, _ := os.ReadFile(filepath.Join("testdata", "quick.txt"))
	if !strings.HasPrefix(out, string(want)) || !strings.Contains(out, filepath.Join(dir, "report", PageFile)) {
		t.Error("the page on standard output is not that of the records in memory, or lacks its path")
	}
	page, err := os.ReadFile(filepath.Join(dir, "report", PageFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"error-time.svg", "error-step.svg"} {
		if !strings.Contains(string(page), "("+f+")") {
			t.Errorf("the page does not link %s", f)
		}
		for _, name := range []string{f, strings.TrimSuffix(f, "svg") + "png"} {
			if _, err := os.Stat(filepath.Join(dir, "report", name)); err != nil {
				t.Error(err)
			}
		}
	}
	other := t.TempDir()
	if code, md, _ := run(dir, "--format", "markdown", "--out", other); code != 0 || !strings.HasPrefix(md, "# Report of quick\n") {
		t.Errorf("markdown: exit %d, begins %.40q", code, md)
	}
	if _, err := os.Stat(filepath.Join(other, PageFile)); err != nil {
		t.Error(err)
	}
}

// TestFileNamesDecideNothing: renamed record files, and so listed in another order, give the same report.
func TestFileNamesDecideNothing(t *testing.T) {
	dir := t.TempDir()
	resultstest.WriteRun(t, dir, resultstest.Troubled())
	_, before, _ := run(dir, "--out", t.TempDir())
	paths, _ := filepath.Glob(filepath.Join(dir, results.CellsFolder, "*.json"))
	for i, p := range paths {
		if err := os.Rename(p, filepath.Join(filepath.Dir(p), fmt.Sprintf("%03d.json", 7919*i%1000))); err != nil {
			t.Fatal(err)
		}
	}
	_, after, _ := run(dir, "--out", t.TempDir())
	cut := func(s string) string { return s[:strings.LastIndex(s, "Page and figures")] }
	if cut(before) != cut(after) {
		t.Error("the report depends on the names of record files")
	}
}

func TestMainRefuses(t *testing.T) {
	empty, broken, readonly := t.TempDir(), t.TempDir(), t.TempDir()
	resultstest.WriteRun(t, empty, nil)
	resultstest.WriteRun(t, broken, nil)
	if err := os.WriteFile(filepath.Join(broken, results.CellsFolder, "aa-bb-budget.json"), []byte(`{"schema":1,`), 0o644); err != nil {
		t.Fatal(err)
	}
	resultstest.WriteRun(t, readonly, resultstest.Records(resultstest.Quick[:1], 1, 1))
	blocked := filepath.Join(readonly, "file")
	if err := os.WriteFile(blocked, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--formt", "text"}, `nearest: "format"`},
		{[]string{"-x"}, "unknown shorthand flag"},
		{[]string{"--format", "htm", empty}, `want one of text, markdown, html, csv, latex (nearest: "html")`},
		{[]string{"--figures", "jpg", empty}, "--figures jpg: want some of svg, png, pdf"},
		{[]string{"table", readonly, "--row", "ot"}, `--row ot: unknown key "ot" (nearest: "opt")`},
		{[]string{"table", readonly, "--col", "opt@"}, "--col opt@: "},
		{[]string{"table", readonly, "--unit", "l2er"}, `unknown unit "l2er" (nearest: "l2err")`},
		{[]string{"table", readonly, "--unit", "time:fast"}, "want a relative L2 error > 0"},
		{[]string{"table", readonly, "--filter", "/opt:nobody"}, "no cell of 1 matches"},
		{[]string{"advise", readonly, "--params", "9"}, "integers > 0"},
		{[]string{"advise", readonly, "--params", "9", "--points", "9", "--dim", "2", "--target", "2"}, "want a relative L2 error in (0, 1)"},
		{[]string{"advise", readonly, "--params", "9", "--points", "9", "--dim", "2", "--memory", "much"}, "want a size > 0"},
		{[]string{"diff", readonly}, "diff wants two run folders, not 1"},
		{[]string{"diff", readonly, readonly, "--rel", "-1"}, "want a number > 0"},
		{[]string{"regimes", "nowhere"}, "nowhere: no such run folder"},
		{[]string{"advice"}, `no such run folder, and no command (nearest: "advise")`},
		{[]string{"--format"}, "needs an argument"},
		{[]string{"nowhere"}, "nowhere: no such run folder"},
		{[]string{"one", "two"}, "one run folder at a time"},
		{[]string{empty}, "no readable records"},
		{[]string{broken}, "no readable records"},
		{[]string{readonly, "--out", filepath.Join(blocked, "x")}, "cannot write the report"},
	} {
		code, out, stderr := run(c.args...)
		if code != 2 || out != "" || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%q: exit %d, %q, want one line with %q", c.args, code, stderr, c.want)
		}
	}
}

func TestLatest(t *testing.T) {
	t.Chdir(t.TempDir())
	code, _, stderr := run()
	if code != 2 || !strings.Contains(stderr, filepath.Join("results", "reference")) || strings.Count(stderr, "\n") != 1 {
		t.Errorf("no run at all: exit %d, %q", code, stderr)
	}
	for name, started := range map[string]string{"a": "2026-03-02T00:00:00Z", "b": "2026-03-05T00:00:00Z", "c": "2026-03-04T23:00:00Z"} {
		dir := filepath.Join("results", "runs", name)
		resultstest.WriteRun(t, dir, resultstest.Records(resultstest.Quick[:1], 1, 1))
		m := strings.Replace(resultstest.ManifestJSON, "2026-03-01T12:00:00Z", started, 1)
		if err := os.WriteFile(filepath.Join(dir, results.ManifestFile), []byte(m), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if dir, err := tables.Latest(); err != nil || filepath.Base(dir) != "b" {
		t.Errorf("latest is %s, %v", dir, err)
	}
	if code, out, _ := run(); code != 0 || !strings.Contains(out, "2026-03-05T00:00:00Z") {
		t.Errorf("report of the latest: exit %d", code)
	}
}

func TestHelp(t *testing.T) {
	code, out, _ := run("--help")
	if code != 0 || !strings.Contains(out, "benchreport [DIR] [--format FORMAT] [--out DIR]") || !strings.Contains(out, "Examples:") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// TestTruncatedRecord: one broken file is named, the rest is reported.
func TestTruncatedRecord(t *testing.T) {
	dir := t.TempDir()
	resultstest.WriteRun(t, dir, resultstest.Records(resultstest.Quick[:2], 2, 1))
	if err := os.WriteFile(filepath.Join(dir, results.CellsFolder, "ee-ff-budget.json"), []byte("{\"schema\":1,\n\"name\":"), 0o644); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, results.ManifestFile)
	m := strings.Replace(resultstest.ManifestJSON, `"wanted": 0`, `"wanted": 9`, 1)
	m = strings.Replace(m, `"exit": -1`, `"exit": -1, "warnings": ["no git: revision unknown"]`, 1)
	if err := os.WriteFile(path, []byte(m), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := run(dir); code != 0 || !strings.Contains(out, "5 cells of the 9 that the run wanted are not there") ||
		!strings.Contains(out, "the run itself warned: no git: revision unknown") {
		t.Errorf("exit %d, and missing cells or the run's own warnings are not named", code)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	code, out, _ := run(dir)
	for _, want := range []string{"Warnings", "ee-ff-budget.json", "truncated", "no manifest.json", "4 cells"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("exit %d, no %q in the report", code, want)
		}
	}
}
