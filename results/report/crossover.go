package report

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ngdbench/results/regimes"
	"ngdbench/results/tables"
)

// crossing is a size at which two classes take equally long, between two settings that differ in it alone.
type crossing struct{ p, n float64 }

// crossings are found between settings of equal problem and formulation with the same P or the same N: explicit leads in one,
// preconditioned in the other, and both classes have a time in both. The place is where the log-ratio of times, taken
// as linear in the logarithm of the size, is zero.
func crossings(list []*regimes.Decision) (out []crossing) {
	for i, a := range list {
		for _, b := range list[i+1:] {
			s, t := a.Setting, b.Setting
			if s.Where["problem"] != t.Where["problem"] || s.Where["form"] != t.Where["form"] || a.Target != b.Target || (s.Params == t.Params) == (s.Points == t.Points) {
				continue
			}
			x, okA := logRatio(a)
			y, okB := logRatio(b)
			if !okA || !okB || x*y >= 0 {
				continue
			}
			w := x / (x - y)
			mix := func(u, v int) float64 {
				return math.Exp((1-w)*math.Log(float64(u)) + w*math.Log(float64(v)))
			}
			out = append(out, crossing{mix(s.Params, t.Params), mix(s.Points, t.Points)})
		}
	}
	return out
}

// logRatio is the logarithm of explicit over preconditioned.
func logRatio(d *regimes.Decision) (float64, bool) {
	var times [2]float64
	for _, c := range d.Ranked {
		for i, class := range []string{"explicit", "preconditioned"} {
			if c.Class == class && c.Reached() {
				times[i] = c.Time.Mean.Value
			}
		}
	}
	return math.Log(times[0] / times[1]), times[0] > 0 && times[1] > 0
}

// sizeMap is who leads in the plane of P and N.
type sizeMap struct {
	chart
	decisions []*regimes.Decision // one for each setting, at the hardest target reached
	crossings []crossing
}

// newSizeMap is nil for fewer than three settings. With a model it has the lines on which a step of the cheaper explicit direction
// costs what one with a low-rank factor costs.
func newSizeMap(settings []*regimes.Setting, model regimes.Model) *sizeMap {
	m := &sizeMap{}
	var all []*regimes.Decision
	for _, s := range settings {
		var hardest *regimes.Decision
		for _, d := range regimes.DecideAll([]*regimes.Setting{s}, []float64{0}) {
			if d.Leader() != nil {
				hardest = d
				all = append(all, d)
			}
		}
		if hardest != nil {
			m.decisions = append(m.decisions, hardest)
		}
	}
	if len(m.decisions) < 3 {
		return nil
	}
	m.crossings = crossings(all)
	m.axes()
	lines := m.lines(model)
	m.Picture = tables.Picture{Name: "size-map", Alt: "which class of natural gradient leads, by parameters and points",
		Caption: "Who leads at the hardest target that anybody reached, by parameters P and points N; filled where decided, hollow where not, beside it the problem. " +
			fmt.Sprintf("Crosses: sizes at which explicit and preconditioned took equally long to the same target, interpolated between two settings that differ in one size (%d found).", len(m.crossings)) + lines}
	return m
}

func (m *sizeMap) axes() {
	x0, x1, y0, y1 := math.Inf(1), 0.0, math.Inf(1), 0.0
	for _, d := range m.decisions {
		p, n := float64(d.Setting.Params), float64(d.Setting.Points)
		x0, x1, y0, y1 = min(x0, p), max(x1, p), min(y0, n), max(y1, n)
	}
	m.x, m.y = newLogAxis(x0/1.5, x1*2.5), newLogAxis(y0/1.6, y1*1.6)
	m.xlab, m.ylab = "parameters P", "points N"
}

// lines adds the break-even of a step by the cost model, for two and three dimensions with their usual ranks.
func (m *sizeMap) lines(model regimes.Model) string {
	if model == nil {
		return ""
	}
	for _, l := range []struct{ dim, rank int }{{2, 128}, {3, 384}} {
		s := &series{label: fmt.Sprintf("equal steps, %dD, rank %d", l.dim, l.rank), style: Style{Color: black, Dash: l.dim - 1}, bare: true}
		lo, hi := m.x.ends()
		for k := range 61 {
			p := math.Pow(10, lo+(hi-lo)*float64(k)/60)
			if n := breakEven(model, p, l.dim, l.rank, m.y); n > 0 {
				s.x, s.mid = append(s.x, p), append(s.mid, n)
			}
		}
		if len(s.x) > 1 {
			m.series = append(m.series, s)
		}
	}
	return " Lines: where the cost model prices a step of the cheaper explicit direction and one of Nyström at that rank alike (PINN, three equal layers); above and right of a line low rank is cheaper."
}

