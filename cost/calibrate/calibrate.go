// Package calibrate measures what operations cost on this machine and fits a calibration table to it.
package calibrate

import (
	"runtime"
	"slices"
	"time"

	"ngdbench/cost"
	"ngdbench/objective"
)

// Options say what is measured.
type Options struct {
	Objectives []objective.Objective // whose evaluation and tangent maps are measured; they should differ in N, C, P and widths
	Threads    []int                 // rising
	Progress   func(done, total int, what string)
}

// Limits of one measurement: larger ones are left to the formulas.
const (
	mostFlops  = 1e11
	mostFloats = 6e7
)

// Columns measures every operation over its sizes and fits its unit prices, for each number of threads. On two cores of about 50 GF/s
// each it takes some three minutes.
func Columns(o Options) (columns []cost.Column) {
	jobs := slices.Concat(matrixJobs(), networkJobs(o.Objectives))
	done, total := 0, len(jobs)*len(o.Threads)
	for _, threads := range o.Threads {
		samples := map[cost.Operation][]cost.Sample{}
		before := runtime.GOMAXPROCS(threads)
		for _, j := range jobs {
			if o.Progress != nil {
				o.Progress(done, total, j.what.String())
			}
			if s, ok := j.measure(); ok {
				samples[j.what] = append(samples[j.what], s)
			}
			done++
		}
		runtime.GOMAXPROCS(before)
		c := cost.Column{Threads: threads, Prices: map[string]cost.Price{}}
		for _, op := range cost.Operations() {
			c.Prices[op.String()] = cost.Fit(op, samples[op])
		}
		columns = append(columns, c)
	}
	return columns
}

// job is one measurement: an amount of work, and what makes the function that does it.
type job struct {
	what   cost.Operation
	work   cost.Work
	floats float64 // memory it needs
	make   func() func()
}

// measure times the job, or says that it is too large.
func (j *job) measure() (cost.Sample, bool) {
	if j.work.Flops() > mostFlops || j.floats > mostFloats {
		return cost.Sample{}, false
	}
	do := j.make()
	return cost.Sample{Work: j.work, Seconds: Time(do)}, true
}

// Time is the seconds of one call: the median of a few samples after a first call, each as many calls as last a millisecond.
func Time(do func()) float64 {
	do()
	var times []float64
	begin := time.Now()
	for len(times) == 0 || len(times) < 7 && time.Since(begin) < 300*time.Millisecond {
		n, start := 0, time.Now()
		for n == 0 || time.Since(start) < time.Millisecond {
			do()
			n++
		}
		times = append(times, time.Since(start).Seconds()/float64(n))
	}
	slices.Sort(times)
	return times[len(times)/2]
}
