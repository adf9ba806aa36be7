package report

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// profileEnd is the largest factor of a performance profile.
const profileEnd = 100

// contest is the times of the best of each class on the same instances: a training problem, a target and a seed.
type contest struct {
	classes []string
	costs   [][]stats.Quantity // [class][instance]
}

// contestOf collects the instances of all sections in which at least one class got there. Where a class did not run it
// counts as a failure, so a class enters only if it ran in every section.
func contestOf(sections []*tables.Section) (c contest) {
	for _, class := range tables.Classes {
		if !slices.ContainsFunc(sections, func(s *tables.Section) bool { return bestOf(s, class) == nil }) {
			c.classes = append(c.classes, class)
		}
	}
	c.costs = make([][]stats.Quantity, len(c.classes))
	for _, s := range sections {
		for _, target := range s.Targets {
			for _, seed := range seedsOf(s) {
				c.instance(s, target, seed)
			}
		}
	}
	return c
}

func (c *contest) instance(s *tables.Section, target float64, seed string) {
	row := make([]stats.Quantity, len(c.classes))
	reached := false
	for i, class := range c.classes {
		for _, cell := range bestOf(s, class).Timed() {
			if cell.Cell["seed"] == seed {
				row[i] = cell.TimeTo(target)
				reached = reached || row[i].Ok()
			}
		}
	}
	if !reached {
		return
	}
	for i, q := range row {
		c.costs[i] = append(c.costs[i], q)
	}
}

func bestOf(s *tables.Section, class string) *tables.Variant {
	for _, v := range s.Variants {
		if v.Class == class && v.Best {
			return v
		}
	}
	return nil
}

// seedsOf lists the seeds that the best of every class ran.
func seedsOf(s *tables.Section) (seeds []string) {
	for _, c := range s.Cells {
		if seed := c.Cell["seed"]; !slices.Contains(seeds, seed) {
			seeds = append(seeds, seed)
		}
	}
	return slices.DeleteFunc(seeds, func(seed string) bool {
		return slices.ContainsFunc(s.Variants, func(v *tables.Variant) bool {
			return v.Best && !slices.ContainsFunc(v.Cells, func(c tables.Cell) bool { return c.Cell["seed"] == seed })
		})
	})
}

// performanceProfile draws ρ(τ) of the best of each class; nil where fewer than two classes ran everywhere, or too few
// instances were solved for steps that mean anything.
func performanceProfile(sections []*tables.Section) (*chart, *tables.Table) {
	c := contestOf(sections)
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
	f.Alt = "performance profiles of the best of each class"
	f.Caption = fmt.Sprintf("Performance profiles (Dolan and Moré 2002) over %d instances, each a training problem, a target and a seed that some class solved: share solved within τ times the fastest class's time to the target. The best variant of each class by final error.", len(c.costs[0]))
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
