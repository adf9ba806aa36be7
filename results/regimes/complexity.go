package regimes

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// formulas are the leading terms of a step by class. Letters: N points, C channels, P parameters, n rows, k rank, m inner
// iterations. Sources: Bioli, Marcati, Sangalli 2025 (arXiv 2505.11638) for the orders, package cost for the factors.
var formulas = []struct{ class, method, flops, memory string }{
	{"explicit", "dense", "nP² + P³/3", "P² + nP in slabs"},
	{"explicit", "dual", "n²P + n³/3", "n² + nP in slabs"},
	{"matrix-free", "cg", "4m·CNP", "O(CNW + P)"},
	{"preconditioned", "nystrom", "(4⌈k/64⌉C + 4k)·NP + 10k²P + 4m·CNP", "2kP"},
	{"preconditioned", "rpchol, pchol", "2k·CNP + 2k²P + 4m·CNP", "kP"},
	{"quasi-newton", "lbfgs", "6CNP + 4hP", "2hP, h pairs kept"},
	{"first-order", "adam", "6CNP", "2P"},
}

// Growth is how a quantity of one solver grows over settings: the exponents of a power law, with fixed factors for each
// problem.
type Growth struct {
	Opt      string
	Quantity string
	Exponent map[string]float64 // by size: P, N, k; those that vary
	Cells    int                // medians over seeds that it is fitted to
	Spread   float64            // largest factor between fit and value
}

// point is one variant in one setting.
type point struct {
	group  string // what has a factor of its own
	sizes  [3]float64
	values map[string]float64
}

var (
	sizeNames  = [3]string{"P", "N", "k"}
	quantities = []string{"seconds", "modelled seconds", "workspace"}
)

// Grow fits the growth of seconds a step, of modelled seconds a step and of workspace for every solver that ran at more than
// one size. Cells with different numbers of threads never share a factor.
func Grow(settings []*Setting) (list []Growth) {
	points := map[string][]point{}
	var opts []string
	for _, s := range settings {
		for _, v := range s.Variants {
			p, ok := pointOf(s, v)
			if !ok {
				continue
			}
			if points[v.Opt] == nil {
				opts = append(opts, v.Opt)
			}
			points[v.Opt] = append(points[v.Opt], p)
		}
	}
	slices.Sort(opts)
	for _, opt := range opts {
		for _, q := range quantities {
			if g, ok := fit(points[opt], q); ok {
				g.Opt = opt
				list = append(list, g)
			}
		}
	}
	return list
}

func pointOf(s *Setting, v *tables.Variant) (p point, ok bool) {
	if len(v.Timed()) == 0 {
		return p, false
	}
	c := v.Cells[0]
	modelled := stats.Summarise(v.Over(func(c tables.Cell) stats.Quantity {
		n := len(c.Curve.Step)
		if n == 0 || c.Curve.Step[n-1] == 0 || !(c.Curve.Modelled[n-1] > 0) {
			return stats.Quantity{}
		}
		return stats.Known(c.Curve.Modelled[n-1] / float64(c.Curve.Step[n-1]))
	})).Median
	p = point{
		group: fmt.Sprint(s.Problem(), s.Where["form"], c.Environment.GOMAXPROCS, trait(v, "set")),
		sizes: [3]float64{float64(s.Params), float64(s.Points), float64(max(1, rankOf(v)))},
		values: map[string]float64{
			"seconds": stepSeconds(v), "modelled seconds": number(modelled), "workspace": number(median(v, "work-B")),
		},
	}
	return p, true
}

// fit is least squares for the logarithms, after taking the mean of each group from its points.
func fit(all []point, quantity string) (g Growth, ok bool) {
	var points []point
	for _, p := range all {
		if p.values[quantity] > 0 {
			points = append(points, p)
		}
	}
	x, y := centred(points, quantity)
	used := varying(x)
	if len(used) == 0 || len(points) < 2 {
		return g, false
	}
	a := mat.NewDense(len(points), len(used), nil)
	for i := range x {
		for j, size := range used {
			a.Set(i, j, x[i][size])
		}
	}
	var c mat.Dense
	if err := c.Solve(a, mat.NewDense(len(y), 1, y)); err != nil {
		return g, false // sizes that never vary apart
	}
	g = Growth{Quantity: quantity, Exponent: map[string]float64{}, Cells: len(points), Spread: 1}
	for j, size := range used {
		g.Exponent[sizeNames[size]] = c.At(j, 0)
	}
	for i := range y {
		f := 0.0
		for j, size := range used {
			f += c.At(j, 0) * x[i][size]
		}
		g.Spread = max(g.Spread, math.Exp(math.Abs(f-y[i])))
	}
	return g, true
}

