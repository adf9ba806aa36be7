package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Page is a report as a list of items, written as text or Markdown.
type Page struct {
	Title   string
	Items   []Item
	Figures []*Figure // those that items show
}

// Item is one of heading, paragraph, bullets, *Table, *Figure.
type Item any

type (
	heading   string
	paragraph string
	bullets   []string
)

func (p *Page) add(items ...Item) {
	for _, it := range items {
		if f, ok := it.(*Figure); ok {
			p.Figures = append(p.Figures, f)
		}
		p.Items = append(p.Items, it)
	}
}

// WriteText writes the page for a terminal. Figures are named by their files.
func (p *Page) WriteText(w io.Writer) error {
	e := &errWriter{w: w}
	underlined(e, clip(p.Title), "=")
	for _, it := range p.Items {
		switch it := it.(type) {
		case heading:
			e.print("\n")
			underlined(e, clip(string(it)), "-")
		case paragraph:
			e.print("\n", wrap(clean(string(it)), ""), "\n")
		case bullets:
			e.print("\n")
			for _, b := range it {
				e.print("- ", wrap(clean(b), "  "), "\n")
			}
		case *Table:
			e.print("\n", clean(it.Title), "\n\n")
			e.do(it.writeText)
			for _, n := range it.Notes {
				e.print(" ", wrap(clean(n), " "), "\n")
			}
		case *Figure:
			e.print("\n", wrap("Figure "+it.Name+".svg, .png: "+clean(it.Caption), ""), "\n")
		}
	}
	return e.err
}

func underlined(e *errWriter, s, line string) {
	e.print(s, "\n", strings.Repeat(line, utf8.RuneCountInString(s)), "\n")
}

// WriteMarkdown writes the page as Markdown. Figures are linked by relative path.
func (p *Page) WriteMarkdown(w io.Writer) error {
	e := &errWriter{w: w}
	e.print("# ", markdown(clip(p.Title)), "\n")
	for _, it := range p.Items {
		switch it := it.(type) {
		case heading:
			e.print("\n## ", markdown(clip(string(it))), "\n")
		case paragraph:
			e.print("\n", markdown(string(it)), "\n")
		case bullets:
			e.print("\n")
			for _, b := range it {
				e.print("- ", markdown(b), "\n")
			}
		case *Table:
			e.print("\n### ", markdown(it.Title), "\n\n")
			e.do(it.writeMarkdown)
			for _, n := range it.Notes {
				e.print("\n", markdown(n), "\n")
			}
		case *Figure:
			e.print("\n![", markdown(clip(it.Alt)), "](", it.Name, ".svg)\n\n", markdown(it.Caption), "\n")
		}
	}
	return e.err
}

// errWriter keeps the first error, so that a page is written without a test on each line.
type errWriter struct {
	w   io.Writer
	err error
}

func (e *errWriter) print(words ...string) {
	if e.err == nil {
		_, e.err = fmt.Fprint(e.w, strings.Join(words, ""))
	}
}

func (e *errWriter) do(write func(io.Writer) error) {
	if e.err == nil {
		e.err = write(e.w)
	}
}
