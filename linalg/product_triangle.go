package linalg

import "ngdbench/internal/simd"

// place says how a rectangle of C lies to the region that is written.
type place uint8

const (
	outside place = iota
	across
	inside
)

// within places the h×w rectangle at (i, j) of C. Both triangles hold the diagonal.
func (p *product) within(i, j, h, w int) place {
	switch p.part {
	case lower:
		return sides(i, j+w-1, i+h-1, j)
	case upper:
		return sides(j, i+h-1, j+w-1, i)
	}
	return inside
}

// sides compares: everything is in where lo ≥ hi, something where top ≥ bottom.
func sides(lo, hi, top, bottom int) place {
	switch {
	case lo >= hi:
		return inside
	case top >= bottom:
		return across
	}
	return outside
}

// triangle is block for a block that the diagonal crosses: panel by panel, tiles inside in one call, tiles across through
// a copy of which only the region's part is stored.
func (p *product) triangle(i, j, h, w int) {
	for y := 0; y < w; y += simd.TileN {
		v := min(simd.TileN, w-y)
		for x := 0; x < h; {
			u := min(simd.TileM, h-x)
			switch p.within(p.i0+i+x, p.j0+j+y, u, v) {
			case inside:
				for x+u < h && p.within(p.i0+i+x, p.j0+j+y, min(u+simd.TileM, h-x), v) == inside {
					u = min(u+simd.TileM, h-x)
				}
				p.block(i+x, j+y, u, v)
			case across:
				p.masked(i+x, j+y, u, v)
			}
			x += u
		}
	}
}

// masked multiplies the tile at (i, j) of the slab and stores what belongs to the region.
func (p *product) masked(i, j, h, w int) {
	var t [simd.TileM * simd.TileN]float64
	gi, gj := p.i0+i, p.j0+j
	p.each(gi, gj, h, w, func(r, c int) { t[r*simd.TileN+c] = p.c[(gi+r)*p.ldc+gj+c] })
	for l := 0; l < p.kc; l += sliceK {
		d := min(sliceK, p.kc-l)
		simd.Tile(h, w, d, p.slabA[l*up(p.mc, simd.TileM)+i*d:], p.slabB[l*up(p.nc, simd.TileN)+j*d:],
			t[:], simd.TileN, p.fresh && p.k0+l == 0)
	}
	p.each(gi, gj, h, w, func(r, c int) { p.c[(gi+r)*p.ldc+gj+c] = t[r*simd.TileN+c] })
}

// each calls f for the elements of the tile at (i, j) that belong to the region.
func (p *product) each(i, j, h, w int, f func(r, c int)) {
	for r := range h {
		for c := range w {
			if p.part == lower && i+r >= j+c || p.part == upper && j+c >= i+r {
				f(r, c)
			}
		}
	}
}
