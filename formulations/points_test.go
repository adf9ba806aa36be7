package formulations_test

import (
	"slices"
	"strings"
	"testing"

	"ngdbench/formulations"
	"ngdbench/problems"
)

func TestParsePoints(t *testing.T) {
	p := problems.Poisson2D()
	for _, c := range []struct {
		in   string
		want []int
		err  string
	}{
		{p.Points, []int{900, 120}, ""},
		{"1+1", []int{1, 1}, ""},
		{"0+120", nil, "interior needs between 1 and"},
		{"900+0", []int{900, 0}, ""},
		{"900", nil, "needs 2 numbers, interior+boundary, as in \"900+120\"; got 1"},
		{"900+120+3", nil, "got 3"},
		{"", nil, "got 1"},
		{"900+", nil, "no number of points for the part boundary"},
		{"-5+120", nil, "\"-5\" is no number of points for the part interior"},
		{"1e3+120", nil, "\"1e3\" is no number"},
		{"900+4294967295", nil, "boundary needs between 0 and"},
		{"900+99999999999999999999", nil, "no number of points"},
	} {
		got, err := formulations.ParsePoints(p, c.in)
		if c.err == "" {
			if err != nil || !slices.Equal(got, c.want) || formulations.FormatPoints(got) != c.in {
				t.Errorf("%q: %v, %v", c.in, got, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), c.err) || !strings.Contains(err.Error(), "points") {
			t.Errorf("%q: error %v, want %q", c.in, err, c.err)
		}
	}
}

// A part that no block lies on needs no points.
func TestPartsWithoutBlocksNeedNoPoints(t *testing.T) {
	p := problems.Poisson2D()
	p.Strong = p.Strong[:1]
	if got, err := formulations.ParsePoints(p, "7"); err != nil || !slices.Equal(got, []int{7}) {
		t.Errorf("%v, %v", got, err)
	}
}
