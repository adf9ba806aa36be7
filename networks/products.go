package networks

import (
	"math"

	"ngdbench/internal/simd"
)

// push computes y = T v for functional f at the points of a block. Where ahead is set, the kernels ask for the next
// block's a and δ while they compute.
func (t *Tape) push(b *block, s *scratch, mem []float64, f int, y []float64, ahead bool) {
	v, n := t.op.v, b.n
	lanes := s.lanes[:simd.Lanes*n]
	clear(lanes)
	for l := range t.hidden {
		q := &t.layers[l]
		a, d := t.input(b, mem, l), t.adjoint(b, mem, f, l)
		pf := t.ahead(b, s, l, f, ahead)
		for c := range t.groups[b.group].channels(l) {
			bias := v.bias[l]
			if c > 0 {
				bias = nil
			}
			simd.DotPanels(n, q.Out, q.In, a[c*n*q.ldIn:], q.ldIn, v.forward[l], bias, d[c*n*q.ldOut:], q.ldOut, lanes, pf)
		}
	}
	q := &t.layers[t.hidden]
	for o := range q.Out { // k = 0: the rows of the output layer are complete
		simd.DotPanels(n, q.In, 0, nil, 0, nil, v.out[o*q.ldIn:], t.collapsed(b, mem, f, o), q.ldIn, lanes, nil)
	}
	simd.DotPanels(n, q.Out, 0, nil, 0, nil, v.outBias, t.valueSeeds(b, mem, f), q.ldOut, lanes, nil)
	simd.SumLanes(y, lanes)
}

// pull adds Tᵀy for functional f at the points of a block to sum, in the padded layout.
func (t *Tape) pull(b *block, s *scratch, mem []float64, f int, y, sum []float64, ahead bool) {
	n := b.n
	for l := range t.hidden {
		q := &t.layers[l]
		c, d, dst := t.groups[b.group].channels(l), t.adjoint(b, mem, f, l), sum[q.pad:]
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
	switch {
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
