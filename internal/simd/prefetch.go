package simd

// Prefetch is a list of memory ranges that a kernel asks for while it computes, one cache line every few
// multiply-adds, so that the next block of points is in cache when its turn comes. It is a hint: it never changes a
// result, and the scalar path ignores it. The zero value is an empty list. It is used by one worker at a time.
type Prefetch struct {
	ranges [prefetchRanges][]float64
	n, at  int
}

const prefetchRanges = 8

// Add appends the memory of x to the list. A list holds eight ranges; more are dropped.
func (p *Prefetch) Add(x []float64) {
	if len(x) > 0 && p.n < prefetchRanges {
		p.ranges[p.n] = x
		p.n++
	}
}

// Reset empties the list.
func (p *Prefetch) Reset() { *p = Prefetch{} }

// take removes the next lines cache lines from the list and returns where they start and the step between them in
// bytes. Where nothing is left it returns rest and a step of zero. The last lines of a range may lie past its end.
func (p *Prefetch) take(lines int, rest *float64) (*float64, int) {
	if p == nil || p.at >= p.n || lines == 0 {
		return rest, 0
	}
	r := p.ranges[p.at]
	if lines*Lanes >= len(r) {
		p.at++
	} else {
		p.ranges[p.at] = r[lines*Lanes:]
	}
	return &r[0], 8 * Lanes
}
