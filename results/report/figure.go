package report

import (
	"bytes"
	"image/color"
	"image/png"

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

	width, height vg.Length
	paint         func(draw.Canvas)
}

// Two columns of a journal page; text of 8 points is what journals ask for.
const (
	figureWidth  = 17.4 * vg.Centimeter
	figureHeight = 8.6 * vg.Centimeter
	textSize     = 8
	pngDPI       = 200
)

// SVG returns the figure with provenance in its metadata.
func (f *Figure) SVG(provenance string) []byte {
	return svgOf(f.width, f.height, f.paint, f.Alt, provenance)
}

// PNG returns the figure at 200 dots per inch with provenance in a text chunk.
func (f *Figure) PNG(provenance string) []byte {
	return pngOf(f.width, f.height, f.paint, provenance)
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
	e := png.Encoder{CompressionLevel: png.BestSpeed} // encoding takes as long as drawing
	if err := e.Encode(&b, c.Image()); err != nil {
		panic("report: writing to memory failed")
	}
	return annotatePNG(b.Bytes(), provenance)
}

// blank makes the paper white.
func blank(c draw.Canvas) {
	c.FillPolygon(color.White, []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}})
}

func sans() font.Font {
	return font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, textSize)
}

func plainText() text.Style {
	return text.Style{Color: color.Black, Font: sans(), XAlign: text.XLeft, YAlign: text.YCenter, Handler: plot.DefaultTextHandler}
}
