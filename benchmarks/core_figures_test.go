package benchmarks

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/perf/benchfmt"
)

var figuresFile = flag.String("figures", "", "TestKernelFigures: put the output of BenchmarkCore in this file into docs/kernels.md and README.md")

// Where the figures stand: the whole output in one document, a table of the short rows in the other.
const (
	kernelsDoc, kernelsBegin, kernelsEnd = "../docs/kernels.md", "<!-- output of BenchmarkCore -->\n", "<!-- end of output -->\n"
	readmeDoc, readmeBegin, readmeEnd    = "../README.md", "<!-- figures of docs/kernels.md -->\n", "<!-- end of figures -->\n"
)

// TestKernelFigures checks that the documents show one run: every row is one that BenchmarkCore has, every row with a
// bar is among them, and the README's table is that of the run. With -figures it writes both documents first.
func TestKernelFigures(t *testing.T) {
	if *figuresFile != "" {
		writeFigures(t, *figuresFile)
	}
	run := parseRun(t, between(t, kernelsDoc, kernelsBegin, kernelsEnd))
	known, barred := map[string]bool{}, map[string]bool{}
	for _, r := range coreRows() {
		if known[r.name] {
			t.Errorf("two rows are called %s", r.name)
		}
		known[r.name], barred[r.name] = true, r.bar != ""
	}
	for _, r := range run {
		if !known[r.name] {
			t.Errorf("%s shows %s, which BenchmarkCore has not", kernelsDoc, r.name)
		}
		delete(barred, r.name)
	}
	for name, bar := range barred {
		if bar {
			t.Errorf("%s lacks %s, which has a bar", kernelsDoc, name)
		}
	}
	if got, want := between(t, readmeDoc, readmeBegin, readmeEnd), readmeTable(run); got != want {
		t.Errorf("%s: the table is not that of %s:\n%s\nwant\n%s", readmeDoc, kernelsDoc, got, want)
	}
}

func writeFigures(t *testing.T, path string) {
	out, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range strings.Split(string(out), "\n") {
		if strings.HasPrefix(line, "Benchmark") || strings.HasPrefix(line, "cpu:") {
			lines = append(lines, squeeze(line))
		}
	}
	block := "```text\n" + strings.Join(lines, "\n") + "\n```\n"
	replace(t, kernelsDoc, kernelsBegin, kernelsEnd, block)
	replace(t, readmeDoc, readmeBegin, readmeEnd, readmeTable(parseRun(t, block)))
}

// squeeze takes the padding out of a line: its names are long enough.
func squeeze(line string) string { return strings.Join(strings.Fields(line), " ") }

// coreResult is a row as it was printed.
type coreResult struct {
	name   string
	values map[string]string
}

func parseRun(t *testing.T, block string) []coreResult {
	t.Helper()
	var run []coreResult
	for r := benchfmt.NewReader(strings.NewReader(block), kernelsDoc); r.Scan(); {
		res, ok := r.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		_, parts := res.Name.Parts()
		var name bytes.Buffer
		for _, p := range parts {
			if p[0] == '/' {
				name.Write(p)
			}
		}
		c := coreResult{strings.TrimPrefix(name.String(), "/"), map[string]string{}}
		for _, v := range res.Values {
			if c.values[v.Unit] = fmt.Sprintf("%.2f", v.Value); strings.HasPrefix(c.name, "unit=step/") {
				c.values[v.Unit] = fmt.Sprint(v.Value)
			}
		}
		run = append(run, c)
	}
	if len(run) == 0 {
		t.Fatalf("%s: no line of BenchmarkCore", kernelsDoc)
	}
	return run
}

// readmeTable lists the rows that are shown without -full.
func readmeTable(run []coreResult) string {
	short := map[string]bool{}
	for _, r := range coreRows() {
		short[r.name] = r.short
	}
	var b strings.Builder
	b.WriteString("| row of BenchmarkCore | of peak | best | bar |\n|---|---|---|---|\n")
	for _, r := range run {
		if !short[r.name] {
			continue
		}
		share, best := r.values["of-peak"], r.values["of-peak-best"]
		if allocations, ok := r.values["allocs/step"]; ok {
			share, best = allocations+" allocations", ""
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.name, share, cmp.Or(best, "–"), cmp.Or(r.values["bar"], "–"))
	}
	return b.String()
}

// split cuts a document at its marks: begin and end stay with the first and the last part.
func split(t *testing.T, path, begin, end string) (before, inside, after string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	inside, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s lacks the lines %q and %q", path, begin, end)
	}
	return before + begin, inside, end + after
}

func between(t *testing.T, path, begin, end string) string {
	t.Helper()
	_, inside, _ := split(t, path, begin, end)
	return inside
}

func replace(t *testing.T, path, begin, end, text string) {
	t.Helper()
	before, _, after := split(t, path, begin, end)
	if err := os.WriteFile(path, []byte(before+text+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestShortRows checks that the rows without -full are those of the bars and few more: they have a minute.
func TestShortRows(t *testing.T) {
	rows := coreRows()
	short := slices.DeleteFunc(slices.Clone(rows), func(r coreRow) bool { return !r.short })
	if len(short) > 24 || len(short) == len(rows) {
		t.Errorf("%d short rows of %d", len(short), len(rows))
	}
	for _, r := range rows {
		if r.bar == "of-peak" && !r.short {
			t.Errorf("%s has a bar and is not among the short rows", r.name)
		}
	}
}
