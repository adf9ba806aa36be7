package report

import (
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ngdbench/results/regimes"
	"ngdbench/results/tables"
)

// regimeMap is settings by targets, each place in the colour of the class that leads there.
type regimeMap struct {
	rows    []*regimes.Setting
	targets []float64
	at      map[*regimes.Setting]map[float64]*regimes.Decision
}

const (
	mapRow    = 0.92 * vg.Centimeter
	mapHead   = 0.55 * vg.Centimeter
	mapLegend = 0.75 * vg.Centimeter
	mapLabel  = 4.2 * vg.Centimeter // of a setting, left of its row
)

// newRegimeMap is nil for fewer than two settings in which anybody reached a target.
func newRegimeMap(settings []*regimes.Setting) *regimeMap {
	m := &regimeMap{at: map[*regimes.Setting]map[float64]*regimes.Decision{}}
	for _, s := range settings {
		for _, d := range regimes.DecideAll([]*regimes.Setting{s}, []float64{0}) {
			if d.Leader() == nil {
				continue
			}
			if m.at[s] == nil {
				m.at[s] = map[float64]*regimes.Decision{}
				m.rows = append(m.rows, s)
			}
			m.at[s][d.Target] = d
			if !slices.Contains(m.targets, d.Target) {
				m.targets = append(m.targets, d.Target)
			}
		}
	}
	slices.SortFunc(m.targets, func(a, b float64) int { return -compare(a, b) })
	if len(m.rows) < 2 {
		return nil
	}
	return m
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (m *regimeMap) figure() *Figure {
	return &Figure{
		Picture: tables.Picture{Name: "regime-map", Alt: "which class of natural gradient leads, by setting and target",
			Caption: "Regime map: the class with the smallest expected time to a relative L2 error, for each setting and target. In a place: the solver, its seconds, and by how much the next class is slower. " +
				"Hatched where the lead is undecided: too few seeds, or no significant difference. Modelled: one of the two times is seconds a step times another direction's steps. Blank: nobody got there."},
		width: figureWidth, height: mapHead + mapLegend + mapRow*vg.Length(len(m.rows)) + vg.Points(4), paint: m.draw,
	}
}

func (m *regimeMap) draw(c draw.Canvas) {
	blank(c)
	width := (figureWidth - mapLabel - vg.Points(4)) / vg.Length(len(m.targets))
	left := c.Min.X + mapLabel
	top := c.Max.Y - mapHead
	head := plainText()
	head.XAlign = text.XCenter
	for j, target := range m.targets {
		c.FillText(head, vg.Point{X: left + width*(vg.Length(j)+0.5), Y: top + mapHead/2}, "error "+tables.Power(target))
	}
	for i, s := range m.rows {
		y := top - mapRow*vg.Length(i)
		label := plainText()
		name, sizes, _ := strings.Cut(s.Label(), ", ")
		c.FillText(label, vg.Point{X: c.Min.X + 4, Y: y - mapRow*0.32}, legendLabel(tables.Clean(name)))
		c.FillText(small(label), vg.Point{X: c.Min.X + 4, Y: y - mapRow*0.68}, sizes)
		for j, target := range m.targets {
			box := vg.Rectangle{Min: vg.Point{X: left + width*vg.Length(j), Y: y - mapRow}, Max: vg.Point{X: left + width*vg.Length(j+1), Y: y}}
			drawPlace(c, box, m.at[s][target])
		}
	}
	m.drawClasses(c)
}

func small(sty text.Style) text.Style {
	sty.Font.Size = 0.85 * textSize
	return sty
}

// drawPlace fills a place with the leader's colour, light enough to write on.
func drawPlace(c draw.Canvas, box vg.Rectangle, d *regimes.Decision) {
	frame := draw.LineStyle{Color: color.White, Width: vg.Points(1.5)}
	corners := []vg.Point{box.Min, {X: box.Max.X, Y: box.Min.Y}, box.Max, {X: box.Min.X, Y: box.Max.Y}, box.Min}
	if d == nil {
		c.FillPolygon(color.Gray{0xF4}, corners)
		c.StrokeLines(frame, corners)
		return
	}
	l := d.Leader()
	c.FillPolygon(tint(classStyle(l.Class).Color), corners)
	if !d.Decided() {
		hatch(c, box)
	}
	c.StrokeLines(frame, corners)
	middle := plainText()
	middle.XAlign = text.XCenter
	x := (box.Min.X + box.Max.X) / 2
	c.FillText(middle, vg.Point{X: x, Y: box.Max.Y - mapRow*0.3}, legendLabel(shortLabel(l.Variant)))
	c.FillText(small(middle), vg.Point{X: x, Y: box.Max.Y - mapRow*0.68}, placeWords(d))
}

// shortLabel is the solver with its rank.
func shortLabel(v *tables.Variant) string {
	if len(v.Cells) > 0 && v.Cells[0].Cell["rank"] != "0" {
		return v.Opt + " " + v.Cells[0].Cell["rank"]
	}
	return v.Opt
}

func placeWords(d *regimes.Decision) string {
	l := d.Leader()
	words := tables.Plain(l.Time.Mean.Value) + " s"
	if d.Factor.Ok() {
		words += ", next " + tables.Ratio(d.Factor.Value) + "×"
	}
	if d.Kind() == "modelled" {
		words += " *"
	}
	return words
}

// tint mixes a colour with white.
func tint(c color.NRGBA) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8((2*int(v) + 3*255) / 5) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 0xFF}
}

// hatch draws lines at 45° over a box.
func hatch(c draw.Canvas, box vg.Rectangle) {
	const gap = vg.Length(5)
	sty := draw.LineStyle{Color: color.NRGBA{0xFF, 0xFF, 0xFF, 0xC0}, Width: vg.Points(1.4)}
	w, h := box.Max.X-box.Min.X, box.Max.Y-box.Min.Y
	for s := gap; s < w+h; s += gap {
		a := vg.Point{X: box.Min.X + max(0, s-h), Y: box.Min.Y + min(s, h)}
		b := vg.Point{X: box.Min.X + min(s, w), Y: box.Min.Y + max(0, s-w)}
		c.StrokeLine2(sty, a.X, a.Y, b.X, b.Y)
	}
}

// drawClasses is the legend below the map.
func (m *regimeMap) drawClasses(c draw.Canvas) {
	x, y := c.Min.X+4, c.Min.Y+mapLegend*0.45
	box := func(fill color.NRGBA, hatched bool, label string) {
		r := vg.Rectangle{Min: vg.Point{X: x, Y: y - 5}, Max: vg.Point{X: x + 16, Y: y + 5}}
		c.FillPolygon(fill, []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}})
		if hatched {
			hatch(c, r)
		}
		c.FillText(plainText(), vg.Point{X: x + 20, Y: y}, label)
		x += 20 + plainText().Width(label) + 14
	}
	for _, class := range regimes.Classes {
		box(tint(classStyle(class).Color), false, class)
	}
	box(color.NRGBA{0xB0, 0xB0, 0xB0, 0xFF}, true, "undecided")
	box(color.NRGBA{0xF4, 0xF4, 0xF4, 0xFF}, false, "nobody got there")
	c.FillText(plainText(), vg.Point{X: x, Y: y}, "* modelled")
}
