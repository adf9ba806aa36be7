package report

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// curves draws the series of a figure: bands below, then lines, then markers, then what has no place on the axis.
type curves struct{ f *chart }

// Plot implements plot.Plotter.
func (p curves) Plot(c draw.Canvas, plt *plot.Plot) {
	tx, ty := plt.Transforms(&c)
	f := p.f
	place := func(x, y float64) vg.Point { return vg.Point{X: tx(f.x.at(x)), Y: ty(f.y.at(y))} }
	for _, r := range f.rules {
		r.draw(c, ty(f.y.at(r.y)))
	}
	for _, s := range f.series {
		switch {
		case s.lo == nil:
		case s.whiskers:
			s.drawWhiskers(c, place)
		default:
			c.FillPolygon(s.style.band(), s.outline(place))
		}
	}
	for _, s := range f.series {
		if !s.loose {
			c.StrokeLines(s.style.line(), s.path(place))
		}
	}
	for i, s := range f.series {
		for _, pt := range s.glyphs(place, i, len(f.series), c.Max.X-c.Min.X) {
			c.DrawGlyphNoClip(s.style.glyph(), pt)
		}
	}
	for _, s := range f.series {
		for _, m := range s.marks {
			drawMark(c, s.style.Color, m.kind, place(m.x, m.edge()))
		}
	}
	if f.over != nil {
		f.over(c, plt)
	}
}

// edge is a value that the axis clamps to the end where the mark belongs.
func (m mark) edge() float64 {
	if m.kind == isZero {
		return 0
	}
	return math.Inf(1)
}

func (s *series) path(place func(x, y float64) vg.Point) []vg.Point {
	pts := make([]vg.Point, len(s.x))
	for i, x := range s.x {
		pts[i] = place(x, s.mid[i])
	}
	return pts
}

// outline goes along the upper end of the band and back along the lower.
func (s *series) outline(place func(x, y float64) vg.Point) []vg.Point {
	pts := make([]vg.Point, 0, 2*len(s.x))
	for i, x := range s.x {
		pts = append(pts, place(x, s.hi[i]))
	}
	for i := len(s.x) - 1; i >= 0; i-- {
		pts = append(pts, place(s.x[i], s.lo[i]))
	}
	return pts
}

// drawWhiskers draws the spread at each point as a line between bars.
func (s *series) drawWhiskers(c draw.Canvas, place func(x, y float64) vg.Point) {
	sty := draw.LineStyle{Color: s.style.Color, Width: vg.Points(0.6)}
	for i, x := range s.x {
		lo, hi := place(x, s.lo[i]), place(x, s.hi[i])
		if hi.Y-lo.Y < vg.Points(1) {
			continue
		}
		c.StrokeLine2(sty, lo.X, lo.Y, hi.X, hi.Y)
		for _, end := range []vg.Point{lo, hi} {
			c.StrokeLine2(sty, end.X-2, end.Y, end.X+2, end.Y)
		}
	}
}

// draw draws the level over the whole width, its word above it at the right.
func (r rule) draw(c draw.Canvas, y vg.Length) {
	c.StrokeLine2(draw.LineStyle{Color: r.color, Width: vg.Points(0.8), Dashes: dashes[2]}, c.Min.X, y, c.Max.X, y)
	sty := plainText()
	sty.XAlign, sty.YAlign = text.XRight, text.YBottom
	c.FillText(sty, vg.Point{X: c.Max.X - 3, Y: y + 1}, r.label)
}

// glyphs places the markers of a curve: at every point where each is a measurement of its own, else spaced.
func (s *series) glyphs(place func(x, y float64) vg.Point, index, of int, width vg.Length) []vg.Point {
	switch {
	case s.bare:
		return nil
	case s.whiskers || s.loose || s.every:
		return s.path(place)
	}
	return s.spaced(place, index, of, width)
}

// spaced places markers at equal distances on paper, those of different series between each other, and one at the end.
func (s *series) spaced(place func(x, y float64) vg.Point, index, of int, width vg.Length) []vg.Point {
	const gaps = 7
	gap := width / gaps
	pts := s.path(place)
	start := pts[0].X
	next := gap * (vg.Length(index) + 0.5) / vg.Length(of)
	var out []vg.Point
	for _, pt := range pts {
		if pt.X-start >= next {
			out = append(out, pt)
			next += gap * vg.Length(1+math.Floor(float64((pt.X-start-next)/gap)))
		}
	}
	return append(out, pts[len(pts)-1])
}

// wide reports whether the band holds the quartiles.
func (s *series) wide() bool { return len(s.cells) >= wideFrom }

// markMeanings says how each kind of mark is drawn and what it means.
var markMeanings = [...]struct{ legend, doc string }{
	isZero: {"Triangle down at the bottom", "the error is exactly zero"},
	isOver: {"Triangle up at the top", "the error lies beyond the axis"},
	isLost: {"Cross at the top", "the error is not finite"},
}

// drawMark draws a mark of a size that no marker of a curve has, on the edge of the plot.
func drawMark(c draw.Canvas, col color.Color, kind markKind, at vg.Point) {
	const r = vg.Length(4)
	c.SetLineStyle(draw.LineStyle{Color: col, Width: vg.Points(1)})
	if kind == isLost {
		at.Y -= r
		for _, d := range []vg.Length{r, -r} {
			var p vg.Path
			p.Move(vg.Point{X: at.X - r, Y: at.Y - d})
			p.Line(vg.Point{X: at.X + r, Y: at.Y + d})
			c.Stroke(p)
		}
		return
	}
	h := 1.6 * r
	if kind == isOver {
		h = -h
	}
	var p vg.Path // the tip touches the edge
	p.Move(at)
	p.Line(vg.Point{X: at.X - r, Y: at.Y + h})
	p.Line(vg.Point{X: at.X + r, Y: at.Y + h})
	p.Close()
	c.Stroke(p)
}

// gridLines draws faint lines at the labelled ticks.
type gridLines struct{}

// Plot implements plot.Plotter.
func (gridLines) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	sty := draw.LineStyle{Color: color.Gray{0xDD}, Width: vg.Points(0.4)}
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if t.Label != "" {
			c.StrokeLine2(sty, tx(t.Value), c.Min.Y, tx(t.Value), c.Max.Y)
		}
	}
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if t.Label != "" {
			c.StrokeLine2(sty, c.Min.X, ty(t.Value), c.Max.X, ty(t.Value))
		}
	}
}
