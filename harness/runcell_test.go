package harness

import (
	"encoding/json"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ngdbench/internal/simd"
	"ngdbench/results"
)

func run(t *testing.T, s Spec) results.Record {
	t.Helper()
	rec, err := RunCell(toyCatalogue(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := results.Encode(rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func TestRunCell(t *testing.T) {
	var rows []results.Row
	s := Spec{
		Cell: Cell{"opt": "sgd", "problem": "lent", "seed": "3"}, Limits: results.Limits{Steps: 60}, GOMAXPROCS: 1,
		Suite: "quick", Block: "small", Timing: "pinned", Code: "c0de",
	}
	rec, err := RunCell(toyCatalogue(), s, func(r results.Row) { rows = append(rows, r) })
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(rec.Trace, rows); d != "" {
		t.Error("trace and callbacks differ:", d)
	}
	want := results.Record{
		Schema: results.Schema, Suite: "quick", Block: "small", Code: "c0de", Class: "first-order", Status: results.Budget,
		Name:   "problem=lent/form=pinn/metric=gn/net=2x2/points=7/opt=sgd/rank=0/damp=none/search=none/set=default/seed=3",
		Limits: results.Limits{Steps: 60}, Settings: Settings{"lr": "0.1"}, Sizes: results.Sizes{Params: 4, Rows: 7, Points: []int{7}},
		Counts: map[string]int{"losses": 0, "grads": 60, "tangents": 0, "joint": 0, "applies": 0, "applyTs": 0, "rows": 0, "explicit": 0},
	}
	if rec.Name != want.Name || rec.Cell.Name() != rec.Name || rec.Status != want.Status || rec.Class != want.Class ||
		rec.Suite != want.Suite || rec.Block != want.Block || rec.Code != want.Code || rec.Limits != want.Limits {
		t.Errorf("record %+v", rec)
	}
	for _, d := range []string{cmp.Diff(want.Settings, rec.Settings), cmp.Diff(want.Sizes, rec.Sizes), cmp.Diff(want.Counts, rec.Counts)} {
		if d != "" {
			t.Error(d)
		}
	}
	for name, v := range map[string]float64{"steps": 60, "cg-iters": 120, "products": 0, "losses": 0, "grad-equivalents": 60} {
		if rec.Metrics[name] != results.Float(v) {
			t.Errorf("%s is %g, want %g", name, rec.Metrics[name], v)
		}
	}
	others := []string{"h1err", "of-peak", "estimator", "energy-err", "energy-rel", "effectivity", "l2-interp", "h1-interp", "l2-fe", "h1-fe", "l2-nodal", "h1-nodal", "nodes-fe"}
	for _, u := range results.Units {
		if v, ok := rec.Metrics[u.Name]; !slices.Contains(others, u.Name) && (!ok || !v.Finite()) {
			t.Errorf("no %s", u.Name)
		}
	}
	last := rec.Trace[len(rec.Trace)-1]
	if rec.Metrics["l2err"] != last.Errors["l2err"] || rec.Metrics["loss"] != last.Loss {
		t.Error("final metrics are not the last row's")
	}
	if got, want := float64(rec.Metrics["l2-digits"]), -math.Log10(float64(last.Errors["l2err"])); got != want {
		t.Errorf("l2-digits %g, want %g", got, want)
	}
	sum := 0.0
	for _, v := range rec.Seconds {
		sum += float64(v)
	}
	if ns := float64(rec.Metrics["ns/op"]); math.Abs(sum*1e9-ns) > 1 || ns <= 0 || len(rec.Seconds) != 6 {
		t.Errorf("phases add up to %g s of %g ns: %v", sum, ns, rec.Seconds)
	}
	e := rec.Environment
	if e.GOMAXPROCS != 1 || e.Kernels != simd.Path() || e.Timing != "pinned" || e.GoVersion != runtime.Version() || e.CPU == "" || e.Suspended != 0 {
		t.Errorf("environment %+v", e)
	}
	if runtime.GOOS == "linux" && e.MemoryMeasure != "VmHWM" {
		t.Errorf("memory by %s", e.MemoryMeasure)
	}
	if len(rec.Streams) != len(streamAxes) || len(rec.Digests.Theta) != 16 || rec.Digests.Trajectory != last.Digest {
		t.Errorf("streams %v, digests %+v", rec.Streams, rec.Digests)
	}
	if rec.Finished.Before(rec.Started) || time.Since(rec.Started) > time.Minute {
		t.Errorf("from %s to %s", rec.Started, rec.Finished)
	}
}

// The same cell gives the same bits, whatever GOMAXPROCS, and leaves the process as it was.
func TestRunCellAgain(t *testing.T) {
	procs, path := runtime.GOMAXPROCS(0), simd.Path()
	a := run(t, Spec{Cell: Cell{"problem": "lent", "set": "default"}, Settings: Settings{"noise": "0.1", "lr": "0.1"}})
	b := run(t, Spec{Cell: a.Cell, Settings: a.Settings, Limits: a.Limits, GOMAXPROCS: 2, Kernels: simd.Scalar})
	if a.Digests != b.Digests {
		t.Errorf("digests %+v and %+v", a.Digests, b.Digests)
	}
	if a.Key == b.Key {
		t.Error("GOMAXPROCS is not in the key")
	}
	if b.Environment.GOMAXPROCS != 2 || b.Environment.Kernels != simd.Scalar {
		t.Errorf("environment %+v", b.Environment)
	}
	if runtime.GOMAXPROCS(0) != procs || simd.Path() != path {
		t.Error("RunCell leaves GOMAXPROCS or the kernel path changed")
	}
	c := run(t, Spec{Cell: Cell{"problem": "lent", "seed": "2"}, Settings: Settings{"noise": "0.1", "lr": "0.1"}})
	if c.Digests == a.Digests {
		t.Error("the seed changes nothing")
	}
	for _, other := range []Cell{{"problem": "lent", "opt": "sgd", "points": "7"}, {"problem": "lent", "form": "ritz", "opt": "sgd"}} {
		if d := run(t, Spec{Cell: other}); d.Trace[0].Digest != a.Trace[0].Digest {
			t.Errorf("%v starts from another θ₀", other)
		}
	}
}

// A diverged cell is a whole record: valid JSON with nulls, its finite rows, and the step that broke it.
func TestRunCellDiverged(t *testing.T) {
	rec := run(t, Spec{Cell: Cell{"opt": "sgd", "problem": "lent"}, Settings: Settings{"lr": "1e6"}, Limits: results.Limits{Steps: 1000}})
	if rec.Status != results.Diverged || rec.NonFiniteStep == nil || *rec.NonFiniteStep < 2 || rec.Cause == "" {
		t.Fatalf("%s (%s), not finite at %v", rec.Status, rec.Cause, rec.NonFiniteStep)
	}
	b, err := results.Encode(rec)
	if err != nil || !json.Valid(b) || !strings.Contains(string(b), `"loss": null`) {
		t.Fatalf("no valid record: %v", err)
	}
	if rec.Trace[*rec.NonFiniteStep-1].Loss.Finite() == false || rec.Trace[*rec.NonFiniteStep].Loss.Finite() {
		t.Error("the step is not the first that is not finite")
	}
	if best := rec.Best["l2err"]; !best.Finite() || best > rec.Trace[0].Errors["l2err"] {
		t.Errorf("best error %g", best)
	}
	if v, ok := rec.Metrics["loss"]; !ok || v.Finite() {
		t.Errorf("final loss %g", v)
	}
	back, err := results.Decode(b)
	if err != nil || back.Digests != rec.Digests || len(back.Trace) != len(rec.Trace) {
		t.Errorf("read back: %v", err)
	}
}

func TestRunCellSkipped(t *testing.T) {
	for _, c := range []struct {
		cell    string
		s       Settings
		cause   string
		refused bool
	}{
		{"opt=dense form=ritz", nil, "needs least squares", false},
		{"opt=dense metric=twice", nil, "needs least squares", false},
		{"opt=nystrom rank=63 points=80 net=8x8", nil, "", false},
		{"opt=nystrom rank=65 points=80 net=8x8", nil, "rank=65 is above the number of parameters, 64", true},
		{"opt=nystrom", nil, "rank=0: opt=nystrom needs a rank", true},
		{"opt=sgd rank=3", nil, "rank=3: opt=sgd has no rank", true},
		{"opt=sgd", Settings{"lr": "-1"}, "lr=-1: want a number > 0", true},
		{"opt=sgd", Settings{"lr": "42"}, "opt=sgd: lr 42 is refused", true},
		{"opt=sgd", Settings{"resample": "5"}, "resample=5: the points of this objective cannot be redrawn", true},
		{"opt=sgd form=ritz", Settings{"resample": "5"}, "", false},
		{"opt=sgd form=pinn+bad", nil, "form=pinn+bad: no such part", true},
		{"opt=sgd net=2x1+bad", nil, `network "2x1+bad": unknown part "bad" (nearest: "hard")`, true},
		{"opt=sgd net=funnel+bad", nil, `net=funnel+bad: unknown part "bad" (nearest: "hard")`, true},
		{"opt=dense set=tuned", nil, "set=tuned: opt=dense has no such set", true},
	} {
		rec, err := RunCell(toyCatalogue(), Spec{Cell: mustCell(t, c.cell), Settings: c.s, Limits: results.Limits{Steps: 6}}, nil)
		if isRefusal(err) != c.refused || err != nil && (!c.refused || err.Error() != c.cause) {
			t.Errorf("%s: error %v", c.cell, err)
		}
		if want := map[bool]string{true: results.Budget, false: results.Skipped}[c.cause == ""]; rec.Status != want || rec.Cause != c.cause {
			t.Errorf("%s: %s: %q, want %q", c.cell, rec.Status, rec.Cause, c.cause)
		}
		if rec.Class != "first-order" || rec.Key == "" || len(rec.Cell) != len(results.Axes) {
			t.Errorf("%s: record %+v", c.cell, rec)
		}
		if _, err := results.Encode(rec); err != nil {
			t.Errorf("%s: %v", c.cell, err)
		}
	}
	for _, s := range []Spec{{Cell: Cell{"opt": "sgdd"}}, {Cell: Cell{"rank": "x"}}, {Kernels: "none"}, {GOMAXPROCS: -1}} {
		if rec, err := RunCell(toyCatalogue(), s, nil); err == nil || isRefusal(err) || rec.Schema != 0 {
			t.Errorf("%+v: record %q, error %v", s, rec.Name, err)
		}
	}
	rec, err := RunCell(toyCatalogue(), Spec{Skip: "said so"}, nil)
	if err != nil || rec.Status != results.Skipped || rec.Cause != "said so" {
		t.Errorf("%s %q %v", rec.Status, rec.Cause, err)
	}
}

// A specification survives the pipe to a child.
func TestSpecJSON(t *testing.T) {
	s, err := toyCatalogue().ResolveSpec(Spec{Cell: Cell{"opt": "sgd", "set": "tuned"}, Limits: results.Limits{Seconds: 0.1, Target: 1e-7}, Suite: "s"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Spec
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s, back); d != "" {
		t.Error(d)
	}
	if Key(back) != s.Key {
		t.Error("the key changes on the way")
	}
	// A solver without settings, under a set that only the suite knew, must not look the set up again.
	none := Spec{Cell: Cell{"opt": "plain", "set": "noisy"}, Settings: Settings{}}
	if b, err = json.Marshal(none); err != nil {
		t.Fatal(err)
	}
	back = Spec{}
	if err := json.Unmarshal(b, &back); err != nil || back.Settings == nil {
		t.Errorf("%s read as %v, %v", b, back.Settings, err)
	}
}

func TestPauses(t *testing.T) {
	var p pauses
	now := time.Now()
	for range 5 {
		p.see(now)
		now = now.Add(pauseTick + 300*time.Millisecond) // a busy machine
	}
	if p.lost != 0 {
		t.Errorf("a busy machine: %s lost", p.lost)
	}
	p.see(now.Add(20 * time.Second))
	if p.lost < 19*time.Second || p.lost > 21*time.Second {
		t.Errorf("20 s stopped: %s lost", p.lost)
	}
	if s := watchPauses()(); s != 0 {
		t.Errorf("%g s lost at once", s)
	}
}

func TestMeasures(t *testing.T) {
	before := cpuTime()
	for x := 1.0; cpuTime() == before; x = math.Sqrt(x + 1) { // ends, for a loop uses the processor
	}
	if peak, _ := peakMemory(); peak < 1<<20 || peak > 1<<40 {
		t.Errorf("peak memory %d bytes", peak)
	}
	status := "VmPeak:\t  9 kB\nVmHWM:\t    2048 kB\nThreads:\t4\n"
	if kb, ok := statusField([]byte(status), "VmHWM"); kb != 2048 || !ok {
		t.Error(kb, ok)
	}
	for _, name := range []string{"VmRSS", "Threads"} {
		if kb, ok := statusField([]byte(status), name); ok {
			t.Errorf("%s: %d kB", name, kb)
		}
	}
}
