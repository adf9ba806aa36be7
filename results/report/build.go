package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ngdbench/results/regimes"
	"ngdbench/results/tables"
)

// Build makes the page of a run and the figures that it names: over all sections which class leads where, then section by
// section who wins, the tables, the figures. model may be nil.
func Build(r *tables.Run, model regimes.Model) (*tables.Page, []*Figure) {
	p := tables.NewPage(r)
	sections := r.Sections()
	figures := overview(p, r, model)
	styles := Styles(sections)
	slugs := slugsOf(sections)
	for i, s := range sections {
		var pictures []tables.Picture
		for _, f := range charts(s, slugs[i], styles) {
			figures, pictures = append(figures, f.figure()), append(pictures, f.Picture)
		}
		p.AddSection(s, pictures...)
	}
	return p, figures
}

// charts are the figures of a section for which it has data.
func charts(s *tables.Section, slug string, styles map[*tables.Variant]Style) []*chart {
	all := []*chart{
		convergence(s, slug+"error-time", styles, overTime), convergence(s, slug+"error-step", styles, overStep),
		workPrecision(s, slug, styles), memoryTime(s, slug, styles), rankSweep(s, slug, styles),
		innerIterations(s, slug, styles), spectra(s, slug), effectiveDimension(s, slug, styles),
	}
	return slices.DeleteFunc(all, func(f *chart) bool { return f == nil || len(f.series) == 0 })
}

// overviewFrom is the number of training problems with two classes from which on a page begins with what holds over them.
const overviewFrom = 3

// overview puts the regimes, their maps and the performance profile on the page.
func overview(p *tables.Page, r *tables.Run, model regimes.Model) (figures []*Figure) {
	settings := regimes.Comparable(regimes.Settings(r))
	if len(settings) < overviewFrom {
		return nil
	}
	p.Add(tables.Heading("Regimes: which class leads where"))
	if m := newRegimeMap(settings); m != nil {
		figures = append(figures, m.figure())
	}
	if m := newSizeMap(settings, model); m != nil {
		figures = append(figures, m.figure())
	}
	profile, scores := performanceProfile(settings)
	if profile != nil {
		figures = append(figures, profile.figure())
	}
	for _, f := range figures {
		p.Add(f.Picture)
	}
	p.Add(regimes.Items(settings)...)
	if scores != nil {
		p.Add(scores)
	}
	return figures
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
