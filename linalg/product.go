package linalg

import (
	"ngdbench/internal/par"
	"ngdbench/internal/simd"
)

// Block sizes of the packed product, in elements, for 32 KB of L1 and 512 KB of L2: a panel of B (8×sliceK, 16 KB) stays
// in L1 while the block of A (blockEdge×sliceK, 384 KB) passes by from L2. They are constants and never looked up from the
// machine; no bit depends on them.
const (
	sliceK     = 256               // depth of a slice
	blockEdge  = 192               // largest block of C given to one worker; a multiple of 24, so of tile rows and columns
	slabEdge   = 11 * blockEdge    // largest part of C for which A and B are packed at once
	slabFloats = slabEdge * sliceK // size of a slab
	directCols = 64                // with so few columns, packing A would cost as much as using it
	packFlops  = 16                // what packing one number costs, in flops of a tile
)

// operand is one factor of a product, as stored: transposed where trans.
type operand struct {
	data  []float64
	ld    int
	trans bool
}

// at is the operand's slice from logical element (i, j) on.
func (o operand) at(i, j int) []float64 {
	if o.trans {
		i, j = j, i
	}
	return o.data[i*o.ld+j:]
}

// region is the part of C that a product writes.
type region uint8

const (
	whole region = iota
	lower
	upper
)

// product is C += α·A·B (C = where fresh) on a region of C (m×n), A m×k, B k×n. It is the par.Task of its two phases:
// pack a slab of A and B, then run the blocks of C over that slab.
type product struct {
	m, n, k int
	alpha   float64
	a, b    operand
	c       []float64
	ldc     int
	fresh   bool
	part    region

	packing    bool
	direct     bool // A is used as it lies
	i0, j0, k0 int  // the slab: rows i0.. of A, columns j0.. of B, depth k0..
	mc, nc, kc int
	slabA      []float64
	slabB      []float64
	h, w       int // block of C per group
}

// multiply runs the product with the slabs of s.
func (p *product) multiply(s *scratch) {
	p.direct = p.n <= directCols && !p.a.trans && p.part == whole
	mc, nc := split(p.m), split(p.n)
	edge := max(up(min(mc, p.m), simd.TileM), up(min(nc, p.n), simd.TileN))
	if p.direct {
		edge = up(p.n, simd.TileN)
		mc = p.m
	}
	kc := max(1, slabFloats/(sliceK*edge)) * sliceK
	for p.j0 = 0; p.j0 < p.n; p.j0 += nc {
		p.nc = min(nc, p.n-p.j0)
		for p.k0 = 0; p.k0 < p.k; p.k0 += kc {
			p.kc = min(kc, p.k-p.k0)
			for p.i0 = 0; p.i0 < p.m; p.i0 += mc {
				p.mc = min(mc, p.m-p.i0)
				if p.within(p.i0, p.j0, p.mc, p.nc) != outside {
					p.slab(s)
				}
			}
		}
	}
	p.a.data, p.b.data, p.c = nil, nil, nil
}

// split cuts an extent into equal parts of at most slabEdge.
func split(n int) int { return max(1, up(ceil(n, max(1, ceil(n, slabEdge))), blockEdge/4)) }

// slab packs and multiplies one slab. B's is packed again for every i0; A and B are then read 1 + 1/slabs times.
func (p *product) slab(s *scratch) {
	p.packing = true
	s.b = Grow(s.b, up(p.nc, simd.TileN)*p.kc)
	p.slabB = s.b
	groups, floats := p.chunks(p.nc), p.nc*p.kc
	if !p.direct {
		s.a = Grow(s.a, up(p.mc, simd.TileM)*p.kc)
		p.slabA = s.a
		groups, floats = groups+p.chunks(p.mc), floats+p.mc*p.kc
	}
	par.Run(groups, packFlops*float64(floats), p)
	p.packing = false
	p.h, p.w = p.blocks()
	flops := 2 * float64(p.mc) * float64(p.nc) * float64(p.kc)
	if p.part != whole && p.i0 == p.j0 {
		flops /= 2
	}
	par.Run(ceil(p.mc, p.h)*ceil(p.nc, p.w), flops, p)
}

// chunks is the number of groups that pack an operand of extent n.
func (p *product) chunks(n int) int { return ceil(n, blockEdge) * ceil(p.kc, sliceK) }

// blocks cuts the slab's part of C so that there are some thirty blocks, where that leaves them large enough.
func (p *product) blocks() (h, w int) {
	h, w = blockEdge, blockEdge
	for ceil(p.mc, h)*ceil(p.nc, w) < 32 && max(h, w) > blockEdge/4 {
		if h >= w {
			h /= 2
		} else {
			w /= 2
		}
	}
	return h, w
}

// Run packs one chunk or multiplies one block.
func (p *product) Run(g, _ int) {
	if p.packing {
		p.pack(g)
		return
	}
	rows := ceil(p.mc, p.h)
	i, j := g%rows*p.h, g/rows*p.w
	h, w := min(p.h, p.mc-i), min(p.w, p.nc-j)
	switch p.within(p.i0+i, p.j0+j, h, w) {
	case inside:
		p.block(i, j, h, w)
	case across:
		p.triangle(i, j, h, w)
	}
}

// pack packs chunk g: first those of B, then those of A; slice by slice, each slice a packed matrix of its own.
func (p *product) pack(g int) {
	if nb := p.chunks(p.nc); g < nb {
		x := ceil(p.nc, blockEdge)
		l, j := g/x*sliceK, g%x*blockEdge
		d, w := min(sliceK, p.kc-l), min(blockEdge, p.nc-j)
		dst := p.slabB[l*up(p.nc, simd.TileN)+j*d:]
		src := p.b.at(p.k0+l, p.j0+j)
		if p.b.trans {
			simd.TilePackBT(dst, d, w, p.alpha, src, p.b.ld)
		} else {
			simd.TilePackB(dst, d, w, p.alpha, src, p.b.ld)
		}
	} else {
		g -= nb
		x := ceil(p.mc, blockEdge)
		l, i := g/x*sliceK, g%x*blockEdge
		d, h := min(sliceK, p.kc-l), min(blockEdge, p.mc-i)
		dst := p.slabA[l*up(p.mc, simd.TileM)+i*d:]
		src := p.a.at(p.i0+i, p.k0+l)
		if p.a.trans {
			simd.TilePackAT(dst, h, d, src, p.a.ld)
		} else {
			simd.TilePackA(dst, h, d, src, p.a.ld)
		}
	}
}

// block multiplies the h×w block of C at (i, j) of the slab, slice by slice.
func (p *product) block(i, j, h, w int) {
	c := p.c[(p.i0+i)*p.ldc+p.j0+j:]
	for l := 0; l < p.kc; l += sliceK {
		d := min(sliceK, p.kc-l)
		fresh := p.fresh && p.k0+l == 0
		b := p.slabB[l*up(p.nc, simd.TileN)+j*d:]
		if p.direct {
			simd.TileRows(h, w, d, p.a.at(p.i0+i, p.k0+l), p.a.ld, b, c, p.ldc, fresh)
			continue
		}
		simd.Tile(h, w, d, p.slabA[l*up(p.mc, simd.TileM)+i*d:], b, c, p.ldc, fresh)
	}
}
