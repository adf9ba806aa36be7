package tables

import (
	"cmp"
	"io"

	"ngdbench/results"
)

// WriteBrief writes what a run prints when it ends: for each section a table by solver, who wins, warnings, and the
// cells without a regular end; then how many cells ended how.
func WriteBrief(w io.Writer, suite string, records []results.Record) error {
	r := NewRun(Manifest{Suite: suite}, records)
	p := &Page{Title: "Results of " + cmp.Or(suite, "a run")}
	if list := r.warnings(); len(list) > 0 {
		p.Add(Bullets(list))
	}
	for _, s := range r.Sections() {
		p.Add(Heading(s.Title()), s.brief())
		p.Add(s.verdict()...)
		if list := s.warnings(); len(list) > 0 {
			p.Add(Bullets(list))
		}
		if t := s.trouble(); t != nil {
			p.Add(t)
		}
	}
	if len(r.Cells) > 0 {
		p.Add(Paragraph(Count(len(r.Cells), "cell") + ": " + tally(r.Cells)))
	}
	return p.WriteText(w)
}

// brief is the table by solver that fits a terminal: best per class first, medians over seeds with their range.
func (s *Section) brief() *Table {
	t := &Table{Title: "Median over seeds [smallest, largest]; * best of its class",
		Columns: Columns("<solver", "<class", "<status", "l2err", "steps", "seconds", "inner iterations")}
	for _, v := range s.Variants {
		t.Add(v.star(), v.Class, v.statuses(), Spread(v.summary("l2err"), Scientific), Spread(v.summary("steps"), Whole),
			Spread(v.seconds(), Plain), Spread(v.summary("cg-iters"), Whole))
	}
	return t
}
