package report

import (
	"math"
	"slices"
	"sort"

	"ngdbench/results/tables"
)

// abscissa is what errors are drawn against.
type abscissa struct {
	label string
	at    func(*tables.Curve, int) float64    // of row i
	cells func(*tables.Variant) []tables.Cell // those that have a place on it
	grid  func([]tables.Cell) []float64       // where the curves of several seeds are read off together
}

var (
	overTime = abscissa{"training time (s)", func(c *tables.Curve, i int) float64 { return c.Seconds[i] }, (*tables.Variant).Timed, timeGrid}
	overStep = abscissa{"step", func(c *tables.Curve, i int) float64 { return float64(c.Step[i]) }, allCells, stepGrid}
)

func allCells(v *tables.Variant) []tables.Cell { return v.Cells }

// series is one variant's errors over its seeds: median line, spread band, and marks where a value has no place on a
// logarithmic axis.
type series struct {
	label       string
	style       Style
	x           []float64
	mid, lo, hi []float64 // 0 and +Inf (not finite) among them; the axis clamps and the marks tell
	marks       []mark
	cells       []tables.Cell // those with a trace

	// How it is drawn; by default as a line with a band from lo to hi, where these are there, and a few markers.
	whiskers bool // the spread as whiskers, a marker at each point
	loose    bool // markers without a line
	every    bool // a marker at each point
	bare     bool // no markers
}

// mark is a point that a logarithmic axis cannot show.
type mark struct {
	x    float64
	kind markKind
}

type markKind int

const (
	isZero markKind = iota // exactly zero: below every axis
	isOver                 // beyond the upper end
	isLost                 // not finite: the training diverged
)

// newSeries reads the errors of a variant; it is nil where no seed has a trace.
func newSeries(v *tables.Variant, style Style, a abscissa) *series {
	cells := slices.DeleteFunc(slices.Clone(a.cells(v)), func(c tables.Cell) bool { return len(c.Curve.L2) == 0 })
	if len(cells) == 0 {
		return nil
	}
	s := &series{label: v.Label, style: style, x: a.grid(cells), cells: cells}
	floor := s.x[min(1, len(s.x)-1)]
	for _, x := range s.x {
		values := make([]float64, len(cells))
		for i := range cells {
			values[i] = readAt(&cells[i].Curve, a, x, floor)
		}
		slices.Sort(values)
		lo, hi := bandOf(values)
		s.mid, s.lo, s.hi = append(s.mid, middle(values)), append(s.lo, lo), append(s.hi, hi)
	}
	return s
}

// readAt is the error at x, between rows on the straight line that joins them on logarithmic axes; held after the end;
// +Inf where it was not finite. Times before floor, the first positive one, count as floor.
func readAt(c *tables.Curve, a abscissa, x, floor float64) float64 {
	next := sort.Search(len(c.L2), func(i int) bool { return a.at(c, i) > x })
	i := max(0, next-1)
	e := c.L2[i]
	switch {
	case math.IsNaN(e):
		return math.Inf(1)
	case next == 0 || next == len(c.L2) || !(e > 0) || !(c.L2[next] > 0):
		return max(0, e)
	}
	x0, x1 := math.Log(max(floor, a.at(c, i))), math.Log(max(floor, a.at(c, next)))
	t := 0.0
	if x1 > x0 {
		t = max(0, math.Log(max(floor, x))-x0) / (x1 - x0)
	}
	return math.Exp((1-t)*math.Log(e) + t*math.Log(c.L2[next]))
}

// markAll notes where each seed first was zero, first lay beyond top, and first was not finite.
func (s *series) markAll(a abscissa, top float64) {
	for i := range s.cells {
		c := &s.cells[i].Curve
		var seen [len(markMeanings)]bool
		for j, e := range c.L2 {
			kind, ok := markOf(e, top)
			if ok && !seen[kind] {
				seen[kind] = true
				s.marks = append(s.marks, mark{a.at(c, j), kind})
			}
		}
	}
}

func markOf(e, top float64) (markKind, bool) {
	switch {
	case math.IsNaN(e):
		return isLost, true
	case e == 0:
		return isZero, true
	}
	return isOver, e > top
}

// wideFrom is the number of seeds from which the band holds the middle half instead of all.
const wideFrom = 6

// bandOf returns smallest and largest of ascending values, or from six on the quartiles.
func bandOf(v []float64) (lo, hi float64) {
	n := len(v)
	if n < wideFrom {
		return v[0], v[n-1]
	}
	return v[(n-1)/4], v[n-1-(n-1)/4]
}

// middle is the median of ascending values, of an even number the mean of the middle two: what the tables say too.
func middle(v []float64) float64 {
	n := len(v)
	return v[(n-1)/2]/2 + v[n/2]/2
}

func sortedMiddle(v []float64) float64 { return middle(slices.Sorted(slices.Values(v))) }

// stepGrid is the union of all rows' steps.
func stepGrid(cells []tables.Cell) []float64 {
	var x []float64
	for _, c := range cells {
		for _, s := range c.Curve.Step {
			x = append(x, float64(s))
		}
	}
	slices.Sort(x)
	return slices.Compact(x)
}

const gridPoints = 240

// timeGrid is 0, then log-spaced from the first positive time of a row to the last.
func timeGrid(cells []tables.Cell) []float64 {
	first, last := math.Inf(1), 0.0
	for _, c := range cells {
		for _, t := range c.Curve.Seconds {
			if t > 0 {
				first, last = min(first, t), max(last, t)
			}
		}
	}
	x := []float64{0}
	if last == 0 || math.IsInf(last, 0) {
		return x
	}
	ratio := math.Log(last / first)
	for i := range gridPoints {
		x = append(x, first*math.Exp(ratio*float64(i)/(gridPoints-1)))
	}
	x[gridPoints] = last // the rounding of exp must not lose the last row
	return slices.Compact(x)
}
