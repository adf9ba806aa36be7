package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/google/renameio/v2"

	"ngdbench/results/tables"
)

// Names of what is written.
const (
	tableFile    = "table.md"
	manifestFile = "peers.json"
)

// page shows the tables, with what a reader must know.
func page(m *manifest) *tables.Page {
	p := &tables.Page{Title: "ngdbench beside JAX and PyTorch"}
	p.Add(tables.Paragraph(m.provenance()))
	if len(m.Warnings) > 0 {
		p.Add(tables.Bullets(m.Warnings))
	}
	for i := range m.Tables {
		p.Add(m.Tables[i].show(m))
	}
	if t := m.targets(); len(t.Rows) > 0 {
		p.Add(t)
	}
	return p
}

// show is one table as a user reads it: times, and in brackets how many times that of ngdbench.
func (t *table) show(m *manifest) *tables.Table {
	out := &tables.Table{
		Title:   fmt.Sprintf("%s, P = %d, Laplacian residual at N = %d points, %s", t.Net, t.Params, t.Points, plural(m.Threads, "thread")),
		Columns: []tables.Column{{Name: "unit", Left: true}, {Name: "what", Left: true}},
	}
	for _, name := range t.Peers {
		out.Columns = append(out.Columns, tables.Column{Name: name})
	}
	var reasons []string
	for i, name := range t.Units {
		row := []string{name, formula(name)}
		for j := range t.Peers {
			text := t.cellText(i, j)
			if why := t.Cells[i][j].Reason; why != "" {
				text = mark(&reasons, why)
			}
			row = append(row, text)
		}
		out.Rows = append(out.Rows, row)
	}
	out.Notes = append(out.Notes, "Median milliseconds (times that of ngdbench by medians; [smallest, largest] by round).")
	for i, why := range reasons {
		out.Notes = append(out.Notes, fmt.Sprintf("n/a %d: %s.", i+1, why))
	}
	if d, ok := t.worst(); ok {
		out.Notes = append(out.Notes, fmt.Sprintf("All figures agree with ngdbench; the largest difference is %.1e, relative in norm.", d))
	}
	return out
}

// targets puts what was asked beside what was measured.
func (m *manifest) targets() *tables.Table {
	out := &tables.Table{Title: "What was asked", Columns: []tables.Column{{Name: "network", Left: true}, {Name: "points"},
		{Name: "unit", Left: true}, {Name: "beside", Left: true}, {Name: "asked"}, {Name: "measured"}}}
	for _, a := range targets {
		for _, t := range m.Tables {
			i, j := slices.Index(t.Units, a.unit), slices.Index(t.Peers, a.peer)
			if t.Net != a.net || t.Points != a.points || i < 0 || j < 0 {
				continue
			}
			measured := "n/a"
			if c, ours := t.Cells[i][j], t.Cells[i][0]; c.Reason == "" && ours.Reason == "" {
				all, _, _ := ratio(c, ours)
				measured = significant(all) + "×"
			}
			out.Rows = append(out.Rows, []string{a.net, strconv.Itoa(a.points), a.unit, a.peer, fmt.Sprintf("≥ %g×", a.ratio), measured})
		}
	}
	return out
}

// mark numbers the reasons for which there are no figures.
func mark(reasons *[]string, why string) string {
	i := slices.Index(*reasons, why)
	if i < 0 {
		i = len(*reasons)
		*reasons = append(*reasons, why)
	}
	return "n/a " + strconv.Itoa(i+1)
}

func (t *table) cellText(unit, peer int) string {
	c, ours := t.Cells[unit][peer], t.Cells[unit][0]
	text := significant(c.Median * 1e3)
	if peer == 0 || ours.Reason != "" {
		return text
	}
	all, low, high := ratio(c, ours)
	if len(c.Rounds) < 2 {
		return fmt.Sprintf("%s (%s×)", text, significant(all))
	}
	return fmt.Sprintf("%s (%s×) [%s, %s]", text, significant(all), significant(low), significant(high))
}

// worst is the largest difference of any figure.
func (t *table) worst() (d float64, ok bool) {
	for _, row := range t.Cells {
		for j := range row[1:] {
			for _, x := range row[j+1].Differences {
				d, ok = max(d, x), true
			}
		}
	}
	return d, ok
}

func formula(name string) string {
	return units[slices.IndexFunc(units, func(u unit) bool { return u.name == name })].formula
}

// significant writes x with two digits, or three where the first is a one, and never with an exponent.
func significant(x float64) string {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return fmt.Sprint(x)
	}
	power := math.Floor(math.Log10(math.Abs(x)))
	digits := 1
	if math.Abs(x)/math.Pow(10, power) < 2 {
		digits = 2
	}
	return strconv.FormatFloat(x, 'f', max(0, digits-int(power)), 64)
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// save writes both files, whole.
func (m *manifest) save(dir string) error {
	var b bytes.Buffer
	if err := page(m).WriteMarkdown(&b); err != nil {
		return err
	}
	if err := renameio.WriteFile(filepath.Join(dir, tableFile), b.Bytes(), 0o644, renameio.WithTempDir(dir)); err != nil {
		return err
	}
	j, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, manifestFile), append(j, '\n'), 0o644, renameio.WithTempDir(dir))
}
