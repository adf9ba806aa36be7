package report

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ngdbench/results/tables"
)

// The legend has a tile of its own right of the axes: it never hides data.
const (
	sampleWidth  = vg.Length(26) // points of line shown
	legendMargin = vg.Length(8)
	legendLine   = vg.Length(13)
	legendRunes  = 32 // of a label; longer ones are cut
)

func (f *chart) legendWidth() vg.Length {
	var w vg.Length
	for _, s := range f.series {
		w = max(w, plainText().Width(legendLabel(s.label)))
	}
	return legendMargin + sampleWidth + 4 + w + 4
}

// legendLabel is a label that came from a file, made to fit.
func legendLabel(label string) string {
	r := []rune(tables.Clean(label))
	if len(r) > legendRunes {
		r = append(r[:legendRunes-1], '…')
	}
	return string(r)
}

func (f *chart) drawLegend(c draw.Canvas) {
	x := c.Min.X + legendMargin
	for i, s := range f.series {
		y := c.Max.Y - legendLine*(vg.Length(i)+0.5)
		if y < c.Min.Y {
			return
		}
		left, right := vg.Point{X: x, Y: y}, vg.Point{X: x + sampleWidth, Y: y}
		if s.lo != nil && !s.whiskers {
			c.FillPolygon(s.style.band(), []vg.Point{
				{X: left.X, Y: y - 3.5}, {X: right.X, Y: y - 3.5}, {X: right.X, Y: y + 3.5}, {X: left.X, Y: y + 3.5}})
		}
		if !s.loose {
			c.StrokeLines(s.style.line(), []vg.Point{left, right})
		}
		if !s.bare {
			c.DrawGlyphNoClip(s.style.glyph(), vg.Point{X: x + sampleWidth/2, Y: y})
		}
		c.FillText(plainText(), vg.Point{X: right.X + 4, Y: y + 0.1*textSize}, legendLabel(s.label))
	}
}
