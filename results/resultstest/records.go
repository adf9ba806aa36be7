// Package resultstest makes up runs with known answers for the tests of tables and reports.
package resultstest

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ngdbench/results"
)

// Method is the recipe of one made-up solver: err(t) = floor + first · exp(-rate·t) in the mean, with seconds per step.
type Method struct {
	Opt, Class, Rank, Damp, Search string
	Step                           float64 // seconds
	Rate                           float64 // log decades per decade of steps
	Floor                          float64
	Inner                          int
}

// Quick is a made-up quick suite: eight variants, five classes.
var Quick = []Method{
	{"dense", "explicit", "0", "1e-10", "grid", 0.021, 3.1, 1.2e-6, 0},
	{"dual", "explicit", "0", "1e-10", "grid", 0.055, 3.1, 1.5e-6, 0},
	{"cg", "matrix-free", "0", "1e-10", "grid", 0.035, 2.2, 3e-5, 200},
	{"nystrom", "preconditioned", "32", "1e-10", "grid", 0.019, 2.4, 1e-5, 60},
	{"nystrom", "preconditioned", "128", "1e-10", "grid", 0.014, 3.1, 1.1e-6, 9},
	{"rpchol", "preconditioned", "128", "1e-10", "grid", 0.012, 3.0, 1.6e-6, 12},
	{"adam", "first-order", "0", "none", "none", 0.00082, 0.75, 2e-3, 0},
	{"lbfgs", "quasi-newton", "0", "none", "wolfe", 0.0013, 1.15, 2e-4, 0},
}

// Day is when its first training starts.
var Day = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Record makes the record of one made-up training of the given seconds.
func (m Method) Record(seed int, seconds float64) results.Record {
	cell := results.Cell{
		"problem": "poisson2d", "form": "pinn", "metric": "gn", "net": "2x64x1", "points": "900+120", "opt": m.Opt,
		"rank": m.Rank, "damp": m.Damp, "search": m.Search, "set": "default", "seed": fmt.Sprint(seed),
	}
	r := results.Record{
		Schema: results.Schema, Cell: cell, Name: cell.Name(), Limits: results.Limits{Seconds: seconds},
		Settings: map[string]string{"cap": "200"}, Suite: "quick", Block: "quick",
		Key: fmt.Sprintf("%08x", hashOf(cell.Name())), Code: "0123456789abcdef", Class: m.Class, Status: results.Budget,
		Started: Day.Add(time.Duration(seed) * time.Minute), Finished: Day.Add(time.Duration(seed)*time.Minute + 5*time.Second),
		Environment: results.Environment{GOMAXPROCS: 1, Kernels: "avx2", Timing: "shared", GoVersion: "go1.26.0",
			GOAMD64: "v1", GOOS: "linux", GOARCH: "amd64", CPU: "Example CPU 3000", MemoryMeasure: "VmHWM"},
		Sizes: results.Sizes{Params: 257, Rows: 1020, Points: []int{900, 120}},
		Best:  map[string]results.Float{}, Seconds: map[string]results.Float{}, Counts: map[string]int{},
		Digests: results.Digests{Theta: "aa", Trajectory: "bb"}, Streams: map[string]string{},
	}
	n := int(seconds / m.Step)
	r.Trace = m.trace(seed, n)
	last := r.Trace[len(r.Trace)-1]
	r.Metrics = map[string]results.Float{
		"ns/op": results.Float(math.Round(1e9 * m.Step * float64(n))), "l2err": last.Errors["l2err"], "l2abs": last.Errors["l2abs"],
		"h1err": last.Errors["h1err"], "steps": results.Float(n), "cg-iters": results.Float(n * m.Inner),
		"products": results.Float(2 * n * m.Inner), "losses": results.Float(10 * n),
		"peak-rss-B": results.Float(30<<20 + 1<<18*seed), "work-B": 5 << 20,
	}
	return r
}

// trace has rows at steps 0-50, then 5 % apart, then the end. Errors fall as a power of the step with a ripple of the
// seed's own, down to the floor.
func (m Method) trace(seed, n int) []results.Row {
	var rows []results.Row
	shift := 0.25 * math.Sin(float64(7*seed)+m.Rate)
	for s := 0; s <= n; s = next(s, n) {
		x := math.Log10(1 + float64(s))
		e := math.Pow(10, 0.2+shift*min(1, x)-m.Rate*x+0.08*math.Sin(9*x+float64(seed))) + m.Floor*(1+shift)
		rows = append(rows, results.Row{
			Step: s, Seconds: results.Float(m.Step * float64(s)), Loss: results.Float(e * e),
			Errors: map[string]results.Float{"l2err": results.Float(e), "l2abs": results.Float(e / 2), "h1err": results.Float(20 * e)},
		})
	}
	return rows
}

func next(s, n int) int {
	switch {
	case s < 50:
		return s + 1
	case s < n:
		return min(n, s+max(1, s/20))
	}
	return n + 1
}

func hashOf(s string) uint32 {
	h := uint32(2166136261)
	for _, b := range []byte(s) {
		h = (h ^ uint32(b)) * 16777619
	}
	return h
}

// Records makes all methods with the seeds 1..n.
func Records(methods []Method, n int, seconds float64) []results.Record {
	var list []results.Record
	for _, m := range methods {
		for seed := 1; seed <= n; seed++ {
			list = append(list, m.Record(seed, seconds))
		}
	}
	return list
}

// End returns the record as one that ended badly.
func End(r results.Record, status, cause string) results.Record {
	r.Status, r.Cause = status, cause
	if status == results.Skipped || status == results.Crashed {
		r.Metrics, r.Trace = map[string]results.Float{}, nil
	}
	if status == results.Diverged {
		last := &r.Trace[len(r.Trace)-1]
		nan := results.Float(math.NaN())
		last.Loss, last.Errors = nan, map[string]results.Float{"l2err": nan, "l2abs": nan, "h1err": nan}
		for unit := range last.Errors {
			r.Metrics[unit] = nan
		}
	}
	return r
}

// Troubled is the quick suite with one of each bad end.
func Troubled() []results.Record {
	list := Records(Quick, 3, 4)
	list[7] = End(list[7], results.Diverged, "loss is not finite at step 114")
	list[19] = End(list[19], results.Crashed, "")
	list[19].Log = "goroutine 1 [running]:\npanic: index | out of `range`"
	bad := Method{"nystrom", "preconditioned", "300", "1e-10", "grid", 0.01, 3, 1e-6, 9}
	for seed := 1; seed <= 3; seed++ {
		list = append(list, End(bad.Record(seed, 4), results.Skipped, "rank 300 above P = 257"))
	}
	return list
}

// ManifestJSON is the manifest of the run that WriteRun writes.
const ManifestJSON = `{
	"schema": 1, "suite": {"name": "quick", "doc": "", "blocks": null}, "started": "2026-03-01T12:00:00Z", "finished": null, "exit": -1,
	"cells": {"wanted": 0, "reused": 0, "ran": 0, "failed": 0},
	"code": {"identity": "0123456789abcdef", "revision": "646763cafe00646763cafe00646763cafe006467", "dirty": true}}`

// WriteRun writes a run folder.
func WriteRun(t testing.TB, dir string, list []results.Record) {
	t.Helper()
	cells := filepath.Join(dir, results.CellsFolder)
	if err := os.MkdirAll(cells, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, results.ManifestFile), []byte(ManifestJSON), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		b, err := results.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(cells, results.FileName(r.Key, r.Code, r.Status)), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
