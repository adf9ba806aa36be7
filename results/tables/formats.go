package tables

import (
	"fmt"
	"io"
	"strings"

	"ngdbench/internal/nearest"
)

// Formats are the formats of pages and tables by name. All are written from the same strings.
var Formats = []string{"text", "markdown", "html", "csv", "latex"}

// Write writes the page in a format of Formats. What no table holds is a comment in CSV and LaTeX, whose pages are made to
// be read by programs.
func (p *Page) Write(w io.Writer, format string) error {
	switch format {
	case "text":
		return p.WriteText(w)
	case "markdown":
		return p.WriteMarkdown(w)
	case "html":
		return p.writeHTML(w)
	case "csv":
		return p.writeTables(w, "# ", (*Table).writeCSV)
	case "latex":
		return p.writeTables(w, "% ", (*Table).writeLaTeX)
	}
	return fmt.Errorf("--format %s: want one of %s%s", format, strings.Join(Formats, ", "), nearest.Hint(format, Formats))
}

// writeTables writes the tables alone; title, headings and notes are comments before and behind them.
func (p *Page) writeTables(w io.Writer, comment string, write func(*Table, io.Writer) error) error {
	e := &errWriter{w: w}
	say := func(words string) { e.print(comment, Clean(words), "\n") }
	say(p.Title)
	for _, it := range p.Items {
		switch it := it.(type) {
		case Heading:
			e.print("\n")
			say(string(it))
		case *Table:
			e.print("\n")
			say(it.Title)
			e.do(func(w io.Writer) error { return write(it, w) })
			for _, n := range it.Notes {
				say(n)
			}
		}
	}
	return e.err
}
