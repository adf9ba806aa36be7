package networks

import (
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
	"ngdbench/linalg"
)

const (
	// smallDense is the largest N·P for which Kernel may form all of T: 64 MB.
	smallDense = 1 << 23
	// enoughSaved is the share of the dense flops below which the structured form is taken where T would be small.
	enoughSaved = 0.6
)

// Kernel computes dst = T Tᵀ, both triangles, for the rows of all groups together, cross kernels included. Two rows of
// groups with C and C' channels meet in a hidden layer either by the products of their channels,
//
//	Σ_{c,c'} (δ_c·δ'_c')(a_c·a'_c' + [c = c' = 0]),
//
// 2·C·C'·(In+Out) flops, or as rows of T, 2·In·Out flops, whichever is less: for equal widths w the former where w > 2CC'.
// T is never formed (but where it is small and little would be saved): slabs of 64 rows meet the blocks of all rows from
// there on. N·P flops for each row where dense; the other triangle is copied. The first call makes workspace.
func (k *KhatriRao) Kernel(dst blas64.General) bool {
	t := k.t
	if dst.Rows != t.rows || dst.Cols != t.rows {
		panic("networks: Kernel with a matrix of wrong size")
	}
	if k.kernel == nil {
		k.kernel = newKernel(t)
	}
	if k.kernel.dense {
		k.Dense(k.kernel.all)
		linalg.Syrk(dst, k.kernel.all)
		return true
	}
	for id := range t.groups {
		for f := range t.groups[id].rows {
			k.kernelRows(dst, id, f)
		}
	}
	t.arg = arguments{dst: dst.Data, ld: dst.Stride}
	t.fork((t.rows+slab-1)/slab, float64(4*t.rows*t.rows), (*Tape).mirrorPart)
	return true
}

// kernel is the workspace of Kernel: a slab of rows of T by channels; what is taken as rows of T is among the panels.
type kernel struct {
	dense      bool
	all        blas64.General // T, where dense
	group      int            // of the slab, whose rows are those of the panels: panels.k of them, from panels.from on
	a, d       [][]float64    // of each hidden layer that some pair takes by channels: [channel] packed In×64 and Out×64
	one        []float64
	scratch    [][2][]float64 // of each worker: the products of δ and of a for a block
	structured [][]bool       // by group pair (of C and C') and layer
}

func newKernel(t *Tape) *kernel {
	k := &kernel{one: t.m.Floats(slab), a: make([][]float64, t.hidden), d: make([][]float64, t.hidden)}
	for i := range k.one {
		k.one[i] = 1
	}
	full, best := k.choose(t)
	if k.dense = t.rows*t.params <= smallDense && best > enoughSaved*full; k.dense {
		k.all = blas64.General{Rows: t.rows, Cols: t.params, Stride: t.params, Data: t.m.Floats(t.rows * t.params)}
		return k
	}
	c := t.maximum(func(g *group) int { return g.c })
	for l := 1; l < t.hidden; l++ {
		if q := &t.layers[l]; slices.ContainsFunc(k.structured, func(s []bool) bool { return s[l] }) {
			k.a[l], k.d[l] = t.m.Floats(c*q.In*slab), t.m.Floats(c*q.Out*slab)
		}
	}
	return k
}

// choose decides by flops which pairs of groups take which layers by channels. It returns the flops of the dense form and
// those of the choice. The input layer is too narrow, and the output layer has no channels.
func (k *kernel) choose(t *Tape) (full, best float64) {
	for i := range t.groups {
		for j := range t.groups {
			g, h := &t.groups[i], &t.groups[j]
			pair, list := float64(g.n*g.rows)*float64(h.n*h.rows), make([]bool, t.hidden+1)
			for l := range t.layers {
				q := &t.layers[l]
				dense, channels := q.In*q.Out+q.Out, g.c*h.c*(q.In+q.Out)
				list[l] = l > 0 && l < t.hidden && channels < dense
				full += pair * float64(dense)
				if list[l] {
					dense = channels
				}
				best += pair * float64(dense)
			}
			k.structured = append(k.structured, list)
		}
	}
	return full, best
}

