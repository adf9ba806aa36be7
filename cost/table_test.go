package cost_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ngdbench/cost"
)

// The embedded table prices every operation, and reads back as itself.
func TestEmbeddedTable(t *testing.T) {
	d := cost.Default()
	again, err := cost.ParseTable(d.Encode())
	if err != nil || again.Digest() != d.Digest() || len(d.Digest()) != 20 {
		t.Fatalf("digest %q, again %q, %v", d.Digest(), again.Digest(), err)
	}
	for _, threads := range []int{1, 2} {
		c := d.For(threads)
		if c.Threads != threads {
			t.Errorf("%d threads: column of %d", threads, c.Threads)
		}
		for _, o := range cost.Operations() {
			if p := c.Prices[o.String()]; p.Samples < 5 || p.Worst > 5 {
				t.Errorf("%s, %d threads: %d samples, worst %.1f ×", o, threads, p.Samples, p.Worst)
			}
		}
	}
}

// More threads than measured are priced as the nearest column.
func TestNearestColumn(t *testing.T) {
	if c := cost.Default().For(64); c.Threads != 2 {
		t.Errorf("64 threads: column of %d", c.Threads)
	}
	if c := cost.Default().For(0); c.Threads != 1 {
		t.Errorf("0 threads: column of %d", c.Threads)
	}
}

// A table is refused with what is wrong with it, and the one in use stays.
func TestBadTables(t *testing.T) {
	good := string(cost.Default().Encode())
	for name, change := range map[string][2]string{
		"schema":            {`"schema": 1`, `"schema": 2`},
		"unknown field":     {`"cpu"`, `"gpu"`},
		"no price":          {`"cholesky"`, `"choleski"`},
		"terms":             {`"m³"`, `"m⁴"`},
		"want a number ≥ 0": {`"seconds": [`, `"seconds": [-1,`},
		"unexpected EOF":    {good[len(good)/2:], ""},
	} {
		file := filepath.Join(t.TempDir(), "table.json")
		if err := os.WriteFile(file, []byte(strings.Replace(good, change[0], change[1], 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		err := cost.Use(file)
		if name == "want a number ≥ 0" { // one more number: the terms no longer match
			name = "terms"
		}
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if cost.Use("no such file") == nil || cost.Current() != cost.Default() {
		t.Error("a table that is not there was taken")
	}
}

// What calibrate writes can be taken into use, and given back.
func TestUse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "table.json")
	other := strings.Replace(string(cost.Default().Encode()), `"cpu": "`, `"cpu": "another `, 1)
	if err := os.WriteFile(file, []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
	defer cost.Use("")
	if err := cost.Use(file); err != nil || cost.Current().Digest() == cost.Default().Digest() {
		t.Errorf("%v, digest %s", err, cost.Current().Digest())
	}
}

// Fit finds the prices that made the samples, and none below zero where noise would have it.
func TestFit(t *testing.T) {
	var samples []cost.Sample
	for _, m := range []float64{100, 300, 1000, 3000} {
		var w cost.Work
		w.Cholesky(m, 1, 0)
		samples = append(samples, cost.Sample{Work: w, Seconds: 7e-12*m*m*m + 2e-8*m})
	}
	p := cost.Fit(cost.Cholesky, samples)
	for i, want := range []float64{7e-12, 0, 2e-8} {
		if math.Abs(p.Seconds[i]-want) > 1e-9*7e-12+1e-6*want {
			t.Errorf("%s: %g, want %g", p.Terms[i], p.Seconds[i], want)
		}
	}
	if p.Error > 1e-8 || p.Worst > 1+1e-8 || p.Samples != 4 {
		t.Errorf("%+v", p)
	}
	for i := range samples {
		samples[i].Seconds = 1 / samples[i].Seconds // falls with the size: nothing fits
	}
	for i, v := range cost.Fit(cost.Cholesky, samples).Seconds {
		if !(v >= 0) {
			t.Errorf("price %d is %g", i, v)
		}
	}
}
