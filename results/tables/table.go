package tables

import (
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Table is a table as data: every format is written from the same strings.
type Table struct {
	Title   string
	Columns []Column
	Rows    [][]string // as long as Columns
	Notes   []string   // what the reader must know, below the table
}

// Column is a column head. Words are set left, numbers right.
type Column struct {
	Name string
	Left bool
}

// Columns makes Columns of names; those that begin with "<" are set left.
func Columns(names ...string) []Column {
	list := make([]Column, len(names))
	for i, n := range names {
		list[i].Name, list[i].Left = strings.CutPrefix(n, "<")
	}
	return list
}

func (t *Table) Add(cells ...string) {
	if len(cells) != len(t.Columns) {
		panic("tables: row and columns of a table differ in number")
	}
	t.Rows = append(t.Rows, cells)
}

// writeText writes the table with aligned columns and no frame.
func (t *Table) writeText(w io.Writer) error {
	var b strings.Builder
	if err := t.render(&b, plainRenderer(), Clean); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := io.WriteString(w, strings.TrimRight(line, " \n")+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// writeMarkdown writes the table in GitHub's form.
func (t *Table) writeMarkdown(w io.Writer) error {
	return t.render(w, renderer.NewMarkdown(), markdown)
}

func plainRenderer() tw.Renderer {
	return renderer.NewBlueprint(tw.Rendition{
		Borders: tw.BorderNone,
		Symbols: tw.NewSymbols(tw.StyleASCII),
		Settings: tw.Settings{
			Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
			Lines:      tw.Lines{ShowHeaderLine: tw.On},
		},
	})
}

// render hands the table to tablewriter with its rewriting (capitals, wrapping, trimming) switched off.
func (t *Table) render(w io.Writer, r tw.Renderer, escape func(string) string) error {
	align := make([]tw.Align, len(t.Columns))
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		align[i] = tw.AlignRight
		if c.Left {
			align[i] = tw.AlignLeft
		}
		head[i] = escape(clip(c.Name))
	}
	per := tw.CellAlignment{PerColumn: align}
	out := tablewriter.NewTable(w, tablewriter.WithRenderer(r),
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignmentConfig(per), tablewriter.WithRowAlignmentConfig(per))
	out.Header(head)
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = escape(clip(c))
		}
		if err := out.Append(cells); err != nil {
			return err
		}
	}
	return out.Render()
}
