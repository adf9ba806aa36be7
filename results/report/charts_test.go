package report

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ngdbench/results"
	"ngdbench/results/regimes"
	"ngdbench/results/resultstest"
	"ngdbench/results/tables"
)

// wide is a made-up run with what every figure needs: four training problems, four ranks, inner iterations, diagnoses.
func wide() []results.Record {
	var list []results.Record
	methods := append([]resultstest.Method{}, resultstest.Quick...)
	methods = append(methods,
		resultstest.Method{Opt: "nystrom", Class: "preconditioned", Rank: "64", Damp: "1e-10", Search: "grid", Step: 0.016, Rate: 2.8, Floor: 3e-6, Inner: 30},
		resultstest.Method{Opt: "nystrom", Class: "preconditioned", Rank: "256", Damp: "1e-10", Search: "grid", Step: 0.022, Rate: 3.1, Floor: 1e-6, Inner: 4})
	for i, size := range []struct {
		problem, net, points string
		params               int
	}{{"poisson2d", "2x64x1", "900+120", 257}, {"poisson2d", "2x32x32x1", "900+120", 1185}, {"poisson2d", "2x32x32x1", "9000+1200", 1185}, {"poisson3d", "3x32x32x1", "900+120", 1217}} {
		for _, r := range resultstest.Records(methods, 3, 4) {
			r.Block, r.Cell = fmt.Sprintf("b%d", i), r.Cell.Clone()
			r.Cell["problem"], r.Cell["net"], r.Cell["points"] = size.problem, size.net, size.points
			r.Name = r.Cell.Name()
			r.Key = fmt.Sprintf("%08x", len(list))
			r.Sizes = results.Sizes{Params: size.params, Rows: 1020 * (1 + 9*(i%3/2)), Points: []int{1020 * (1 + 9*(i%3/2))}}
			if r.Cell["opt"] == "dense" {
				diagnose(&r)
			}
			for j := range r.Trace {
				r.Trace[j].CGIters = r.Trace[j].Step * len(r.Cell["rank"])
				if r.Class == "explicit" && i != 2 {
					r.Trace[j].Seconds /= 4 // low rank leads in the other
				}
			}
			list = append(list, r)
		}
	}
	return list
}

func diagnose(r *results.Record) {
	for j := range r.Trace[1:] {
		deff := results.Float(40 + 20*math.Log10(1+float64(j)))
		d := &results.Diagnosis{Deff: &deff}
		for k := range 200 {
			d.Spectrum = append(d.Spectrum, results.Float(math.Pow(10, 3-0.08*float64(k)*(1+0.1/float64(1+j)))))
		}
		r.Trace[j+1].Diagnosis = d
	}
}

// made is a cost model in which explicit steps grow as P², low-rank ones as P.
func made(q regimes.Query, rank int) []regimes.Priced {
	p, n := float64(q.Params), float64(q.Points)
	return []regimes.Priced{{Class: "explicit", Method: "dense", Step: 1e-10 * n * p * p, Bytes: 8 * p * p}, {Class: "preconditioned", Method: "nystrom", Step: 1e-9 * n * p * float64(rank), Bytes: 16 * p * float64(rank)}}
}

// TestEveryFigure: a run that has everything gets every figure; each is a drawing without a number that is none, the same in
// two drawings.
func TestEveryFigure(t *testing.T) {
	r := tables.NewRun(manifest, wide())
	page, figs := Build(r, made)
	names := map[string]*Figure{}
	for _, f := range figs {
		names[f.Name] = f
	}
	for _, want := range []string{"regime-map", "size-map", "profile", "b0-error-time", "b0-error-step", "b0-work-precision", "b0-memory-time", "b0-rank", "b0-inner", "b0-spectrum", "b0-deff"} {
		f := names[want]
		if f == nil {
			t.Errorf("no figure %s", want)
			continue
		}
		svg := f.SVG("p")
		wellFormed(t, svg)
		if bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) || !bytes.Equal(svg, f.SVG("p")) {
			t.Errorf("%s: a number that is none, or other bytes the second time", want)
		}
		if f.Alt == "" || f.Caption == "" {
			t.Errorf("%s: no words", want)
		}
		if _, err := png.Decode(bytes.NewReader(f.PNG("p"))); err != nil {
			t.Errorf("%s: %v", want, err)
		}
		checkPDF(t, f.PDF("p"), "p")
	}
	var text strings.Builder
	if err := page.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Regimes: which class leads where", "Rules by target and memory", "Performance profile by class"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q on the page", want)
		}
	}
}

// TestRankSweepNeedsRanks: two ranks are no sweep.
func TestRankSweepNeedsRanks(t *testing.T) {
	s := tables.NewRun(manifest, resultstest.Records(resultstest.Quick, 3, 4)).Sections()
	if f := rankSweep(s[0], "", Styles(s)); f != nil {
		t.Errorf("a sweep of %d curves", len(f.series))
	}
}

