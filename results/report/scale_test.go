package report

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"ngdbench/results"
	"ngdbench/results/resultstest"
)

// BenchmarkReport is the whole command on 10,000 made-up cells: 50 training problems, 10 solvers, 20 seeds. It reports the
// largest heap that was seen. Asked for: 20 s and 1 GB.
//
//	go test -run '^$' -bench Report -benchtime 1x ./results/report
func BenchmarkReport(b *testing.B) {
	dir, out := b.TempDir(), b.TempDir()
	resultstest.WriteRun(b, dir, many(50, 20))
	debug.FreeOSMemory() // what making the records took is not the report's
	b.ResetTimer()
	for range b.N {
		stop, peak := watchHeap()
		if code, _, stderr := run(dir, "--out", out); code != 0 {
			b.Fatal(stderr)
		}
		close(stop)
		b.ReportMetric(<-peak/1e6, "peak-MB")
	}
	files, _ := filepath.Glob(filepath.Join(out, "*"))
	b.ReportMetric(float64(len(files)), "files")
	if _, err := os.Stat(filepath.Join(out, PageFile)); err != nil {
		b.Fatal(err)
	}
}

// many is so many training problems with ten solvers each.
func many(problems, seeds int) (list []results.Record) {
	methods := append([]resultstest.Method{}, resultstest.Quick...)
	methods = append(methods, resultstest.Method{Opt: "svd", Class: "explicit", Rank: "0", Damp: "1e-10", Search: "grid", Step: 0.09, Rate: 3, Floor: 1e-6},
		resultstest.Method{Opt: "jacobi", Class: "matrix-free", Rank: "0", Damp: "1e-10", Search: "grid", Step: 0.04, Rate: 2, Floor: 1e-5, Inner: 100})
	for i := range problems {
		for _, r := range resultstest.Records(methods, seeds, 4) {
			r.Block, r.Cell = fmt.Sprintf("block%d", i), r.Cell.Clone()
			r.Cell["points"] = fmt.Sprintf("%d+120", 900+i)
			r.Name, r.Key = r.Cell.Name(), fmt.Sprintf("%08x", len(list))
			r.Sizes.Points = []int{900 + i, 120}
			list = append(list, r)
		}
	}
	return list
}

// watchHeap looks at the heap every few milliseconds until stop is closed, and then sends the largest size.
func watchHeap() (stop chan struct{}, peak chan float64) {
	stop, peak = make(chan struct{}), make(chan float64, 1)
	go func() {
		most := uint64(0)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapSys-m.HeapReleased)
			select {
			case <-stop:
				peak <- float64(most)
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return stop, peak
}
