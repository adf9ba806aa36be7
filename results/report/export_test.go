package report

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ngdbench/results"
	"ngdbench/results/resultstest"
)

func TestExport(t *testing.T) {
	dir, records := t.TempDir(), resultstest.Troubled()
	resultstest.WriteRun(t, dir, records)
	code, lines, stderr := run("export", dir)
	if back, err := results.ReadLines(strings.NewReader(lines), "o"); code != 0 || stderr != "" || err != nil || len(back) != len(records) {
		t.Errorf("jsonl: exit %d, %d records of %d, %v, %s", code, len(back), len(records), err, stderr)
	}
	file := filepath.Join(t.TempDir(), "o.csv")
	if code, out, stderr := run("export", dir, "--format", "csv", "--out", file); code != 0 || out != "" || stderr != "" {
		t.Errorf("csv: exit %d, %s%s", code, out, stderr)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll(); err != nil || len(rows) != 1+len(records) {
		t.Errorf("csv: %d lines, %v", len(rows), err)
	}
	if code, out, _ := run("export", dir, "--format", "trace"); code != 0 || !strings.HasPrefix(out, "key,problem,") {
		t.Errorf("trace: exit %d, begins %.40q", code, out)
	}
	if code, out, _ := run("export", dir, "--format", "bench"); code != 0 || !strings.Contains(out, "\nBenchmarkCell/problem=") {
		t.Errorf("bench: exit %d, begins %.40q", code, out)
	}

	// A record that cannot be read is named and left out; a wrong word is answered with the nearest.
	files, _ := filepath.Glob(filepath.Join(dir, results.CellsFolder, "*.json"))
	if err := os.WriteFile(files[0], []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	code, lines, stderr = run("export", dir)
	if n := strings.Count(lines, "\n"); code != 0 || n != len(records)-1 || !strings.HasPrefix(stderr, "benchreport: left out: ") {
		t.Errorf("exit %d, %d lines, %s", code, n, stderr)
	}
	if code, _, stderr := run("exprt"); code != 2 || !strings.Contains(stderr, `exprt: no such run folder, and no command (nearest: "export")`) {
		t.Errorf("a misspelt command: exit %d, %s", code, stderr)
	}
	for _, c := range [][]string{{"--format", "cvs", `nearest: "csv"`}, {"--fromat", "csv", "unknown flag --fromat (nearest: \"format\")"}, {"--out", "/nowhere/x", "/nowhere/x: no such file"}} {
		if code, _, stderr := run("export", dir, c[0], c[1]); code != 2 || !strings.Contains(stderr, c[2]) {
			t.Errorf("%v: exit %d, %s", c, code, stderr)
		}
	}
}
