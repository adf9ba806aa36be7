package par

import (
	"runtime"
	"sync/atomic"
	"time"
)

// idleSpin is how long a worker without work, or a caller whose last workers still compute, looks for a change before it
// parks. It covers the serial stretch between two products of a solver.
const idleSpin = 50 * time.Microsecond

// States of a worker. Who may change it: the caller of run everything but idle → parked, posted → running and the end of
// running or awaited, which are the worker's.
const (
	idle    = iota // looks for work, or is on its way to
	parked         // sleeps on wake
	posted         // has been given the job; taken back where the caller is done before the worker has begun
	running        // takes groups
	awaited        // takes groups, and the caller sleeps on done
)

type worker struct {
	state   atomic.Uint32
	started bool          // owned by whoever holds busy
	wake    chan struct{} // holds one token, sent by whoever ends the state parked
	_       [64]byte      // workers spin on their own cache line
}

// pool runs one job at a time. Its fields, the atomic ones apart, are written by the caller that holds busy while no
// worker is in the states posted to awaited.
type pool struct {
	busy   atomic.Bool
	task   Task
	groups int64
	done   chan struct{}
	failed atomic.Bool
	panic  any
	_      [64]byte
	next   atomic.Int64
	_      [64]byte
	worker [MaxWorkers]worker
}

var shared = pool{done: make(chan struct{}, 1)}

func (p *pool) run(groups, n int, t Task) {
	p.task, p.groups = t, int64(groups)
	p.next.Store(0)
	for w := 1; w < n; w++ {
		p.post(w)
	}
	p.work(0)
	for w := 1; w < n; w++ {
		p.join(&p.worker[w])
	}
	failed, value := p.failed.Load(), p.panic
	p.task, p.panic = nil, nil
	p.failed.Store(false)
	p.busy.Store(false)
	if failed {
		panic(value)
	}
}

// post gives the job to worker w, which begins at once if it spins, later if it must be woken, or never.
func (p *pool) post(w int) {
	k := &p.worker[w]
	if !k.started {
		k.started, k.wake = true, make(chan struct{}, 1)
		k.state.Store(posted)
		go p.serve(w)
		return
	}
	if k.state.Swap(posted) == parked {
		k.wake <- struct{}{}
	}
}

// join returns when k does not work on the job any more.
func (p *pool) join(k *worker) {
	if k.state.CompareAndSwap(posted, idle) {
		return
	}
	for t := time.Now(); time.Since(t) < idleSpin; {
		for range 100 {
			if s := k.state.Load(); s == idle || s == parked {
				return
			}
		}
		runtime.Gosched()
	}
	if k.state.CompareAndSwap(running, awaited) {
		<-p.done
	}
}

// work takes groups until none is left.
func (p *pool) work(w int) {
	defer p.catch()
	for {
		g := p.next.Add(1) - 1
		if g >= p.groups {
			return
		}
		p.task.Run(int(g), w)
	}
}

// catch keeps the first panic for the caller and lets no further group begin.
func (p *pool) catch() {
	if r := recover(); r != nil {
		if p.failed.CompareAndSwap(false, true) {
			p.panic = r
		}
		p.next.Store(p.groups)
	}
}

// serve is the life of a worker.
func (p *pool) serve(w int) {
	k := &p.worker[w]
	for {
		k.await()
		p.work(w)
		if k.state.Swap(idle) == awaited {
			p.done <- struct{}{}
		}
	}
}

// await returns when the state has gone from posted to running.
func (k *worker) await() {
	for {
		for t := time.Now(); time.Since(t) < idleSpin; {
			for range 100 {
				if k.state.Load() == posted && k.state.CompareAndSwap(posted, running) {
					return
				}
			}
			runtime.Gosched()
		}
		if k.state.CompareAndSwap(idle, parked) {
			<-k.wake
		}
	}
}