// breakEven is the smallest N of the axis from which on low rank is cheaper at P; 0 where none is.
func breakEven(model regimes.Model, p float64, dim, rank int, y axis) float64 {
	lo, hi := y.ends()
	cheaper := func(log float64) bool {
		q := regimes.Query{Params: int(p), Points: int(math.Pow(10, log)), Dim: dim, Threads: 2}
		explicit, low := math.Inf(1), math.Inf(1)
		for _, c := range model(q, rank) {
			switch c.Class {
			case "explicit":
				explicit = min(explicit, c.Step)
			case "preconditioned":
				low = min(low, c.Step)
			}
		}
		return low < explicit
	}
	if !cheaper(hi) || cheaper(lo) {
		return 0
	}
	for range 30 {
		if mid := (lo + hi) / 2; cheaper(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return math.Pow(10, hi)
}

func (m *sizeMap) figure() *Figure {
	return &Figure{m.Picture, figureWidth, figureHeight, m.draw}
}

func (m *sizeMap) draw(c draw.Canvas) {
	for _, class := range regimes.Classes { // after the lines, in the legend too
		sty := classStyle(class)
		sty.Marker = 0
		m.series = append(m.series, &series{label: class, style: sty, loose: true})
	}
	m.chart.over = m.points
	m.chart.draw(c)
	m.series = m.series[:len(m.series)-len(regimes.Classes)]
}

// points draws the settings and the crossings over the curves.
func (m *sizeMap) points(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	for _, x := range m.crossings {
		at := vg.Point{X: tx(m.x.at(x.p)), Y: ty(m.y.at(x.n))}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: black, Radius: vg.Points(3.5), Shape: draw.CrossGlyph{}}, at)
	}
	var labels labelBoxes
	for _, d := range m.decisions {
		s := d.Setting
		at := vg.Point{X: tx(m.x.at(float64(s.Params))), Y: ty(m.y.at(float64(s.Points)))}
		shape := draw.GlyphDrawer(draw.RingGlyph{})
		if d.Decided() {
			shape = draw.CircleGlyph{}
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: classStyle(d.Leader().Class).Color, Radius: vg.Points(3), Shape: shape}, at)
		sty := small(plainText())
		sty.XAlign = text.XLeft
		name, _, _ := strings.Cut(s.Label(), ", ")
		label := legendLabel(name + ", " + tables.Power(d.Target))
		beside := labels.place(vg.Point{X: at.X + 6, Y: at.Y}, sty.Width(label))
		halo(c, sty, beside, label)
		c.FillText(sty, beside, label)
	}
}

// labelBoxes are the places of labels, which do not overlap.
type labelBoxes []vg.Rectangle

// place is the free place nearest to at, above or below it, for a label of a width.
func (l *labelBoxes) place(at vg.Point, width vg.Length) vg.Point {
	const line = vg.Length(8.5)
	for k := range 40 {
		p := at
		p.Y += line * vg.Length((k+1)/2*(1-2*(k%2))) // 0, −1, 1, −2, 2, …
		box := vg.Rectangle{Min: vg.Point{X: p.X, Y: p.Y - line/2}, Max: vg.Point{X: p.X + width, Y: p.Y + line/2}}
		if !slices.ContainsFunc(*l, func(o vg.Rectangle) bool {
			return box.Min.X < o.Max.X && o.Min.X < box.Max.X && box.Min.Y < o.Max.Y-0.1 && o.Min.Y < box.Max.Y-0.1
		}) {
			*l = append(*l, box)
			return p
		}
	}
	return at
}

// halo clears the paper behind a text.
func halo(c draw.Canvas, sty text.Style, at vg.Point, label string) {
	w, h := sty.Width(label), vg.Length(3.5)
	c.FillPolygon(color.NRGBA{0xFF, 0xFF, 0xFF, 0xD8}, []vg.Point{{X: at.X - 1, Y: at.Y - h}, {X: at.X + w + 1, Y: at.Y - h}, {X: at.X + w + 1, Y: at.Y + h}, {X: at.X - 1, Y: at.Y + h}})
}
