package tables

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"

	"ngdbench/internal/nearest"
	"ngdbench/results"
	"ngdbench/results/stats"
)

// Pivot asks for a table of one quantity: rows and columns are projections in the syntax of x/perf, lists of keys, each
// with an order if need be, as in "opt,rank@num". A key is an axis, with or without its slash, or one of PivotKeys.
type Pivot struct {
	Row, Col string   // "": all in one row or column
	Units    []string // see Measure; one table for each
	Filter   string   // as in results.NewFilter
}

// PivotKeys are the keys of a projection beside the axes.
var PivotKeys = []string{"suite", "block", "class", "status", "steps", "seconds", "target", "gomaxprocs", "kernels", "timing", "code"}

// group is the cells of one place in the table.
type group struct {
	cells   []Cell
	skipped int
	residue []benchproc.Key
}

// Pivot makes the tables. A place whose cells differ in a key that nobody named is an average over it: the page warns of
// each such key.
func (r *Run) Pivot(q Pivot) (*Page, error) {
	filter, err := results.NewFilter(q.Filter)
	if err != nil {
		return nil, err
	}
	grid, err := newPivotGrid(q)
	if err != nil {
		return nil, err
	}
	for _, c := range r.Cells {
		if filter.KeepRecord(c.Record) {
			grid.put(c)
		}
	}
	if len(grid.at) == 0 {
		return nil, fmt.Errorf("no cell of %d matches", len(r.Cells))
	}
	p := &Page{Title: "Cells of " + r.Manifest.Suite}
	for _, unit := range q.Units {
		m, err := MeasureOf(unit)
		if err != nil {
			return nil, err
		}
		p.Add(grid.table(m))
	}
	if list := grid.averages(); len(list) > 0 {
		p.Add(Bullets(list))
	}
	return p, nil
}

// pivotGrid sorts cells into places.
type pivotGrid struct {
	row, col, rest *benchproc.Projection
	listed         *benchproc.Filter // what lists of values in the projections keep
	rows, cols     []benchproc.Key
	at             map[[2]benchproc.Key]*group
}

func newPivotGrid(q Pivot) (*pivotGrid, error) {
	var parser benchproc.ProjectionParser
	listed, err := benchproc.NewFilter("*")
	if err != nil {
		return nil, err
	}
	g := &pivotGrid{listed: listed, at: map[[2]benchproc.Key]*group{}}
	for _, side := range []struct {
		name, said string
		to         **benchproc.Projection
	}{{"row", q.Row, &g.row}, {"col", q.Col, &g.col}} {
		words, err := projection(side.said)
		if err != nil {
			return nil, fmt.Errorf("--%s %s: %w", side.name, side.said, err)
		}
		if *side.to, err = parser.Parse(words, listed); err != nil {
			what, _, _ := strings.Cut(err.Error(), "\n")
			return nil, fmt.Errorf("--%s %s: %s", side.name, side.said, what)
		}
	}
	// All keys, not the parser's residue: that takes the axes together, and cannot say which of them differ.
	g.rest, err = parser.Parse("/"+strings.Join(results.AxisNames(), ",/")+","+strings.Join(PivotKeys, ","), listed)
	return g, err
}

// projection puts the slash before axes and refuses unknown keys. A key ends at a comma, a space or the @ of its order;
// what stands in parentheses is a list of values.
func projection(said string) (string, error) {
	var out strings.Builder
	depth, start := 0, true
	for i := 0; i < len(said); i++ {
		c := said[i]
		if start && depth == 0 && c != ' ' && c != ',' {
			end := i
			for end < len(said) && !strings.ContainsRune(" ,@", rune(said[end])) {
				end++
			}
			key, err := projectionKey(said[i:end])
			if err != nil {
				return "", err
			}
			out.WriteString(key)
			i, start = end-1, false
			continue
		}
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case ' ', ',':
			start = true
		}
		out.WriteByte(c)
	}
	return out.String(), nil
}

func projectionKey(key string) (string, error) {
	axis := strings.TrimPrefix(key, "/")
	if results.IsAxis(axis) {
		return "/" + axis, nil
	}
	if slices.Contains(PivotKeys, key) {
		return key, nil
	}
	known := append(results.AxisNames(), PivotKeys...)
	return "", fmt.Errorf("unknown key %q%s", key, nearest.HintOrAll(key, known))
}

