package networks

import "ngdbench/internal/simd"

// KernelRow computes dst = T Tᵀ e_i. A hidden layer wide enough takes part by products of its channels,
//
//	Σ_{c,c'} (δ_c·δ'_c')(a_c·a'_c' + [c = c' = 0]),
//
// a' and δ' being those of row i, in 2·C·8·N·(In+Out) flops (row i is padded to eight channels); the others, input and
// output layer among them, by T v with v = Tᵀe_i. The first call makes workspace for one row of T.
func (k *KhatriRao) KernelRow(dst []float64, i int) bool {
	t := k.t
	if len(dst) != t.rows {
		panic("networks: tangent map called with slices of wrong length")
	}
	if k.pivot == nil {
		k.pivot = newPivot(t)
	}
	t.prepare()
	k.pivot.room(t)
	b, f, point := t.locate(i)
	t.row(b, f, point, k.pivot.row)
	k.direction(k.pivot.row)
	k.pivot.set(t, b, f, point)
	t.arg = arguments{dst: dst}
	t.run(0.5, (*Tape).kernelRowPart)
	return true
}

// pivot is one row of T in the form that meets all others: its channels as packed columns.
type pivot struct {
	row      []float64   // the row itself
	ld       int         // Pad(C), for the largest C
	channels int         // C of the row's group
	a, d     [][]float64 // of the layers 1 … H-1, packed In×C and Out×C
	one      []float64   // 1 at the value channel, for the bias
	products [][]float64 // of each worker: δ_c·δ'_c' for a block
}

func newPivot(t *Tape) *pivot {
	ld := simd.Pad(t.maximum(func(g *group) int { return g.c }))
	v := &pivot{row: t.m.Floats(t.params), ld: ld, one: t.m.Floats(ld)}
	v.one[0] = 1
	for l := range t.hidden {
		q := &t.layers[l]
		v.a, v.d = append(v.a, t.m.Floats(q.In*ld)), append(v.d, t.m.Floats(q.Out*ld))
	}
	return v
}

// room makes the scratch of workers that have none yet.
func (v *pivot) room(t *Tape) {
	n := t.maximum(func(g *group) int { return g.c * g.size }) * v.ld
	for len(v.products) < t.workers() {
		v.products = append(v.products, t.booked(len(v.products)).Floats(n))
	}
}

func (v *pivot) set(t *Tape, b *block, f, i int) {
	mem := t.memory(b)
	v.channels = t.groups[b.group].c
	for l := 1; l < t.hidden; l++ {
		q := &t.layers[l]
		simd.PackT(v.a[l], q.In, v.channels, t.input(b, mem, l)[i*q.ldIn:], b.n*q.ldIn)
		simd.PackT(v.d[l], q.Out, v.channels, t.adjoint(b, mem, f, l)[i*q.ldOut:], b.n*q.ldOut)
	}
}

func (t *Tape) kernelRowPart(part, worker int) {
	for _, b := range t.parts[part] {
		g := &t.groups[b.group]
		for f := range g.rows {
			t.meet(b, worker, f, t.arg.dst[b.row+f*g.n:][:b.n])
		}
	}
}

// meet computes the products of the pivot with the rows of functional f of a block.
func (t *Tape) meet(b *block, worker, f int, y []float64) {
	s, v, mem := t.work[worker], t.op.pivot, t.memory(b)
	lanes := s.lanes[:simd.Lanes*b.n]
	clear(lanes)
	if t.hidden > 0 {
		t.pushFirst(b, mem, f, lanes, t.ahead(b, s, 0, f, true))
	}
	for l := 1; l < t.hidden; l++ {
		pf, q := t.ahead(b, s, l, f, true), &t.layers[l]
		if simd.Pad(v.channels)*(q.In+q.Out) < q.In*q.Out {
			t.meetHidden(b, mem, f, l, v.products[worker], lanes, pf)
		} else {
			t.pushHidden(b, mem, f, l, lanes, pf)
		}
	}
	t.pushLast(b, mem, f, lanes)
	simd.SumLanes(y, lanes)
}

func (t *Tape) meetHidden(b *block, mem []float64, f, l int, products, lanes []float64, pf *simd.Prefetch) {
	v, q, n, c := t.op.pivot, &t.layers[l], b.n, t.groups[b.group].channels(l)
	a, d, bias := t.input(b, mem, l), t.adjoint(b, mem, f, l), v.one
	simd.MulPanels(c*n, v.channels, q.Out, d, q.ldOut, v.d[l], nil, products, v.ld)
	for e := range c {
		simd.DotPanels(n, v.channels, q.In, a[e*n*q.ldIn:], q.ldIn, v.a[l], bias, products[e*n*v.ld:], v.ld, lanes, pf)
		bias = nil
	}
}
