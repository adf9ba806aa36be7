package report

import (
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// powers is a text handler for tick labels: what follows the first "^" is set smaller and raised. The fonts that come with
// gonum/plot hold only the superscripts 1, 2, 3.
type powers struct{ text.Handler }

const (
	exponentSize = 0.75 // of the label's font
	exponentRise = 0.40
)

// Box implements text.Handler.
func (h powers) Box(txt string, fnt font.Font) (width, height, depth vg.Length) {
	base, exponent, raised := strings.Cut(txt, "^")
	width, height, depth = h.Handler.Box(base, fnt)
	if raised {
		w, _, _ := h.Handler.Box(exponent, smaller(fnt))
		width += w
	}
	return width, height, depth
}

// Draw implements text.Handler for text that is not rotated.
func (h powers) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	base, exponent, raised := strings.Cut(txt, "^")
	total, _, _ := h.Box(txt, sty.Font)
	width, _, _ := h.Handler.Box(base, sty.Font)
	pt.X += vg.Length(sty.XAlign) * total
	sty.XAlign, sty.Handler = text.XLeft, h.Handler
	h.Handler.Draw(c, base, sty, pt)
	if raised {
		_, up, down := h.Handler.Box(base, sty.Font)
		// From the top of the base, so that neither alignment nor size moves the exponent against it.
		top := pt.Y + (up+down)*(1+vg.Length(sty.YAlign)) + exponentRise*sty.Font.Size - (1-exponentSize)*up
		sty.Font, sty.YAlign = smaller(sty.Font), text.YTop
		h.Handler.Draw(c, exponent, sty, vg.Point{X: pt.X + width, Y: top})
	}
}

func smaller(f font.Font) font.Font {
	f.Size *= exponentSize
	return f
}
