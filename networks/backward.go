package networks

import "ngdbench/internal/simd"

// backward carries the seeds of functional f back through the network and writes δ of every layer, e and s to mem.
func (t *Tape) backward(b *block, s *scratch, mem, last []float64, f int) {
	g := &t.groups[b.group]
	t.collapse(b, s, mem, last, f)
	if s.export {
		t.exportLayer(b, last, s.seeds, t.net.Outputs(), t.hidden, f)
	}
	if t.hidden == 0 {
		return
	}
	act, y := t.net.act(), &t.layers[t.hidden]
	cur, next := s.g[0], s.g[1]
	simd.MulPanels(g.c*b.n, y.In, y.Out, s.seeds, y.Out, t.theta.backward[t.hidden], nil, cur, y.ldIn)
	for l := t.hidden - 1; l >= 0; l-- {
		y = &t.layers[l]
		n, a := b.n*y.ldOut, last
		if l+1 < t.hidden {
			a = t.input(b, mem, l+1)
		}
		act.Adjoint(g.shape, n, s.z[l], a, cur, n)
		if s.export {
			t.exportLayer(b, t.input(b, mem, l), cur, y.ldOut, l, f)
		}
		if l == 0 && g.direct {
			t.contract(b, mem, cur, f)
			return
		}
		copy(t.adjoint(b, mem, f, l), cur)
		if l > 0 {
			simd.MulPanels(g.c*b.n, y.In, y.Out, cur, y.ldOut, t.theta.backward[l], nil, next, y.ldIn)
			cur, next = next, cur
		}
	}
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

// contract computes the rows of a direct input layer from its δ.
func (t *Tape) contract(b *block, mem, d []float64, f int) {
	g, q := &t.groups[b.group], &t.layers[0]
	rows, bias := t.first(b, mem, f)
	a := t.input(b, mem, 0)
	clear(rows)
	for c := range g.c0 {
		for k := c * b.n; k < (c+1)*b.n; k++ {
			for i, v := range a[k*q.ldIn:][:q.In] {
				if v != 0 { // the derivative channels of x are unit vectors
					simd.Axpy(rows[(i*b.n+k-c*b.n)*q.ldOut:][:q.ldOut], v, d[k*q.ldOut:][:q.ldOut])
				}
			}
		}
	}
	copy(bias, d)
}
