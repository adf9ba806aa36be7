package tables

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ngdbench/results"
	"ngdbench/results/stats"
)

// Section is one training problem: a block of the suite with one problem, formulation, network and point set.
type Section struct {
	Block    string
	Where    results.Cell // the axes that all cells share: problem, form, net, points
	Targets  []float64    // relative L2 errors that times are ranked by, the easiest first
	Variants []*Variant   // best of each class first
	Cells    []Cell
}

// Variant is one row of the tables: all axes of the method, the limits, threads and kernels; only the seed varies.
type Variant struct {
	Label string // opt, and what tells it from others of the same opt
	Opt   string
	Class string
	Best  bool   // best of its class in this section
	Cells []Cell // by seed, skipped ones left out
	Skips []Cell

	traits []trait
}

// trait is one property of a method: an axis, or a limit or condition that belongs to the key though no axis.
type trait struct{ name, value string }

// problemAxes tell sections apart; all others but seed tell variants apart.
var problemAxes = []string{"problem", "form", "net", "points"}

// Classes in the order of every report. A method that chooses is of the class it chose last, and automatic where it never came to choose.
var Classes = []string{"explicit", "matrix-free", "preconditioned", "automatic", "quasi-newton", "first-order"}

// NaturalGradient reports whether a class belongs to the natural gradient family; the others are baselines.
func NaturalGradient(class string) bool {
	return class == "explicit" || class == "matrix-free" || class == "preconditioned" || class == "automatic"
}

// Sections groups the cells of a run by block and training problem. Sections come in the order of results.Sort.
func (r *Run) Sections() []*Section {
	return r.grouped(func(c Cell) string { return c.Suite + "\n" + c.Block })
}

// Settings groups the cells of a run by training problem alone, whatever their block: so a solver that had a limit of its own
// in a block of its own stands beside the others.
func (r *Run) Settings() []*Section {
	list := r.grouped(func(Cell) string { return "" })
	for _, s := range list {
		s.Block = ""
	}
	return list
}

// grouped makes sections of cells with equal problem axes and the same part.
func (r *Run) grouped(part func(Cell) string) []*Section {
	var list []*Section
	at := map[string]*Section{}
	for _, c := range r.Cells {
		where := results.Cell{}
		for _, axis := range problemAxes {
			where[axis] = c.Cell[axis]
		}
		key := part(c) + "\n" + where.Name()
		s := at[key]
		if s == nil {
			s = &Section{Block: c.Block, Where: where, Targets: r.Manifest.targets()}
			at[key] = s
			list = append(list, s)
		}
		s.Cells = append(s.Cells, c)
	}
	for _, s := range list {
		s.group()
	}
	return list
}

// group makes the variants of a section.
func (s *Section) group() {
	at := map[string]*Variant{}
	for _, c := range s.Cells {
		traits := traitsOf(c)
		key := fmt.Sprint(traits)
		v := at[key]
		if v == nil {
			v = &Variant{Opt: c.Cell["opt"], traits: traits}
			at[key] = v
			s.Variants = append(s.Variants, v)
		}
		if v.Class == "" {
			v.Class = c.Class
		}
		if c.Status == results.Skipped {
			v.Skips = append(v.Skips, c)
		} else {
			v.Cells = append(v.Cells, c)
		}
	}
	label(s.Variants)
	s.order()
}

