// Package par is the one fork-join of the numerics, and the only place that starts goroutines for them.
//
// Work is cut into fixed groups by whoever knows it; the cut never depends on the number of workers, and neither do
// results: a group writes to memory of its own, and whoever forked reduces the groups in their order afterwards.
package par

import "runtime"

// Task is a piece of work cut into groups. Run is called once for each group, by some worker; groups may run at the
// same time, so a group may write only what no other group touches. Which worker runs a group never decides bits.
//
// A task serves one [Run] at a time. It must not call runtime.Goexit (t.FailNow, say).
type Task interface {
	Run(group, worker int)
}

// MaxWorkers bounds the workers of one fork-join: worker numbers are 0 … MaxWorkers-1.
const MaxWorkers = 16

// serialFlops is the work of about 0.2 ms on one core at 40 Gflop/s. Waking a parked worker takes between 5 µs and half
// of that, by machine and load, so that less work gains nothing from a second core. The scalar path is slower by a factor
// of ten; it keeps the same threshold, for it is not run for speed.
const serialFlops = 8e6

// Workers returns how many workers a [Run] that begins now may use: min(GOMAXPROCS, MaxWorkers). Scratch that is kept
// while GOMAXPROCS may grow needs MaxWorkers entries, which may be made when first used.
func Workers() int { return min(runtime.GOMAXPROCS(0), MaxWorkers) }

// Run calls t.Run(g, w) once for every group g = 0 … groups-1 and returns when all have returned. flops is an estimate
// of the whole work in floating-point operations, counted like the cost model does: under 8e6 (about 0.2 ms of one core)
// the caller does it alone, as it does where GOMAXPROCS is 1, where it is itself a group of another Run, and where
// another goroutine's Run is under way. The caller is worker 0. Groups are handed out in ascending order.
//
// A panic in a group stops the handing out of groups; once the groups that run have returned, it goes on in the caller
// (the first, where several panic). Run allocates nothing once its workers are started. It is safe for concurrent use.
func Run(groups int, flops float64, t Task) {
	n := min(Workers(), groups)
	if n > 1 && flops >= serialFlops && shared.busy.CompareAndSwap(false, true) {
		shared.run(groups, n, t)
		return
	}
	for g := range groups {
		t.Run(g, 0)
	}
}
