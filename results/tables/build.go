package tables

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// NewPage begins the page of a run: what ran, and what to beware of. The sections follow by AddSection.
func NewPage(r *Run) *Page {
	p := &Page{Title: "Report of " + cmp.Or(r.Manifest.Suite, "a run")}
	p.Add(Paragraph(r.Provenance()))
	if list := r.warnings(); len(list) > 0 {
		p.Add(Heading("Warnings"), Bullets(list))
	}
	return p
}

// AddSection puts a section on the page: who wins, errors and costs by solver, bad ends, the pictures, rankings, costs to a common
// loss, pairs, published results.
func (p *Page) AddSection(s *Section, pictures ...Picture) {
	p.Add(Heading(s.Title()))
	p.Add(s.verdict()...)
	if list := s.warnings(); len(list) > 0 {
		p.Add(Bullets(list))
	}
	p.Add(s.accuracy())
	if t := s.measures(); t != nil {
		p.Add(t)
	}
	p.Add(s.cost())
	if t := s.trouble(); t != nil {
		p.Add(t)
	}
	for _, picture := range pictures {
		p.Add(picture)
	}
	p.Add(s.rankings()...)
	p.Add(s.commonLoss()...)
	p.Add(s.pairwise()...)
	if t := s.beside(); t != nil {
		p.Add(t)
	}
}

// Provenance says in one line what ran, on what, from which revision; it stands on the page and in every figure. No
// clock is read: the same run gives the same bytes.
func (r *Run) Provenance() string {
	words := []string{"suite " + cmp.Or(r.Manifest.Suite, "unknown"), Count(len(r.Cells), "cell") + " (" + tally(r.Cells) + ")"}
	if !r.Manifest.Started.IsZero() {
		words = append(words, "started "+r.Manifest.Started.UTC().Format(time.RFC3339))
	}
	revision := "revision " + cmp.Or(short(r.Manifest.Revision), "unknown")
	if r.Manifest.Dirty {
		revision += " with uncommitted changes"
	}
	words = append(words, revision,
		"code "+enumerate(distinct(r.Cells, func(c Cell) string { return short(c.Code) })),
		enumerate(distinct(r.Cells, environment)))
	return Clean(strings.Join(words, "; ")) + "."
}

func environment(c Cell) string {
	e := c.Environment
	return fmt.Sprintf("%s, %s kernels, GOMAXPROCS %d, %s timing, %s %s/%s",
		cmp.Or(e.CPU, "unknown CPU"), cmp.Or(e.Kernels, "unknown"), e.GOMAXPROCS, cmp.Or(e.Timing, "unknown"),
		cmp.Or(e.GoVersion, "unknown Go"), e.GOOS, e.GOARCH)
}
