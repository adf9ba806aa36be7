package networks

import (
	"math"

	"ngdbench/internal/simd"
)

// push computes y = T v for functional f at the points of a block. The kernels ask for the next block's a and δ while they
// compute, where ahead is set.
func (t *Tape) push(b *block, s *scratch, mem []float64, f int, y []float64, ahead bool) {
	lanes := s.lanes[:simd.Lanes*b.n]
	clear(lanes)
	if t.hidden > 0 {
		t.pushFirst(b, mem, f, lanes, t.ahead(b, s, 0, f, ahead))
	}
	for l := 1; l < t.hidden; l++ {
		t.pushHidden(b, mem, f, l, lanes, t.ahead(b, s, l, f, ahead))
	}
	t.pushLast(b, mem, f, lanes)
	simd.SumLanes(y, lanes)
}

// pushHidden adds the part of T v that belongs to hidden layer l.
func (t *Tape) pushHidden(b *block, mem []float64, f, l int, lanes []float64, pf *simd.Prefetch) {
	v, q, n := t.op.v, &t.layers[l], b.n
	a, d, bias := t.input(b, mem, l), t.adjoint(b, mem, f, l), v.bias[l]
	for c := range t.groups[b.group].channels(l) {
		simd.DotPanels(n, q.Out, q.In, a[c*n*q.ldIn:], q.ldIn, v.forward[l], bias, d[c*n*q.ldOut:], q.ldOut, lanes, pf)
		bias = nil
	}
}

// pushFirst adds the part of T v that belongs to the input layer.
func (t *Tape) pushFirst(b *block, mem []float64, f int, lanes []float64, pf *simd.Prefetch) {
	if !t.groups[b.group].direct {
		t.pushHidden(b, mem, f, 0, lanes, pf)
		return
	}
	q := &t.layers[0]
	rows, bias := t.first(b, mem, f)
	for i := range q.In {
		dotRows(b.n, q.Out, t.op.v.first[i*q.ldOut:], rows[i*b.n*q.ldOut:], q.ldOut, lanes)
	}
	dotRows(b.n, q.Out, t.op.v.bias[0], bias, q.ldOut, lanes)
}

// pushLast adds the part of T v that belongs to the output layer.
func (t *Tape) pushLast(b *block, mem []float64, f int, lanes []float64) {
	v, q := t.op.v, &t.layers[t.hidden]
	for o := range q.Out {
		dotRows(b.n, q.In, v.out[o*q.ldIn:], t.collapsed(b, mem, f, o), q.ldIn, lanes)
	}
	dotRows(b.n, q.Out, v.outBias, t.valueSeeds(b, mem, f), q.ldOut, lanes)
}

// dotRows adds the products of n rows d with v to lanes: the kernel of T v without its inner product.
func dotRows(n, w int, v, d []float64, ld int, lanes []float64) {
	simd.DotPanels(n, w, 0, nil, 0, nil, v, d, ld, lanes, nil)
}

// pull adds Tᵀy for functional f at the points of a block to sum, in the padded layout.
func (t *Tape) pull(b *block, s *scratch, mem []float64, f int, y, sum []float64, ahead bool) {
	n := b.n
	for l := range t.hidden {
		q := &t.layers[l]
		dst := sum[q.pad:]
		if l == 0 && t.groups[b.group].direct {
			rows, bias := t.first(b, mem, f)
			for i := range q.In {
				simd.ScaleAcc(n, q.Out, y, rows[i*n*q.ldOut:], q.ldOut, dst[i*q.ldOut:])
			}
			simd.ScaleAcc(n, q.Out, y, bias, q.ldOut, dst[q.In*q.ldOut:])
			continue
		}
		c, d := t.groups[b.group].channels(l), t.adjoint(b, mem, f, l)
		for k := range c {
			simd.ScalePack(n, q.Out, y, d[k*n*q.ldOut:], q.ldOut, s.pack, c*n, k*n)
		}
		pf := t.ahead(b, s, l, f, ahead)
		simd.TransPanels(q.In, q.Out, c*n, t.input(b, mem, l), q.ldIn, s.pack, dst, q.ldOut, pf)
		simd.ScaleAcc(n, q.Out, y, d, q.ldOut, dst[q.In*q.ldOut:])
	}
	q := &t.layers[t.hidden]
	dst := sum[q.pad:]
	for o := range q.Out {
		simd.ScaleAcc(n, q.In, y, t.collapsed(b, mem, f, o), q.ldIn, dst[o*q.ldIn:])
	}
	simd.ScaleAcc(n, q.Out, y, t.valueSeeds(b, mem, f), q.ldOut, dst[q.Out*q.ldIn:])
}

// ahead lists what the next block will need when it comes to layer l: what a kernel that reads 6 rows at a time asks for
// in an order that no hardware prefetcher follows. It is nil where nothing is to be fetched.
func (t *Tape) ahead(b *block, s *scratch, l, f int, on bool) *simd.Prefetch {
	if !on || b.final || l == 0 && t.hidden > 1 {
		return nil
	}
	next := &t.blocks[b.index+1]
	if f >= t.groups[next.group].rows { // its group has fewer functionals
		return nil
	}
	mem, p := t.memory(next), &s.prefetch
	p.Reset()
	if l > 0 {
		p.Add(t.input(next, mem, l))
	}
	if l <= 1 {
		p.Add(t.adjoint(next, mem, f, 0))
	}
	if l > 0 {
		p.Add(t.adjoint(next, mem, f, l))
	}
	if l == t.hidden-1 {
		p.Add(t.collapsed(next, mem, f, 0))
	}
	return p
}

// gather computes y = T e_j, column j of T, for functional f at the points of a block.
func (t *Tape) gather(b *block, mem []float64, f, j int, y []float64) {
	l := 0
	for l < t.hidden && j >= t.layers[l+1].Weight {
		l++
	}
	q := &t.layers[l]
	bias, out, in := j >= q.Bias, (j-q.Weight)/q.In, (j-q.Weight)%q.In
	if bias {
		out = j - q.Bias
	}
	direct := l == 0 && t.groups[b.group].direct
	switch {
	case direct && bias:
		_, d := t.first(b, mem, f)
		column(y, d[out:], q.ldOut)
	case direct:
		rows, _ := t.first(b, mem, f)
		column(y, rows[in*b.n*q.ldOut+out:], q.ldOut)
	case l < t.hidden && bias:
		column(y, t.adjoint(b, mem, f, l)[out:], q.ldOut)
	case l < t.hidden:
		a, d := t.input(b, mem, l)[in:], t.adjoint(b, mem, f, l)[out:]
		clear(y)
		for c := range t.groups[b.group].channels(l) {
			for i := range y {
				y[i] = math.FMA(d[(c*b.n+i)*q.ldOut], a[(c*b.n+i)*q.ldIn], y[i])
			}
		}
	case bias:
		column(y, t.valueSeeds(b, mem, f)[out:], q.ldOut)
	default:
		column(y, t.collapsed(b, mem, f, out)[in:], q.ldIn)
	}
}

// column copies every ld-th number of x.
func column(y, x []float64, ld int) {
	for i := range y {
		y[i] = x[i*ld]
	}
}
