package harness

import (
	"context"
	"runtime"
	"sync"
	"time"

	"ngdbench/results"
)

// Timing classes: what a time in a record can be compared with.
const (
	timingExclusive = "exclusive" // one cell at a time
	timingPinned    = "pinned"    // side by side, each on cores of its own
	timingShared    = "shared"    // side by side
)

// runner trains cells in children, some side by side, and hands each record on the moment it is there.
type runner struct {
	Catalogue Catalogue
	Jobs      int           // cells side by side
	Limit     time.Duration // hard limit of a cell; 0: see hardLimit
	Memory    int64         // limit of a child in bytes; 0: none
	Places    [][]int       // processors of each job; nil: not pinned
	Kill      context.Context

	Begin  func(slot int, t task)
	Row    func(slot int, t task, r results.Row)
	Finish func(slot int, t task, rec results.Record, log string) error
	Drop   func(slot int, t task) // an interrupted one
	// Undiagnosed is told why a cell is trained without the diagnosis that was asked for.
	Undiagnosed func(t task, reason string)
}

// diagnosisTime is a minute or so for each row of the largest.
const diagnosisTime = 12 * time.Hour

// hardLimit is the wall time after which a child is killed: generous, for it guards against hangs and decides nothing.
func hardLimit(s Spec) time.Duration {
	limit := time.Hour
	if s.Limits.Seconds > 0 {
		limit = 30*time.Second + time.Duration(5*s.Limits.Seconds*float64(time.Second))
	}
	if s.Diagnose {
		limit += diagnosisTime
	}
	return limit
}

// run trains the tasks in their order. It stops starting new ones when ctx is done, and ends the running ones. The
// first error of Finish (a disk that is full, say) stops it too.
func (r runner) run(ctx context.Context, tasks []task) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	life, err := newLifeline()
	if err != nil {
		return err
	}
	defer life.close()
	queue := make(chan task)
	var wait sync.WaitGroup
	for slot := range max(1, min(r.Jobs, len(tasks))) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			runtime.LockOSThread() // never unlocked: the thread carries the affinity of its children and ends with us
			for t := range queue {
				if ctx.Err() != nil {
					continue
				}
				if err := r.one(ctx, slot, t, life); err != nil {
					stop(err)
				}
			}
		}()
	}
	for _, t := range tasks {
		select {
		case queue <- t:
		case <-ctx.Done():
		}
	}
	close(queue)
	wait.Wait()
	if err := context.Cause(ctx); err != nil && err != context.Canceled {
		return err
	}
	return nil
}

func (r runner) one(ctx context.Context, slot int, t task, life *lifeline) error {
	if t.Spec.Skip != "" {
		return r.Finish(slot, t, skippedRecord(NewRecord(r.Catalogue, t.Spec), t.Spec.Skip), "")
	}
	limit := r.Limit
	if limit == 0 {
		limit = hardLimit(t.Spec)
	}
	p := childProc{Order: order{Spec: t.Spec, Memory: r.Memory}, GOMAXPROCS: t.Spec.GOMAXPROCS, Kernels: t.Spec.Kernels, Limit: limit, Kill: r.Kill}
	if slot < len(r.Places) {
		p.CPUs = r.Places[slot]
	}
	if r.Row != nil {
		p.Row = func(row results.Row) { r.Row(slot, t, row) }
	}
	if r.Begin != nil {
		r.Begin(slot, t)
	}
	e := r.train(ctx, t, p, life)
	if e.Interrupted && e.Record == nil {
		if r.Drop != nil {
			r.Drop(slot, t)
		}
		return nil
	}
	return r.Finish(slot, t, outcome(r.Catalogue, t.Spec, limit, e), e.Log)
}

// train runs the child. One that is refused is run again without diagnosis: where it then trains, that was what did not fit.
func (r runner) train(ctx context.Context, t task, p childProc, life *lifeline) ending {
	e := p.run(ctx, life)
	if e.Refused == "" || !p.Order.Spec.Diagnose || ctx.Err() != nil {
		return e
	}
	p.Order.Spec.Diagnose = false
	again := p.run(ctx, life)
	if again.Record != nil && again.Refused == "" && r.Undiagnosed != nil {
		r.Undiagnosed(t, e.Refused)
	}
	return again
}

// places gives each job processors of its own, whole cores where there are enough. The class is exclusive for one job,
// pinned where no two jobs share a core, else shared.
func places(jobs, threads int, cores [][]int) (cpus [][]int, timing string) {
	if jobs <= 1 {
		return nil, timingExclusive
	}
	each := max(1, threads)
	if jobs*each > len(cores) {
		return nil, timingShared
	}
	for j := range jobs {
		var own []int
		for _, core := range cores[j*each : (j+1)*each] {
			own = append(own, core[0])
		}
		cpus = append(cpus, own)
	}
	return cpus, timingPinned
}
