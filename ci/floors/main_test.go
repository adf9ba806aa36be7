package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func table(t *testing.T, text string) (house, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "floors.txt")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return read(path)
}

func TestArrows(t *testing.T) {
	h, err := table(t, "# a comment\n0 low\n1 mid\n1 twin over mid\n2 high\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, to string
		bad      []string
	}{
		{"high", "ngdbench/low", nil},
		{"high", "fmt", nil},
		{"twin", "ngdbench/mid", nil},
		{"mid", "ngdbench/mid", nil}, // an external test imports its own package
		{"mid", "ngdbench/twin", []string{"mid (floor 1) imports twin (floor 1)"}},
		{"low", "ngdbench/high", []string{"low (floor 0) imports high (floor 2)"}},
	} {
		if got := h.arrows(c.from, []string{c.to}); !slices.Equal(got, c.bad) {
			t.Errorf("%s → %s: %q, want %q", c.from, c.to, got, c.bad)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, line := range []string{"one pkg", "1", "1 a under b", "1 a over"} {
		if _, err := table(t, line+"\n"); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}
