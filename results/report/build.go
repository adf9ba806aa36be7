package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ngdbench/results/tables"
)

// Build makes the page of a run and the figures that it names: section by section who wins, the tables, the figures.
func Build(r *tables.Run) (*tables.Page, []*Figure) {
	p := tables.NewPage(r)
	sections := r.Sections()
	styles := Styles(sections)
	slugs := slugsOf(sections)
	var figures []*Figure
	for i, s := range sections {
		var pictures []tables.Picture
		for _, f := range []*Figure{newFigure(s, slugs[i]+"error-time", styles, overTime), newFigure(s, slugs[i]+"error-step", styles, overStep)} {
			if len(f.series) > 0 {
				figures, pictures = append(figures, f), append(pictures, f.Picture)
			}
		}
		p.AddSection(s, pictures...)
	}
	return p, figures
}

// slugsOf gives each section the beginning of its file names: nothing where there is only one section, else the block or the
// problem, numbered where that repeats.
func slugsOf(sections []*tables.Section) []string {
	slugs := make([]string, len(sections))
	if len(sections) == 1 {
		return slugs
	}
	for i, s := range sections {
		base := safe(cmp.Or(s.Block, s.Where["problem"])) + "-"
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
	return cmp.Or(strings.Trim(s[:min(40, len(s))], "-"), "section")
}
