package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ngdbench/results"
	"ngdbench/results/resultstest"
	"ngdbench/results/tables"
)

func figures(list []results.Record) ([]*Figure, string) {
	r := tables.NewRun(manifest, list)
	_, figs := Build(r, nil)
	return figs, r.Provenance()
}

// TestFigureBytes: two runs give the same files; SVG is well-formed XML with a line, a band and a label for each variant
// and provenance inside; PNG decodes at its size.
func TestFigureBytes(t *testing.T) {
	figs, provenance := figures(resultstest.Troubled())
	again, _ := figures(resultstest.Troubled())
	var names []string
	for _, f := range figs {
		names = append(names, f.Name)
	}
	if d := cmp.Diff([]string{"error-time", "error-step", "work-precision", "memory-time"}, names); d != "" {
		t.Fatal(d)
	}
	var sums strings.Builder
	for i, f := range figs {
		svg, picture := f.SVG(provenance), f.PNG(provenance)
		if !bytes.Equal(svg, again[i].SVG(provenance)) || !bytes.Equal(picture, again[i].PNG(provenance)) {
			t.Errorf("%s: bytes differ between two drawings", f.Name)
		}
		wellFormed(t, svg)
		for _, want := range []string{"<metadata>suite quick; 27 cells", "646763cafe00", "nystrom rank=128", "<title>", "Arial,Helvetica,sans-serif"} {
			if !bytes.Contains(svg, []byte(want)) {
				t.Errorf("%s.svg lacks %q", f.Name, want)
			}
		}
		pdf := f.PDF(provenance)
		if !bytes.Equal(pdf, again[i].PDF(provenance)) {
			t.Errorf("%s.pdf: bytes differ between two drawings", f.Name)
		}
		checkPDF(t, pdf, provenance)
		if !bytes.Contains(picture, []byte("Source\x00\x00\x00\x00\x00"+provenance)) {
			t.Errorf("%s.png lacks its provenance", f.Name)
		}
		img, err := png.Decode(bytes.NewReader(picture))
		if err != nil {
			t.Fatalf("%s.png: %v", f.Name, err)
		}
		if w := img.Bounds().Dx(); w != 1370 { // 17.4 cm at 200 dots per inch
			t.Errorf("%s.png is %d dots wide", f.Name, w)
		}
		fmt.Fprintf(&sums, "%x  %s.svg\n", sha256.Sum256(svg), f.Name)
	}
	if runtime.GOARCH == "amd64" { // elsewhere the compiler fuses, and a last digit may differ
		golden(t, "figures.sha256", []byte(sums.String()))
	}
}

// TestFiguresOfShuffledRecords: the order of records changes no byte.
func TestFiguresOfShuffledRecords(t *testing.T) {
	want, provenance := figures(resultstest.Troubled())
	list := resultstest.Troubled()
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	got, _ := figures(list)
	for i := range want {
		if !bytes.Equal(got[i].SVG(provenance), want[i].SVG(provenance)) {
			t.Errorf("%s depends on the order of records", want[i].Name)
		}
	}
}

// TestFigureNames: sections have figures of their own, named by block or problem.
func TestFigureNames(t *testing.T) {
	list := resultstest.Records(resultstest.Quick[:2], 3, 1)
	for _, points := range []string{"900+120", "3000+300"} {
		for _, r := range resultstest.Records(resultstest.Quick[:2], 3, 1) {
			r.Block, r.Cell = "wide", r.Cell.Clone()
			r.Cell["points"] = points
			list = append(list, r)
		}
	}
	names := map[string]bool{}
	figs, _ := figures(list)
	for _, f := range figs {
		names[f.Name] = true
	}
	for _, n := range []string{"quick-error-time", "wide-error-time", "wide-2-error-step"} {
		if !names[n] {
			t.Errorf("no figure %s in %v", n, names)
		}
	}
}

