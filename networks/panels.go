package networks

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
)

const (
	// slab is the largest number of vectors that one pass takes: a tile of T is formed once for all of them.
	slab = 64
	// tileColumns is about the number of columns of a tile: it stays in cache with the sums of a slab for its columns.
	tileColumns = 384
	// fewVectors are so few that the product form, 2·C·N·P flops for each, is cheaper than forming tiles.
	fewVectors = 3
	// lapPoints are the points that share one pass over the packed vectors, as many as the largest block has: in wide
	// networks the vectors fill more than a cache, and a block has few points.
	lapPoints = 48
)

// panels is the workspace for products with k vectors at once. T is never formed: a tile of it, some columns for one
// block of points, is made in cache from a and δ, used for up to slab vectors, and dropped. That costs (4C+4k)·N·P flops
// for T Ω and Tᵀ(·), where k products have 4·C·k·N·P.
type panels struct {
	width  int // vectors there is room for, a multiple of 8
	cols   []float64
	rows   []float64
	worker [][2][]float64 // tile, sums of a slab
	tile   int
	sums   int
	k, at  int // vectors of this slab, and the first
	from   int // rows below are not wanted
	x, y   blas64.General
	kernel *kernel // whose slab this is, if any: it does some layers by channels
}

// room makes the workspace for k vectors, if it is not there yet.
func (k *KhatriRao) room(vectors int) *panels {
	t, p := k.t, k.panels
	if p == nil {
		p = &panels{}
		for i := range t.spans {
			p.tile = max(p.tile, t.spans[i].n)
		}
		p.sums = max(p.tile, lapPoints)
		p.tile = slab*p.tile + simd.OuterSlack // rows: a block's, or the slab of a kernel
		k.panels = p
	}
	if w := simd.Pad(min(vectors, slab)); w > p.width {
		p.width = w
		p.cols, p.rows = t.m.Floats(t.params*w), t.m.Floats(t.rows*w)
		clear(p.worker)
		p.worker = p.worker[:0]
	}
	t.prepare()
	for len(p.worker) < t.workers() {
		m := t.booked(len(p.worker))
		p.worker = append(p.worker, [2][]float64{m.Floats(p.tile), m.Floats(p.sums * p.width)})
	}
	return p
}

// ApplyBlock computes dst (k×rows) = x (k×P) Tᵀ: T times the k vectors in the rows of x. The first call for a larger k
// makes workspace for up to 64 vectors.
func (k *KhatriRao) ApplyBlock(dst, x blas64.General) bool {
	k.checkBlock(dst, x)
	if x.Rows <= fewVectors {
		for i := range x.Rows {
			k.Apply(dst.Data[i*dst.Stride:][:dst.Cols], x.Data[i*x.Stride:][:x.Cols])
		}
		return true
	}
	p, t := k.room(x.Rows), k.t
	for at := 0; at < x.Rows; at += slab {
		p.k, p.at, p.from, p.x, p.y = min(slab, x.Rows-at), at, 0, x, dst
		t.fork(len(t.spans), float64(8*t.params*p.k), (*Tape).packColumnsPart)
		t.run(float64(p.k), (*Tape).applyBlockPart)
	}
	return true
}

// packColumnsPart packs the columns of a slab of x that belong to one span.
func (t *Tape) packColumnsPart(part, _ int) {
	p, c := t.op.panels, &t.spans[part]
	simd.PackT(p.cols[c.col*simd.Pad(p.k):], c.n, p.k, p.x.Data[p.at*p.x.Stride+c.col:], p.x.Stride)
}

func (t *Tape) applyBlockPart(part, worker int) {
	most := t.maximum(func(g *group) int { return g.rows })
	for blocks := t.parts[part]; len(blocks) > 0; {
		n, points := 1, blocks[0].n
		for n < len(blocks) && points+blocks[n].n <= lapPoints {
			points += blocks[n].n
			n++
		}
		for f := range most {
			t.applyLap(blocks[:n], f, worker)
		}
		blocks = blocks[n:]
	}
}