// resultOf is a cell as x/perf sees it: axes in the name, conditions in the configuration.
func resultOf(c Cell) *benchfmt.Result {
	name, _ := strings.CutPrefix(results.BenchName(c.Cell, max(1, c.Environment.GOMAXPROCS)), "Benchmark")
	res := &benchfmt.Result{Name: benchfmt.Name(name), Iters: 1, Values: []benchfmt.Value{{Value: 1, Unit: "cell"}}}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	for _, kv := range [][2]string{
		{"suite", c.Suite}, {"block", c.Block}, {"class", c.Class}, {"status", c.Status},
		{"steps", strconv.Itoa(c.Limits.Steps)}, {"seconds", number(c.Limits.Seconds)}, {"target", number(c.Limits.Target)},
		{"gomaxprocs", strconv.Itoa(c.Environment.GOMAXPROCS)}, {"kernels", c.Environment.Kernels}, {"timing", c.Environment.Timing}, {"code", short(c.Code)},
	} {
		res.SetConfig(kv[0], kv[1])
	}
	return res
}

func (g *pivotGrid) put(c Cell) {
	res := resultOf(c)
	if m, err := g.listed.Match(res); err != nil || !m.Any() {
		return
	}
	row, col := g.row.Project(res), g.col.Project(res)
	place := g.at[[2]benchproc.Key{row, col}]
	if place == nil {
		place = &group{}
		g.at[[2]benchproc.Key{row, col}] = place
		if !slices.Contains(g.rows, row) {
			g.rows = append(g.rows, row)
		}
		if !slices.Contains(g.cols, col) {
			g.cols = append(g.cols, col)
		}
	}
	if c.Status == results.Skipped {
		place.skipped++
		return
	}
	place.cells, place.residue = append(place.cells, c), append(place.residue, g.rest.Project(res))
}

func (g *pivotGrid) table(m Measure) *Table {
	benchproc.SortKeys(g.rows)
	benchproc.SortKeys(g.cols)
	t := &Table{Title: m.Name}
	fields := g.row.FlattenedFields()
	for _, f := range fields {
		t.Columns = append(t.Columns, Column{strings.TrimPrefix(f.Name, "/"), true})
	}
	for _, col := range g.cols {
		t.Columns = append(t.Columns, Column{Name: headOf(g.col, col, m.Name)})
	}
	for _, row := range g.rows {
		var cells []string
		for _, f := range fields {
			cells = append(cells, row.Get(f))
		}
		for _, col := range g.cols {
			cells = append(cells, g.at[[2]benchproc.Key{row, col}].text(m))
		}
		t.Add(cells...)
	}
	t.Notes = []string{"Median [smallest, largest] over the cells of a place, (n = 1) for one; > marks what was spent without getting there. " + m.Doc}
	return t
}

// headOf names a column by the values of its fields.
func headOf(p *benchproc.Projection, k benchproc.Key, unit string) string {
	var words []string
	for _, f := range p.FlattenedFields() {
		words = append(words, strings.TrimPrefix(f.Name, "/")+"="+k.Get(f))
	}
	if len(words) == 0 {
		return unit
	}
	return strings.Join(words, " ")
}

// text is a place of the table: the spread, and how many cells failed or do not fit.
func (g *group) text(m Measure) string {
	switch {
	case g == nil:
		return ""
	case len(g.cells) == 0:
		return "skipped"
	}
	q := make([]stats.Quantity, len(g.cells))
	for i, c := range g.cells {
		q[i] = m.Of(c)
	}
	s := stats.Summarise(q)
	words := Spread(s, m.Format)
	if n := s.Failed(); n == s.N {
		words = "none (" + tally(g.cells) + ")"
	} else if n > 0 {
		words += fmt.Sprintf(" (%d of %d failed)", n, s.N)
	}
	if g.skipped > 0 {
		words += fmt.Sprintf(" (%d skipped)", g.skipped)
	}
	return words
}

// averages names the keys, seed and outcome apart, in which the cells of one place differ.
func (g *pivotGrid) averages() []string {
	places := map[string]int{}
	for _, place := range g.at {
		for _, f := range benchproc.NonSingularFields(place.residue) {
			places[strings.TrimPrefix(f.Name, "/")]++
		}
	}
	var list []string
	for _, name := range append(results.AxisNames(), PivotKeys...) {
		if n := places[name]; n > 0 && name != "seed" && name != "class" && name != "status" {
			list = append(list, fmt.Sprintf("%s of %d averaged over %s, which nobody named: put it into --row, --col or --filter.", Count(n, "place"), len(g.at), name))
		}
	}
	return list
}