// kernelRows computes the rows of functional f of a group, by slabs, from the diagonal on.
func (k *KhatriRao) kernelRows(dst blas64.General, id, f int) {
	t, w, p := k.t, k.kernel, k.room(slab)
	w.room(t)
	g := &t.groups[id]
	for lo := 0; lo < g.n; lo += slab {
		n, row := min(slab, g.n-lo), g.row+f*g.n+lo
		w.group, p.k, p.at, p.from, p.kernel = id, n, 0, row, w
		p.y = blas64.General{Rows: n, Cols: t.rows, Stride: dst.Stride, Data: dst.Data[row*dst.Stride:]}
		t.fork(len(t.spans), float64(8*t.params*n), (*Tape).packSlabPart)
		t.fork(t.hidden, float64(8*n*g.point), (*Tape).packChannelsPart)
		t.run(float64(n), (*Tape).applyBlockPart)
		p.kernel = nil
	}
}

// room makes the scratch of workers that have none yet.
func (k *kernel) room(t *Tape) {
	t.prepare()
	n := t.maximum(func(g *group) int { return g.c * g.size }) * slab
	for len(k.scratch) < t.workers() {
		m := t.booked(len(k.scratch))
		k.scratch = append(k.scratch, [2][]float64{m.Floats(n), m.Floats(n)})
	}
}

// packSlabPart packs the columns of the slab that belong to one span, if they are met as rows of T.
func (t *Tape) packSlabPart(part, worker int) {
	k, p, c := t.op.kernel, t.op.panels, &t.spans[part]
	explicit := false
	for g := range t.groups {
		explicit = explicit || !k.byChannels(t, g, c.layer)
	}
	if !explicit {
		return
	}
	tile := p.worker[worker][0]
	for i := 0; i < p.k; {
		b, f, point := t.locate(p.from + i)
		n := min(p.k-i, b.n-point)
		t.form(b, t.memory(b), f, c, point, point+n, tile[i*c.n:], c.n)
		i += n
	}
	simd.PackT(p.cols[c.col*simd.Pad(p.k):], c.n, p.k, tile, c.n)
}

// packChannelsPart packs the channels of the slab in layer l, if they are asked for.
func (t *Tape) packChannelsPart(l, _ int) {
	k, p, q := t.op.kernel, t.op.panels, &t.layers[l]
	if k.a[l] == nil {
		return
	}
	for i := range p.k {
		b, f, point := t.locate(p.from + i)
		mem := t.memory(b)
		for e := range t.groups[b.group].c {
			at := e*b.n + point
			packColumn(k.a[l][e*q.In*slab:], t.input(b, mem, l)[at*q.ldIn:][:q.In], i)
			packColumn(k.d[l][e*q.Out*slab:], t.adjoint(b, mem, f, l)[at*q.ldOut:][:q.Out], i)
		}
	}
}

// packColumn writes x to column v of a packed matrix.
func packColumn(dst, x []float64, v int) {
	dst = dst[v/simd.Lanes*simd.Lanes*len(x)+v%simd.Lanes:]
	for i, a := range x {
		dst[i*simd.Lanes] = a
	}
}

// byChannels reports whether the rows of group g meet the slab's in layer l by their channels.
func (k *kernel) byChannels(t *Tape, g, l int) bool { return k.structured[g*len(t.groups)+k.group][l] }

// add adds what layer l contributes by channels to the n×w sums of a block.
func (k *kernel) add(t *Tape, b *block, worker, f, l int, sums []float64, w, vectors int) {
	q, n, c := &t.layers[l], b.n, t.groups[b.group].c
	mem := t.memory(b)
	a, d := t.input(b, mem, l), t.adjoint(b, mem, f, l)
	x, y := k.scratch[worker][0][:c*n*w], k.scratch[worker][1][:c*n*w]
	for e := range t.groups[k.group].c {
		pa, one := k.a[l][e*q.In*slab:], k.one
		if e > 0 {
			one = nil
		}
		simd.MulPanels(c*n, vectors, q.Out, d, q.ldOut, k.d[l][e*q.Out*slab:], nil, x, w)
		simd.MulPanels(n, vectors, q.In, a, q.ldIn, pa, one, y, w)
		simd.MulPanels((c-1)*n, vectors, q.In, a[n*q.ldIn:], q.ldIn, pa, nil, y[n*w:], w)
		for h := range c {
			simd.MulAcc(sums[:n*w], x[h*n*w:][:n*w], y[h*n*w:][:n*w])
		}
	}
}

// mirrorPart copies the upper triangle of a slab of rows to the columns below it.
func (t *Tape) mirrorPart(part, _ int) {
	dst, ld, lo := t.arg.dst, t.arg.ld, part*slab
	hi := min(lo+slab, t.rows)
	for j := lo + 1; j < t.rows; j++ {
		for i := lo; i < min(hi, j); i++ {
			dst[j*ld+i] = dst[i*ld+j]
		}
	}
}
