package report

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"ngdbench/results/tables"
)

// Figure is one figure at its printed size, drawn on demand. The same figure gives the same bytes.
type Figure struct {
	tables.Picture

	series     []*series
	x, y       logAxis
	xlab, ylab string
}

// Two columns of a journal page; text of 8 points is what journals ask for.
const (
	figureWidth  = 17.4 * vg.Centimeter
	figureHeight = 8.6 * vg.Centimeter
	textSize     = 8
	pngDPI       = 200
	maxCurves    = 10 // beyond that lines cannot be told apart
)

// newFigure draws errors of the section's variants, the best of each class first.
func newFigure(s *tables.Section, name string, styles map[*tables.Variant]Style, a abscissa) *Figure {
	f := &Figure{Picture: tables.Picture{Name: name}, xlab: a.label, ylab: "relative L2 error"}
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
	f.scale(a)
	f.Caption = f.caption(left)
	return f
}

// scale chooses the axes. The error axis ends at a hundred times the typical first error: beyond that a training has
// diverged, and its height would flatten all others; what is cut off so is marked.
func (f *Figure) scale(a abscissa) {
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
	f.x, f.y = newLogAxis(max(x0, x1*1e-6), x1), newLogAxis(min(y0, y1), y1)
	for _, s := range f.series {
		s.markAll(a, math.Pow(10, f.y.hi))
	}
}

func (f *Figure) caption(left int) string {
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

func (f *Figure) has(kind markKind) bool {
	for _, s := range f.series {
		for _, m := range s.marks {
			if m.kind == kind {
				return true
			}
		}
	}
	return false
}

// SVG returns the figure with provenance in its metadata.
func (f *Figure) SVG(provenance string) []byte {
	return svgOf(figureWidth, figureHeight, f.draw, f.Alt, provenance)
}

// PNG returns the figure at 200 dots per inch with provenance in a text chunk.
func (f *Figure) PNG(provenance string) []byte {
	return pngOf(figureWidth, figureHeight, f.draw, provenance)
}

func svgOf(width, height vg.Length, paint func(draw.Canvas), alt, provenance string) []byte {
	c := vgsvg.NewWith(vgsvg.UseWH(width, height))
	paint(draw.New(c))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		panic("report: writing to memory failed")
	}
	return annotateSVG(b.Bytes(), alt, provenance)
}

func pngOf(width, height vg.Length, paint func(draw.Canvas), provenance string) []byte {
	c := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(pngDPI))
	paint(draw.New(c))
	var b bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(&b); err != nil {
		panic("report: writing to memory failed")
	}
	return annotatePNG(b.Bytes(), provenance)
}

func (f *Figure) draw(c draw.Canvas) {
	c.FillPolygon(color.White, []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}})
	p := plot.New()
	p.BackgroundColor = color.Transparent
	p.X.Label.Text, p.Y.Label.Text = f.xlab, f.ylab
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = f.x.lo, f.x.hi, f.y.lo, f.y.hi
	p.X.Tick.Marker, p.Y.Tick.Marker = f.x, f.y
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.Label.TextStyle.Font = sans()
		a.Label.Padding = vg.Points(2)
		a.Tick.Label.Font, a.Tick.Label.Handler = sans(), powers{plot.DefaultTextHandler}
		a.Tick.Length = vg.Points(4)
	}
	p.Add(gridLines{}, curves{f})
	legend := f.legendWidth()
	p.Draw(draw.Crop(c, vg.Points(2), -legend, vg.Points(2), -vg.Points(5)))
	f.drawLegend(draw.Crop(c, figureWidth-legend, 0, 0, -vg.Points(5)))
}

func sans() font.Font {
	return font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, textSize)
}

func plainText() text.Style {
	return text.Style{Color: color.Black, Font: sans(), XAlign: text.XLeft, YAlign: text.YCenter, Handler: plot.DefaultTextHandler}
}
