package results

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// column is one column of a CSV file: its name, and its text for an item.
type column[T any] struct {
	name string
	of   func(T) string
}

// WriteCSV writes one line for each record, in the order of Sort, with a header: the axes, what became of the cell, its
// conditions and sizes, then every unit that one of the records has (final errors; best:UNIT the best of the trace), and
// the counts as count:KIND and the seconds of each phase as seconds:PHASE. What a record does not have, or is not finite, is an empty field.
func WriteCSV(w io.Writer, records []Record) error {
	records = Sort(records)
	columns := recordColumns()
	for _, unit := range unitsOf(records, func(r Record) map[string]Float { return r.Metrics }) {
		columns = append(columns, column[Record]{unit, func(r Record) string { return number(r.Metrics, unit) }})
	}
	for _, unit := range unitsOf(records, func(r Record) map[string]Float { return r.Best }) {
		columns = append(columns, column[Record]{"best:" + unit, func(r Record) string { return number(r.Best, unit) }})
	}
	for _, kind := range unitsOf(records, func(r Record) map[string]Float { return floats(r.Counts) }) {
		columns = append(columns, column[Record]{"count:" + kind, func(r Record) string { return number(floats(r.Counts), kind) }})
	}
	for _, phase := range unitsOf(records, func(r Record) map[string]Float { return r.Seconds }) {
		columns = append(columns, column[Record]{"seconds:" + phase, func(r Record) string { return number(r.Seconds, phase) }})
	}
	return writeCSV(w, columns, slices.Values(records))
}

// WriteTraceCSV writes one line for each row of each trace: key, axes, then the row.
func WriteTraceCSV(w io.Writer, records []Record) error {
	type item struct {
		rec *Record
		row *Row
	}
	records = Sort(records)
	columns := []column[item]{{"key", func(i item) string { return i.rec.Key }}}
	for _, a := range AxisNames() {
		columns = append(columns, column[item]{a, func(i item) string { return i.rec.Cell[a] }})
	}
	columns = append(columns,
		column[item]{"step", func(i item) string { return strconv.Itoa(i.row.Step) }},
		column[item]{"seconds", func(i item) string { return i.row.Seconds.text() }},
		column[item]{"loss", func(i item) string { return i.row.Loss.text() }},
		column[item]{"damping", func(i item) string { return i.row.Damping.text() }},
		column[item]{"scale", func(i item) string { return i.row.Scale.text() }},
		column[item]{"norm", func(i item) string { return i.row.Norm.text() }},
		column[item]{"slope", func(i item) string { return i.row.Slope.text() }},
		column[item]{"plain", func(i item) string { return strconv.FormatBool(i.row.Plain) }},
		column[item]{"iterations", func(i item) string { return strconv.Itoa(i.row.Iterations) }},
		column[item]{"rank_used", func(i item) string { return strconv.Itoa(i.row.Rank) }},
		column[item]{"retries", func(i item) string { return strconv.Itoa(i.row.Retries) }},
		column[item]{"modelled_seconds", func(i item) string { return i.row.Modelled.text() }},
		column[item]{"choice", func(i item) string { return i.row.Choice }},
		column[item]{"cg_iters", func(i item) string { return strconv.Itoa(i.row.CGIters) }},
		column[item]{"products", func(i item) string { return strconv.Itoa(i.row.Products) }},
		column[item]{"losses", func(i item) string { return strconv.Itoa(i.row.Losses) }},
		column[item]{"digest", func(i item) string { return i.row.Digest }},
	)
	seen := map[string]bool{}
	for _, rec := range records {
		for _, row := range rec.Trace {
			for name := range row.Errors {
				seen[name] = true
			}
		}
	}
	for _, u := range inOrder(seen) {
		columns = append(columns, column[item]{u, func(i item) string { return number(i.row.Errors, u) }})
	}
	return writeCSV(w, columns, func(yield func(item) bool) {
		for r := range records {
			for i := range records[r].Trace {
				if !yield(item{&records[r], &records[r].Trace[i]}) {
					return
				}
			}
		}
	})
}

