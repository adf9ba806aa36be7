package tables

import (
	"bytes"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"ngdbench/results"
	"ngdbench/results/resultstest"
)

var manifest = Manifest{Suite: "quick", Started: resultstest.Day, Revision: "646763cafe00646763cafe00646763cafe006467", Dirty: true}

// pageOf makes the whole page without figures.
func pageOf(r *Run) *Page {
	p := NewPage(r)
	for _, s := range r.Sections() {
		p.AddSection(s)
	}
	return p
}

func pageText(t *testing.T, list []results.Record) string {
	t.Helper()
	var b bytes.Buffer
	if err := pageOf(NewRun(manifest, list)).WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestOrderDecidesNothing: shuffled records give the same page.
func TestOrderDecidesNothing(t *testing.T) {
	want := pageText(t, resultstest.Troubled())
	r := rand.New(rand.NewPCG(1, 1))
	for range 5 {
		list := resultstest.Troubled()
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if pageText(t, list) != want {
			t.Fatal("the page depends on the order of records")
		}
	}
}

func TestBestOfEachClassFirst(t *testing.T) {
	s := NewRun(manifest, resultstest.Troubled()).Sections()[0]
	var got []string
	for _, v := range s.Variants {
		got = append(got, v.star())
	}
	want := "dense *, cg *, nystrom rank=128 *, lbfgs *, adam *, dual, rpchol rank=128, nystrom rank=32, nystrom rank=300"
	if strings.Join(got, ", ") != want {
		t.Errorf("order %s\nwant  %s", strings.Join(got, ", "), want)
	}
}

// TestLabels: a label says what tells a variant from others of its solver, the rank always, and nothing else.
func TestLabels(t *testing.T) {
	a, b := resultstest.Quick[4].Record(1, 4), resultstest.Quick[4].Record(1, 4)
	b.Cell = b.Cell.Clone()
	b.Cell["damp"] = "1e-8"
	c := resultstest.Quick[0].Record(1, 4)
	d := resultstest.Quick[0].Record(1, 8)
	var got []string
	for _, v := range NewRun(manifest, []results.Record{a, b, c, d}).Sections()[0].Variants {
		got = append(got, v.Label)
	}
	want := "dense seconds=8, nystrom rank=128 damp=1e-10, dense seconds=4, nystrom rank=128 damp=1e-8"
	if strings.Join(got, ", ") != want {
		t.Errorf("labels %q", got)
	}
}

func TestOneSectionForEachBlockAndProblem(t *testing.T) {
	list := resultstest.Records(resultstest.Quick[:2], 3, 1)
	for _, r := range resultstest.Records(resultstest.Quick[:2], 3, 1) {
		r.Block = "wide"
		list = append(list, r)
	}
	for _, r := range resultstest.Records(resultstest.Quick[:2], 3, 1) {
		r.Block, r.Cell = "wide", r.Cell.Clone()
		r.Cell["points"] = "3000+300"
		list = append(list, r)
	}
	sections := NewRun(manifest, list).Sections()
	if len(sections) != 3 {
		t.Fatalf("%d sections", len(sections))
	}
	if page := pageText(t, list); strings.Count(page, "Error by solver") != 3 || !strings.Contains(page, "wide: poisson2d, pinn, net 2x64x1, points 3000+300") {
		t.Error("the page lacks a section")
	}
}

func TestWarnings(t *testing.T) {
	list := resultstest.Records(resultstest.Quick[:2], 3, 1)
	list[1].Code = "fedcba9876543210"
	list[2].Environment.Timing = "exclusive"
	list[3].Settings = map[string]string{"cap": "100"}
	list[4].Limits.Seconds = 2
	list[5].Environment.Suspended = 2.5
	page := pageText(t, list)
	for _, want := range []string{
		"2 code identities in one report (0123456789ab, fedcba987654)",
		"2 timing classes in one report (exclusive, shared)",
		"dense averages over 2 code identities, which nobody named",
		"dense averages over 2 timing classes",
		"dual seconds=1 averages over 2 settings",
		"Rows have different budgets (1.00 s, 2.00 s)",
		"Solvers ran different seeds",
		"opt=dual/rank=0/damp=1e-10/search=grid/set=default/seed=3 was stopped for 2.50 s",
	} {
		if !strings.Contains(strings.Join(strings.Fields(page), " "), want) {
			t.Errorf("no warning %q", want)
		}
	}
	if page := pageText(t, resultstest.Records(resultstest.Quick, 3, 1)); strings.Contains(page, "Warnings") || strings.Contains(page, "nobody named") {
		t.Error("a clean run has warnings")
	}
}

// TestNewestCounts: of two records of one training the newer counts, whatever their order, and the page says so.
func TestNewestCounts(t *testing.T) {
	a, b := resultstest.Quick[0].Record(1, 1), resultstest.Quick[0].Record(1, 1)
	b.Started, b.Code = b.Started.AddDate(0, 0, 1), "ff"
	for _, list := range [][]results.Record{{a, b}, {b, a}} {
		r := NewRun(manifest, list)
		if len(r.Cells) != 1 || r.Cells[0].Code != "ff" || len(r.Notes) != 1 {
			t.Errorf("%d cells, code %s, notes %q", len(r.Cells), r.Cells[0].Code, r.Notes)
		}
	}
}

// TestOneSeed: nothing is NaN, Inf or ±0 %, the spread says n = 1, no verdict is given; a diverged cell ranks last, a huge
// error is shown with its value.
func TestOneSeed(t *testing.T) {
	list := resultstest.Records(resultstest.Quick, 1, 4)
	list[0] = resultstest.End(list[0], results.Diverged, "loss is not finite at step 3")
	huge := results.Float(1e200)
	list[6].Metrics["l2err"] = huge
	list[6].Trace[len(list[6].Trace)-1].Errors["l2err"] = huge
	page := pageText(t, list)
	for _, bad := range []string{"NaN", "Inf", "±", "win (", "loss (", "tie ("} {
		if strings.Contains(page, bad) {
			t.Errorf("%q in a report of one seed", bad)
		}
	}
	for _, want := range []string{"(n = 1)", "undecided (n = 1)", "diverged 1", "loss is not finite at step 3", "1.0e200 (n = 1)"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	s := NewRun(manifest, list).Sections()[0]
	if v := s.best(func(v *Variant) bool { return v.Class == "explicit" }); v == nil || v.Opt != "dual" {
		t.Error("a diverged solver is best of its class")
	}
}

// TestZeroError: an error of exactly zero has no logarithm; the page has numbers all the same, and says where not.
func TestZeroError(t *testing.T) {
	list := resultstest.Records(resultstest.Quick[:2], 1, 1)
	zero := results.Float(0)
	list[0].Metrics["l2err"], list[0].Metrics["l2abs"] = zero, zero
	list[0].Trace[len(list[0].Trace)-1].Errors = map[string]results.Float{"l2err": zero, "l2abs": zero}
	page := pageText(t, list)
	if !strings.Contains(page, "not computed (0 of 1)") || strings.Contains(page, "NaN") || strings.Contains(page, "Inf") {
		t.Errorf("page with a zero error:\n%s", page)
	}
}

// TestTimesToTarget is the case of unequal sets as records: A = 1, 100, -, - and B = 2, -, 4, - seconds on four problems.
func TestTimesToTarget(t *testing.T) {
	times := map[string][]float64{"a": {1, 100, 0, 0}, "b": {2, 0, 4, 0}}
	var list []results.Record
	for opt, row := range times {
		for p, seconds := range row {
			r := resultstest.Quick[0].Record(1, 0.1)
			r.Cell = r.Cell.Clone()
			r.Cell["opt"], r.Cell["problem"] = opt, "p"+string(rune('1'+p))
			r.Trace = []results.Row{{Step: 0, Errors: map[string]results.Float{"l2err": 1}}}
			if seconds > 0 {
				r.Trace = append(r.Trace, results.Row{Step: 1, Seconds: results.Float(seconds), Errors: map[string]results.Float{"l2err": 1e-7}})
			}
			r.Metrics["ns/op"] = results.Float(200e9)
			list = append(list, r)
		}
	}
	sections := NewRun(manifest, list).Sections()
	if len(sections) != 4 {
		t.Fatalf("%d sections", len(sections))
	}
	failures := map[string]int{}
	for _, s := range sections {
		for _, st := range s.standings(1e-3) {
			failures[st.v.Opt] += st.run.N - st.run.Successes
		}
	}
	if failures["a"] != 2 || failures["b"] != 2 {
		t.Errorf("failures %v, want 2 and 2", failures)
	}
	if p := sections[0].pairs(1e-3)[0]; math.Abs(p.time.Ratio.Value-0.5) > 1e-12 || p.time.Common != 1 {
		t.Errorf("p1: %+v", p.time)
	}
	for i, want := range []string{"0.50", "not computed (0 of 1)", "not computed (0 of 1)", "not computed (0 of 1)"} {
		if got := factor(sections[i].pairs(1e-3)[0].time); got != want {
			t.Errorf("p%d: %s, want %s", i+1, got, want)
		}
	}
}

// TestHostileContent: names and logs with markup, pipes, quotes, percent signs, formulas, control characters and great length harm
// no format.
func TestHostileContent(t *testing.T) {
	evil := "<script>alert(\"1\")</script> | `x` 50% & {a}_b^c~d#$ \\input \x1b[31m\r\n[y](z) ' " + strings.Repeat("long ", 400)
	list := resultstest.Records(resultstest.Quick[:3], 2, 1)
	for i := range list {
		list[i].Class, list[i].Block, list[i].Environment.CPU, list[i].Suite = evil, evil, evil, evil
		list[i].Cell = list[i].Cell.Clone()
		list[i].Cell["set"] = evil
	}
	list[0] = resultstest.End(list[0], results.Crashed, "=cmd|' /C calc'!A1 "+evil)
	p := pageOf(NewRun(Manifest{Suite: evil, Revision: evil}, list))
	pages := map[string]string{}
	for _, format := range Formats {
		var b bytes.Buffer
		if err := p.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		pages[format] = b.String()
		if strings.ContainsAny(pages[format], "\x1b\r") {
			t.Errorf("%s: a control character came through", format)
		}
	}
	for _, bad := range []string{"<script", "[y](z)"} {
		if strings.Contains(pages["markdown"], bad) || bad == "<script" && strings.Contains(pages["html"], bad) {
			t.Errorf("%q came through", bad)
		}
	}
	for line := range strings.Lines(pages["markdown"]) {
		if strings.HasPrefix(line, "| ") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") < 4 {
			t.Errorf("a broken row of Markdown: %.80q", line)
		}
	}
	checkLaTeX(t, pages["latex"])
	checkCSV(t, pages["csv"])
}

// checkLaTeX: outside comments only our own commands, braces in pairs, as many columns in every row.
func checkLaTeX(t *testing.T, page string) {
	t.Helper()
	columns := 0
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "%"):
			continue
		case strings.HasPrefix(line, `\begin{tabular}{`):
			columns = len(strings.TrimSuffix(strings.TrimPrefix(line, `\begin{tabular}{`), "}"))
			continue
		case !strings.HasSuffix(line, ` \\`):
			continue
		}
		bare := regexp.MustCompile(`\\[%&#_$ {}]|\\[a-z]+(\{\})?`).ReplaceAllString(line, "")
		if n := strings.Count(bare, "&") + 1; n != columns {
			t.Errorf("a row of %d columns, want %d: %.120q", n, columns, line)
		}
		if strings.ContainsAny(bare, "%#_^~") || strings.Contains(line, `\input`) {
			t.Errorf("markup came through: %.160q", line)
		}
	}
	if columns == 0 {
		t.Error("no tabular")
	}
}

