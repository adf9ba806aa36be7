package par

import (
	"sync/atomic"
	"testing"
)

func TestEachOnce(t *testing.T) {
	for _, n := range []int{0, 1, 3, 1000} {
		counts := make([]atomic.Int32, n)
		Each(n, func(i int) { counts[i].Add(1) })
		for i := range counts {
			if c := counts[i].Load(); c != 1 {
				t.Fatalf("%d of %d was called %d times", i, n, c)
			}
		}
	}
}
