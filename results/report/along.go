package report

import (
	"math"
	"slices"

	"ngdbench/results/tables"
)

// alongSteps reads a quantity of each row over the seeds of a variant: median line and band against the step. It is nil where
// no row has a number.
func alongSteps(v *tables.Variant, style Style, value func(c *tables.Curve, i int) float64) *series {
	s := &series{label: v.Label, style: style}
	for _, x := range stepGrid(v.Cells) {
		var values []float64
		for i := range v.Cells {
			c := &v.Cells[i].Curve
			if at, ok := slices.BinarySearch(c.Step, int(x)); ok {
				if y := value(c, at); !math.IsNaN(y) {
					values = append(values, y)
				}
			}
		}
		if len(values) == 0 {
			continue
		}
		slices.Sort(values)
		lo, hi := bandOf(values)
		s.x, s.mid, s.lo, s.hi = append(s.x, x), append(s.mid, middle(values)), append(s.lo, lo), append(s.hi, hi)
	}
	if len(s.x) == 0 {
		return nil
	}
	return s
}

// draws puts the curves of a section's variants into a chart, at most maxCurves, and counts the rest.
func (f *chart) draws(s *tables.Section, styles map[*tables.Variant]Style, make func(*tables.Variant, Style) *series) (left int) {
	for _, v := range s.Variants {
		c := make(v, styles[v])
		switch {
		case c == nil:
		case len(f.series) == maxCurves:
			left++
		default:
			f.series = append(f.series, c)
		}
	}
	return left
}

// spans are the positive extremes of the curves, for logarithmic axes.
func (f *chart) spans() (x0, x1, y0, y1 float64) {
	x0, y0 = math.Inf(1), math.Inf(1)
	for _, s := range f.series {
		for i, x := range s.x {
			if x > 0 {
				x0, x1 = min(x0, x), max(x1, x)
			}
			ys := []float64{s.mid[i]}
			if s.lo != nil {
				ys = append(ys, s.lo[i], s.hi[i])
			}
			for _, y := range ys {
				if y > 0 && !math.IsInf(y, 0) {
					y0, y1 = min(y0, y), max(y1, y)
				}
			}
		}
	}
	return x0, x1, y0, y1
}

// innerIterations draws the inner iterations of a step along the training; nil where no solver has any.
func innerIterations(s *tables.Section, name string, styles map[*tables.Variant]Style) *chart {
	f := &chart{Picture: tables.Picture{Name: name + "inner"}, xlab: "step", ylab: "inner iterations per step"}
	left := f.draws(s, styles, func(v *tables.Variant, style Style) *series {
		if !slices.ContainsFunc(v.Cells, func(c tables.Cell) bool { n := len(c.Curve.Inner); return n > 0 && c.Curve.Inner[n-1] > 0 }) {
			return nil
		}
		return alongSteps(v, style, func(c *tables.Curve, i int) float64 {
			if i == 0 || c.Step[i] == c.Step[i-1] {
				return math.NaN()
			}
			return float64(c.Inner[i]-c.Inner[i-1]) / float64(c.Step[i]-c.Step[i-1])
		})
	})
	if len(f.series) == 0 {
		return nil
	}
	x0, x1, y0, y1 := f.spans()
	f.x, f.y = newLogAxis(x0, x1), newLogAxis(y0, y1)
	f.Alt = "inner iterations per step against step, " + s.Title()
	f.Caption = "Inner iterations of the solves of a step, between trace rows, along the training: median line, band over the seeds. A step without iterations stands at the lower edge." + further(left)
	return f
}

// effectiveDimension draws d_eff along the training; nil where nothing was diagnosed.
func effectiveDimension(s *tables.Section, name string, styles map[*tables.Variant]Style) *chart {
	f := &chart{Picture: tables.Picture{Name: name + "deff"}, xlab: "step", ylab: "effective dimension"}
	left := f.draws(s, styles, func(v *tables.Variant, style Style) *series {
		return alongSteps(v, style, func(c *tables.Curve, i int) float64 {
			if c.Deff == nil {
				return math.NaN()
			}
			return c.Deff[i]
		})
	})
	if len(f.series) == 0 {
		return nil
	}
	x0, x1, _, y1 := f.spans()
	f.x, f.y = newLogAxis(x0, x1), linearAxis{0, 1.08 * y1}
	f.Alt = "effective dimension against step, " + s.Title()
	f.Caption = "Effective dimension Σ λ/(λ+μ) of the Gramian at the step's damping μ along the training: about the rank that a low-rank factor needs." + further(left)
	return f
}

// spectra draws the eigenvalues of the Gramian of the first diagnosed training of a section at some steps; nil where there is none.
func spectra(s *tables.Section, name string) *chart {
	for _, v := range s.Variants {
		for i := range v.Cells {
			if c := &v.Cells[i]; len(c.Curve.Spectra) > 0 {
				return spectraOf(s, v, c, name)
			}
		}
	}
	return nil
}
