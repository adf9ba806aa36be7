package networks

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	n, err := Parse("2x64x1")
	if err != nil {
		t.Fatal(err)
	}
	if n.Size() != 257 || n.Inputs() != 2 || n.Outputs() != 1 {
		t.Errorf("2x64x1: P = %d, d = %d, outputs = %d", n.Size(), n.Inputs(), n.Outputs())
	}
	want := []Layer{{In: 2, Out: 64, Weight: 0, Bias: 128}, {In: 64, Out: 1, Weight: 192, Bias: 256}}
	if !slices.Equal(n.Layers(), want) {
		t.Errorf("layers %v, want %v", n.Layers(), want)
	}
	same, err := Parse("2x64x1+tanh")
	if err != nil || same.String() != "2x64x1" {
		t.Errorf("with its default named: %q, %v", same, err)
	}
}

func TestParseErrors(t *testing.T) {
	for s, want := range map[string]string{
		"2x64x1+tahn":      `nearest: "tanh"`,
		"2x64x1+":          `unknown part ""`,
		"2x64x1+tanh+tanh": "second activation",
		"2x0x1":            "width 2",
		"2x-3x1":           "width 2",
		"2x+3x1":           "width 2",
		"2xx1":             "width 2",
		"2x64":             "",
		"64":               "at least inputs and outputs",
		"":                 "at least inputs and outputs",
		"2x64y1":           `"64y1"`,
		"2x99999999999x1":  "width 2",
	} {
		_, err := Parse(s)
		if want == "" {
			if err != nil {
				t.Errorf("%q: %v", s, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one with %q", s, err, want)
		}
	}
}

func TestStringRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := &Network{Widths: rapid.SliceOfN(rapid.IntRange(1, MaxWidth), 2, 6).Draw(t, "widths")}
		back, err := Parse(n.String())
		if err != nil || !slices.Equal(back.Widths, n.Widths) || back.act() != n.act() {
			t.Fatalf("%s came back as %v, %v", n, back, err)
		}
	})
}

func TestLayersCoverTheta(t *testing.T) {
	n := &Network{Widths: []int{3, 5, 1, 4, 2}}
	at := 0
	for _, l := range n.Layers() {
		if l.Weight != at || l.Bias != at+l.In*l.Out {
			t.Errorf("layer %+v does not begin at %d", l, at)
		}
		at = l.Bias + l.Out
	}
	if at != n.Size() {
		t.Errorf("layers end at %d, P = %d", at, n.Size())
	}
}
