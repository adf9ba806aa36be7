package report

import (
	"fmt"
	"math"
	"strings"

	"ngdbench/results/tables"
)

// convergence draws errors of the section's variants, the best of each class first.
func convergence(s *tables.Section, name string, styles map[*tables.Variant]Style, a abscissa) *chart {
	f := &chart{Picture: tables.Picture{Name: name}, xlab: a.label, ylab: "relative L2 error"}
	f.Alt = fmt.Sprintf("%s against %s, %s", f.ylab, a.label, s.Title())
	left := 0
	for _, v := range s.Variants {
		c := newSeries(v, styles[v], a)
		switch {
		case c == nil:
		case len(f.series) == maxCurves:
			left++
		default:
			f.series = append(f.series, c)
		}
	}
	f.scaleErrors(a)
	f.Caption = f.errorCaption(left)
	return f
}

// scaleErrors chooses the axes. The error axis ends at a hundred times the typical first error: beyond that a training has
// diverged, and its height would flatten all others; what is cut off so is marked.
func (f *chart) scaleErrors(a abscissa) {
	x0, x1, y0, y1 := math.Inf(1), 0.0, math.Inf(1), 0.0
	var starts []float64
	for _, s := range f.series {
		for i, x := range s.x {
			if x > 0 {
				x0, x1 = min(x0, x), max(x1, x)
			}
			for _, y := range []float64{s.lo[i], s.mid[i], s.hi[i]} {
				if y > 0 && !math.IsInf(y, 0) {
					y0, y1 = min(y0, y), max(y1, y)
				}
			}
		}
		if y := s.mid[0]; y > 0 && !math.IsInf(y, 0) {
			starts = append(starts, y)
		}
	}
	if len(starts) > 0 {
		y1 = min(y1, 100*sortedMiddle(starts))
	}
	y := newLogAxis(min(y0, y1), y1)
	f.x, f.y = newLogAxis(max(x0, x1*1e-6), x1), y
	for _, s := range f.series {
		s.markAll(a, math.Pow(10, y.hi))
	}
}

func (f *chart) errorCaption(left int) string {
	band := "all seeds"
	for _, s := range f.series {
		if s.wide() {
			band = "the middle half of the seeds (all, where there are fewer than six)"
		}
	}
	words := []string{fmt.Sprintf("Relative L2 error against %s: median line, band over %s; step 0 stands at the left edge.", f.xlab, band)}
	for kind, meaning := range markMeanings {
		if f.has(markKind(kind)) {
			words = append(words, meaning.legend+": "+meaning.doc+".")
		}
	}
	if left > 0 {
		words = append(words, fmt.Sprintf("Further solvers not drawn: %d.", left))
	}
	return strings.Join(words, " ")
}

func (f *chart) has(kind markKind) bool {
	for _, s := range f.series {
		for _, m := range s.marks {
			if m.kind == kind {
				return true
			}
		}
	}
	return false
}
