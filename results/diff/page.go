package diff

import (
	"fmt"

	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// shown is the number of rows of a table; the rest is counted.
const shown = 40

// Page is the comparison in five parts, what counts first.
func (d *Diff) Page() *tables.Page {
	p := &tables.Page{Title: "A against B"}
	p.Add(tables.Bullets{"A: " + d.A.Dir + ": " + d.A.Provenance(), "B: " + d.B.Dir + ": " + d.B.Provenance()})
	p.Add(tables.Paragraph(d.verdict()))
	p.Add(tables.Heading("Coverage"))
	p.Add(d.coverage()...)
	p.Add(tables.Heading("Exact part"))
	p.Add(d.exactPart()...)
	p.Add(tables.Heading("Numeric part"))
	p.Add(d.numericPart()...)
	p.Add(tables.Heading("Timing part"))
	p.Add(d.timingPart()...)
	p.Add(tables.Heading("Conclusions"))
	p.Add(d.conclusionPart()...)
	return p
}

func (d *Diff) verdict() string {
	switch d.Outcome() {
	case Same:
		return "Same."
	case Differs:
		return "The runs differ."
	}
	return "The runs cannot be compared: not the same cells (--common compares those that both have)."
}

func (d *Diff) coverage() []tables.Item {
	items := []tables.Item{tables.Paragraph(fmt.Sprintf("%s in both, %d in A alone, %d in B alone.", tables.Count(len(d.Pairs), "cell"), len(d.OnlyA), len(d.OnlyB)))}
	t := &tables.Table{Title: "Not in both, or ended differently", Columns: tables.Columns("<cell", "<A", "<B")}
	for _, name := range d.OnlyA {
		t.Add(name, "there", "missing")
	}
	for _, name := range d.OnlyB {
		t.Add(name, "missing", "there")
	}
	for _, p := range d.Pairs {
		if p.A.Status != p.B.Status {
			t.Add(p.A.Name, p.A.Status, p.B.Status)
		}
	}
	return append(items, cut(t)...)
}

func (d *Diff) exactPart() []tables.Item {
	same := d.count(func(p Pair) bool { return p.Exact == "" && p.Rows > 0 })
	none := d.count(func(p Pair) bool { return p.Rows == 0 })
	rows := 0
	for _, p := range d.Pairs {
		rows += p.Rows
	}
	words := fmt.Sprintf("%s of %d agree in every digest and count at all common trace rows (%d rows).", tables.Count(same, "cell"), len(d.Pairs)-none, rows)
	if none > 0 {
		words += fmt.Sprintf(" %d have no common row.", none)
	}
	if d.count(func(p Pair) bool { return !p.Binding }) > 0 {
		words += " The code differs, so bits may, and differences count by the numeric part alone."
	}
	t := &tables.Table{Title: "Bits that differ", Columns: tables.Columns("<cell", "<where", "<counts")}
	for _, p := range d.Pairs {
		if p.Exact != "" {
			t.Add(p.A.Name, p.Exact, yes(p.Binding))
		}
	}
	return append([]tables.Item{tables.Paragraph(words)}, cut(t)...)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func (d *Diff) numericPart() []tables.Item {
	bad := d.count(func(p Pair) bool { return p.Numeric != "" })
	t := &tables.Table{Title: "Outside the tolerance", Columns: tables.Columns("<cell", "<A, B")}
	for _, p := range d.Pairs {
		if p.Numeric != "" {
			t.Add(p.A.Name, p.Numeric)
		}
	}
	words := fmt.Sprintf("%s of %d outside the tolerance at their last common row: errors and losses relative to 1e-6 on the same architecture, 1e-2 elsewhere, or what --rel says; inner iterations within 2 or 2 %%.",
		tables.Count(bad, "cell"), len(d.Pairs))
	return append([]tables.Item{tables.Paragraph(words)}, cut(t)...)
}

func (d *Diff) timingPart() []tables.Item {
	t := &tables.Table{Title: "Seconds to the last common step", Columns: tables.Columns("<method", "cells", "A/B", "smallest", "largest", "<verdict")}
	for _, x := range d.times() {
		verdict := "for information: other machine, threads or timing class"
		if x.counts {
			verdict = x.verdict.String()
		}
		t.Add(x.name, fmt.Sprint(x.result.N), ratio(x.result.Ratio), ratio(x.result.Lo), ratio(x.result.Hi), verdict)
	}
	t.Notes = []string{"Below 1: A is faster; seeds paired, exact signed-rank test with Holm's correction over the table, margin 5 %. Time counts for the outcome with --timing only."}
	return cut(t)
}

func ratio(q stats.Quantity) string {
	if !q.Ok() {
		return "–"
	}
	return tables.Ratio(q.Value)
}

func (d *Diff) conclusionPart() []tables.Item {
	list := d.conclusions()
	if len(list) == 0 {
		return []tables.Item{tables.Paragraph("The same class leads in every setting, for every target.")}
	}
	t := &tables.Table{Title: "Another class leads", Columns: tables.Columns("<setting", "<A", "<B", "<both sure")}
	for _, c := range list {
		t.Add(c.where, c.a, c.b, yes(c.decided))
	}
	t.Notes = []string{"It counts where both runs have a verdict."}
	return cut(t)
}

// cut is a table of at most shown rows and a note on the rest; nothing where it is empty.
func cut(t *tables.Table) []tables.Item {
	n := len(t.Rows)
	if n == 0 {
		return nil
	}
	if n > shown {
		t.Rows = t.Rows[:shown]
		t.Notes = append(t.Notes, fmt.Sprintf("%d more rows.", n-shown))
	}
	return []tables.Item{t}
}
