package report

import (
	"cmp"
	"hash/fnv"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ngdbench/results/tables"
)

// Style is how one variant is drawn, in every figure: a colour of Okabe and Ito's palette, which eyes with any colour vision
// tell apart, and a marker and a dash, which print without colour.
type Style struct {
	Color  color.NRGBA
	Marker int // index into markers
	Dash   int // index into dashes; 0 is solid
}

// The palette of M. Okabe and K. Ito, Color universal design (2008). Its yellow is left to rare baselines: it is faint on
// white.
var (
	orange    = color.NRGBA{0xE6, 0x9F, 0x00, 0xFF}
	skyBlue   = color.NRGBA{0x56, 0xB4, 0xE9, 0xFF}
	green     = color.NRGBA{0x00, 0x9E, 0x73, 0xFF}
	yellow    = color.NRGBA{0xF0, 0xE4, 0x42, 0xFF}
	blue      = color.NRGBA{0x00, 0x72, 0xB2, 0xFF}
	vermilion = color.NRGBA{0xD5, 0x5E, 0x00, 0xFF}
	purple    = color.NRGBA{0xCC, 0x79, 0xA7, 0xFF}
	black     = color.NRGBA{0x00, 0x00, 0x00, 0xFF}

	palette = []color.NRGBA{orange, skyBlue, green, blue, vermilion, purple, black, yellow}
)

// markers are drawn filled or, by the odd ones, as outlines.
var markers = []draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.RingGlyph{}, draw.BoxGlyph{}, draw.SquareGlyph{},
	draw.PyramidGlyph{}, draw.TriangleGlyph{}, diamond{}, draw.PlusGlyph{},
}

var dashes = [][]vg.Length{
	nil,
	{vg.Points(5), vg.Points(2)},
	{vg.Points(1.2), vg.Points(1.8)},
	{vg.Points(6), vg.Points(2), vg.Points(1.2), vg.Points(2)},
	{vg.Points(9), vg.Points(3)},
	{vg.Points(3), vg.Points(1.5), vg.Points(1.2), vg.Points(1.5), vg.Points(1.2), vg.Points(1.5)},
}

// registry holds the styles of the solvers that we know; families share a colour.
var registry = map[string]Style{
	"dense":     {blue, 0, 0},
	"dual":      {skyBlue, 2, 0},
	"svd":       {blue, 4, 1},
	"block":     {skyBlue, 6, 1},
	"diagonal":  {skyBlue, 5, 2},
	"spring":    {skyBlue, 3, 3},
	"cg":        {purple, 4, 0},
	"jacobi":    {purple, 5, 1},
	"nystrom":   {vermilion, 0, 0},
	"sketch":    {vermilion, 3, 2},
	"rpchol":    {orange, 2, 0},
	"pchol":     {orange, 4, 1},
	"auto":      {black, 6, 0},
	"lbfgs":     {green, 2, 1},
	"bfgs":      {green, 4, 0},
	"ssbfgs":    {green, 5, 3},
	"broyden":   {green, 6, 2},
	"ssbroyden": {green, 0, 0},
	"adam":      {black, 0, 1},
	"adamw":     {black, 1, 3},
	"sgd":       {black, 4, 2},
	"soap":      {yellow, 0, 1},
	"muon":      {yellow, 2, 2},
	"kfac":      {yellow, 4, 0},
	"hf":        {purple, 6, 3},
	"nncg":      {purple, 0, 2},
}

// styleOf returns the style of a solver by name. A name that nobody registered gets one by its hash, the same in every
// run and every figure.
func styleOf(opt string) Style {
	if s, ok := registry[opt]; ok {
		return s
	}
	h := fnv.New32a()
	h.Write([]byte(opt))
	n := int(h.Sum32() >> 1)
	s := Style{Color: palette[n%len(palette)], Marker: n / 8 % len(markers), Dash: n / 64 % len(dashes)}
	base, _, parts := strings.Cut(opt, "+")
	if known, ok := registry[base]; ok && parts { // dual+spring keeps the colour of dual
		s.Color = known.Color
	}
	return s
}

// Styles gives each variant of a run its style: that of its solver for the first in the order of settings, and further
// dashes and markers for the others, counted over the whole run. So a variant looks the same in all figures of a report,
// and two that differ look different.
func Styles(sections []*tables.Section) map[*tables.Variant]Style {
	var list []*tables.Variant
	for _, s := range sections {
		list = append(list, s.Variants...)
	}
	slices.SortStableFunc(list, func(a, b *tables.Variant) int { return cmp.Or(cmp.Compare(a.Opt, b.Opt), tables.CompareSettings(a, b)) })
	styles := map[*tables.Variant]Style{}
	taken := map[Style]bool{}
	for _, s := range registry {
		taken[s] = true // nobody else gets one of these, used or not
	}
	for i, v := range list {
		switch {
		case i == 0 || v.Opt != list[i-1].Opt:
			styles[v] = styleOf(v.Opt)
			if registry[v.Opt] != styles[v] {
				styles[v] = free(styles[v], taken)
			}
		case tables.CompareSettings(list[i-1], v) == 0:
			styles[v] = styles[list[i-1]]
		default:
			styles[v] = free(styles[list[i-1]].next(), taken)
		}
		taken[styles[v]] = true
	}
	return styles
}

// free is the first style from s on that nobody has; where all of a colour are gone, s itself.
func free(s Style, taken map[Style]bool) Style {
	for t, n := s, 0; n < len(markers)*len(dashes); t, n = t.next(), n+1 {
		if !taken[t] {
			return t
		}
	}
	return s
}

// next changes marker and dash together, so that neighbours differ; it runs through all pairs of a colour.
func (s Style) next() Style {
	s.Marker = (s.Marker + 1) % len(markers)
	if s.Marker != 0 { // seven dashes on for eight markers: 7 and 6 share no factor
		s.Dash = (s.Dash + 1) % len(dashes)
	}
	return s
}

// line is the stroke of a style.
func (s Style) line() draw.LineStyle {
	return draw.LineStyle{Color: s.Color, Width: vg.Points(1), Dashes: dashes[s.Dash]}
}

// glyph is the marker of a style.
func (s Style) glyph() draw.GlyphStyle {
	return draw.GlyphStyle{Color: s.Color, Radius: vg.Points(2.1), Shape: markers[s.Marker]}
}

// band is the fill of a spread: light enough that eight of them may overlap.
func (s Style) band() color.NRGBA {
	c := s.Color
	c.A = 0x22
	return c
}

// diamond is a filled square on its tip.
type diamond struct{}

func (diamond) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, p vg.Point) {
	c.SetColor(sty.Color)
	r := 1.2 * sty.Radius
	var path vg.Path
	path.Move(vg.Point{X: p.X, Y: p.Y + r})
	path.Line(vg.Point{X: p.X + r, Y: p.Y})
	path.Line(vg.Point{X: p.X, Y: p.Y - r})
	path.Line(vg.Point{X: p.X - r, Y: p.Y})
	path.Close()
	c.Fill(path)
}
