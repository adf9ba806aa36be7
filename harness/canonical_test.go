package harness

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCanonical(t *testing.T) {
	for said, want := range map[string]string{
		"points=0900+120": "900+120", "points=900+00120": "900+120", "points=0+4": "0+4", "points=00+k4": "0+k4",
		"net=2x064x1": "2x64x1", "net=02x64x01+tanh": "2x64x1", "net=deep+07": "deep+07",
		"damp=1.0e-10": "1e-10", "damp=1e-10": "1e-10", "damp=0.0000000001": "1e-10", "damp=1e-010": "1e-10", "damp=0.5": "0.5", "damp=.5": "0.5",
		"damp=5e-1": "0.5", "damp=0": "0", "damp=0.0": "0", "damp=-0": "0", "damp=1e-2": "1e-2", "damp=0.01": "1e-2", "damp=1": "1", "damp=1.": "1",
		"damp=1e+5": "1e5", "damp=3.7e-5": "3.7e-5", "damp=12": "12", "damp=loss": "loss", "damp=none": "none", "damp=inf": "inf", "damp=-1": "-1",
		"rank=032": "32", "rank=000": "0", "rank=auto": "auto", "rank=-3": "-3", "seed=007": "7",
	} {
		axis, v, _ := strings.Cut(said, "=")
		if got := canonical(axis, v); got != want {
			t.Errorf("%s: %s, want %s", said, got, want)
		}
		if got := canonical(axis, want); got != want {
			t.Errorf("%s=%s becomes %s", axis, want, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Min(0).Draw(t, "x")
		v := canonical("damp", strconv.FormatFloat(x, 'e', 17, 64))
		if y, err := strconv.ParseFloat(v, 64); err != nil || y != x && x < 1e308 {
			t.Fatalf("%g becomes %s", x, v)
		}
		if w := canonical("damp", v); w != v {
			t.Fatalf("%s becomes %s", v, w)
		}
	})
}

// One cell has one key and the same streams, however it is said; and resolving it again changes nothing.
func TestOneKey(t *testing.T) {
	c := toyCatalogue()
	base, err := c.ResolveSpec(Spec{Cell: mustCell(t, "opt=nystrom rank=3 net=2x64x1 points=900+120 damp=1e-10")})
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{
		"opt=nystrom rank=003 net=2x64x1 points=900+120 damp=1e-10", "opt=nystrom rank=3 net=2x064x1 points=900+120",
		"opt=nystrom rank=3 net=2x64x1 points=0900+120 seed=01", "opt=nystrom rank=3 net=2x64x1 points=900+120 damp=1.0e-10",
	} {
		s, err := c.ResolveSpec(Spec{Cell: mustCell(t, said)})
		if err != nil || s.Key != base.Key {
			t.Errorf("%s: key %s, want %s, %v\n%s", said, s.Key, base.Key, err, KeyText(s))
			continue
		}
		for use, seed := range streamSeeds(base.Cell) {
			if got := streamSeeds(s.Cell)[use]; got != seed {
				t.Errorf("%s: stream %s differs", said, use)
			}
		}
		if again, err := c.ResolveSpec(s); err != nil || again.Key != s.Key || again.Cell.Name() != s.Cell.Name() {
			t.Errorf("%s: resolved twice: %s, %v", said, again.Cell.Name(), err)
		}
	}
	// A grid that says one damping in two ways has one cell, and a pattern excludes it in either.
	suite := Suite{Name: "s", Blocks: []Block{{Name: "b", Axes: map[string][]string{"opt": {"dense"}, "damp": {"1e-10", "1.0e-10", "0.5"}}}}}
	if specs, err := Expand(c, suite, Options{}); err != nil || len(specs) != 2 {
		t.Errorf("%d cells, want 2, %v", len(specs), err)
	}
	suite.Blocks[0].Exclude = []Cell{{"damp": "0.1e-9"}}
	if specs, err := Expand(c, suite, Options{}); err != nil || len(specs) != 1 {
		t.Errorf("%d cells with one excluded, want 1, %v", len(specs), err)
	}
}
