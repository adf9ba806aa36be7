package results

import (
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files under testdata")

// sample is a record with something in every field: a training that diverged after one step.
func sample() Record {
	cell := Cell{
		"problem": "poisson2d", "form": "pinn", "metric": "gn", "net": "2x64x1", "points": "900+120", "opt": "nystrom",
		"rank": "32", "damp": "1e-10", "search": "grid", "set": "default", "seed": "1",
	}
	step := 1
	nan, inf := Float(math.NaN()), Float(math.Inf(1))
	return Record{
		Schema: Schema, Name: cell.Name(), Cell: cell, Limits: Limits{Steps: 10, Seconds: 0.1, Target: 1e-4},
		Settings: map[string]string{"cg-cap": "200"}, Suite: "quick", Block: "small", Key: "0123abcd", Code: "beef",
		Class: "preconditioned", Status: Diverged, Cause: "θ, loss or gradient is not finite after step 1", Log: "a\nb",
		Started:  time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC),
		Finished: time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC),
		Environment: Environment{
			GOMAXPROCS: 1, Kernels: "avx2", Timing: "pinned", GoVersion: "go1.26", GOAMD64: "v1", GOOS: "linux",
			GOARCH: "amd64", CPU: "Some CPU  @ 3 GHz", MemoryMeasure: "VmHWM", Suspended: 20,
		},
		Sizes: Sizes{Params: 257, Rows: 1020, Points: []int{900, 120}},
		Metrics: map[string]Float{
			"ns/op": 123456789.25, "l2err": nan, "l2-digits": nan, "loss": inf, "steps": 1, "cg-iters": 0,
			"peak-rss-B": 1 << 24, "work-B": 2.5e-9, "cpu-ns": 0,
		},
		Best:      map[string]Float{"l2err": 3.5e-7},
		Seconds:   map[string]Float{"search": 0.1},
		Counts:    map[string]int{"losses": 9},
		Fallbacks: []string{"dense"},
		Digests:   Digests{Theta: "00000000000000ff", Trajectory: "ff00000000000000"},
		Streams:   map[string]string{"theta": "0011"},
		Trace: []Row{
			{Step: 0, Loss: 1, Errors: map[string]Float{"l2err": 3.5e-7}, Digest: "aa"},
			{Step: 1, Seconds: 0.1, Loss: inf, Errors: map[string]Float{"l2err": nan}, Damping: 1e-10, Scale: 0x1p-30,
				Norm: 1, Slope: -2, Iterations: 3, Rank: 32, Retries: 1, Plain: true, CGIters: 3, Products: 6, Losses: 9, Digest: "bb"},
		},
		NonFiniteStep: &step,
	}
}

// sameFloat takes NaN and infinities for one, as null does.
var sameFloat = cmp.Comparer(func(a, b Float) bool {
	return math.Float64bits(float64(a)) == math.Float64bits(float64(b)) || !a.Finite() && !b.Finite()
})

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, d)
	}
}
