package report

import (
	"bytes"
	"image/color"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgpdf"
)

// PDF returns the figure with its fonts, and provenance as the subject of the document.
func (f *Figure) PDF(provenance string) []byte {
	c := pdfCanvas{vgpdf.New(f.width, f.height)}
	f.paint(draw.New(c))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		panic("report: writing to memory failed")
	}
	return annotatePDF(b.Bytes(), f.Alt, provenance)
}

// pdfCanvas says colours and text as the writer understands them: it takes a colour for opaque before it applies the alpha, which
// turns what is transparent grey, and text for bytes of code page 1252.
type pdfCanvas struct{ *vgpdf.Canvas }

// SetColor implements vg.Canvas.
func (c pdfCanvas) SetColor(col color.Color) {
	if col == nil {
		col = color.Black
	}
	c.Canvas.SetColor(straight(color.NRGBAModel.Convert(col).(color.NRGBA)))
}

// FillString implements vg.Canvas.
func (c pdfCanvas) FillString(f font.Face, pt vg.Point, text string) {
	c.Canvas.FillString(f, pt, codePage1252(text))
}

// straight is a colour whose components are not multiplied by its alpha.
type straight color.NRGBA

// RGBA implements color.Color, but for the multiplication.
func (s straight) RGBA() (r, g, b, a uint32) {
	return 0x101 * uint32(s.R), 0x101 * uint32(s.G), 0x101 * uint32(s.B), 0x101 * uint32(s.A)
}

// spelled are characters outside Latin-1 that figures have, in code page 1252 or in words.
var spelled = map[rune]string{
	'−': "\x96", '–': "\x96", '—': "\x97", '…': "\x85", '•': "\x95", '€': "\x80", '‘': "\x91", '’': "\x92", '“': "\x93", '”': "\x94",
	'μ': "\xb5", 'τ': "tau", 'λ': "lambda", 'Σ': "Sum", 'ε': "eps", 'σ': "sigma", 'ρ': "rho", 'θ': "theta", '≤': "<=", '≥': ">=", '∞': "inf", 'ᵀ': "^T",
}

// codePage1252 is text in that encoding; what it cannot hold is a question mark.
func codePage1252(s string) string {
	var b strings.Builder
	for _, r := range s {
		word, known := spelled[r]
		switch {
		case r < 0x80:
			b.WriteByte(byte(r))
		case r >= 0xA0 && r <= 0xFF:
			b.WriteByte(byte(r))
		case known:
			b.WriteString(word)
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}
