package harness

import (
	"encoding/hex"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"ngdbench/internal/simd"
	"ngdbench/results"
)

func TestKey(t *testing.T) {
	c := toyCatalogue()
	base, err := c.ResolveSpec(Spec{Cell: Cell{"opt": "nystrom", "rank": "3"}})
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^[0-9a-f]{20}$`).MatchString(base.Key) {
		t.Errorf("key %q", base.Key)
	}
	seen := map[string]string{base.Key: "base"}
	for name, s := range map[string]Spec{
		"rank": {Cell: Cell{"opt": "nystrom", "rank": "4"}}, "seed": {Cell: Cell{"opt": "nystrom", "rank": "3", "seed": "2"}},
		"set":      {Cell: Cell{"opt": "nystrom", "rank": "3"}, Settings: Settings{"lr": "2"}},
		"steps":    {Cell: Cell{"opt": "nystrom", "rank": "3"}, Limits: results.Limits{Steps: 3}},
		"seconds":  {Cell: Cell{"opt": "nystrom", "rank": "3"}, Limits: results.Limits{Seconds: 3}},
		"target":   {Cell: Cell{"opt": "nystrom", "rank": "3"}, Limits: results.Limits{Target: 3}},
		"threads":  {Cell: Cell{"opt": "nystrom", "rank": "3"}, GOMAXPROCS: 2},
		"resample": {Cell: Cell{"opt": "nystrom", "rank": "3"}, Settings: Settings{"resample": "3"}},
	} {
		r, err := c.ResolveSpec(s)
		if err != nil {
			t.Fatal(name, err)
		}
		if other, taken := seen[r.Key]; taken {
			t.Errorf("%s has the key of %s", name, other)
		}
		seen[r.Key] = name
	}
	if len(simd.Paths()) > 1 {
		other := base
		other.Kernels = simd.Scalar
		if Key(other) == base.Key {
			t.Error("the kernel path is not in the key")
		}
	}
	// What was said or lent, and what is for the record alone, is not in it.
	same, err := c.ResolveSpec(Spec{
		Cell:     Cell{"opt": "nystrom", "rank": "03", "points": "8", "damp": "1e-10", "seed": "1"},
		Settings: Settings{"lr": "1"}, Limits: results.Limits{Steps: DefaultSteps}, GOMAXPROCS: 1,
		Suite: "s", Block: "b", Timing: "pinned", Code: "12", Skip: "why",
	})
	if err != nil || same.Key != base.Key {
		t.Errorf("%s, want %s, %v\n%s", same.Key, base.Key, err, KeyText(same))
	}
	for _, line := range []string{"schema=1\n", "net=2x1\n", "steps=100\n", "setting lr=1\n", "gomaxprocs=1\n", "\ngo=go1.", "goamd64="} {
		if !strings.Contains(KeyText(base), line) {
			t.Errorf("no %q in\n%s", line, KeyText(base))
		}
	}
}

// The streams are part of what records promise: their seeds may never change.
func TestStreams(t *testing.T) {
	c, err := toyCatalogue().Resolve(Cell{"opt": "nystrom", "rank": "3"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"theta": "ba83df93bf095b529a67a6ab9f6b04b3", "points": "0774c460b30df8c9f9a64b3b82fc1386", "evaluation": "f467f83b2182c3e68a80bd4028cde846", "redraw": "2e4771b538a13df7516cef5ab697e866", "solver": "856e189c5cf213df6e8e8fabdec9e021",
	}
	got := streamSeeds(c)
	for use := range streamAxes {
		if got[use] != want[use] {
			t.Errorf("%s: %s, want %s", use, got[use], want[use])
		}
	}
	first := func(c Cell, use string) uint64 { return Stream(c, use).Uint64() }
	for _, d := range []struct {
		axis, value string
		changes     string // the streams that change with the axis
	}{
		{"opt", "dense", "solver"}, {"rank", "4", "solver"}, {"damp", "1", ""}, {"set", "wild", ""}, {"form", "ritz", ""}, {"search", "kfac", ""},
		{"net", "2x2x1", "theta solver"}, {"points", "9", "points redraw solver"}, {"seed", "2", "theta points redraw solver"},
		{"problem", "heat", "theta points evaluation redraw solver"},
	} {
		other := c.Clone()
		other[d.axis] = d.value
		for use := range streamAxes {
			if changed := first(other, use) != first(c, use); changed != strings.Contains(" "+d.changes+" ", " "+use+" ") {
				t.Errorf("stream %s with %s=%s: changed %v", use, d.axis, d.value, changed)
			}
		}
	}
	seed, _ := hex.DecodeString(got["theta"])
	by := rand.New(rand.NewPCG(be(seed[:8]), be(seed[8:])))
	if by.Uint64() != first(c, "theta") {
		t.Error("the stream is not the one that the record names")
	}
	if Stream(c, "own", "net").Uint64() == Stream(c, "own", "points").Uint64() {
		t.Error("axes do not name the stream")
	}
	defer func() {
		if recover() == nil {
			t.Error("a stream of a cell that is not resolved")
		}
	}()
	Stream(Cell{"problem": "heat"}, "theta")
}

func be(b []byte) (v uint64) {
	for _, x := range b {
		v = v<<8 | uint64(x)
	}
	return v
}