// applyLap multiplies the rows of functional f of a few blocks with a slab of vectors, span by span.
func (t *Tape) applyLap(lap []*block, f, worker int) {
	p := t.op.panels
	tile, sums, w := p.worker[worker][0], p.worker[worker][1], simd.Pad(p.k)
	t.eachWanted(lap, f, func(b *block, at int) { clear(sums[at*w:][:b.n*w]) })
	for j := range t.spans {
		c := &t.spans[j]
		t.eachWanted(lap, f, func(b *block, at int) {
			if p.kernel == nil || !p.kernel.byChannels(t, b.group, c.layer) {
				t.form(b, t.memory(b), f, c, 0, b.n, tile, c.n)
				simd.TileRows(b.n, w, c.n, tile, c.n, p.cols[c.col*w:], sums[at*w:], w, false)
			}
		})
	}
	t.eachWanted(lap, f, func(b *block, at int) {
		dst := sums[at*w:][:b.n*w]
		for l := 1; p.kernel != nil && l < t.hidden; l++ {
			if p.kernel.byChannels(t, b.group, l) {
				p.kernel.add(t, b, worker, f, l, dst, w, p.k)
			}
		}
		scatter(p.y, p.at, p.k, b.row+f*t.groups[b.group].n, b.n, dst, w)
	})
}

// eachWanted calls do for the blocks that have a functional f with rows from p.from on, with the number of the points
// before them.
func (t *Tape) eachWanted(lap []*block, f int, do func(b *block, at int)) {
	at := 0
	for _, b := range lap {
		if g := &t.groups[b.group]; f < g.rows && b.row+f*g.n+b.n > t.op.panels.from {
			do(b, at)
		}
		at += b.n
	}
}

// scatter writes the n×k sums, at leading dimension ld, transposed to the columns col … col+n-1 of rows at … of y.
func scatter(y blas64.General, at, k, col, n int, sums []float64, ld int) {
	for v := range k {
		dst := y.Data[(at+v)*y.Stride+col:][:n]
		for i := range dst {
			dst[i] = sums[i*ld+v]
		}
	}
}

// ApplyTBlock computes dst (k×P) = y (k×rows) T: Tᵀ times the k vectors in the rows of y. The work is cut by columns of
// T, so that nothing is to be reduced. Workspace as for ApplyBlock.
func (k *KhatriRao) ApplyTBlock(dst, y blas64.General) bool {
	k.checkBlock(y, dst)
	if y.Rows <= fewVectors {
		for i := range y.Rows {
			k.ApplyT(dst.Data[i*dst.Stride:][:dst.Cols], y.Data[i*y.Stride:][:y.Cols])
		}
		return true
	}
	p, t := k.room(y.Rows), k.t
	for at := 0; at < y.Rows; at += slab {
		p.k, p.at, p.x, p.y = min(slab, y.Rows-at), at, y, dst
		t.fork(len(t.parts), float64(8*t.rows*p.k), (*Tape).packRowsPart)
		t.fork(len(t.spans), float64(p.k)*t.flops, (*Tape).applyTBlockPart)
	}
	return true
}

// packRowsPart packs the entries of a slab of y that belong to the blocks of one part.
func (t *Tape) packRowsPart(part, _ int) {
	p := t.op.panels
	for _, b := range t.parts[part] {
		g := &t.groups[b.group]
		for f := range g.rows {
			row := b.row + f*g.n
			simd.PackT(p.rows[row*simd.Pad(p.k):], b.n, p.k, p.x.Data[p.at*p.x.Stride+row:], p.x.Stride)
		}
	}
}

func (t *Tape) applyTBlockPart(part, worker int) {
	p, c := t.op.panels, &t.spans[part]
	w := simd.Pad(p.k)
	tile, sums := p.worker[worker][0], p.worker[worker][1][:c.n*w]
	clear(sums)
	for i := range t.blocks {
		b := &t.blocks[i]
		g := &t.groups[b.group]
		for f := range g.rows {
			t.form(b, t.memory(b), f, c, 0, b.n, tile, c.n)
			simd.TransPanels(c.n, w, b.n, tile, c.n, p.rows[(b.row+f*g.n)*w:], sums, w, nil)
		}
	}
	scatter(p.y, p.at, p.k, c.col, c.n, sums, w)
}

func (k *KhatriRao) checkBlock(rows, cols blas64.General) {
	if rows.Cols != k.t.rows || cols.Cols != k.t.params || rows.Rows != cols.Rows {
		panic("networks: tangent map called with matrices of wrong size")
	}
}
