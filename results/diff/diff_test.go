package diff

import (
	"slices"
	"strings"
	"testing"

	"ngdbench/results"
	"ngdbench/results/resultstest"
	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

func made(records []results.Record) *tables.Run {
	return tables.NewRun(tables.Manifest{Suite: "quick"}, records)
}

// quick is eight methods on three seeds, with digests along the trace.
func quick(seeds int) []results.Record {
	list := resultstest.Records(resultstest.Quick, seeds, 4)
	for i := range list {
		for j := range list[i].Trace {
			list[i].Trace[j].Digest = "00000000000000a1"
		}
	}
	return list
}

func change(list []results.Record, f func(*results.Record)) []results.Record {
	for i := range list {
		f(&list[i])
	}
	return list
}

func text(t *testing.T, d *Diff) string {
	t.Helper()
	var b strings.Builder
	if err := d.Page().Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestOutcomes: each kind of difference by itself, and what it counts for.
func TestOutcomes(t *testing.T) {
	other := func(r *results.Record) { r.Code = "another" }
	for _, c := range []struct {
		name string
		b    []results.Record
		o    Options
		want Outcome
		says string
	}{
		{"the same", quick(3), Options{}, Same, "24 cells of 24 agree"},
		{"no common cell", change(quick(3), func(r *results.Record) { r.Name, r.Cell["net"] = "x"+r.Name, "2x3x1" }), Options{Common: true}, Incomparable, "0 cells in both"},
		{"cells missing", quick(2), Options{}, Incomparable, "missing"},
		{"cells missing, common ones asked for", quick(2), Options{Common: true}, Same, "16 cells in both"},
		{"bits under the same code", change(quick(3), func(r *results.Record) { r.Trace[5].Digest = "00000000000000ff" }), Options{}, Differs, "trajectory differs from step 5 on"},
		{"bits under other code", change(quick(3), func(r *results.Record) { other(r); r.Trace[5].Digest = "00000000000000ff" }), Options{}, Same, "The code differs"},
		{"an error outside the tolerance", change(quick(3), func(r *results.Record) {
			other(r)
			r.Trace[len(r.Trace)-1].Errors = map[string]results.Float{"l2err": 0.5}
		}), Options{}, Differs, "l2err"},
		{"an error within a tolerance of 10", change(quick(3), func(r *results.Record) {
			other(r)
			last := &r.Trace[len(r.Trace)-1]
			last.Errors = map[string]results.Float{"l2err": 1.05 * last.Errors["l2err"]}
		}), Options{Rel: 0.1}, Same, ""},
		{"another architecture", change(quick(3), func(r *results.Record) {
			other(r)
			r.Environment.GOARCH = "arm64"
			last := &r.Trace[len(r.Trace)-1]
			last.Errors = map[string]results.Float{"l2err": 1.005 * last.Errors["l2err"]}
		}), Options{}, Same, "other machine"},
		{"one crashed", change(quick(3), func(r *results.Record) {
			if r.Cell["seed"] == "2" {
				r.Status = results.Crashed
			}
		}), Options{}, Differs, "crashed"},
		{"target instead of budget in seconds", change(quick(3), func(r *results.Record) { r.Status = results.Target }), Options{}, Same, "target"},
	} {
		d := Compare(made(quick(3)), made(c.b), c.o)
		if got := d.Outcome(); got != c.want {
			t.Errorf("%s: outcome %d, want %d\n%s", c.name, got, c.want, text(t, d))
		}
		if page := text(t, d); !strings.Contains(page, c.says) {
			t.Errorf("%s: %q is not on the page\n%s", c.name, c.says, page)
		}
	}
}

// TestTiming: twice the time on every seed is a loss for A, but counts only where it is asked for, and not between machines.
func TestTiming(t *testing.T) {
	slower := func() []results.Record {
		return change(quick(10), func(r *results.Record) {
			for i := range r.Trace {
				r.Trace[i].Seconds *= 2
			}
		})
	}
	for _, c := range []struct {
		b    []results.Record
		o    Options
		want Outcome
	}{
		{slower(), Options{}, Same},
		{slower(), Options{Timing: true}, Differs},
		{change(slower(), func(r *results.Record) { r.Environment.CPU = "another" }), Options{Timing: true}, Same},
		{quick(10), Options{Timing: true}, Same},
	} {
		d := Compare(made(quick(10)), made(c.b), c.o)
		if got := d.Outcome(); got != c.want {
			t.Errorf("%+v: outcome %d, want %d", c.o, got, c.want)
		}
	}
	d := Compare(made(quick(10)), made(slower()), Options{})
	for _, x := range d.times() {
		if x.verdict.Outcome != stats.Win || x.result.Ratio.Value > 0.51 || x.result.Ratio.Value < 0.49 {
			t.Errorf("%s: %v, %v", x.name, x.result.Ratio, x.verdict)
		}
	}
}

// TestExchange: what differs does not depend on which run comes first.
func TestExchange(t *testing.T) {
	a, b := made(quick(3)), made(quick(2))
	x, y := Compare(a, b, Options{Common: true}), Compare(b, a, Options{Common: true})
	if len(x.Pairs) != len(y.Pairs) || !slices.Equal(x.OnlyA, y.OnlyB) || !slices.Equal(x.OnlyB, y.OnlyA) || x.Outcome() != y.Outcome() {
		t.Errorf("%d and %d pairs, %v %v", len(x.Pairs), len(y.Pairs), x.OnlyA, y.OnlyB)
	}
}