// centred are logarithms of sizes and values less the means of their group.
func centred(points []point, quantity string) (x [][3]float64, y []float64) {
	type sums struct {
		n, y float64
		x    [3]float64
	}
	mean := map[string]sums{}
	for _, p := range points {
		m := mean[p.group]
		m.n, m.y = m.n+1, m.y+math.Log(p.values[quantity])
		for j, s := range p.sizes {
			m.x[j] += math.Log(s)
		}
		mean[p.group] = m
	}
	for _, p := range points {
		m := mean[p.group]
		var row [3]float64
		for j, s := range p.sizes {
			row[j] = math.Log(s) - m.x[j]/m.n
		}
		x, y = append(x, row), append(y, math.Log(p.values[quantity])-m.y/m.n)
	}
	return x, y
}

// varying lists the sizes that differ within a group by more than a quarter.
func varying(x [][3]float64) (used []int) {
	for j := range sizeNames {
		if slices.ContainsFunc(x, func(row [3]float64) bool { return math.Abs(row[j]) > 0.11 }) {
			used = append(used, j)
		}
	}
	return used
}

// Complexity is the page on what a step costs: formulas by class, and measured growth beside that of the cost model.
func Complexity(settings []*Setting) *tables.Page {
	p := &tables.Page{Title: "What a step costs"}
	t := &tables.Table{Title: "Leading terms by class", Columns: tables.Columns("<class", "<method", "<flops of a step", "<numbers held")}
	for _, f := range formulas {
		t.Add(f.class, f.method, f.flops, f.memory)
	}
	t.Notes = []string{"N points, C channels of point derivatives (dimension + 2 for a second-order PINN), P parameters, n rows, W hidden units, " +
		"k rank, m inner iterations. One linearisation (6CNP) and the trials of the line search (2CNP each) come on top. Package cost has every term."}
	p.Add(t)
	if g := growthTable(Grow(settings)); g != nil {
		p.Add(g)
	} else {
		p.Add(tables.Paragraph("No solver ran at more than one size: nothing measured can be put beside."))
	}
	p.Add(stepTable(settings))
	return p
}

func growthTable(list []Growth) *tables.Table {
	if len(list) == 0 {
		return nil
	}
	t := &tables.Table{Title: "Measured growth of a step", Columns: tables.Columns("<solver", "<quantity", "in P", "in N", "in rank k", "settings", "fit within")}
	for _, g := range list {
		row := []string{g.Opt, g.Quantity}
		for _, size := range sizeNames {
			word := "–"
			if e, ok := g.Exponent[size]; ok {
				word = fmt.Sprintf("%.2f", e)
			}
			row = append(row, word)
		}
		t.Add(append(row, fmt.Sprint(g.Cells), tables.Ratio(g.Spread)+"×")...)
	}
	t.Notes = []string{"Exponents of a power law fitted to medians over seeds, with a factor of its own for each problem, formulation, setting and number of threads; " +
		"a dash where the size did not vary. Modelled seconds are counts times the calibration table, so both columns can be compared. " +
		"Fit within: the largest factor between a value and the law."}
	return t
}

// stepTable is what a step of the best variant of each class took in every setting.
func stepTable(settings []*Setting) *tables.Table {
	t := &tables.Table{Title: "A step by setting", Columns: tables.Columns("<setting", "n", "<solver", "<class", "ms a step", "workspace", "peak memory")}
	for _, s := range settings {
		list := slices.Clone(s.Variants)
		list = slices.DeleteFunc(list, func(v *tables.Variant) bool { return len(v.Timed()) == 0 })
		slices.SortStableFunc(list, func(a, b *tables.Variant) int { return cmp.Compare(nan(stepSeconds(a)), nan(stepSeconds(b))) })
		seen := map[string]bool{}
		for _, v := range list {
			if seen[v.Opt] {
				continue
			}
			seen[v.Opt] = true
			t.Add(s.Label(), fmt.Sprint(s.Rows), v.Label, v.Class, tables.Quantity(stats.Known(1e3*stepSeconds(v)), tables.Plain),
				tables.Quantity(median(v, "work-B"), tables.Memory), tables.Quantity(median(v, "peak-rss-B"), tables.Memory))
		}
	}
	t.Notes = []string{"The fastest variant of each solver in each setting, medians over seeds, the cheapest step first."}
	return t
}

// nan orders what was not measured last.
func nan(v float64) float64 {
	if math.IsNaN(v) {
		return math.Inf(1)
	}
	return v
}