// checkCSV: every table reads back with rows of one length, and no cell begins a formula.
func checkCSV(t *testing.T, page string) {
	t.Helper()
	for block := range strings.SplitSeq(page, "\n\n") {
		r := csv.NewReader(strings.NewReader(block))
		r.Comment = '#'
		rows, err := r.ReadAll()
		if err != nil {
			t.Errorf("%v: %.120q", err, block)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+@", rune(cell[0])) {
					t.Errorf("a formula: %.60q", cell)
				}
			}
		}
	}
}

func TestPublishedRows(t *testing.T) {
	if len(exp09Runs) != 9 || len(lsVPINN) != 12 {
		t.Errorf("%d and %d rows, the experiment has nine, the study six pairs", len(exp09Runs), len(lsVPINN))
	}
	for _, p := range exp09Runs {
		if p.Source == "" || p.Run == "" || p.Hardware == "" || !(p.Best <= p.Error) || p.Seconds < 1000 || p.Steps < 1000 {
			t.Errorf("%+v", p)
		}
	}
	for i := 0; i < len(lsVPINN); i += 2 {
		if p, q := lsVPINN[i], lsVPINN[i+1]; p.Problem != q.Problem || !(q.Error < p.Error) || p.Unit != "energy-rel" || p.Steps < 1000 {
			t.Errorf("%+v %+v", p, q)
		}
	}
	modulated := resultstest.Records(resultstest.Quick[:1], 1, 1)
	modulated[0].Cell["problem"] = "modulated"
	modulated[0].Metrics["energy-rel"] = 1e-5
	if b := NewRun(manifest, modulated).Sections()[0].beside(); b == nil || len(b.Rows) != 2 || !strings.Contains(strings.Join(b.Rows[1], " "), "1.0e-5") {
		t.Errorf("%+v", b)
	}
	other := resultstest.Records(resultstest.Quick[:1], 1, 1)
	other[0].Cell["problem"] = "heat1d"
	if NewRun(manifest, other).Sections()[0].beside() != nil {
		t.Error("published rows beside another problem")
	}
	moved := resultstest.Records(resultstest.Quick[:1], 1, 1)
	moved[0].Cell["net"] = "2x32x32x1"
	if notes := NewRun(manifest, moved).Sections()[0].beside().Notes; !strings.Contains(notes[0], "Ours differ: net 2x32x32x1") {
		t.Errorf("%q", notes)
	}
}
