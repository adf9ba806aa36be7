package harness

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"ngdbench/results"
	"ngdbench/results/stats"
)

// writeSummary prints a table for each block: a line for each variant, with median and range over its seeds.
func writeSummary(w io.Writer, records []results.Record) error {
	records = results.Sort(records)
	for len(records) > 0 {
		n := 1
		for n < len(records) && records[n].Block == records[0].Block {
			n++
		}
		if err := writeBlock(w, records[:n]); err != nil {
			return err
		}
		records = records[n:]
	}
	return nil
}

func writeBlock(w io.Writer, records []results.Record) error {
	varying := varyingAxes(records)
	title := "block " + records[0].Block
	if records[0].Block == "" {
		title = "cells"
	}
	if _, err := fmt.Fprintf(w, "%s: %s\n", title, sharedAxes(records)); err != nil {
		return err
	}
	t := tablewriter.NewTable(w,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone, Symbols: tw.NewSymbols(tw.StyleASCII),
			Settings: tw.Settings{Separators: tw.Separators{BetweenColumns: tw.Off}},
		})),
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithHeaderAlignment(tw.AlignLeft), tablewriter.WithRowAutoWrap(tw.WrapNone))
	t.Header("solver", "class", "l2err (range)", "steps", "seconds", "inner", "status")
	for _, v := range variantsOf(records, varying) {
		if err := t.Append(v.label, v.class, v.cell("l2err", 1, "%.2e", true), v.cell("steps", 1, "%.0f", false),
			v.cell("ns/op", 1e-9, "%.2f", false), v.cell("cg-iters", 1, "%.0f", false), v.status()); err != nil {
			return err
		}
	}
	if err := t.Render(); err != nil {
		return err
	}
	return writeNotes(w, records)
}

// variantsOf groups records that differ in their seed alone, the best median error first.
func variantsOf(records []results.Record, varying []string) []variant {
	var lines []variant
	for _, r := range records {
		label := variantLabel(r.Cell, varying)
		i := slices.IndexFunc(lines, func(v variant) bool { return v.label == label && v.procs == r.Environment.GOMAXPROCS })
		if i < 0 {
			i = len(lines)
			lines = append(lines, variant{label: label, procs: r.Environment.GOMAXPROCS, class: r.Class})
		}
		lines[i].class = cmp.Or(lines[i].class, r.Class)
		lines[i].records = append(lines[i].records, r)
	}
	slices.SortStableFunc(lines, func(a, b variant) int {
		return cmp.Or(a.median("l2err").Compare(b.median("l2err")), cmp.Compare(a.label, b.label))
	})
	return lines
}

// variant is one line of the table: the records that differ in their seed alone.
type variant struct {
	label, class string
	procs        int
	records      []results.Record
}

// varyingAxes lists the axes that tell apart records of one solver, and rank where any has one.
func varyingAxes(records []results.Record) []string {
	first := map[string]string{} // solver and axis → a value
	varies := map[string]bool{}
	for _, r := range records {
		for axis, v := range r.Cell {
			k := r.Cell["opt"] + " " + axis
			if was, ok := first[k]; !ok {
				first[k] = v
			} else if was != v {
				varies[axis] = true
			}
		}
		if r.Cell["rank"] != absent["rank"] {
			varies["rank"] = true
		}
	}
	var out []string
	for _, a := range results.AxisNames() {
		if varies[a] && a != "seed" && a != "opt" {
			out = append(out, a)
		}
	}
	return out
}

// sharedAxes is "problem=poisson2d form=pinn …": what all records have in common.
func sharedAxes(records []results.Record) string {
	var words []string
	for _, a := range results.AxisNames() {
		v := records[0].Cell[a]
		if a != "seed" && a != "opt" && !slices.ContainsFunc(records, func(r results.Record) bool { return r.Cell[a] != v }) {
			words = append(words, a+"="+v)
		}
	}
	return strings.Join(words, " ")
}

// variantLabel is "nystrom rank=32": the solver, and what else tells it from its neighbours.
func variantLabel(c results.Cell, varying []string) string {
	words := []string{c["opt"]}
	for _, a := range varying {
		if v := c[a]; v != "" && v != absent[a] {
			words = append(words, a+"="+v)
		}
	}
	return strings.Join(words, " ")
}

// summary of one unit over the seeds. A time during which the process was stopped is no sample of a time.
func (v variant) summary(unit string) stats.Summary {
	q := make([]stats.Quantity, len(v.records))
	for i, r := range v.records {
		if x, ok := r.Metrics[unit]; ok && !results.Failed(r.Status) && !(unit == "ns/op" && r.Environment.Suspended > 0) {
			q[i] = stats.Known(float64(x))
		}
	}
	return stats.Summarise(q)
}

func (v variant) median(unit string) stats.Quantity { return v.summary(unit).Median }

// cell is the median, with the range over the seeds where it has one; a dash where more than half have no number.
func (v variant) cell(unit string, scale float64, format string, spread bool) string {
	s := v.summary(unit)
	if !s.Median.Ok() {
		return "-"
	}
	text := fmt.Sprintf(format, s.Median.Value*scale)
	switch {
	case s.N < 2 && spread:
		return text + " (n = 1)"
	case s.N < 2 || s.Min == s.Max:
		return text
	case !s.Max.Ok():
		return fmt.Sprintf("%s (%s..-)", text, fmt.Sprintf(format, s.Min.Value*scale))
	}
	return fmt.Sprintf("%s (%s..%s)", text, fmt.Sprintf(format, s.Min.Value*scale), fmt.Sprintf(format, s.Max.Value*scale))
}

// status is "3 budget" or "2 budget, 1 diverged".
func (v variant) status() string {
	return countStatuses(v.records)
}

func countStatuses(records []results.Record) string {
	var words []string
	for _, s := range results.Statuses {
		n := 0
		for _, r := range records {
			if r.Status == s {
				n++
			}
		}
		if n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, s))
		}
	}
	return strings.Join(words, ", ")
}

// writeNotes says below a table what its numbers do not.
func writeNotes(w io.Writer, records []results.Record) error {
	out := &firstError{w: w}
	timings := map[string]bool{}
	var texts []string
	count := map[string]int{}
	note := func(text string) {
		if count[text]++; count[text] == 1 {
			texts = append(texts, text)
		}
	}
	for _, r := range records {
		if r.Environment.Timing != "" {
			timings[r.Environment.Timing] = true
		}
		if r.Environment.Suspended > 0 {
			note(fmt.Sprintf("%s was stopped for %.1f s; its time is left out", r.Name, float64(r.Environment.Suspended)))
		}
		if r.Status == results.Skipped || results.Failed(r.Status) {
			note(fmt.Sprintf("%s: %s: %s", variantLabel(r.Cell, []string{"rank"}), r.Status, r.Cause))
		}
	}
	for _, text := range texts {
		if count[text] > 1 {
			text += fmt.Sprintf(" (%d cells)", count[text])
		}
		out.print("note: %s\n", text)
	}
	if len(timings) > 1 {
		out.print("note: times of different timing classes (%s) stand side by side here\n", strings.Join(sortedKeys(timings), ", "))
	}
	out.print("\n")
	return out.err
}
