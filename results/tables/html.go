package tables

import (
	"html"
	"io"

	"github.com/olekukonko/tablewriter/renderer"
)

// writeHTML writes the table as an HTML table in a box that scrolls sideways on a narrow screen.
func (t *Table) writeHTML(w io.Writer) error {
	e := &errWriter{w: w}
	e.print("<figure class=\"table\">\n<figcaption>", escapeHTML(t.Title), "</figcaption>\n<div class=\"scroll\">\n")
	e.do(func(w io.Writer) error { return t.render(w, renderer.NewHTML(), Clean) }) // the renderer escapes
	e.print("</div>\n")
	for _, n := range t.Notes {
		e.print("<p class=\"note\">", escapeHTML(n), "</p>\n")
	}
	e.print("</figure>\n")
	return e.err
}

func escapeHTML(s string) string { return html.EscapeString(Clean(s)) }

// writeHTML writes the items of the page as HTML without head or style. Pictures are linked by relative path; WriteBody puts
// them into the page.
func (p *Page) writeHTML(w io.Writer) error {
	return p.WriteBody(w, func(pic Picture) string {
		return `<img src="` + escapeHTML(pic.Name) + `.svg" alt="` + escapeHTML(clip(pic.Alt)) + `">`
	})
}

// WriteBody writes the items of the page as HTML without head or style; show is the markup of a picture.
func (p *Page) WriteBody(w io.Writer, show func(Picture) string) error {
	e := &errWriter{w: w}
	e.print("<h1>", escapeHTML(clip(p.Title)), "</h1>\n")
	open := false
	for _, it := range p.Items {
		switch it := it.(type) {
		case Heading:
			if open {
				e.print("</section>\n")
			}
			open = true
			e.print("<section>\n<h2>", escapeHTML(clip(string(it))), "</h2>\n")
		case Paragraph:
			e.print("<p>", escapeHTML(string(it)), "</p>\n")
		case Bullets:
			e.print("<ul>\n")
			for _, b := range it {
				e.print("<li>", escapeHTML(b), "</li>\n")
			}
			e.print("</ul>\n")
		case *Table:
			e.do(it.writeHTML)
		case Picture:
			e.print("<figure>\n", show(it), "\n<figcaption>", escapeHTML(it.Caption), "</figcaption>\n</figure>\n")
		}
	}
	if open {
		e.print("</section>\n")
	}
	return e.err
}
