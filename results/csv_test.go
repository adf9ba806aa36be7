package results

import (
	"encoding/csv"
	"math"
	"strconv"
	"strings"
	"testing"
)

// readCSV is a table by the names of its columns.
func readCSV(t *testing.T, text string) (rows []map[string]string) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		if len(row) != len(lines[0]) {
			t.Fatalf("a column comes twice in %v", lines[0])
		}
		rows = append(rows, row)
	}
	return rows
}

func TestWriteCSV(t *testing.T) {
	a, b := sample(), sample()
	a.Cause = "two\nlines, \"quoted\""
	a.Metrics = map[string]Float{"l2err": 3.0000000000000004e-7, "ns/op": 5e8}
	b.Cell = b.Cell.Clone()
	b.Cell["seed"] = "12"
	b.Metrics = map[string]Float{"l2err": Float(math.NaN()), "own-unit": 2}
	var out strings.Builder
	if err := WriteCSV(&out, []Record{b, a}); err != nil {
		t.Fatal(err)
	}
	rows := readCSV(t, out.String())
	if len(rows) != 2 || rows[0]["seed"] == "12" || rows[1]["seed"] != "12" {
		t.Fatalf("%d rows, not in order", len(rows))
	}
	for name, want := range map[string]string{"cause": a.Cause, "l2err": "3.0000000000000004e-07", "ns/op": "5e+08", "own-unit": "", "status": a.Status, "key": a.Key} {
		if rows[0][name] != want {
			t.Errorf("%s is %q, want %q", name, rows[0][name], want)
		}
	}
	if rows[1]["l2err"] != "" || rows[1]["own-unit"] != "2" {
		t.Errorf("a NaN is %q, a unit of one's own %q", rows[1]["l2err"], rows[1]["own-unit"])
	}
	for _, axis := range AxisNames() {
		if rows[0][axis] != a.Cell[axis] {
			t.Errorf("%s is %q, want %q", axis, rows[0][axis], a.Cell[axis])
		}
	}
}

func TestWriteTraceCSV(t *testing.T) {
	rec := sample()
	var out strings.Builder
	if err := WriteTraceCSV(&out, []Record{rec}); err != nil {
		t.Fatal(err)
	}
	rows := readCSV(t, out.String())
	if len(rows) != len(rec.Trace) || len(rows) == 0 {
		t.Fatalf("%d rows of %d", len(rows), len(rec.Trace))
	}
	for i, row := range rec.Trace {
		if rows[i]["step"] != strconv.Itoa(row.Step) || rows[i]["loss"] != row.Loss.text() || rows[i]["l2err"] != row.Errors["l2err"].text() || rows[i]["key"] != rec.Key {
			t.Errorf("row %d: %v, want %+v", i, rows[i], row)
		}
	}
}
