package benchmarks

import (
	"flag"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"ngdbench/internal/simd"
)

var full = flag.Bool("full", false, "BenchmarkCore: every row, with more samples (8 minutes at most)")

// coreRow is one line of BenchmarkCore: a unit of the compute core on one input.
type coreRow struct {
	name    string // unit=…/…/threads=…
	short   bool   // shown without -full too
	bar     string // what must be reached, as in the metric "bar"; "" for none
	measure func(full bool) figures
}

// figures are the metrics of a row, and how many samples they are medians of.
type figures struct {
	samples int
	metrics []metric
}

type metric struct {
	value float64
	unit  string
}

// coreRows lists every row in the order of the output. Rows make their data when they are measured.
func coreRows() []coreRow {
	return slices.Concat(layerRows(), matrixRows(), bandRows(), networkRows(), stepRows())
}

// lastN is the largest number of iterations that testing asks a benchmark for.
const lastN = 1e9

// BenchmarkCore measures the compute core, as docs/kernels.md explains. Each row takes its samples once, by a budget of
// its own, whatever -benchtime says: testing calls a benchmark with ever larger b.N until it has used -benchtime, and the
// calls after the first only report. What is printed for b.N is the number of samples. Of -count and -cpu every run is
// sampled anew, for it has a *testing.B of its own.
func BenchmarkCore(b *testing.B) {
	for _, r := range coreRows() {
		if !r.short && !*full {
			continue
		}
		var last *testing.B
		var got figures
		b.Run(r.name, func(b *testing.B) {
			again := b == last
			if !again {
				last, got = b, r.measure(*full)
			}
			if !again || b.N == lastN { // in between testing reads b.N back, for its next guess
				//lint:ignore SA3001 the column of iterations shows the samples
				b.N = got.samples
			}
			for _, m := range got.metrics {
				b.ReportMetric(m.value, m.unit)
			}
		})
	}
}

// timed is the measure of a row whose operation, made by prepare, does flops nominal flops on the given threads.
type timed struct {
	threads int
	flops   float64
	bar     float64
	perItem float64 // items of one call, for the metric ns/item; 0: none
	prepare func() func()
}

// row names it.
func (t timed) row(name string, short bool) coreRow {
	r := coreRow{name: name, short: short, measure: t.measure}
	if t.bar > 0 {
		r.bar = "of-peak"
	}
	return r
}

// Samples of a row: as many as fit its budget, but a few at least, fewer where one takes over a second. A sample calls
// its operation until a millisecond has passed, so that reading the clock costs nothing.
const (
	shortBudget, fullBudget = 300 * time.Millisecond, 1500 * time.Millisecond
	sampleTime              = time.Millisecond
)

func leastSamples(full bool, one time.Duration) int {
	if full && one < time.Second {
		return 5
	}
	return 3
}

// measure takes samples of the operation between samples of the peak, and reports the medians. A share is taken against
// the mean of the peaks before and after it, for clock rates and neighbours come and go; for the best one it is the highest
// of the two and the row's median, for a disturbed peak must not make a record. The peak is that of one thread, times the
// number of threads.
func (t timed) measure(full bool) figures {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(t.threads))
	f := t.prepare()
	begin := time.Now()
	f() // makes workspace, warms caches, starts workers
	one := time.Since(begin)
	window := min(max(one/8, 200*time.Microsecond), 10*time.Millisecond)
	budget := shortBudget
	if full {
		budget = fullBudget
	}
	var times, shares, quiet, peaks []float64
	before := simd.PeakFlops(window)
	for begin = time.Now(); len(times) < leastSamples(full, one) || time.Since(begin) < budget; {
		s := sample(f)
		after := simd.PeakFlops(window)
		times = append(times, s)
		shares = append(shares, t.flops/(s*float64(t.threads)*(before+after)/2))
		peaks = append(peaks, max(before, after))
		quiet = append(quiet, probe(t.threads, window, after))
		before = after
	}
	best, typical := 0.0, median(slices.Clone(peaks))
	for i, s := range times {
		best = max(best, t.flops/(s*float64(t.threads)*max(peaks[i], typical)))
	}
	return t.figures(times, shares, quiet, best)
}

func (t timed) figures(times, shares, quiet []float64, best float64) figures {
	ns := median(times) * 1e9
	m := []metric{
		{ns, "ns/op"},
		{median(shares), "of-peak"},
		{best, "of-peak-best"},
		{median(quiet), "quiet"},
	}
	if t.bar > 0 {
		m = append(m, metric{t.bar, "bar"})
	}
	if t.perItem > 0 {
		m = append(m, metric{ns / t.perItem, "ns/item"})
	}
	return figures{len(times), m}
}

// probe measures how undisturbed the cores are, 1 where nothing else runs: simd.Quiet, which neighbours on the same core
// lower, times what the threads reach together of the multiply-add rate that they have one at a time, which falls where
// other work has one of the cores.
func probe(threads int, window time.Duration, peak float64) float64 {
	if threads == 1 {
		return simd.Quiet(window)
	}
	rates := make([]float64, threads)
	var wg sync.WaitGroup
	for i := range rates {
		wg.Go(func() { rates[i] = simd.PeakFlops(window) })
	}
	wg.Wait()
	together := 0.0
	for _, r := range rates {
		together += r
	}
	return simd.Quiet(window) * min(1, together/(float64(threads)*peak))
}

// sample is the time of one call of f in seconds, the mean of as many calls as last a millisecond.
func sample(f func()) float64 {
	n, begin := 0, time.Now()
	for n == 0 || time.Since(begin) < sampleTime {
		f()
		n++
	}
	return time.Since(begin).Seconds() / float64(n)
}

func median(x []float64) float64 {
	slices.Sort(x)
	n := len(x)
	return (x[(n-1)/2] + x[n/2]) / 2
}