// TestCrossings: between two settings that differ in P alone, where the log-ratio changes sign.
func TestCrossings(t *testing.T) {
	settings := regimes.Settings(tables.NewRun(manifest, wide()))
	var found []crossing
	for _, target := range []float64{1e-3} {
		var list []*regimes.Decision
		for _, s := range settings {
			list = append(list, regimes.Decide(s, target, 0))
		}
		found = append(found, crossings(list)...)
	}
	if len(found) != 1 || found[0].p != 1185 && math.Abs(found[0].p-1185) > 1e-6 || found[0].n <= 1020 || found[0].n >= 10200 {
		t.Errorf("crossings %v, want one at P = 1185 between the two N", found)
	}
}

// TestHTML: one file that loads nothing, holds every figure and the manifest, and escapes what came from files.
func TestHTML(t *testing.T) {
	dir := t.TempDir()
	list := wide()
	evil := `<script>alert(1)</script>`
	list[3] = resultstest.End(list[3], results.Crashed, evil)
	resultstest.WriteRun(t, dir, list)
	out := filepath.Join(t.TempDir(), "new", "page.html")
	code, stdout, stderr := run("html", dir, "--out", out)
	if code != 0 || !strings.Contains(stdout, out) {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	if strings.Contains(page, evil) || !strings.Contains(page, "&lt;script&gt;alert(1)&lt;/script&gt;") {
		t.Error("a cause is not escaped, or not there")
	}
	for _, bad := range []string{"<script", "src=", "http-equiv=\"refresh\"", "url(", "@import", "<link", "NaN"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, want := range []string{"prefers-color-scheme: dark", "width=device-width", "Manifest of the run", "646763cafe00", `<a href="#s1">`, `<h2 id="s1">`, "</html>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(page, "<svg "); n < 20 {
		t.Errorf("%d drawings", n)
	}
}

// TestDiffExitCodes: 0 the same, 3 differs, 4 cannot be compared.
func TestDiffExitCodes(t *testing.T) {
	write := func(list []results.Record) string {
		dir := t.TempDir()
		resultstest.WriteRun(t, dir, list)
		return dir
	}
	all := func() []results.Record { return resultstest.Records(resultstest.Quick, 2, 1) }
	other := all()
	for i := range other {
		other[i].Trace[3].CGIters += 7
	}
	a, b, c := write(all()), write(other), write(all()[:5])
	for _, x := range []struct {
		args []string
		want int
		says string
	}{
		{[]string{"diff", a, a}, 0, "Same."},
		{[]string{"diff", a, b}, 3, "inner iterations differ from step 3 on"},
		{[]string{"diff", a, c}, 4, "missing"},
		{[]string{"diff", a, c, "--common"}, 0, "5 cells in both"},
		{[]string{"diff", a, c, "--format", "markdown"}, 4, "## Coverage"},
	} {
		code, out, stderr := run(x.args...)
		if code != x.want || !strings.Contains(out, x.says) || stderr != "" {
			t.Errorf("%q: exit %d, %s\n%s", x.args[3:], code, stderr, out)
		}
	}
}

// TestCommands: each command prints a page of the made-up run in every format.
func TestCommands(t *testing.T) {
	dir := t.TempDir()
	resultstest.WriteRun(t, dir, wide())
	for _, args := range [][]string{
		{"table", dir, "--row", "opt,rank@num", "--col", "problem,points", "--unit", "l2err,seconds,ms/step,best:l2err,time:1e-4,steps:1e-4,peak-rss-B"},
		{"regimes", dir}, {"complexity", dir}, {"advise", dir, "--params", "1000", "--points", "5000", "--dim", "2", "--target", "1e-3"},
	} {
		for _, format := range tables.Formats {
			code, out, stderr := run(append(args, "--format", format)...)
			if code != 0 || len(out) < 400 || strings.Contains(out, "NaN") {
				t.Errorf("%s as %s: exit %d, %s, %d characters", args[0], format, code, stderr, len(out))
			}
		}
	}
}

// TestPDFText: what the fonts' code page holds, spelled out else; colours keep their components.
func TestPDFText(t *testing.T) {
	if got, want := codePage1252("10−3 ×·µμ²é τ≤ 漢"), "10\x963 \xd7\xb7\xb5\xb5\xb2\xe9 tau<= ?"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if r, g, b, a := straight(color.NRGBA{0xD5, 0x5E, 0, 0x22}).RGBA(); r != 0xD5D5 || g != 0x5E5E || b != 0 || a != 0x2222 {
		t.Errorf("%x %x %x %x", r, g, b, a)
	}
}
