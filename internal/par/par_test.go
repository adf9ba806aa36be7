package par

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// forced is a number of flops that never runs serially.
const forced = 1e12

// procs sets GOMAXPROCS for one test.
func procs(t testing.TB, n int) {
	was := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(was) })
}

// task adapts a function.
type task func(group, worker int)

func (f task) Run(group, worker int) { f(group, worker) }

func TestEveryGroupOnce(t *testing.T) {
	for _, n := range []int{1, 2, 4, MaxWorkers + 3} {
		procs(t, n)
		for _, groups := range []int{0, 1, 2, 3, 16, 1000} {
			count := make([]int, groups) // written without atomics: the race detector sees a group run twice
			Run(groups, forced, task(func(g, w int) {
				count[g]++
				if w < 0 || w >= Workers() {
					t.Errorf("GOMAXPROCS %d: group %d on worker %d", n, g, w)
				}
			}))
			for g, c := range count {
				if c != 1 {
					t.Fatalf("GOMAXPROCS %d, %d groups: group %d ran %d times", n, groups, g, c)
				}
			}
		}
	}
}

// TestWorkersRunTogether would hang if the groups were not on different goroutines.
func TestWorkersRunTogether(t *testing.T) {
	for _, n := range []int{2, 3, MaxWorkers} {
		procs(t, n)
		for range 20 {
			var meet sync.WaitGroup
			meet.Add(n)
			seen := make([]bool, MaxWorkers)
			Run(n, forced, task(func(_, w int) {
				seen[w] = true
				meet.Done()
				meet.Wait()
			}))
			for w := range seen {
				if seen[w] != (w < n) {
					t.Fatalf("GOMAXPROCS %d: worker %d took part: %v", n, w, seen[w])
				}
			}
		}
	}
}

func TestSerialWhereItPays(t *testing.T) {
	procs(t, 4)
	for _, c := range []struct {
		flops  float64
		groups int
	}{{0, 9}, {serialFlops - 1, 9}, {math.NaN(), 9}, {forced, 1}} {
		next := 0
		Run(c.groups, c.flops, task(func(g, w int) {
			if g != next || w != 0 {
				t.Errorf("flops %g: group %d on worker %d, want %d on 0", c.flops, g, w, next)
			}
			next++
		}))
	}
	procs(t, 1)
	Run(9, forced, task(func(_, w int) {
		if w != 0 {
			t.Errorf("GOMAXPROCS 1: worker %d", w)
		}
	}))
}

func TestNestedRunIsSerial(t *testing.T) {
	procs(t, 3)
	var sum atomic.Int64
	Run(8, forced, task(func(int, int) {
		next := 0
		Run(5, forced, task(func(g, w int) {
			if g != next || w != 0 {
				t.Errorf("nested group %d on worker %d, want %d on 0", g, w, next)
			}
			next++
			sum.Add(1)
		}))
	}))
	if sum.Load() != 40 {
		t.Fatalf("%d nested groups ran, want 40", sum.Load())
	}
}

func TestPanicReachesCaller(t *testing.T) {
	procs(t, 3)
	caught := func(groups int, f task) (r any) {
		defer func() { r = recover() }()
		Run(groups, forced, f)
		return nil
	}
	var started atomic.Int64
	for i := range 30 {
		if r := caught(1000, func(g, _ int) {
			if g == i {
				panic("par_test: planned")
			}
		}); r != "par_test: planned" {
			t.Fatalf("recovered %v", r)
		}
	}
	r := caught(1000, func(int, int) { started.Add(1); panic("par_test: every group") })
	if n := started.Load(); r == nil || n > 3 {
		t.Fatalf("recovered %v after %d groups, want at most one a worker", r, n)
	}
	r = caught(3, func(_, w int) {
		for w == 0 && started.Load() < 1e6 { // worker 0 waits until another has panicked
			runtime.Gosched()
		}
		if w != 0 {
			started.Store(1e6)
			panic("par_test: not the caller")
		}
	})
	if r != "par_test: not the caller" {
		t.Fatalf("recovered %v", r)
	}
	if r := caught(100, func(int, int) {}); r != nil {
		t.Fatalf("a later call panics: %v", r)
	}
}

func TestConcurrentCallersAndProcs(t *testing.T) {
	procs(t, 2)
	stop := make(chan struct{})
	var changer, callers sync.WaitGroup
	changer.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				runtime.GOMAXPROCS(1 + i%5)
				time.Sleep(100 * time.Microsecond)
			}
		}
	})
	for range 3 {
		callers.Go(func() {
			for i := range 200 {
				out := make([]int, 17)
				Run(len(out), forced, task(func(g, _ int) { out[g] += g + i }))
				for g, v := range out {
					if v != g+i {
						t.Errorf("call %d: group %d left %d", i, g, v)
					}
				}
			}
		})
	}
	callers.Wait()
	close(stop)
	changer.Wait()
}

// TestParkedWorkersWake lets the workers fall asleep between calls, and makes both sides wait for each other.
func TestParkedWorkersWake(t *testing.T) {
	procs(t, 2)
	for i := range 20 {
		var meet sync.WaitGroup
		meet.Add(2)
		Run(2, forced, task(func(_, w int) {
			meet.Done()
			meet.Wait()
			if i%2 == 0 && w != 0 {
				time.Sleep(4 * idleSpin) // the caller parks
			}
		}))
		time.Sleep(4 * idleSpin) // the worker parks
	}
}

func TestNoAllocation(t *testing.T) {
	procs(t, 2)
	f := task(func(int, int) {})
	var t0 Task = f
	for range 100 {
		Run(16, forced, t0)
	}
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	for range 1000 {
		Run(16, forced, t0)
	}
	runtime.ReadMemStats(&b)
	if n := b.Mallocs - a.Mallocs; n > 20 { // the runtime makes a few of its own
		t.Fatalf("%d allocations in 1000 calls", n)
	}
}

// spin is a group of a fixed amount of arithmetic on one core.
type spin struct {
	steps int
	out   [64]struct {
		v float64
		_ [56]byte
	}
}

func (s *spin) Run(g, _ int) {
	x := float64(g)
	for range s.steps {
		x = math.FMA(x, 0.999, 1)
	}
	s.out[g].v = x
}

// BenchmarkRun shows what a fork-join costs beside its work: 16 groups, the work of all of them in the name.
func BenchmarkRun(b *testing.B) {
	for _, c := range []struct {
		name  string
		steps int
	}{{"work=none", 0}, {"work=40us", 2000}, {"work=400us", 20000}} {
		b.Run(c.name, func(b *testing.B) {
			s := &spin{steps: c.steps}
			for b.Loop() {
				Run(16, forced, s)
			}
		})
	}
}
