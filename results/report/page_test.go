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
	var text, md bytes.Buffer
	if err := p.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	if err := p.WriteMarkdown(&md); err != nil {
		t.Fatal(err)
	}
	golden(t, "quick.txt", text.Bytes())
	golden(t, "quick.md", md.Bytes())
}
