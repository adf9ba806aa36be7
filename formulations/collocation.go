package formulations

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"ngdbench/cost"
	"ngdbench/networks"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// collocation is one part of the domain with its points and the blocks that lie on it.
type collocation struct {
	part   geometry.Part
	n, d   int
	order  problems.Order // the highest of the blocks
	fields int
	c      int       // channels of that order
	x      []float64 // n×d
	blocks []block
}

// block is a residual block on a collocation.
//
// Where the residual is affine in the jet, r = r₀(x) + q(x)·jet, both are computed when the points are drawn, and an
// evaluation asks no Term: for a Poisson problem in a small network the sines of the source would take a good part of
// it. base and slope hold r₀ and q of every point, whitened, q in the channels of the collocation.
type block struct {
	problems.Strong
	w             float64   // the factor that whitens its residuals
	c             int       // channels that the Term reads
	base, slope   []float64 // n and n×fields×(channels of the collocation); nil where not affine
	zero, partial []float64 // scratch of expand, fields×c
}

func newCollocation(p *problems.Problem, part geometry.Part, n int) (collocation, error) {
	d := p.Dim()
	c := collocation{part: part, n: n, d: d, fields: len(p.Fields), x: make([]float64, n*d)}
	for _, s := range p.Strong {
		if s.Part == part {
			if min(c.order, s.Order) > problems.Gradient && c.order != s.Order {
				return c, fmt.Errorf("%s: the blocks of the part %s ask for different second derivatives", p.Name, part)
			}
			c.order = max(c.order, s.Order)
			c.blocks = append(c.blocks, block{Strong: s, c: s.Order.Channels(d)})
		}
	}
	c.c = c.order.Channels(d)
	for k := range c.blocks {
		if b := &c.blocks[k]; b.Affine {
			b.base, b.slope = make([]float64, n), make([]float64, n*c.fields*c.c)
			b.zero, b.partial = make([]float64, c.fields*b.c), make([]float64, c.fields*b.c)
		}
	}
	return c, nil
}

// collocations makes those of some parts, counts[k] points on part k, weighed, without their points.
func collocations(p *problems.Problem, parts []geometry.Part, counts []int, w Weights) ([]collocation, error) {
	out := make([]collocation, len(parts))
	for k, part := range parts {
		c, err := newCollocation(p, part, counts[k])
		if err != nil {
			return nil, err
		}
		out[k] = c
	}
	w.apply(p.Domain, out)
	return out, nil
}

// drawAll takes new points of all parts from r.
func drawAll(parts []collocation, domain geometry.Domain, r *rand.Rand) {
	for k := range parts {
		parts[k].draw(domain, r)
	}
}

// rowsOf is the number of residuals of all parts.
func rowsOf(parts []collocation) int {
	n := 0
	for _, c := range parts {
		n += c.n * len(c.blocks)
	}
	return n
}

// floats is how many numbers the collocation keeps.
func (c *collocation) floats() int {
	n := len(c.x)
	for _, b := range c.blocks {
		n += len(b.base) + len(b.slope) + len(b.zero) + len(b.partial)
	}
	return n
}

// draw takes new points from r.
func (c *collocation) draw(domain geometry.Domain, r *rand.Rand) {
	domain.Draw(c.x, c.part, r)
	c.moved()
}

// moved computes what depends on the points alone.
func (c *collocation) moved() {
	for k := range c.blocks {
		if b := &c.blocks[k]; b.Affine {
			c.expand(b)
		}
	}
}

// expand fills base and slope of an affine block.
func (c *collocation) expand(b *block) {
	w := b.w
	for i := range c.n {
		b.base[i] = w * b.Term(c.point(i), b.zero, b.partial)
		q := b.slope[i*c.fields*c.c:][:c.fields*c.c]
		c.widen(q, b.partial, b.c)
		for k := range q {
			q[k] *= w
		}
	}
}

func (c *collocation) point(i int) []float64 { return c.x[i*c.d : (i+1)*c.d] }

// widen copies fields×n channels into fields×c.c, the others zero. dst may begin where src does.
func (c *collocation) widen(dst, src []float64, n int) {
	for f := c.fields - 1; f >= 0; f-- { // from behind, for dst overtakes src
		copy(dst[f*c.c:][:n], src[f*n:][:n])
		clear(dst[f*c.c+n : (f+1)*c.c])
	}
}

// strong evaluates residual blocks at collocation points: the Functional of a tape. Each tape has its own, for its scratch.
type strong struct {
	parts []collocation
	// narrow[k] holds, for each point of part k, a jet in the channels of a Term that reads fewer than the part has. It
	// is per point, since workers are not told apart.
	narrow [][]float64
}

func newStrong(parts []collocation, m *cost.Meter) *strong {
	s := &strong{parts: parts, narrow: make([][]float64, len(parts))}
	for k, c := range parts {
		if slices.ContainsFunc(c.blocks, func(b block) bool { return !b.Affine && b.c < c.c && c.fields > 1 }) {
			s.narrow[k] = m.Floats(c.n * c.fields * c.c)
		}
	}
	return s
}

var _ networks.Functional = (*strong)(nil)

// Rows computes the whitened residuals of points lo … hi-1 of a part, and their partial derivatives.
func (s *strong) Rows(group, lo, hi int, jets, r, seed []float64) {
	c := &s.parts[group]
	size, rows := c.fields*c.c, len(c.blocks)
	for i := range hi - lo {
		jet := jets[i*size:][:size]
		for k := range c.blocks {
			at := i*rows + k
			var q []float64
			if seed != nil {
				q = seed[at*size:][:size]
			}
			if b := &c.blocks[k]; b.Affine {
				r[at] = b.affine(lo+i, jet, q)
			} else {
				r[at] = s.general(group, b, lo+i, jet, q)
			}
		}
	}
}

// affine returns r₀ + q·jet at point i. The products are rounded before they are added, on every machine.
func (b *block) affine(i int, jet, q []float64) float64 {
	slope := b.slope[i*len(jet):][:len(jet)]
	r := b.base[i]
	for k, v := range slope {
		r += float64(v * jet[k])
	}
	copy(q, slope)
	return r
}

// general asks the Term, in its own channels, and whitens what it says.
func (s *strong) general(group int, b *block, i int, jet, q []float64) float64 {
	c := &s.parts[group]
	w := b.w
	partial := q
	if q != nil {
		partial = q[:c.fields*b.c]
	}
	r := w * b.Term(c.point(i), s.narrowed(group, b, i, jet), partial)
	if q != nil {
		c.widen(q, partial, b.c)
		for k := range q {
			q[k] *= w
		}
	}
	return r
}

// narrowed is the jet in the channels that the Term of b reads.
func (s *strong) narrowed(group int, b *block, i int, jet []float64) []float64 {
	c := &s.parts[group]
	if b.c == c.c || c.fields == 1 {
		return jet[:c.fields*b.c]
	}
	dst := s.narrow[group][i*c.fields*c.c:][:c.fields*b.c]
	for f := range c.fields {
		copy(dst[f*b.c:][:b.c], jet[f*c.c:])
	}
	return dst
}
