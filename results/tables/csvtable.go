package tables

import (
	"encoding/csv"
	"io"
)

// writeCSV writes the table with its column heads. A cell that a spreadsheet would take for a formula begins with an
// apostrophe.
func (t *Table) writeCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	head := make([]string, len(t.Columns))
	for i, col := range t.Columns {
		head[i] = harmless(col.Name)
	}
	if err := c.Write(head); err != nil {
		return err
	}
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, s := range row {
			cells[i] = harmless(s)
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// harmless is clean text that no spreadsheet runs. A negative number is none of those.
func harmless(s string) string {
	if s = Clean(s); s == "" {
		return s
	}
	switch s[0] {
	case '=', '+', '@':
		return "'" + s
	case '-':
		if len(s) > 1 && (s[1] < '0' || s[1] > '9') {
			return "'" + s
		}
	}
	return s
}
