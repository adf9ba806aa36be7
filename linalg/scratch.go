package linalg

import "sync"

// scratch is what one running call needs beside its operands: the packed slabs and the task values, which live on the
// heap once so that a call makes none. Calls may run side by side and inside one another: each takes one from the list
// of idle ones and gives it back, so there are as many as calls ever ran at once. A slab is at most about 4 MB.
type scratch struct {
	product product
	solve   rightSolve
	mirror  mirror
	matvec  matvec
	tri     triangle

	bandProduct bandProduct
	bandSolve   bandSolve
	sparse      sparseProduct

	a, b []float64 // packed slabs of the product
	full []float64 // a symmetric operand written out; columns of a band product or solve
}

var idle struct {
	sync.Mutex
	list []*scratch
}

func take() *scratch {
	idle.Lock()
	defer idle.Unlock()
	n := len(idle.list)
	if n == 0 {
		return new(scratch)
	}
	s := idle.list[n-1]
	idle.list = idle.list[:n-1]
	return s
}

func (s *scratch) give() {
	idle.Lock()
	idle.list = append(idle.list, s)
	idle.Unlock()
}

// Grow returns s with length n, kept where it is long enough. Contents are not kept.
func Grow(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	return s[:n]
}
