package report

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ngdbench/results/tables"
)

// chart is curves over one pair of axes with a legend beside them.
type chart struct {
	tables.Picture

	series     []*series
	rules      []rule // levels to compare with
	x, y       axis
	xlab, ylab string

	over func(draw.Canvas, *plot.Plot) // what is drawn over the curves; nil: nothing
}

// rule is a horizontal line at a level, with a word on it.
type rule struct {
	y     float64
	color color.Color
	label string
}

// maxCurves is the number of curves of a chart: beyond that lines cannot be told apart.
const maxCurves = 10

// figure is the chart at the width of a page.
func (f *chart) figure() *Figure {
	return &Figure{f.Picture, figureWidth, figureHeight, f.draw}
}

func (f *chart) draw(c draw.Canvas) {
	blank(c)
	p := plot.New()
	p.BackgroundColor = nil // the paper is white already, and a transparent fill is no colour of SVG
	p.X.Label.Text, p.Y.Label.Text = f.xlab, f.ylab
	p.X.Min, p.X.Max = f.x.ends()
	p.Y.Min, p.Y.Max = f.y.ends()
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
