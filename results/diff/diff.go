// Package diff compares two runs of the same cells: what is there, what must be the same to the bit, numbers within
// tolerances, times, and whether the conclusions are the same.
package diff

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ngdbench/results"
	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// Options say what counts. The zero value holds the defaults.
type Options struct {
	Common bool    // compare the common cells, and do not mind those of one run alone
	Timing bool    // a difference in time counts
	Rel    float64 // relative tolerance of errors and losses; 0: 1e-6 on the same architecture, 1e-2 elsewhere
}

// Outcome is what a comparison comes to.
type Outcome int

const (
	Same Outcome = iota
	Differs
	Incomparable
)

// Diff is the comparison of two runs.
type Diff struct {
	A, B    *tables.Run
	Options Options

	OnlyA, OnlyB []string // names of cells
	Pairs        []Pair
}

// Pair is a cell in both runs, with what was found.
type Pair struct {
	A, B tables.Cell

	Status  bool   // the two ended differently, in a way that counts
	Exact   string // where bits or counts differ; "" where they do not
	Binding bool   // the code is the same, so that bits must be
	Rows    int    // trace rows compared
	Numeric string // what lies outside the tolerance; "" where nothing does
	Time    stats.Pair
	Timed   bool // on the same CPU, with the same threads and timing class
}

// Compare aligns the cells of two runs by name and limits.
func Compare(a, b *tables.Run, o Options) *Diff {
	d := &Diff{A: a, B: b, Options: o}
	keys := keysOf(a, b)
	in := map[string]tables.Cell{}
	for _, c := range b.Cells {
		in[keys(c)] = c
	}
	for _, c := range a.Cells {
		k := keys(c)
		other, ok := in[k]
		if !ok {
			d.OnlyA = append(d.OnlyA, c.Name)
			continue
		}
		delete(in, k)
		d.Pairs = append(d.Pairs, d.pair(c, other))
	}
	for _, c := range b.Cells {
		if _, alone := in[keys(c)]; alone {
			d.OnlyB = append(d.OnlyB, c.Name)
		}
	}
	return d
}

// keysOf names cells by what they are, not by how they ran: threads and kernels change no bit. Where one run has a cell
// under several conditions, these are in the name.
func keysOf(runs ...*tables.Run) func(tables.Cell) string {
	plain := func(c tables.Cell) string { return fmt.Sprint(c.Name, c.Limits) }
	full := func(c tables.Cell) string {
		return fmt.Sprint(c.Name, c.Limits, c.Environment.GOMAXPROCS, c.Environment.Kernels)
	}
	for _, r := range runs {
		seen := map[string]bool{}
		for _, c := range r.Cells {
			if k := plain(c); seen[k] {
				return full
			} else {
				seen[k] = true
			}
		}
	}
	return plain
}

func (d *Diff) pair(a, b tables.Cell) Pair {
	p := Pair{A: a, B: b, Binding: a.Code == b.Code && a.Code != ""}
	p.Status = a.Status != b.Status && !(a.Limits.Seconds > 0 && ended(a.Status) && ended(b.Status))
	rows := commonRows(a.Curve, b.Curve)
	p.Rows = len(rows)
	p.Exact = exact(a, b, rows)
	p.Numeric = d.numeric(a, b, rows)
	e, f := a.Environment, b.Environment
	p.Timed = e.GOARCH == f.GOARCH && e.CPU == f.CPU && e.GOMAXPROCS == f.GOMAXPROCS && e.Timing == f.Timing && e.Kernels == f.Kernels && a.OwnTime() && b.OwnTime()
	if n := len(rows); n > 0 {
		i, j := rows[n-1][0], rows[n-1][1]
		p.Time = stats.Pair{A: stats.Known(a.Curve.Seconds[i]), B: stats.Known(b.Curve.Seconds[j])}
	}
	return p
}

// ended says that a training came to an end of its own: with a budget in seconds, which one is a matter of speed.
func ended(status string) bool {
	return status == results.Budget || status == results.Target || status == results.Converged || status == results.Stalled
}

// commonRows are the rows of equal steps.
func commonRows(a, b tables.Curve) (rows [][2]int) {
	j := 0
	for i, step := range a.Step {
		for j < len(b.Step) && b.Step[j] < step {
			j++
		}
		if j < len(b.Step) && b.Step[j] == step {
			rows = append(rows, [2]int{i, j})
		}
	}
	return rows
}

// exact finds the first row whose trajectory or count of inner iterations differs.
func exact(a, b tables.Cell, rows [][2]int) string {
	for _, r := range rows {
		x, y := a.Curve, b.Curve
		if x.Digest[r[0]] != y.Digest[r[1]] {
			return fmt.Sprintf("trajectory differs from step %d on", x.Step[r[0]])
		}
		if x.Inner[r[0]] != y.Inner[r[1]] {
			return fmt.Sprintf("inner iterations differ from step %d on: %d, %d", x.Step[r[0]], x.Inner[r[0]], y.Inner[r[1]])
		}
	}
	return ""
}

// numeric compares the last common row: errors and loss within the relative tolerance, inner iterations within 2 or 2 %.
func (d *Diff) numeric(a, b tables.Cell, rows [][2]int) string {
	if len(rows) == 0 {
		return ""
	}
	i, j := rows[len(rows)-1][0], rows[len(rows)-1][1]
	rel := d.Options.Rel
	if rel == 0 {
		rel = 1e-6
		if a.Environment.GOARCH != b.Environment.GOARCH {
			rel = 1e-2
		}
	}
	var words []string
	for _, q := range []struct {
		name string
		x, y []float64
	}{{"l2err", a.Curve.L2, b.Curve.L2}, {"loss", a.Curve.Loss, b.Curve.Loss}} {
		if x, y := q.x[i], q.y[j]; !close(x, y, rel) {
			words = append(words, fmt.Sprintf("%s %s, %s", q.name, tables.Scientific(x), tables.Scientific(y)))
		}
	}
	x, y := float64(a.Curve.Inner[i]), float64(b.Curve.Inner[j])
	if math.Abs(x-y) > max(2, 0.02*max(x, y)) {
		words = append(words, fmt.Sprintf("inner iterations %.0f, %.0f", x, y))
	}
	if len(words) == 0 {
		return ""
	}
	return fmt.Sprintf("at step %d: %s", a.Curve.Step[i], strings.Join(words, "; "))
}

func close(x, y, rel float64) bool {
	if math.IsNaN(x) || math.IsNaN(y) {
		return math.IsNaN(x) && math.IsNaN(y)
	}
	return x == y || math.Abs(x-y) <= rel*max(math.Abs(x), math.Abs(y))
}

// count counts the pairs of which f holds.
func (d *Diff) count(f func(Pair) bool) int {
	n := 0
	for _, p := range d.Pairs {
		if f(p) {
			n++
		}
	}
	return n
}

// Outcome is what it all comes to.
func (d *Diff) Outcome() Outcome {
	alone := len(d.OnlyA) + len(d.OnlyB)
	switch {
	case len(d.Pairs) == 0, alone > 0 && !d.Options.Common:
		return Incomparable
	case slices.ContainsFunc(d.Pairs, Pair.differs), d.changed(),
		d.Options.Timing && slices.ContainsFunc(d.times(), func(t timing) bool {
			return t.counts && t.verdict.Outcome != stats.Undecided && t.verdict.Outcome != stats.Tie
		}):
		return Differs
	}
	return Same
}

// differs says whether something differs that counts. Bits bind where the code is the same; else the tolerance does.
func (p Pair) differs() bool { return p.Status || p.Binding && p.Exact != "" || p.Numeric != "" }
