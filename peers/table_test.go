package main

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"ngdbench/results"
)

func TestDifference(t *testing.T) {
	if d, why := difference([]float64{3, 4 + 5e-13}, []float64{3, 4}); why != "" || math.Abs(d-1e-13) > 1e-15 {
		t.Errorf("%g %q", d, why)
	}
	for _, c := range []struct {
		a, b []float64
		want string
	}{
		{[]float64{1}, []float64{1, 2}, "1 numbers, not 2"},
		{[]float64{math.NaN()}, []float64{1}, "not finite"},
		{[]float64{1}, []float64{math.Inf(1)}, "not finite"},
		{[]float64{0}, []float64{0}, "the reference is zero"},
	} {
		if _, why := difference(c.a, c.b); why != c.want {
			t.Errorf("%v %v: %q", c.a, c.b, why)
		}
	}
}

// TestTolerance: a result that is off by just more than the tolerance has no figure, one just below keeps it.
func TestTolerance(t *testing.T) {
	reference, outputs, u := t.TempDir(), t.TempDir(), unit{name: "x", outputs: []string{"value"}}
	write := func(dir string, x float64) {
		if err := results.WriteArray(outputFile(dir, "x", "value"), []float64{x}, 1); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		off float64
		ok  bool
	}{{0, true}, {0.9e-12, true}, {1.1e-12, false}, {-1.1e-12, false}, {-2, false}} {
		write(reference, 1)
		write(outputs, 1+c.off)
		got := cell{Median: 1}
		got.compare(u, reference, outputs)
		if (got.Reason == "") != c.ok || (got.Median == 1) != c.ok {
			t.Errorf("off by %g: %+v", c.off, got)
		}
	}
	for _, dirs := range [][2]string{{t.TempDir(), outputs}, {reference, t.TempDir()}} {
		got := cell{Median: 1}
		if got.compare(u, dirs[0], dirs[1]); got.Reason == "" || got.Median != 0 {
			t.Errorf("a missing array: %+v", got)
		}
	}
}

func TestRatio(t *testing.T) {
	all, low, high := ratio(cell{Median: 6, Rounds: [][]float64{{4, 6, 100}, {9}}}, cell{Median: 2, Rounds: [][]float64{{2}, {1, 3, 3}}})
	if all != 3 || low != 3 || high != 3 {
		t.Errorf("%g [%g, %g]", all, low, high)
	}
	if _, low, high = ratio(cell{Rounds: [][]float64{{8}, {2}}}, cell{Rounds: [][]float64{{2}, {1}}}); low != 2 || high != 4 {
		t.Errorf("[%g, %g]", low, high)
	}
}

func TestSignificant(t *testing.T) {
	for x, want := range map[float64]string{0.0321: "0.032", 0.1234: "0.123", 1.234: "1.23", 2.345: "2.3", 19.6: "19.6", 23.4: "23", 7169: "7169", 0: "0"} {
		if got := significant(x); got != want {
			t.Errorf("%g: %s, want %s", x, got, want)
		}
	}
}

// TestPage reads the two files as a user does.
func TestPage(t *testing.T) {
	full := units
	units = units[1:4] // gradient, linearise, product
	defer func() { units = full }()
	s, err := parseSetting("2x64x64x64x1:4000")
	if err != nil {
		t.Fatal(err)
	}
	shown := newTable(s, []*peer{{name: "ngdbench"}, {name: "jax"}, {name: "jax-kr"}})
	shown.Cells[0] = []cell{{Median: 0.01, Rounds: [][]float64{{0.01}, {0.01}}}, {Median: 0.05, Rounds: [][]float64{{0.04}, {0.06}}}, {Reason: "it broke"}}
	shown.leaveOut(1, "does not fit")
	shown.Cells[2] = []cell{{Median: 0.01, Rounds: [][]float64{{0.01}}}, {Median: 0.05, Rounds: [][]float64{{0.05}}}, {Median: 0.02, Rounds: [][]float64{{0.02}}}}
	m := &manifest{Threads: 2, Rounds: 2, Tables: []*table{shown}}
	dir := t.TempDir()
	if err := m.save(dir); err != nil {
		t.Fatal(err)
	}
	got := read(t, filepath.Join(dir, tableFile))
	for _, want := range []string{
		"50 (5.0×) [4.0, 6.0]", "n/a 1: it broke.", "n/a 2: does not fit.", "20 (2.0×)",
		"| product | jax | ≥ 6× | 5.0× |", "| gradient | jax | ≥ 4× | 5.0× |", "| product | jax-kr | ≥ 1.8× | 2.0× |",
	} {
		if !strings.Contains(squeeze(got), want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func squeeze(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "\\", "")
}
