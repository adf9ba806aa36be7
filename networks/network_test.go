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
		"2x64x1+tahn":                `nearest: "tanh"`,
		"2x64x1+":                    `unknown part ""`,
		"2x64x1+tanh+tanh":           "second activation",
		"2x64x1+sine+tanh":           "second activation",
		"2x64x1+sin":                 `nearest: "sine"`,
		"2x64x1+hart":                `nearest: "hard"`,
		"2x64x1+hard+hard":           "twice",
		"2x64x1+fourier":             "fourier16",
		"2x64x1+fourier0":            "fourier16",
		"2x64x1+fourier+4":           "fourier16",
		"2x64x1+fourier4s":           "fourier16s5",
		"2x64x1+fourier4s-1":         "fourier16s5",
		"2x64x1+fourier4sInf":        "fourier16s5",
		"2x64x1+fourier4+periodic":   "second embedding",
		"2x64x1+fourier4s2+fourier8": "second embedding",
		"2x0x1":                      "width 2",
		"2x-3x1":                     "width 2",
		"2x+3x1":                     "width 2",
		"2xx1":                       "width 2",
		"2x64":                       "",
		"64":                         "at least inputs and outputs",
		"":                           "at least inputs and outputs",
		"2x64y1":                     `"64y1"`,
		"2x99999999999x1":            "width 2",
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
	parts := [][]string{{"", "+sine"}, {"", "+periodic", "+fourier1", "+fourier12", "+fourier3s0.25"}, {"", "+hard"}}
	rapid.Check(t, func(t *rapid.T) {
		n := &Network{Widths: rapid.SliceOfN(rapid.IntRange(1, 500), 2, 6).Draw(t, "widths")}
		s := n.String()
		for _, choice := range parts {
			s += rapid.SampledFrom(choice).Draw(t, "part")
		}
		back, err := Parse(s)
		if err != nil || !slices.Equal(back.Widths, n.Widths) || back.String() != s {
			t.Fatalf("%s came back as %v, %v", s, back, err)
		}
	})
}

// Parts may come in any order, and a network has one name.
func TestOneName(t *testing.T) {
	for s, want := range map[string]string{
		"2x9x1+hard+fourier4s1+tanh": "2x9x1+fourier4+hard",
		"2x9x1+periodic+sine":        "2x9x1+sine+periodic",
		"2x9x1+fourier4s2.50+hard":   "2x9x1+fourier4s2.5+hard",
	} {
		if n, err := Parse(s); err != nil || n.String() != want {
			t.Errorf("%s is %v, %v; want %s", s, n, err, want)
		}
	}
}

// An embedding widens the first layer, and its frequencies do not depend on who asks.
func TestEmbeddingWidens(t *testing.T) {
	n, err := Parse("3x10x1+fourier4")
	if err != nil || n.Inputs() != 3 || n.Layers()[0].In != 8 || n.Size() != 8*10+10+10+1 {
		t.Fatalf("%v, %v: %+v", n, err, n.Layers())
	}
	p := &Network{Widths: []int{3, 10, 1}, Embed: &Periodic{Periods: []float64{0, 2, 1}}}
	if p.Layers()[0].In != 5 {
		t.Errorf("two periods of three: %+v", p.Layers())
	}
	if a, b := NewFourier(4, 3, 1), NewFourier(4, 3, 1); !slices.Equal(a.b, b.b) {
		t.Error("frequencies differ")
	}
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
