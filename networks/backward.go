package networks

import "ngdbench/internal/simd"

// backward carries the seeds of functional f back through the network and writes δ of every layer, e and s to mem.
func (t *Tape) backward(b *block, s *scratch, mem, last []float64, f int) {
	t.collapse(b, s, mem, last, f)
	if s.export {
		t.exportLayer(b, last, s.seeds, t.net.Outputs(), t.hidden, f)
	}
	if t.hidden == 0 {
		return
	}
	y := &t.layers[t.hidden]
	g := t.target(b, s, mem, f, t.hidden-1)
	simd.MulPanels(t.groups[b.group].c*b.n, y.In, y.Out, s.seeds, y.Out, t.theta.backward[t.hidden], nil, g, y.ldIn)
	for l := t.hidden - 1; l >= 0; l-- {
		g = t.backLayer(b, s, mem, last, g, f, l)
	}
}

// backLayer turns g, the derivatives with respect to the output of hidden layer l, into δ, in place, and returns the
// derivatives with respect to its input.
func (t *Tape) backLayer(b *block, s *scratch, mem, last, g []float64, f, l int) []float64 {
	y, shape := &t.layers[l], t.groups[b.group].shape
	n, a := b.n*y.ldOut, last
	if l+1 < t.hidden {
		a = t.input(b, mem, l+1)
	}
	t.net.act().Adjoint(shape, n, s.z[l], a, g, n)
	if s.export {
		t.exportLayer(b, t.input(b, mem, l), g, y.ldOut, l, f)
	}
	switch {
	case l > 0:
		next := t.target(b, s, mem, f, l-1)
		simd.MulPanels(shape.Channels()*b.n, y.In, y.Out, g, y.ldOut, t.theta.backward[l], nil, next, y.ldIn)
		return next
	case t.groups[b.group].direct:
		t.contract(b, mem, g, f)
	default:
		copy(t.adjoint(b, mem, f, 0), g)
	}
	return nil
}

// target is where the derivatives with respect to the output of hidden layer l go: to the place of its δ, but for the
// input layer, which keeps fewer channels.
func (t *Tape) target(b *block, s *scratch, mem []float64, f, l int) []float64 {
	if l > 0 {
		return t.adjoint(b, mem, f, l)
	}
	return s.g
}

// adjoint returns δ of hidden layer l for functional f, [channel][point][Pad(Out)]; for a direct input layer see first.
func (t *Tape) adjoint(b *block, mem []float64, f, l int) []float64 {
	g := &t.groups[b.group]
	return mem[b.n*(g.d[l]+f*g.functional):][:g.adjoints(l, t.layers[l].In)*b.n*t.layers[l].ldOut]
}

// first returns the rows t_i of a direct input layer for functional f, [input][point][Pad(Out)], and its δ_0.
func (t *Tape) first(b *block, mem []float64, f int) (rows, bias []float64) {
	q, all := &t.layers[0], t.adjoint(b, mem, f, 0)
	n := q.In * b.n * q.ldOut
	return all[:n], all[n:]
}

// collapsed returns row o of the output layer for functional f, [point][Pad(In)].
func (t *Tape) collapsed(b *block, mem []float64, f, o int) []float64 {
	g, ld := &t.groups[b.group], t.layers[t.hidden].ldIn
	return mem[b.n*(g.e+f*g.functional+o*ld):][:b.n*ld]
}

// valueSeeds returns the derivatives with respect to the biases of the outputs, [point][Pad(outputs)].
func (t *Tape) valueSeeds(b *block, mem []float64, f int) []float64 {
	g := &t.groups[b.group]
	return mem[b.n*(g.s+f*g.functional):][:b.n*t.layers[t.hidden].ldOut]
}

// collapse sorts the seeds of functional f by channel and computes e and s.
func (t *Tape) collapse(b *block, s *scratch, mem, last []float64, f int) {
	g, y := &t.groups[b.group], &t.layers[t.hidden]
	value := t.valueSeeds(b, mem, f)
	clear(value)
	for o := range y.Out {
		e := t.collapsed(b, mem, f, o)
		clear(e)
		for i := range b.n {
			seed := s.seed[((i*g.rows+f)*y.Out+o)*g.c:][:g.c]
			for c, v := range seed {
				s.seeds[(c*b.n+i)*y.Out+o] = v
			}
			value[i*y.ldOut+o] = seed[0]
			for c, v := range seed[:g.channels(t.hidden)] {
				if v != 0 { // of four channels mostly one or two have a seed
					simd.Axpy(e[i*y.ldIn:][:y.ldIn], v, last[(c*b.n+i)*y.ldIn:][:y.ldIn])
				}
			}
		}
	}
}

// contract computes the rows of a direct input layer from its δ: the channel of ∂_i x is unit vector i at every point, so
// that t_i = δ_i + x_i·δ_0.
func (t *Tape) contract(b *block, mem, d []float64, f int) {
	q, x := &t.layers[0], t.input(b, mem, 0)
	rows, bias := t.first(b, mem, f)
	n := len(bias)
	copy(rows, d[n:])
	copy(bias, d)
	for i := range q.In {
		for k := range b.n {
			simd.Axpy(rows[i*n+k*q.ldOut:][:q.ldOut], x[k*q.ldIn+i], bias[k*q.ldOut:][:q.ldOut])
		}
	}
}
