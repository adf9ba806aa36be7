package networks

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
)

// Kernel computes dst = T Tᵀ, both triangles, for the rows of all groups together. By slabs of 64 rows: the rows are
// formed, and the panels of ApplyBlock multiply them with the rows from there on; the other triangle is copied. About
// N²·P flops, and no N×P matrix. Workspace as for ApplyBlock, and 64 rows of T.
func (k *KhatriRao) Kernel(dst blas64.General) bool {
	t := k.t
	if dst.Rows != t.rows || dst.Cols != t.rows {
		panic("networks: Kernel with a matrix of wrong size")
	}
	p := k.room(slab)
	if p.slab == nil {
		p.slab = t.m.Floats(min(slab, t.rows) * t.params)
	}
	for at := 0; at < t.rows; at += slab {
		rows := min(slab, t.rows-at)
		for i := range rows {
			k.Row(p.slab[i*t.params:][:t.params], at+i)
		}
		p.x = blas64.General{Rows: rows, Cols: t.params, Stride: t.params, Data: p.slab}
		p.y = blas64.General{Rows: rows, Cols: t.rows, Stride: dst.Stride, Data: dst.Data[at*dst.Stride:]}
		p.k, p.at, p.from = rows, 0, at
		k.applySlab(p)
	}
	t.arg = arguments{dst: dst.Data, ld: dst.Stride}
	t.fork((t.rows+slab-1)/slab, float64(4*t.rows*t.rows), (*Tape).mirrorPart)
	return true
}

// mirrorPart copies the upper triangle of a slab of rows to the columns below it.
func (t *Tape) mirrorPart(part, _ int) {
	dst, ld, lo := t.arg.dst, t.arg.ld, part*slab
	hi := min(lo+slab, t.rows)
	for j := hi; j < t.rows; j++ {
		for i := lo; i < hi; i++ {
			dst[j*ld+i] = dst[i*ld+j]
		}
	}
}

// KernelRow computes dst = T Tᵀ e_i from products of channels:
//
//	Σ_l Σ_{c,c'} (δ_c·δ'_c')(a_c·a'_c' + [c = c' = 0]) + Σ_o e_o·e'_o + s·s',
//
// with a', δ', e', s' those of row i. 2·C·C'·N·(sum of in- and output widths) flops.
func (k *KhatriRao) KernelRow(dst []float64, i int) bool {
	t := k.t
	if len(dst) != t.rows {
		panic("networks: tangent map called with slices of wrong length")
	}
	if k.pivot == nil {
		k.pivot = newPivot(t)
	}
	b, f, point := t.locate(i)
	k.pivot.set(t, b, f, point)
	t.prepare()
	for len(k.pivot.products) < t.workers() {
		k.pivot.products = append(k.pivot.products, t.m.Floats(t.maximum(func(g *group) int { return g.c * g.size })*k.pivot.ld))
	}
	t.arg = arguments{dst: dst}
	t.run(0.5, (*Tape).kernelRowPart)
	return true
}

// pivot is one row of T in the form that meets all others: its channels as packed columns.
type pivot struct {
	ld       int         // Pad(C), for the largest C
	channels []int       // of each hidden layer
	a, d     [][]float64 // of each hidden layer, packed In×C and Out×C
	e, s     []float64   // Out×Pad(In) and Pad(outputs)
	one      []float64   // 1 for the bias, at the value channel
	products [][]float64 // of each worker: δ_c·δ'_c' for a block
}

func newPivot(t *Tape) *pivot {
	ld := simd.Pad(t.maximum(func(g *group) int { return g.c }))
	v := &pivot{ld: ld, channels: make([]int, t.hidden), one: t.m.Floats(ld)}
	v.one[0] = 1
	for _, l := range t.layers[:t.hidden] {
		v.a, v.d = append(v.a, t.m.Floats(l.In*ld)), append(v.d, t.m.Floats(l.Out*ld))
	}
	q := &t.layers[t.hidden]
	v.e, v.s = t.m.Floats(q.Out*q.ldIn), t.m.Floats(q.ldOut)
	return v
}

func (v *pivot) set(t *Tape, b *block, f, i int) {
	mem := t.memory(b)
	for l := range t.hidden {
		q := &t.layers[l]
		c := t.groups[b.group].channels(l)
		v.channels[l] = c
		simd.PackT(v.a[l], q.In, c, t.input(b, mem, l)[i*q.ldIn:], b.n*q.ldIn)
		simd.PackT(v.d[l], q.Out, c, t.adjoint(b, mem, f, l)[i*q.ldOut:], b.n*q.ldOut)
	}
	q := &t.layers[t.hidden]
	for o := range q.Out {
		copy(v.e[o*q.ldIn:], t.collapsed(b, mem, f, o)[i*q.ldIn:][:q.ldIn])
	}
	copy(v.s, t.valueSeeds(b, mem, f)[i*q.ldOut:][:q.ldOut])
}

func (t *Tape) kernelRowPart(part, worker int) {
	s := t.work[worker]
	for i := t.parts[part][0]; i < t.parts[part][1]; i++ {
		b := &t.blocks[i]
		g := &t.groups[b.group]
		for f := range g.rows {
			t.meet(b, s, f, t.op.pivot.products[worker], t.arg.dst[b.row+f*g.n:][:b.n])
		}
	}
}

// meet computes the products of the pivot with the rows of functional f of a block.
func (t *Tape) meet(b *block, s *scratch, f int, products, y []float64) {
	v, n, mem := t.op.pivot, b.n, t.memory(b)
	lanes := s.lanes[:simd.Lanes*n]
	clear(lanes)
	for l := range t.hidden {
		q := &t.layers[l]
		a, d := t.input(b, mem, l), t.adjoint(b, mem, f, l)
		c, other := t.groups[b.group].channels(l), v.channels[l]
		pf := t.ahead(b, s, l, f, true)
		simd.MulPanels(c*n, other, q.Out, d, q.ldOut, v.d[l], nil, products, v.ld)
		for e := range c {
			bias := v.one
			if e > 0 {
				bias = nil
			}
			simd.DotPanels(n, other, q.In, a[e*n*q.ldIn:], q.ldIn, v.a[l], bias, products[e*n*v.ld:], v.ld, lanes, pf)
		}
	}
	q := &t.layers[t.hidden]
	for o := range q.Out {
		simd.DotPanels(n, q.In, 0, nil, 0, nil, v.e[o*q.ldIn:], t.collapsed(b, mem, f, o), q.ldIn, lanes, nil)
	}
	simd.DotPanels(n, q.Out, 0, nil, 0, nil, v.s, t.valueSeeds(b, mem, f), q.ldOut, lanes, nil)
	simd.SumLanes(y, lanes)
}