// TestHostileNames: names with markup, control characters and great length harm neither file names nor figures.
func TestHostileNames(t *testing.T) {
	evil := "<script>alert(1)</script> | `x` \x1b[31m\r\n[y](z) " + strings.Repeat("long ", 400)
	list := resultstest.Records(resultstest.Quick[:3], 2, 1)
	for i := range list {
		list[i].Class, list[i].Environment.CPU, list[i].Suite = evil, evil, evil
		list[i].Block = fmt.Sprint(i%2, evil)
		list[i].Cell = list[i].Cell.Clone()
		list[i].Cell["set"] = evil
	}
	figs, provenance := figures(list)
	if len(figs) < 4 {
		t.Fatalf("%d figures of two sections", len(figs))
	}
	for _, f := range figs {
		if strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
			t.Errorf("figure name %q", f.Name)
		}
		wellFormed(t, f.SVG(provenance))
	}
}

func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	for _, style := range regexp.MustCompile(`(fill|stroke):([^;"]*)`).FindAllSubmatch(svg, -1) {
		if !regexp.MustCompile(`^(none|#[0-9A-Fa-f]{6})$`).Match(style[2]) {
			t.Fatalf("SVG: %s", style[0])
		}
	}
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("SVG: %v", err)
		}
	}
}

// TestLogAxisIsTotal: whatever the numbers, an axis has finite ends and every value lands between them.
func TestLogAxisIsTotal(t *testing.T) {
	values := rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1, 5e-324, 1e-300, 1e-7, 0.3, 1, 2, 7e5, 1e300, math.MaxFloat64})
	rapid.Check(t, func(t *rapid.T) {
		a := newLogAxis(values.Draw(t, "lo"), values.Draw(t, "hi"))
		if math.IsNaN(a.lo+a.hi) || math.IsInf(a.hi-a.lo, 0) || !(a.hi-a.lo >= 1) {
			t.Fatalf("axis %+v", a)
		}
		if y := a.at(values.Draw(t, "x")); !(y >= a.lo && y <= a.hi) {
			t.Fatalf("%v outside %+v", y, a)
		}
		labels := 0
		for _, tick := range a.Ticks(a.lo, a.hi) {
			if tick.Value < a.lo || tick.Value > a.hi {
				t.Fatalf("tick %+v outside %+v", tick, a)
			}
			if tick.Label != "" {
				labels++
			}
		}
		if labels < 1 || labels > 12 {
			t.Fatalf("%d labels on %+v", labels, a)
		}
	})
}

// TestFiguresOfAnyTrace: errors of zero, null and huge size, traces of no or one row, times that stand still: nothing
// panics, and what the axis cannot show is marked.
func TestFiguresOfAnyTrace(t *testing.T) {
	errs := rapid.SampledFrom([]float64{0, math.NaN(), math.Inf(1), 1e-320, 1e-12, 1e-3, 1, 1, 2, 1e30, 1e308})
	rapid.Check(t, func(t *rapid.T) {
		list := resultstest.Records(resultstest.Quick[:3], 2, 0.2)
		for i := range list {
			var rows []results.Row
			second := 0.0
			for step := range rapid.IntRange(0, 6).Draw(t, "rows") {
				second += rapid.SampledFrom([]float64{0, 1e-9, 0.1, 10}).Draw(t, "dt")
				rows = append(rows, results.Row{Step: step, Seconds: results.Float(second),
					Errors: map[string]results.Float{"l2err": results.Float(errs.Draw(t, "error"))}})
			}
			list[i].Trace = rows
		}
		sections := tables.NewRun(manifest, list).Sections()
		f := convergence(sections[0], "x", Styles(sections), rapid.SampledFrom([]abscissa{overTime, overStep}).Draw(t, "axis"))
		if svg := f.figure().SVG(""); bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) {
			t.Fatal("NaN or Inf in an SVG")
		}
		for _, r := range list {
			checkMarks(t, f, r)
		}
	})
}

func checkMarks(t *rapid.T, f *chart, r results.Record) {
	for _, row := range r.Trace {
		e := float64(row.Errors["l2err"])
		lost := math.IsNaN(e) || math.IsInf(e, 0)
		if lost && !f.has(isLost) || e == 0 && !f.has(isZero) || !lost && e > math.Pow(10, f.y.(logAxis).hi) && !f.has(isOver) {
			t.Fatalf("an error of %v is not marked", e)
		}
	}
}

