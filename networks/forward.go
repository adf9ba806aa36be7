package networks

import (
	"ngdbench/cost"
	"ngdbench/internal/par"
	"ngdbench/internal/simd"
)

// scratch is what one worker needs for one block.
type scratch struct {
	z, a     [][]float64 // of each hidden layer; without gradients one z and two a take turns
	g        []float64   // derivatives with respect to the channels of the input layer's output
	memory   []float64   // a and δ of a block that is not kept
	lanes    []float64
	u        []float64
	jets     []float64
	r        []float64
	seed     []float64 // as the functional writes it
	seeds    []float64 // of one functional, [channel][point][output]
	y        []float64
	pack     []float64 // y∘δ of one layer
	prefetch simd.Prefetch
	export   bool // the factors are to be filled
}

// prepare makes scratch for workers that have none yet: all of them in New, more only if GOMAXPROCS has grown since.
func (t *Tape) prepare() {
	for w := range par.Workers() {
		if t.work[w] == nil {
			t.work[w] = t.newScratch(t.booked(w))
		}
	}
}

// booked is the meter on which the scratch of a worker is booked: the tape's for the first, none for the others, so that
// what is booked does not depend on the number of threads.
func (t *Tape) booked(worker int) *cost.Meter {
	if worker == 0 {
		return t.m
	}
	return nil
}

func (t *Tape) newScratch(m *cost.Meter) *scratch {
	s, f, outs := &scratch{}, m.Floats, t.net.Outputs()
	wide := 0
	for _, l := range t.layers[:t.hidden] {
		wide = max(wide, l.ldOut)
	}
	points := t.maximum(func(g *group) int { return g.size })
	channels := t.maximum(func(g *group) int { return g.c * g.size })
	rows := t.maximum(func(g *group) int { return g.rows * g.size })
	s.lanes, s.u = f(simd.Lanes*channels), f(channels)
	s.jets, s.r = f(outs*channels), f(rows)
	zs, as := min(t.hidden, 1), min(t.hidden, 2)
	if t.use >= Gradients {
		zs, as = t.hidden, min(t.hidden, 1)
		s.g = f(channels * wide)
		s.seed = f(t.maximum(func(g *group) int { return g.rows * g.size * g.c * outs }))
		s.seeds, s.y = f(outs*channels), f(points)
		s.pack = f(channels * wide)
		s.memory = f(t.maximum(func(g *group) int { return g.size * g.point }))
	}
	for range zs {
		s.z = append(s.z, f(channels*wide))
	}
	for range as {
		s.a = append(s.a, f(channels*wide))
	}
	return s
}

// workers is how many workers have scratch.
func (t *Tape) workers() int {
	n := 0
	for n < len(t.work) && t.work[n] != nil {
		n++
	}
	return n
}

// input returns the channels of layer l's input that are not zero, [channel][point][Pad(In)].
func (t *Tape) input(b *block, mem []float64, l int) []float64 {
	g := &t.groups[b.group]
	ld := t.layers[l].ldIn
	if l == 0 {
		return t.x[b.in:][:g.c0*b.n*ld]
	}
	return mem[b.n*g.a[l]:][:g.c*b.n*ld]
}

// forward runs a block through the hidden layers and returns the input of the output layer. It writes the inputs of the
// layers between to mem, and keeps z, where mem is not nil.
func (t *Tape) forward(b *block, s *scratch, mem []float64) []float64 {
	g := &t.groups[b.group]
	in := t.input(b, mem, 0)
	act := t.net.act()
	for l := range t.hidden {
		y := &t.layers[l]
		z, a := s.z[0], s.a[l%len(s.a)]
		if mem != nil {
			z = s.z[l]
			if l+1 < t.hidden {
				a = t.input(b, mem, l+1)
			}
		}
		c, n := g.channels(l), b.n*y.ldOut
		simd.MulPanels(b.n, y.Out, y.In, in, y.ldIn, t.theta.forward[l], t.theta.bias[l], z, y.ldOut)
		simd.MulPanels((c-1)*b.n, y.Out, y.In, in[b.n*y.ldIn:], y.ldIn, t.theta.forward[l], nil, z[n:], y.ldOut)
		clear(z[c*n : g.c*n])
		act.Jet(g.shape, n, z, a, n)
		in = a[:g.c*n]
	}
	return in
}

// outputs writes the jets of a block, for each point outputs×C, from the input of the output layer.
func (t *Tape) outputs(b *block, s *scratch, last, dst []float64) {
	g, y := &t.groups[b.group], &t.layers[t.hidden]
	c := g.channels(t.hidden)
	lanes, u := s.lanes[:simd.Lanes*c*b.n], s.u[:c*b.n]
	for o := range y.Out {
		clear(lanes)
		simd.DotPanels(c*b.n, y.In, 0, nil, 0, nil, t.theta.out[o*y.ldIn:], last, y.ldIn, lanes, nil)
		simd.SumLanes(u, lanes)
		for i := range b.n {
			jet := dst[(i*y.Out+o)*g.c:][:g.c]
			clear(jet)
			for k := range c {
				jet[k] = u[k*b.n+i]
			}
			jet[0] += t.theta.outBias[o]
		}
	}
	if t.ansatz != nil {
		t.liftBlock(b, dst)
	}
}

// residuals computes the residuals of a block into r, and their seeds where seed is not nil.
func (t *Tape) residuals(b *block, s *scratch, last, r, seed []float64) {
	g, outs := &t.groups[b.group], t.net.Outputs()
	jets := s.jets[:b.n*outs*g.c]
	t.outputs(b, s, last, jets)
	if seed != nil {
		seed = seed[:g.rows*len(jets)]
	}
	local := s.r[:b.n*g.rows]
	t.fn.Rows(b.group, b.lo, b.lo+b.n, jets, local, seed)
	if seed != nil && t.ansatz != nil {
		t.lowerBlock(b, seed)
	}
	for f := range g.rows {
		for i, dst := 0, r[b.row+f*g.n:][:b.n]; i < b.n; i++ {
			dst[i] = local[i*g.rows+f]
		}
	}
}
