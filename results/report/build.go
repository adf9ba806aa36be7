package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ngdbench/results"
)

// Build makes the page of a run: what ran, what to beware of, then section by section who wins, the tables, the figures.
func Build(r *Run) *Page {
	p := &Page{Title: "Report of " + nonEmpty(r.Manifest.Suite, "a run")}
	p.add(paragraph(r.provenance()))
	if list := r.warnings(); len(list) > 0 {
		p.add(heading("Warnings"), bullets(list))
	}
	sections := r.Sections()
	styles := Styles(sections)
	slugs := slugsOf(sections)
	for i, s := range sections {
		s.build(p, slugs[i], styles)
	}
	return p
}

func (s *Section) build(p *Page, slug string, styles map[*Variant]Style) {
	p.add(heading(s.Title()), paragraph(s.headline()))
	if list := s.warnings(); len(list) > 0 {
		p.add(bullets(list))
	}
	p.add(s.accuracy(), s.cost())
	if t := s.trouble(); t != nil {
		p.add(t)
	}
	for _, f := range []*Figure{newFigure(s, slug+"error-time", styles, overTime), newFigure(s, slug+"error-step", styles, overStep)} {
		if len(f.series) > 0 {
			p.add(f)
		}
	}
	p.add(s.rankings()...)
	p.add(s.pairwise()...)
	if t := s.beside(); t != nil {
		p.add(t)
	}
}

// provenance says in one line what ran, on what, from which revision; it stands on the page and in every figure. No
// clock is read: the same run gives the same bytes.
func (r *Run) provenance() string {
	words := []string{"suite " + nonEmpty(r.Manifest.Suite, "unknown"), count(len(r.Cells), "cell") + " (" + r.statuses() + ")"}
	if !r.Manifest.Started.IsZero() {
		words = append(words, "started "+r.Manifest.Started.UTC().Format(time.RFC3339))
	}
	revision := "revision " + nonEmpty(short(r.Manifest.Revision), "unknown")
	if r.Manifest.Dirty {
		revision += " with uncommitted changes"
	}
	words = append(words, revision,
		"code "+enumerate(distinct(r.Cells, func(c Cell) string { return short(c.Code) })),
		enumerate(distinct(r.Cells, environment)))
	return clean(strings.Join(words, "; ")) + "."
}

func environment(c Cell) string {
	e := c.Environment
	return fmt.Sprintf("%s, %s kernels, GOMAXPROCS %d, %s timing, %s %s/%s",
		nonEmpty(e.CPU, "unknown CPU"), nonEmpty(e.Kernels, "unknown"), e.GOMAXPROCS, nonEmpty(e.Timing, "unknown"),
		nonEmpty(e.GoVersion, "unknown Go"), e.GOOS, e.GOARCH)
}

func (r *Run) statuses() string {
	var words []string
	for _, status := range results.Statuses {
		n := 0
		for _, c := range r.Cells {
			if c.Status == status {
				n++
			}
		}
		if n > 0 {
			words = append(words, fmt.Sprintf("%s %d", status, n))
		}
	}
	return strings.Join(words, ", ")
}

// slugsOf gives each section the beginning of its file names: nothing where there is only one section, else the block or the
// problem, numbered where that repeats.
func slugsOf(sections []*Section) []string {
	slugs := make([]string, len(sections))
	if len(sections) == 1 {
		return slugs
	}
	for i, s := range sections {
		base := safe(nonEmpty(s.Block, s.Where["problem"])) + "-"
		slug := base
		for n := 2; slices.Contains(slugs[:i], slug); n++ {
			slug = fmt.Sprintf("%s%d-", base, n)
		}
		slugs[i] = slug
	}
	return slugs
}

// safe keeps the characters that mean nothing in a path, a link or a shell.
func safe(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_':
			return r
		}
		return '-'
	}, s)
	return nonEmpty(strings.Trim(s[:min(40, len(s))], "-"), "section")
}

func nonEmpty(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
