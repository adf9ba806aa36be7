package results

import (
	"bytes"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
	"pgregory.net/rapid"
)

// benchSample is three records: one diverged, one good, one that never ran.
func benchSample() []Record {
	good := sample()
	good.Cell = good.Cell.Clone()
	good.Cell["opt"], good.Cell["rank"] = "dense", "0"
	good.Name, good.Status, good.Environment.GOMAXPROCS = good.Cell.Name(), Budget, 2
	good.Metrics = map[string]Float{"ns/op": 4.00012e9, "l2err": 3.5123456789012345e-7, "l2-digits": 6.454, "cg-iters": 0, "l2abs": 2.5e-19}
	lost := sample()
	lost.Cell = lost.Cell.Clone()
	lost.Cell["rank"] = "4096"
	lost.Name, lost.Status, lost.Metrics = lost.Cell.Name(), Skipped, nil
	return []Record{lost, sample(), good}
}

func TestBenchGolden(t *testing.T) {
	var b bytes.Buffer
	if err := WriteBench(&b, benchSample()); err != nil {
		t.Fatal(err)
	}
	golden(t, "bench.txt", b.Bytes())
	if bad := regexp.MustCompile(`(?i)\b(nan|[+-]?inf)\b`).Find(b.Bytes()); bad != nil {
		t.Errorf("%q in the file", bad)
	}
	r := benchfmt.NewReader(&b, "bench.txt")
	for r.Scan() {
		if e, ok := r.Result().(*benchfmt.SyntaxError); ok {
			t.Error(e)
		}
	}
	for _, u := range Units {
		tidy := map[string]string{"ns/op": "sec/op", "cpu-ns": "cpu-sec"}[u.Name]
		if tidy == "" {
			tidy = u.Name
		}
		if got := map[string]int{"lower": -1, "": 0, "higher": 1}[u.Direction()]; got != u.Better {
			t.Errorf("%s: direction %q of %+d", u.Name, u.Direction(), u.Better)
		}
		if got := r.Units().GetBetter(tidy); got != u.Better {
			t.Errorf("%s: better %+d, want %+d", tidy, got, u.Better)
		}
	}
}

// Two runs of one suite on one machine, of different code, share a table of benchstat: it makes one for each value of
// .config.
func TestBenchComparesRuns(t *testing.T) {
	var parser benchproc.ProjectionParser
	config, err := parser.Parse(".config", nil)
	if err != nil {
		t.Fatal(err)
	}
	var keys []benchproc.Key
	for run := range 2 {
		list := benchSample()
		for i := range list {
			list[i].Code = strings.Repeat(string(rune('a'+run)), 16)
			list[i].Started = list[i].Started.AddDate(0, run, 0)
		}
		var b bytes.Buffer
		if err := WriteBench(&b, list); err != nil {
			t.Fatal(err)
		}
		for r := benchfmt.NewReader(&b, "bench.txt"); r.Scan(); {
			if res, ok := r.Result().(*benchfmt.Result); ok {
				keys = append(keys, config.Project(res))
			}
		}
	}
	if len(keys) != 4 {
		t.Fatalf("%d results in two files", len(keys))
	}
	for _, k := range keys {
		if k != keys[0] {
			t.Errorf("benchstat splits %q from %q", k, keys[0])
		}
	}
}

func TestReadBench(t *testing.T) {
	var b bytes.Buffer
	if err := WriteBench(&b, benchSample()); err != nil {
		t.Fatal(err)
	}
	b.WriteString("BenchmarkOther-2 1 5 ns/op\n")
	list, err := ReadBench(&b, "bench.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].GOMAXPROCS != 2 || list[1].GOMAXPROCS != 1 {
		t.Fatalf("read %+v", list)
	}
	good := list[0]
	if d := cmp.Diff(benchSample()[2].Cell, good.Cell); d != "" {
		t.Error(d)
	}
	want := map[string]float64{"sec/op": 4.00012e9 * 1e-9, "l2err": 3.5123456789012345e-7, "l2-digits": 6.454, "cg-iters": 0, "l2abs": 2.5e-19}
	if d := cmp.Diff(want, good.Values); d != "" {
		t.Error("values lose bits:", d)
	}
	config := map[string]string{"goos": "linux", "goarch": "amd64", "cpu": "Some CPU @ 3 GHz", "suite": "quick"}
	if d := cmp.Diff(config, good.Config); d != "" {
		t.Error(d)
	}
	for unit := range list[1].Values {
		if unit == "cpu-ns" || unit == "cpu-sec" || unit == "loss" {
			t.Errorf("a diverged cell has %s", unit)
		}
	}
}

// No value of an axis, 1e-10 at the end included, can be taken for the GOMAXPROCS suffix.
func TestBenchNames(t *testing.T) {
	value := rapid.StringMatching(`[a-z0-9_.+-]{1,12}`)
	rapid.Check(t, func(t *rapid.T) {
		c := Cell{}
		for _, a := range AxisNames() {
			if rapid.Bool().Draw(t, a+"?") {
				c[a] = value.Draw(t, a)
			}
		}
		procs := rapid.IntRange(1, 300).Draw(t, "procs")
		if len(c) == 0 {
			return
		}
		back, n, err := ParseBenchName(BenchName(c, procs))
		if err != nil || n != procs || !cmp.Equal(back, c) {
			t.Fatalf("%v -%d read back as %v -%d, %v", c, procs, back, n, err)
		}
		res := &benchfmt.Result{Name: benchfmt.Name(strings.TrimPrefix(BenchName(c, procs), "Benchmark"))}
		for axis, v := range c {
			var p benchproc.ProjectionParser
			proj, err := p.Parse("/"+axis, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := proj.Project(res).Get(proj.Fields()[0]); got != v {
				t.Fatalf("x/perf reads %s=%q, want %q", axis, got, v)
			}
		}
	})
	for _, bad := range []string{"", "BenchmarkCell", "BenchmarkCell/seed=1", "BenchmarkCell/speed=1-2", "BenchmarkCell/seed=1-0", "BenchmarkGemm/seed=1-2"} {
		if c, n, err := ParseBenchName(bad); err == nil {
			t.Errorf("%q read as %v -%d", bad, c, n)
		}
	}
}

func TestUnits(t *testing.T) {
	nan := Float(math.NaN())
	down, _ := UnitOf("l2err")
	up, _ := UnitOf("l2-digits")
	flat, _ := UnitOf("steps")
	for i, c := range []struct {
		u    Unit
		a, b Float
		want bool
	}{
		{down, 1, 2, true}, {down, 2, 1, false}, {up, 2, 1, true}, {flat, 1, 2, false}, {flat, 2, 1, false},
		{down, nan, 1, false}, {down, 1, nan, true}, {up, 1, Float(math.Inf(1)), true}, {up, nan, nan, false},
	} {
		if got := c.u.Improves(c.a, c.b); got != c.want {
			t.Errorf("case %d: %s %g over %g: %v", i, c.u.Name, c.a, c.b, got)
		}
	}
	if _, ok := UnitOf("parsec"); ok {
		t.Error("unknown unit known")
	}
}
