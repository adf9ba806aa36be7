package harness

import (
	"bytes"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ngdbench/results"
)

// putRecord writes the record of a specification into a folder.
func putRecord(t *testing.T, f *folder, s Spec, code, status string) stored {
	t.Helper()
	rec := NewRecord(Catalogue{}, s)
	rec.Code, rec.Status = code, status
	path, err := results.WriteRecord(f.cells(), rec)
	if err != nil {
		t.Fatal(err)
	}
	return stored{s.Key, code, status, path}
}

func planFolder(t *testing.T) *folder {
	t.Helper()
	f, err := openFolder(t.TempDir(), shard{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.close)
	return f
}

func spec(key, opt string) Spec {
	return Spec{Cell: Cell{"opt": opt, "seed": "1"}, Key: key, Code: "c0de", Block: "b"}
}

func TestPlanReasons(t *testing.T) {
	f := planFolder(t)
	done, failed, code := spec("a0", "done"), spec("a1", "failed"), spec("a2", "code")
	settings, missing, both := spec("a3", "settings"), spec("a4", "missing"), spec("a5", "both")
	putRecord(t, f, done, "c0de", results.Budget)
	putRecord(t, f, failed, "c0de", results.Timeout)
	putRecord(t, f, code, "01d", results.Budget)
	old := settings
	old.Key = "b3"
	putRecord(t, f, old, "c0de", results.Budget)
	putRecord(t, f, both, "c0de", results.Crashed) // a kill came between the new record and the removal of the old
	putRecord(t, f, both, "c0de", results.Stalled)
	have, err := f.list()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a0": "", "a1": "failed (timeout)", "a2": "code changed", "a3": "settings changed", "a4": "missing", "a5": ""}
	for _, task := range plan([]Spec{done, failed, code, settings, missing, both}, have) {
		if got := task.why(); got != want[task.Spec.Key] {
			t.Errorf("%s: %q, want %q", task.Spec.Cell["opt"], got, want[task.Spec.Key])
		}
	}
	all := []Spec{done, failed, code, settings, missing, both}
	tasks, err := f.prepare(all, shard{}.members(Catalogue{}, all), func(s string) { t.Error(s) })
	if err != nil {
		t.Fatal(err)
	}
	if n := len(todo(tasks)); n != 4 {
		t.Errorf("%d to run, want 4", n)
	}
	have, _ = f.list()
	left := ""
	for _, s := range have {
		left += s.Key + " " + s.Status + "; "
	}
	if left != "a0 budget; a1 timeout; a5 stalled; " {
		t.Errorf("left in the folder: %s", left)
	}
}

// BenchmarkPlan compares 100,000 keys with as many records.
func BenchmarkPlan(b *testing.B) {
	var specs []Spec
	var have []stored
	for i := range 100_000 {
		s := spec(strconv.FormatInt(int64(i)+1<<40, 16), "x")
		specs = append(specs, s)
		have = append(have, stored{Key: s.Key, Code: "01d", Status: results.Budget})
	}
	for b.Loop() {
		if n := len(todo(plan(specs, have))); n != len(specs) {
			b.Fatal(n)
		}
	}
}

func TestCompareTraces(t *testing.T) {
	row := func(step int, digest string, loss float64) results.Row {
		return results.Row{Step: step, Digest: digest, Loss: results.Float(loss)}
	}
	rec := func(steps int, theta string, rows ...results.Row) results.Record {
		return results.Record{Status: results.Budget, Limits: results.Limits{Steps: steps}, Trace: rows, Digests: results.Digests{Theta: theta}}
	}
	was := rec(0, "t", row(0, "a", 4), row(1, "b", 3), row(2, "c", 2))
	failed := rec(2, "t", row(0, "a", 4))
	failed.Status = results.Timeout
	for _, c := range []struct {
		name, want string
		rows       int
		again      results.Record
	}{
		{"equal", "", 3, rec(2, "t", row(0, "a", 4), row(1, "b", 3), row(2, "c", 2))},
		{"shorter by wish", "", 2, rec(1, "s", row(0, "a", 4), row(1, "b", 3))},
		{"digest", "differs at step 1: trajectory x, was b", 2, rec(2, "t", row(0, "a", 4), row(1, "x", 3), row(2, "c", 2))},
		{"loss", "differs at step 2: loss 2.5, was 2", 3, rec(2, "t", row(0, "a", 4), row(1, "b", 3), row(2, "c", 2.5))},
		{"parameters", "differs at step 2: final parameters s, were t", 3, rec(2, "s", row(0, "a", 4), row(1, "b", 3), row(2, "c", 2))},
		{"row missing", "differs at step 1: this row of the trace is missing", 1, rec(2, "t", row(0, "a", 4), row(2, "c", 2))},
		{"ends early", "differs at step 1: it ends there, budget", 2, rec(2, "t", row(0, "a", 4), row(1, "b", 3))},
		{"failed", "", 0, failed},
	} {
		got, rows := compareTraces(was, c.again)
		if got != c.want || rows != c.rows {
			t.Errorf("%s: %q at %d rows, want %q at %d", c.name, got, rows, c.want, c.rows)
		}
	}
}

func TestPower(t *testing.T) {
	var specs []Spec
	for seed := 1; seed <= 6; seed++ {
		for _, opt := range []string{"a", "b", "c"} {
			specs = append(specs, Spec{Block: "b", Cell: Cell{"problem": "p", "opt": opt, "seed": strconv.Itoa(seed)}})
		}
	}
	two := slices.DeleteFunc(slices.Clone(specs), func(s Spec) bool { return s.Cell["opt"] == "c" })
	if text := power(two); text != "" {
		t.Errorf("six seeds of one pair: %s", text)
	}
	want := "undecided whatever comes out: 6 seeds of 3 solvers (b p   ); a verdict on any of the 3 pairs takes 7 seeds, on one pair alone 6"
	if text := power(specs); text != want {
		t.Errorf("%q, want %q", text, want)
	}
}

func TestPlaces(t *testing.T) {
	cores := [][]int{{0, 4}, {1, 5}, {2, 6}, {3, 7}}
	for _, c := range []struct {
		jobs, threads int
		timing        string
		first         []int
	}{
		{1, 2, timingExclusive, nil}, {2, 2, timingPinned, []int{0, 1}}, {4, 1, timingPinned, []int{0}}, {3, 2, timingShared, nil}, {5, 1, timingShared, nil},
	} {
		cpus, timing := places(c.jobs, c.threads, cores)
		if timing != c.timing || (cpus == nil) != (c.first == nil) || cpus != nil && !equalInts(cpus[0], c.first) {
			t.Errorf("%d jobs of %d threads: %v %s, want %v %s", c.jobs, c.threads, cpus, timing, c.first, c.timing)
		}
		seen := map[int]bool{}
		for _, place := range cpus {
			for _, p := range place {
				if seen[p] {
					t.Errorf("%d jobs: processor %d twice", c.jobs, p)
				}
				seen[p] = true
			}
		}
	}
}

func equalInts(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestTailBuffer(t *testing.T) {
	var b tailBuffer
	want := 0
	for i := range 50_000 {
		n, _ := b.Write([]byte("line " + strconv.Itoa(i) + "\n"))
		want += n
	}
	s := b.String()
	if !strings.HasPrefix(s, "line 0\n") || !strings.HasSuffix(s, "line 49999\n") || len(s) > headCap+tailCap+100 {
		t.Errorf("%d bytes kept of %d, from %.20q", len(s), want, s)
	}
	var small tailBuffer
	_, _ = small.Write(bytes.Repeat([]byte("x"), headCap+tailCap))
	if got := small.String(); got != strings.Repeat("x", headCap+tailCap) {
		t.Errorf("%d bytes, want all", len(got))
	}
}

func TestParseBytes(t *testing.T) {
	for s, want := range map[string]int64{"": 0, "5": 5, "300MB": 3e8, "4GiB": 4 << 30, "1e9": 1e9, "1.5kB": 1500} {
		if got, err := parseBytes(s); got != want || err != nil {
			t.Errorf("%q: %d, %v, want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"x", "-1", "0", "NaN", "Inf", "1e300GB", "GB"} {
		if got, err := parseBytes(s); err == nil {
			t.Errorf("%q: %d, want an error", s, got)
		}
	}
}

func TestETA(t *testing.T) {
	p := newProgress(io.Discard, []float64{4, 4, 4, 4}, 2, nil)
	p.began = time.Now()
	if got := p.eta(); got != "ETA 8s" {
		t.Errorf("at the start: %s", got)
	}
	p.finish(0, 0, 8, "")
	if got := p.eta(); got != "ETA 12s" {
		t.Errorf("cells take twice what they should: %s", got)
	}
	if got := newProgress(io.Discard, nil, 1, nil).eta(); got != "done" {
		t.Errorf("no cells: %s", got)
	}
}

// TestHashTree: what decides a result changes the identity, and nothing else does.
func TestHashTree(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sum := func(parts ...string) string {
		t.Helper()
		h := sha256.New()
		if err := hashTree(h, root, parts); err != nil {
			t.Fatal(err)
		}
		return short(h)
	}
	write("cost/meter.go", "package cost")
	write("benchmarks/catalogue.go", "package benchmarks")
	write("go.sum", "a")
	parts := []string{"cost", "benchmarks", "go.sum", "absent"}
	was := sum(parts...)
	write("cost/meter_test.go", "package cost")
	write("cost/README.md", "words")
	write("cost/testdata/x.go", "package x")
	write("benchmarks/suite_new.go", "package benchmarks")
	write("other/x.go", "package other")
	if sum(parts...) != was {
		t.Error("a file that decides nothing changes the identity")
	}
	for _, c := range [][2]string{{"cost/meter.go", "package cost // other"}, {"cost/new.s", "TEXT"}, {"go.sum", "b"}, {"benchmarks/catalogue.go", "package benchmarks //"}} {
		write(c[0], c[1])
		if now := sum(parts...); now == was {
			t.Errorf("%s does not change the identity", c[0])
		} else {
			was = now
		}
	}
	all := sum(".")
	write("nested/go.mod", "module nested")
	write("nested/x.go", "package nested")
	if sum(".") != all {
		t.Error("another module inside changes the identity")
	}
	write("mine.go", "package main")
	if sum(".") == all {
		t.Error("a user's file does not change the identity")
	}
	for _, part := range decides { // see also TestDecides
		if !exists(filepath.Join("..", part)) {
			t.Errorf("%s decides results and does not exist", part)
		}
	}
	if got := goModModule(strings.NewReader("// x\nmodule \"a/b\"\n")); got != "a/b" {
		t.Errorf("module %q", got)
	}
}

// TestDecides wants a decision about each file of this package: a new one is in the code identity, or it is named here.
func TestDecides(t *testing.T) {
	moves := strings.Fields(`calibration catalogue childmain childproc childproc_linux childproc_other collect cli_calibrate cli_cell cli_collect cli_help cli_init cli_list
		cli_options cli_plan cli_run diagnose exit facts folder grid identity interrupt main manifest pause plan power predict profile progress
		refusal runner save seeds selection shard suite suitefile suitenode suiterun verify`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		does := slices.Contains(decides, "harness/"+f)
		doesNot := slices.Contains(moves, strings.TrimSuffix(f, ".go"))
		if does == doesNot {
			t.Errorf("%s: in the code identity %v, named as deciding nothing %v; want one of both", f, does, doesNot)
		}
		listed[strings.TrimSuffix(f, ".go")] = true
	}
	for _, name := range moves {
		if !listed[name] {
			t.Errorf("%s.go does not exist", name)
		}
	}
}
