package report

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	colormap "gonum.org/v1/plot/palette"
	"gonum.org/v1/plot/palette/moreland"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	fieldHeight = 5.6 * vg.Centimeter
	fieldWidth  = 5.8 * vg.Centimeter // of one panel
	fieldColors = 64
	barWidth    = 1.3 * vg.Centimeter
)

// panel is one picture of a field.
type panel struct {
	title  string
	values []float64
	spread bool // colours run from −max to max
}

// panels are the solution and, where the reference is known, that and the error.
func (f *field) panels() []panel {
	p := []panel{{"solution " + f.name, f.solution, false}}
	if f.reference == nil {
		return p
	}
	e := make([]float64, len(f.solution))
	for i, v := range f.solution {
		e[i] = v - f.reference[i]
	}
	return append(p, panel{"reference", f.reference, false}, panel{"solution − reference", e, true})
}

func (f *field) width() vg.Length { return fieldWidth * vg.Length(len(f.panels())) }

// draw paints the panels side by side.
func (f *field) draw(c draw.Canvas) {
	blank(c)
	all := f.panels()
	for i, p := range all {
		left := fieldWidth * vg.Length(i)
		at := draw.Crop(c, left, -(c.Max.X - c.Min.X - left - fieldWidth), 0, 0)
		if f.y == nil {
			f.line(p).Draw(draw.Crop(at, vg.Points(4), -vg.Points(6), vg.Points(4), -vg.Points(4)))
			continue
		}
		f.heat(p, at)
	}
}

func newPanel(title string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil // the paper is white already, and a transparent fill is no colour of SVG
	p.Title.Text, p.Title.TextStyle.Font = title, sans()
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.Label.TextStyle.Font, a.Tick.Label.Font = sans(), sans()
		a.Tick.Length = vg.Points(3)
	}
	return p
}

// line draws a function of one coordinate.
func (f *field) line(q panel) *plot.Plot {
	p := newPanel(q.title)
	p.X.Label.Text = "x"
	xy := make(plotter.XYs, len(f.x))
	for i, x := range f.x {
		xy[i] = plotter.XY{X: x, Y: q.values[i]}
	}
	if l, err := plotter.NewLine(finite(xy)); err == nil {
		l.Color, l.Width = blue, vg.Points(0.8)
		p.Add(l)
	}
	return p
}

// finite drops what cannot be drawn.
func finite(xy plotter.XYs) plotter.XYs {
	return slices.DeleteFunc(xy, func(p plotter.XY) bool { return math.IsNaN(p.Y) || math.IsInf(p.Y, 0) })
}

// heat draws a function of two coordinates with its colour bar.
func (f *field) heat(q panel, at draw.Canvas) {
	g := newGrid(f.x, f.y, q.values)
	var colors colormap.ColorMap = moreland.ExtendedKindlmann()
	lo, hi := g.lo, g.hi
	if q.spread {
		colors = moreland.SmoothBlueRed()
		hi = max(math.Abs(lo), math.Abs(hi))
		lo = -hi
	} else if f.reference != nil { // the colours of the reference, for both
		r := newGrid(f.x, f.y, f.reference)
		lo, hi = r.lo, r.hi
	}
	if !(hi > lo) { // one value, or none
		lo, hi = lo-1, lo+1
	}
	colors.SetMin(lo)
	colors.SetMax(hi)
	pal := colors.Palette(fieldColors)
	h := plotter.NewHeatMap(g, pal)
	h.Min, h.Max, h.NaN, h.Rasterized = lo, hi, color.Transparent, true
	h.Underflow, h.Overflow = pal.Colors()[0], pal.Colors()[fieldColors-1]
	p := newPanel(q.title)
	p.Add(h)
	p.Draw(draw.Crop(at, vg.Points(4), -barWidth, vg.Points(4), -vg.Points(4)))
	f.bar(pal, lo, hi, draw.Crop(at, fieldWidth-barWidth+vg.Points(3), 0, vg.Points(22), -vg.Points(20)))
}

// bar draws the colours with the values at their ends.
func (f *field) bar(pal colormap.Palette, lo, hi float64, c draw.Canvas) {
	colors := pal.Colors()
	width, step := vg.Points(6), (c.Max.Y-c.Min.Y)/vg.Length(len(colors))
	for i, k := range colors {
		y := c.Min.Y + step*vg.Length(i)
		if i > 0 {
			y -= step / 4 // no gap to the one below
		}
		c.FillPolygon(k, []vg.Point{{X: c.Min.X, Y: y}, {X: c.Min.X + width, Y: y}, {X: c.Min.X + width, Y: y + 5*step/4}, {X: c.Min.X, Y: y + 5*step/4}})
	}
	style := plainText()
	for _, t := range []struct {
		v float64
		y vg.Length
	}{{lo, c.Min.Y}, {(lo + hi) / 2, (c.Min.Y + c.Max.Y) / 2}, {hi, c.Max.Y}} {
		c.FillText(style, vg.Point{X: c.Min.X + width + vg.Points(2), Y: t.y}, fmt.Sprintf("%.2g", t.v))
	}
}

// grid is scattered points of a lattice as a plotter.GridXYZ; places without a point are NaN.
type grid struct {
	x, y   []float64
	z      []float64 // [x][y]
	lo, hi float64
}

func newGrid(x, y, z []float64) *grid {
	g := &grid{x: distinct(x), y: distinct(y), lo: math.Inf(1), hi: math.Inf(-1)}
	g.z = make([]float64, len(g.x)*len(g.y))
	for i := range g.z {
		g.z[i] = math.NaN()
	}
	for k, v := range z {
		i, _ := slices.BinarySearch(g.x, x[k])
		j, _ := slices.BinarySearch(g.y, y[k])
		g.z[i*len(g.y)+j] = v
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			g.lo, g.hi = min(g.lo, v), max(g.hi, v)
		}
	}
	return g
}

// distinct is the values of x, rising, each once.
func distinct(x []float64) []float64 {
	d := slices.Clone(x)
	slices.Sort(d)
	return slices.Compact(d)
}

func (g *grid) Dims() (c, r int)   { return len(g.x), len(g.y) }
func (g *grid) Z(c, r int) float64 { return g.z[c*len(g.y)+r] }
func (g *grid) X(c int) float64    { return g.x[c] }
func (g *grid) Y(r int) float64    { return g.y[r] }
