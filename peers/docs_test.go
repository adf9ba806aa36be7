package main

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var writeDocs = flag.Bool("write-docs", false, "TestDocs: put results/reference/peers into docs/peers.md")

// Where the kept figures are, and where they are shown.
const (
	kept             = "../results/reference/peers"
	doc              = "../docs/peers.md"
	docBegin, docEnd = "<!-- results/reference/peers/table.md -->\n", "<!-- end of table.md -->\n"
)

// TestDocs checks that the document shows the kept table, and that this is the table of the kept samples.
func TestDocs(t *testing.T) {
	var m manifest
	if err := json.Unmarshal([]byte(read(t, filepath.Join(kept, manifestFile))), &m); err != nil {
		t.Fatal(err)
	}
	if m.Finished == nil || m.Schema != manifestSchema {
		t.Errorf("schema %d, finished %v", m.Schema, m.Finished)
	}
	again := t.TempDir()
	if err := m.save(again); err != nil {
		t.Fatal(err)
	}
	table := read(t, filepath.Join(kept, tableFile))
	if got := read(t, filepath.Join(again, tableFile)); got != table {
		t.Errorf("%s is not the table of %s, which is\n%s", tableFile, manifestFile, got)
	}
	_, body, _ := strings.Cut(table, "\n\n") // without its title
	text := read(t, doc)
	before, rest, found := strings.Cut(text, docBegin)
	shown, after, ended := strings.Cut(rest, docEnd)
	if !found || !ended {
		t.Fatalf("%s lacks the lines %q and %q", doc, docBegin, docEnd)
	}
	if *writeDocs {
		if err := os.WriteFile(doc, []byte(before+docBegin+body+docEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if shown != body {
		t.Errorf("%s does not show %s: go test ./peers -run Docs -args -write-docs", doc, filepath.Join(kept, tableFile))
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
