package par

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Each calls do for 0 … n-1, some at a time, and returns when all have returned: for files, which are read, written and
// waited for, and not for the numerics.
func Each(n int, do func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, 2*runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
}