func traitsOf(c Cell) []trait {
	var t []trait
	for _, a := range results.Axes {
		if a.Name != "seed" && a.Name != "opt" && !slices.Contains(problemAxes, a.Name) {
			t = append(t, trait{a.Name, c.Cell[a.Name]})
		}
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	return append([]trait{{"opt", c.Cell["opt"]}}, append(t,
		trait{"steps", strconv.Itoa(c.Limits.Steps)}, trait{"seconds", number(c.Limits.Seconds)}, trait{"target", number(c.Limits.Target)},
		trait{"gomaxprocs", strconv.Itoa(c.Environment.GOMAXPROCS)}, trait{"kernels", c.Environment.Kernels})...)
}

// label names each variant by opt, its rank where it has one, and every axis that varies among variants of its opt; limits,
// threads and kernels only where these alone tell two of them apart.
func label(variants []*Variant) {
	for _, v := range variants {
		v.Label = v.words(variants, func(t trait) bool { return results.IsAxis(t.name) })
	}
	short := map[string][]*Variant{}
	for _, v := range variants {
		short[v.Label] = append(short[v.Label], v)
	}
	for _, same := range short {
		for _, v := range same {
			v.Label = strings.TrimSpace(v.Label + strings.TrimPrefix(v.words(same, func(t trait) bool { return !results.IsAxis(t.name) }), v.Opt))
		}
	}
}

// words is opt and those of some traits that differ from another variant's of the same opt; a rank is always among them.
func (v *Variant) words(variants []*Variant, some func(trait) bool) string {
	words := []string{v.Opt}
	for i, t := range v.traits {
		if !some(t) || t.name == "opt" || t.name == "rank" && t.value == "0" {
			continue
		}
		varies := slices.ContainsFunc(variants, func(o *Variant) bool { return o.Opt == v.Opt && o.traits[i] != t })
		if t.name == "rank" || varies {
			words = append(words, t.name+"="+t.value)
		}
	}
	return strings.Join(words, " ")
}

// order puts the best variant of each class first, in the order of classes, then the others by class and error. Those
// without any result come last.
func (s *Section) order() {
	slices.SortStableFunc(s.Variants, func(a, b *Variant) int {
		return cmp.Or(classRank(a.Class)-classRank(b.Class), cmp.Compare(a.Class, b.Class), better(a, b))
	})
	seen := map[string]bool{}
	for _, v := range s.Variants {
		v.Best = !seen[v.Class] && v.summary("l2err").Median.Ok()
		seen[v.Class] = true
	}
	slices.SortStableFunc(s.Variants, func(a, b *Variant) int { return place(a) - place(b) })
}

func place(v *Variant) int {
	switch {
	case v.Best:
		return 0
	case len(v.Cells) > 0:
		return 1
	}
	return 2
}

// better orders by median final error, then time, then label: failures last, never by the order of files.
func better(a, b *Variant) int {
	return cmp.Or(a.summary("l2err").Median.Compare(b.summary("l2err").Median),
		a.seconds().Median.Compare(b.seconds().Median), cmp.Compare(a.Label, b.Label))
}

func classRank(class string) int {
	if i := slices.Index(Classes, class); i >= 0 {
		return i
	}
	return len(Classes)
}

// best returns the variant with the smallest median final error among those that keep accepts; nil where none has one.
func (s *Section) best(keep func(*Variant) bool) *Variant {
	var b *Variant
	for _, v := range s.Variants {
		if keep(v) && v.summary("l2err").Median.Ok() && (b == nil || better(v, b) < 0) {
			b = v
		}
	}
	return b
}

// Over collects one quantity over the seeds.
func (v *Variant) Over(f func(Cell) stats.Quantity) []stats.Quantity {
	q := make([]stats.Quantity, len(v.Cells))
	for i, c := range v.Cells {
		q[i] = f(c)
	}
	return q
}

func (v *Variant) summary(unit string) stats.Summary {
	return stats.Summarise(v.Over(func(c Cell) stats.Quantity { return c.Metric(unit) }))
}

// Timed lists the cells whose seconds are their own. One that was stopped for a while is left out, as if its seed had not
// run: that says nothing of the method, and so is no failure of it.
func (v *Variant) Timed() []Cell {
	return slices.DeleteFunc(slices.Clone(v.Cells), func(c Cell) bool { return !c.OwnTime() })
}

// OverTimed collects a quantity that depends on the clock over the seeds with time of their own.
func (v *Variant) OverTimed(f func(Cell) stats.Quantity) []stats.Quantity {
	timed := *v
	timed.Cells = v.Timed()
	return timed.Over(f)
}

// seconds is the training time of the seeds whose process came to its end.
func (v *Variant) seconds() stats.Summary {
	return stats.Summarise(v.OverTimed(Cell.ownSeconds))
}

// timeTo is the time to a relative L2 error, one per seed.
func (v *Variant) timeTo(target float64) []stats.Quantity {
	return v.OverTimed(func(c Cell) stats.Quantity { return c.TimeTo(target) })
}

// Title names the section by what its cells share: the problem's axes, and of the method's those that say the same for
// every cell and not what the axis table says.
func (s *Section) Title() string {
	title := fmt.Sprintf("%s, %s, net %s, points %s", s.Where["problem"], s.Where["form"], s.Where["net"], s.Where["points"])
	for _, a := range results.Axes {
		if slices.Contains(problemAxes, a.Name) || a.Name == "seed" || a.Name == "opt" {
			continue
		}
		values := distinct(s.Cells, func(c Cell) string { return c.Cell[a.Name] })
		if len(values) == 1 && values[0] != a.Default && values[0] != "none" && values[0] != "" {
			title += ", " + a.Name + " " + values[0]
		}
	}
	if s.Block != "" && s.Block != s.Where["problem"] {
		title = s.Block + ": " + title
	}
	return title
}

// CompareSettings orders methods by axes, limits and conditions: numbers by value.
func CompareSettings(a, b *Variant) int {
	for i, t := range a.traits {
		if d := results.CompareValues(t.value, b.traits[i].value); d != 0 {
			return d
		}
	}
	return 0
}