// TestSuspendedCurves: a training that was stopped for a while has no place over time, but one over steps.
func TestSuspendedCurves(t *testing.T) {
	list := resultstest.Records(resultstest.Quick[:1], 3, 1)
	list[1].Environment.Suspended = 2
	v := tables.NewRun(manifest, list).Sections()[0].Variants[0]
	for _, c := range []struct {
		a    abscissa
		want int
	}{{overTime, 2}, {overStep, 3}} {
		if s := newSeries(v, Style{}, c.a); len(s.cells) != c.want {
			t.Errorf("%d curves over %s, want %d", len(s.cells), c.a.label, c.want)
		}
	}
}

// TestStyles: known solvers keep their style, unknown names get one that depends on the name only, no two variants of a
// section look the same, and a variant looks the same in every section.
func TestStyles(t *testing.T) {
	list := resultstest.Troubled()
	for _, r := range resultstest.Records(resultstest.Quick, 2, 1) {
		r.Block = "second"
		r.Cell = r.Cell.Clone()
		r.Cell["opt"] = map[string]string{"adam": "my-own+method"}[r.Cell["opt"]]
		if r.Cell["opt"] == "" {
			continue
		}
		list = append(list, r)
	}
	sections := tables.NewRun(manifest, list).Sections()
	styles := Styles(sections)
	if s := styleOf("dense"); s != registry["dense"] {
		t.Errorf("dense: %v", s)
	}
	if a, b := styleOf("my-own+method"), styleOf("my-own+method"); a != b {
		t.Errorf("a name has two styles")
	}
	if styleOf("dual+mine").Color != registry["dual"].Color {
		t.Errorf("a variant of dual has lost its colour")
	}
	for _, s := range sections {
		seen := map[Style]string{}
		for _, v := range s.Variants {
			if other, ok := seen[styles[v]]; ok {
				t.Errorf("%s and %s look the same", v.Label, other)
			}
			seen[styles[v]] = v.Label
		}
	}
	round := map[Style]bool{}
	for s, n := styleOf("dense"), 0; n < len(markers)*len(dashes); s, n = s.next(), n+1 {
		round[s] = true
	}
	if len(round) != len(markers)*len(dashes) {
		t.Errorf("next runs through %d styles of a colour, not all", len(round))
	}
	taken := map[Style]string{}
	for name, s := range registry {
		if other, ok := taken[s]; ok {
			t.Errorf("%s and %s are registered with one style", name, other)
		}
		taken[s] = name
	}
}

// checkPDF follows the last cross-reference: it must name the document's information, which holds the provenance, and lead on
// to the table of the writer.
func checkPDF(t *testing.T, pdf []byte, provenance string) {
	t.Helper()
	at := func(marker string) int {
		i := bytes.LastIndex(pdf, []byte(marker))
		n, err := strconv.Atoi(strings.Fields(string(pdf[i+len(marker):]))[0])
		if i < 0 || err != nil || n >= len(pdf) {
			t.Fatalf("PDF: %s: %v", marker, err)
		}
		return n
	}
	if !bytes.HasPrefix(pdf[at("startxref\n"):], []byte("xref\n")) || !bytes.HasPrefix(pdf[at("/Prev "):], []byte("xref\n")) {
		t.Error("PDF: the cross-references do not lead to tables")
	}
	var object int
	if _, err := fmt.Sscanf(string(pdf[at("startxref\n"):]), "xref\n0 1\n0000000000 65535 f\n%d 1\n", &object); err != nil || !bytes.Contains(pdf, fmt.Appendf(nil, "\n%d 0 obj\n<< /Title ", object)) {
		t.Errorf("PDF: object %d is not the information: %v", object, err)
	}
	if !bytes.Contains(pdf, []byte("/Subject "+pdfText(provenance))) || !bytes.HasPrefix(pdf, []byte("%PDF-1.")) || !bytes.HasSuffix(pdf, []byte("%%EOF\n")) {
		t.Error("PDF: no provenance, or no beginning and end")
	}
}