// recordColumns are those that every record has.
func recordColumns() []column[Record] {
	columns := []column[Record]{
		{"suite", func(r Record) string { return r.Suite }},
		{"block", func(r Record) string { return r.Block }},
	}
	for _, a := range AxisNames() {
		columns = append(columns, column[Record]{a, func(r Record) string { return r.Cell[a] }})
	}
	return append(columns,
		column[Record]{"limit_steps", func(r Record) string { return positive(float64(r.Limits.Steps)) }},
		column[Record]{"limit_seconds", func(r Record) string { return positive(r.Limits.Seconds) }},
		column[Record]{"limit_target", func(r Record) string { return positive(r.Limits.Target) }},
		column[Record]{"settings", func(r Record) string { return settingsText(r.Settings) }},
		column[Record]{"class", func(r Record) string { return r.Class }},
		column[Record]{"status", func(r Record) string { return r.Status }},
		column[Record]{"cause", func(r Record) string { return r.Cause }},
		column[Record]{"params", func(r Record) string { return strconv.Itoa(r.Sizes.Params) }},
		column[Record]{"rows", func(r Record) string { return strconv.Itoa(r.Sizes.Rows) }},
		column[Record]{"points_drawn", func(r Record) string { return strings.Trim(fmt.Sprint(r.Sizes.Points), "[]") }},
		column[Record]{"non_finite_step", func(r Record) string {
			if r.NonFiniteStep == nil {
				return ""
			}
			return strconv.Itoa(*r.NonFiniteStep)
		}},
		column[Record]{"fallbacks", func(r Record) string { return strings.Join(r.Fallbacks, " ") }},
		column[Record]{"go_version", func(r Record) string { return r.Environment.GoVersion }},
		column[Record]{"gomaxprocs", func(r Record) string { return strconv.Itoa(r.Environment.GOMAXPROCS) }},
		column[Record]{"kernels", func(r Record) string { return r.Environment.Kernels }},
		column[Record]{"timing", func(r Record) string { return r.Environment.Timing }},
		column[Record]{"cpu", func(r Record) string { return r.Environment.CPU }},
		column[Record]{"suspended_seconds", func(r Record) string { return r.Environment.Suspended.text() }},
		column[Record]{"key", func(r Record) string { return r.Key }},
		column[Record]{"code", func(r Record) string { return r.Code }},
		column[Record]{"started", func(r Record) string { return r.Started.Format(time.RFC3339Nano) }},
		column[Record]{"finished", func(r Record) string { return r.Finished.Format(time.RFC3339Nano) }},
		column[Record]{"theta_digest", func(r Record) string { return r.Digests.Theta }},
		column[Record]{"trajectory_digest", func(r Record) string { return r.Digests.Trajectory }},
	)
}

func writeCSV[T any](w io.Writer, columns []column[T], items func(func(T) bool)) error {
	out := csv.NewWriter(w)
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = c.name
	}
	err := out.Write(line)
	for item := range items {
		for i, c := range columns {
			line[i] = c.of(item)
		}
		if err = out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// unitsOf lists the keys that the records have.
func unitsOf(records []Record, of func(Record) map[string]Float) []string {
	seen := map[string]bool{}
	for _, r := range records {
		for name := range of(r) {
			seen[name] = true
		}
	}
	return inOrder(seen)
}

// inOrder puts the units in the order of their table, and others behind them by name.
func inOrder(seen map[string]bool) (list []string) {
	for _, u := range Units {
		if seen[u.Name] {
			list = append(list, u.Name)
			delete(seen, u.Name)
		}
	}
	n := len(list)
	for name := range seen {
		list = append(list, name)
	}
	slices.Sort(list[n:])
	return list
}

func floats(counts map[string]int) map[string]Float {
	out := make(map[string]Float, len(counts))
	for name, n := range counts {
		out[name] = Float(n)
	}
	return out
}

// settingsText is "lr=0.1 rate=3", by name.
func settingsText(s map[string]string) string {
	var words []string
	for name, v := range s {
		words = append(words, name+"="+v)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

func number(m map[string]Float, name string) string {
	if v, has := m[name]; has {
		return v.text()
	}
	return ""
}

// text is the shortest decimal that reads back as f, or nothing where f is not finite.
func (f Float) text() string {
	if !f.Finite() {
		return ""
	}
	return strconv.FormatFloat(float64(f), 'g', -1, 64)
}

func positive(v float64) string {
	if v > 0 {
		return Float(v).text()
	}
	return ""
}
