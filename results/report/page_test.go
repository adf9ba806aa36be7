package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ngdbench/results/resultstest"
	"ngdbench/results/tables"
)

var manifest = tables.Manifest{Suite: "quick", Started: resultstest.Day, Revision: "646763cafe00646763cafe00646763cafe006467", Dirty: true}

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with testdata/name; commit only differences that you understand.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", name, d)
	}
}

func TestGoldenPages(t *testing.T) {
	p, _ := Build(tables.NewRun(manifest, resultstest.Troubled()), nil)
	for format, suffix := range map[string]string{"text": "txt", "markdown": "md", "html": "html", "csv": "csv", "latex": "tex"} {
		var b bytes.Buffer
		if err := p.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		golden(t, "quick."+suffix, b.Bytes())
	}
}
