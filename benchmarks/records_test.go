package benchmarks

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"ngdbench/harness"
	"ngdbench/results"
)

func recordsPage(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../docs/records.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestRecordsPage: docs/records.md names every field of a record.
func TestRecordsPage(t *testing.T) {
	page := recordsPage(t)
	var look func(reflect.Type)
	look = func(of reflect.Type) {
		for of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct || of.PkgPath() != reflect.TypeFor[results.Record]().PkgPath() {
			return
		}
		for i := range of.NumField() {
			field := of.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !strings.Contains(page, "`"+name+"`") {
				t.Errorf("docs/records.md does not name `%s` of %s", name, of.Name())
			}
			look(field.Type)
		}
	}
	look(reflect.TypeFor[results.Record]())
}

// TestRecordsScripts runs the Python of docs/records.md, where Python and pandas are there, on a folder that has what
// benchrun and benchreport write. NGDBENCH_PYTHON names another interpreter.
func TestRecordsScripts(t *testing.T) {
	python := os.Getenv("NGDBENCH_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import numpy, pandas").Run(); err != nil {
		t.Skip("needs Python with pandas: ", err)
	}
	dir := t.TempDir()
	var records []results.Record
	for _, opt := range []string{"dense", "adam"} {
		cell := harness.Cell{"problem": "poisson2d", "net": "2x9x1", "points": "60+16", "opt": opt}
		rec, err := harness.RunCell(Catalogue(), harness.Spec{Cell: cell, Limits: results.Limits{Steps: 80}, Diagnose: true, Save: dir}, nil)
		if err != nil {
			t.Fatal(err)
		}
		rec.Code = "0b"
		records = append(records, rec)
	}
	for name, write := range map[string]func(*os.File) error{
		"results.jsonl": func(f *os.File) error { return results.WriteLines(f, records) },
		"results.csv":   func(f *os.File) error { return results.WriteCSV(f, records) },
		"trace.csv":     func(f *os.File) error { return results.WriteTraceCSV(f, records) },
	} {
		f, err := os.Create(filepath.Join(dir, name))
		if err == nil {
			err = write(f)
			f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	scripts := regexp.MustCompile("(?s)```python\n(.*?)```").FindAllStringSubmatch(recordsPage(t), -1)
	if len(scripts) != 4 {
		t.Errorf("%d scripts, want 4", len(scripts))
	}
	for i, s := range scripts {
		out, err := exec.Command(python, "-c", s[1], dir).CombinedOutput()
		if err != nil || len(out) == 0 {
			t.Errorf("script %d: %v\n%s", i+1, err, out)
		}
		t.Logf("script %d:\n%s", i+1, out)
	}
}
