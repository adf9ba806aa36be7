package harness_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ngdbench/harness"
	"ngdbench/results"
)

// BenchmarkOverhead runs cells of a fake solver that takes 0.1 s through the real runner, two side by side, and reports what
// a cell costs beside its training, and how much more the cells of the last quarter cost than those of the first:
//
//	go test -run '^$' -bench Overhead -benchtime 1x ./harness
func BenchmarkOverhead(b *testing.B) {
	for _, cells := range []int{100, 1000} {
		b.Run("cells="+strconv.Itoa(cells), func(b *testing.B) {
			for b.Loop() {
				dir := b.TempDir()
				cmd, _, stderr := benchrun(b, b.Name(), "run", "slow", "--out", dir, "--seeds", "1.."+strconv.Itoa(cells), "--filter", "/opt:patient", "--steps", "20")
				start := time.Now()
				if err := cmd.Run(); err != nil {
					b.Fatalf("%v\n%s", err, stderr)
				}
				wall := time.Since(start)
				var records []results.Record
				for _, rec := range readFolder(b, dir) {
					records = append(records, rec)
				}
				slices.SortFunc(records, func(x, y results.Record) int { return x.Started.Compare(y.Started) })
				const jobs = 2
				per := func(span time.Duration, part []results.Record) float64 {
					for _, rec := range part {
						span -= rec.Finished.Sub(rec.Started) / jobs
					}
					return span.Seconds() * 1e3 * jobs / float64(len(part))
				}
				n, quarter := len(records), len(records)/4
				first := per(records[quarter].Started.Sub(records[0].Started), records[:quarter])
				last := per(records[n-1].Started.Sub(records[n-1-quarter].Started), records[n-1-quarter:n-1])
				b.ReportMetric(per(wall, records), "ms/cell")
				b.ReportMetric(last/first, "last/first")
			}
		})
	}
}

// manyCells is how many keys plan and status must bear.
const manyCells = 100_000

// BenchmarkManyKeys runs plan and status on a grid of 100,000 cells: none of them there, all there, all there from other
// code, and all there under other settings. It reports seconds and peak memory of the process:
//
//	go test -run '^$' -bench ManyKeys -benchtime 1x ./harness
func BenchmarkManyKeys(b *testing.B) {
	c, code := fakeCatalogue(), ""
	suite, err := c.Suite("many")
	if err != nil {
		b.Fatal(err)
	}
	specs, err := harness.Expand(c, suite, harness.Options{})
	if err != nil || len(specs) != manyCells {
		b.Fatal(len(specs), err)
	}
	if code, err = harness.CodeIdentity(); err != nil {
		b.Fatal(err)
	}
	other := slices.Clone(specs)
	for i := range other {
		other[i].Key = fmt.Sprintf("%020x", i)
	}
	for _, at := range []struct {
		name, code string
		specs      []harness.Spec
	}{{"missing", code, nil}, {"done", code, specs}, {"other_code", "01d", specs}, {"other_settings", code, other}} {
		dir := b.TempDir()
		fill(b, dir, c, at.code, at.specs)
		for _, args := range [][]string{{"plan", "many", "--out", dir}, {"status", dir}} {
			b.Run("records="+at.name+"/command="+args[0], func(b *testing.B) {
				for b.Loop() {
					cmd, stdout, stderr := benchrun(b, b.Name(), args...)
					cmd.Dir = "." // where the source is, and so the code identity
					start := time.Now()
					if err := cmd.Start(); err != nil {
						b.Fatal(err)
					}
					peak := peakOf(cmd.Process.Pid)
					if err := cmd.Wait(); err != nil {
						b.Fatalf("%v\n%s", err, stderr)
					}
					b.ReportMetric(time.Since(start).Seconds(), "s")
					b.ReportMetric(<-peak/1e6, "MB")
					lines := bytes.Split(bytes.TrimSpace(stdout.Bytes()), []byte("\n"))
					b.Log(string(lines[len(lines)-1]))
				}
			})
		}
	}
}

// peakOf follows the peak memory of a process until it is gone. Its ru_maxrss would begin at the size of its parent.
func peakOf(pid int) <-chan float64 {
	out := make(chan float64, 1)
	go func() {
		last := 0.0
		for {
			text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, field, found := strings.Cut(string(text), "VmHWM:")
			if err != nil || !found {
				out <- last
				return
			}
			_, _ = fmt.Sscan(field, &last)
			last *= 1024
			time.Sleep(2 * time.Millisecond)
		}
	}()
	return out
}

// fill writes a small record of each cell.
func fill(b *testing.B, dir string, c harness.Catalogue, code string, specs []harness.Spec) {
	b.Helper()
	cells := filepath.Join(dir, results.CellsFolder)
	if err := os.MkdirAll(cells, 0o755); err != nil {
		b.Fatal(err)
	}
	for _, s := range specs {
		rec := harness.NewRecord(c, s)
		rec.Code, rec.Status = code, results.Budget
		text, err := results.Encode(rec)
		if err == nil {
			err = os.WriteFile(filepath.Join(cells, results.FileName(rec.Key, rec.Code, rec.Status)), text, 0o644)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
