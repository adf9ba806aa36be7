package tables

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Page is a report as a list of items, written as text or Markdown.
type Page struct {
	Title string
	Items []Item
}

// Item is one of Heading, Paragraph, Bullets, *Table, Picture.
type Item any

// The items that are mere words.
type (
	Heading   string
	Paragraph string
	Bullets   []string
)

// Picture stands for a figure on a page, which only names its files: NAME.svg and NAME.png beside the page.
type Picture struct {
	Name    string // of its files, without suffix
	Alt     string
	Caption string
}

// Add puts items at the end of the page.
func (p *Page) Add(items ...Item) { p.Items = append(p.Items, items...) }

// WriteText writes the page for a terminal. Figures are named by their files.
func (p *Page) WriteText(w io.Writer) error {
	e := &errWriter{w: w}
	underlined(e, clip(p.Title), "=")
	for _, it := range p.Items {
		switch it := it.(type) {
		case Heading:
			e.print("\n")
			underlined(e, clip(string(it)), "-")
		case Paragraph:
			e.print("\n", wrap(Clean(string(it)), ""), "\n")
		case Bullets:
			e.print("\n")
			for _, b := range it {
				e.print("- ", wrap(Clean(b), "  "), "\n")
			}
		case *Table:
			e.print("\n", Clean(it.Title), "\n\n")
			e.do(it.writeText)
			for _, n := range it.Notes {
				e.print(" ", wrap(Clean(n), " "), "\n")
			}
		case Picture:
			e.print("\n", wrap("Figure "+it.Name+".svg, .png: "+Clean(it.Caption), ""), "\n")
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
		case Heading:
			e.print("\n## ", markdown(clip(string(it))), "\n")
		case Paragraph:
			e.print("\n", markdown(string(it)), "\n")
		case Bullets:
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
		case Picture:
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
