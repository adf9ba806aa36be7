package tables

import (
	"slices"
	"strings"
	"testing"

	"ngdbench/results"
	"ngdbench/results/resultstest"
)

func pivot(t *testing.T, list []results.Record, q Pivot) *Page {
	t.Helper()
	p, err := NewRun(manifest, list).Pivot(q)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// warnings are the bullets of a page, which say what was averaged over.
func averagesOf(p *Page) (list []string) {
	for _, it := range p.Items {
		if b, ok := it.(Bullets); ok {
			list = append(list, b...)
		}
	}
	return list
}

// TestPivotNamesWhatItAveragesOver: nothing where rows and columns name all that differs, else each axis that nobody named.
func TestPivotNamesWhatItAveragesOver(t *testing.T) {
	list := resultstest.Records(resultstest.Quick, 3, 4)
	if w := averagesOf(pivot(t, list, Pivot{Row: "opt", Col: "rank,search,damp", Units: []string{"l2err"}})); len(w) > 0 {
		t.Errorf("nothing is averaged over but seeds, yet %q", w)
	}
	w := averagesOf(pivot(t, list, Pivot{Row: "opt", Units: []string{"l2err"}}))
	if len(w) != 1 || !strings.Contains(w[0], "1 place of 7 averaged over rank, which nobody named") {
		t.Errorf("two ranks of nystrom in one place: %q", w)
	}
	for i := range list {
		if list[i].Cell["seed"] == "2" {
			list[i].Code = "another"
		}
	}
	if w := averagesOf(pivot(t, list, Pivot{Row: "opt,rank", Units: []string{"l2err"}})); len(w) != 1 || !strings.Contains(w[0], "8 places of 8 averaged over code") {
		t.Errorf("two codes in each place: %q", w)
	}
}

// TestPivotPlaces: medians, the order of ranks, values that a list leaves out, failed and skipped cells in their places.
func TestPivotPlaces(t *testing.T) {
	list := resultstest.Troubled() // a cg diverged, a seed crashed, nystrom of rank 300 skipped
	p := pivot(t, list, Pivot{Row: "opt@(nystrom dense)", Col: "/rank@num", Units: []string{"steps"}, Filter: "-/seed:9"})
	table := p.Items[0].(*Table)
	var heads []string
	for _, c := range table.Columns {
		heads = append(heads, c.Name)
	}
	if want := []string{"opt", "rank=0", "rank=32", "rank=128", "rank=300"}; !slices.Equal(heads, want) {
		t.Errorf("columns %q, want %q", heads, want)
	}
	if want := []string{"nystrom", "", "210", "285", "skipped"}; !slices.Equal(table.Rows[0], want) || len(table.Rows) != 2 {
		t.Errorf("rows %q, want nystrom first, %q", table.Rows, want)
	}
	crashed := pivot(t, list, Pivot{Row: "opt", Units: []string{"l2err", "time:1e-4"}, Filter: "/opt:(" + list[19].Cell["opt"] + " OR lbfgs)"})
	for i, unit := range []string{"l2err", "time:1e-4"} {
		if rows := crashed.Items[i].(*Table).Rows; !strings.Contains(strings.Join(rows[0], " ")+strings.Join(rows[len(rows)-1], " "), "(1 of 3 failed)") {
			t.Errorf("%s: no failed cell in %q", unit, rows)
		}
	}
}

// TestMeasures: what is measured by name.
func TestMeasures(t *testing.T) {
	r := NewRun(manifest, resultstest.Records(resultstest.Quick[:1], 1, 4)) // 0.021 s a step
	for name, want := range map[string]string{
		"seconds": "3.99", "ms/step": "21.0", "steps": "190", "cg-iters": "0", "work-B": "5 MiB", "ns/op": "4.0e9",
	} {
		m, err := MeasureOf(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := Quantity(m.Of(r.Cells[0]), m.Format); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	m, err := MeasureOf("time:1e-30")
	if err != nil || Quantity(m.Of(r.Cells[0]), m.Format) != "> 3.99" {
		t.Errorf("a target that nobody reached: %s, %v", Quantity(m.Of(r.Cells[0]), m.Format), err)
	}
	if m, err := MeasureOf("best:l2err"); err != nil || m.Of(r.Cells[0]).Ok() {
		t.Errorf("best of a record without: %v", err)
	}
}
