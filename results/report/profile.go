package report

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"ngdbench/results/regimes"
	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// profileEnd is the largest factor of a performance profile.
const profileEnd = 100

// contest is the times of the contenders of some classes on the same instances: a setting, a target and a seed.
type contest struct {
	classes []string
	costs   [][]stats.Quantity // [class][instance]
}

// contestOf collects the instances that some class solved and all of them ran: the classes that take part are those that ran
// in half of the settings at least. Modelled times are no runs.
func contestOf(settings []*regimes.Setting) (c contest) {
	for _, class := range regimes.Classes {
		n := 0
		for _, s := range settings {
			if slices.ContainsFunc(s.Variants, func(v *tables.Variant) bool { return v.Class == class && len(v.Timed()) > 0 }) {
				n++
			}
		}
		if 2*n >= len(settings) {
			c.classes = append(c.classes, class)
		}
	}
	c.costs = make([][]stats.Quantity, len(c.classes))
	for _, d := range regimes.DecideAll(settings, []float64{0}) {
		c.enter(d)
	}
	return c
}

// enter adds the instances of a decision: one for each seed that the contenders of all classes ran.
func (c *contest) enter(d *regimes.Decision) {
	var runs []map[string]stats.Quantity
	for _, class := range c.classes {
		x := d.Of(class)
		if x == nil || x.Modelled {
			return
		}
		times := map[string]stats.Quantity{}
		for _, cell := range x.Variant.Timed() {
			times[cell.Cell["seed"]] = cell.TimeTo(d.Target)
		}
		runs = append(runs, times)
	}
	for _, cell := range d.Ranked[0].Variant.Timed() { // by seed, in one order
		seed := cell.Cell["seed"]
		row := make([]stats.Quantity, len(runs))
		all, solved := true, false
		for i := range runs {
			q, ran := runs[i][seed]
			row[i], all, solved = q, all && ran, solved || q.Ok()
		}
		if all && solved {
			for i, q := range row {
				c.costs[i] = append(c.costs[i], q)
			}
		}
	}
}

// performanceProfile draws ρ(τ) of the contenders of each class, with a table of the same; nil where fewer than two classes
// take part, or too few instances were solved for steps that mean anything.
func performanceProfile(settings []*regimes.Setting) (*chart, *tables.Table) {
	c := contestOf(settings)
	if len(c.classes) < 2 || len(c.costs[0]) < 6 {
		return nil, nil
	}
	f := &chart{Picture: tables.Picture{Name: "profile"}, xlab: "factor τ of the fastest class", ylab: "share solved within τ"}
	t := &tables.Table{Title: "Performance profile by class", Columns: tables.Columns("<class", "solved", "fastest", "within 2×", "within 10×", "score to 16", "score to 100")}
	for i, p := range stats.Profiles(c.costs) {
		f.series = append(f.series, staircase(c.classes[i], p))
		share := func(x float64) string { return fmt.Sprintf("%.2f", x) }
		t.Add(c.classes[i], fmt.Sprintf("%d of %d", p.N-p.Failures(), p.N), share(p.At(1)), share(p.At(2)), share(p.At(10)), share(p.Score(16)), share(p.Score(100)))
	}
	f.x, f.y = logAxis{0, math.Log10(profileEnd)}, linearAxis{0, 1.03}
	f.Alt = "performance profiles of the classes of natural gradient"
	f.Caption = fmt.Sprintf("Performance profiles (Dolan and Moré 2002) over %d instances, each a training problem, a target and a seed that all these classes ran and one of them solved: share solved within τ times the fastest class's time to the target. The variants are those of the table of who leads where.", len(c.costs[0]))
	t.Notes = []string{"Over the same instances. Score: mean of ρ over log τ from 1 to the bound (after Dahl et al. 2023). Ranks behind the first depend on who takes part (Gould and Scott 2016): pairs are in the tables of each section."}
	return f, t
}

// staircase is ρ(τ) from 1 to the end.
func staircase(class string, p stats.Profile) *series {
	s := &series{label: class, style: classStyle(class), bare: true}
	level := p.At(1)
	s.x, s.mid = append(s.x, 1), append(s.mid, level)
	for _, r := range p.Ratios {
		if r > profileEnd {
			break
		}
		next := p.At(r)
		s.x, s.mid = append(s.x, r, r), append(s.mid, level, next)
		level = next
	}
	s.x, s.mid = append(s.x, profileEnd), append(s.mid, level)
	return s
}

// classStyle is one style for a class in every figure.
func classStyle(class string) Style {
	i := max(0, slices.Index(tables.Classes, class))
	return Style{Color: classColors[i%len(classColors)], Marker: i % len(markers), Dash: i % len(dashes)}
}

// classColors are in the order of tables.Classes, near those of their solvers.
var classColors = []color.NRGBA{blue, purple, vermilion, black, green, orange}
