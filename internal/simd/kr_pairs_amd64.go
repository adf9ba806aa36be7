package simd

// some selects the first k of eight numbers from address some[8-k] on.
var some = [2 * Lanes]int64{-1, -1, -1, -1, -1, -1, -1, -1}

func pairDots(n, c, w int, x []float64, ld, cs int, dst []float64) {
	if !vector {
		pairDotsScalar(n, c, w, x, ld, cs, dst)
		return
	}
	p := pairBlocks{w: 8 * (w &^ (Lanes - 1)), rest: w % Lanes, ld: 8 * ld, cs: 8 * cs, ldd: 8 * Pairs(c)}
	p.mask = &some[Lanes-p.rest]
	for block := max(1, callElements/w); n > 0; n -= block {
		p.n = min(block, n)
		for r := 0; r < c; r += 4 {
			rows := min(4, c-r)
			p.within(rows, r, &x[r*cs], dst[Pairs(r)+r:])
			for s := 0; s < r; s += 4 {
				p.across(rows, r, x[r*cs:], cs, &x[s*cs], dst[Pairs(r)+s:])
			}
		}
		if n > block {
			x, dst = x[block*ld:], dst[block*Pairs(c):]
		}
	}
}

// pairBlocks are the pairs of channels at n points by blocks of four channels: what all calls share.
type pairBlocks struct {
	n, w, rest, ld, cs, ldd int
	mask                    *int64
}

// within takes the pairs of the channels r … r+rows-1.
func (p *pairBlocks) within(rows, r int, x *float64, dst []float64) {
	switch rows {
	case 4:
		pairDots4AVX2(p.n, p.w, p.rest, p.mask, x, p.ld, p.cs, &dst[0], p.ldd, 8*r)
	case 3:
		pairDots3AVX2(p.n, p.w, p.rest, p.mask, x, p.ld, p.cs, &dst[0], p.ldd, 8*r)
	case 2:
		pairDots2AVX2(p.n, p.w, p.rest, p.mask, x, p.ld, p.cs, &dst[0], p.ldd, 8*r)
	default:
		pairDots1AVX2(p.n, p.w, p.rest, p.mask, x, p.ld, p.cs, &dst[0], p.ldd, 8*r)
	}
}

// across takes those of the same channels with four channels y before them, two rows of the triangle at a time.
func (p *pairBlocks) across(rows, r int, x []float64, cs int, y *float64, dst []float64) {
	for k := 0; k < rows; k += 2 {
		at := &dst[Pairs(r+k)-Pairs(r)]
		if k+1 < rows {
			crossDots2AVX2(p.n, p.w, p.rest, p.mask, &x[k*cs], y, p.ld, p.cs, at, p.ldd, 8*(r+k+1))
		} else {
			crossDots1AVX2(p.n, p.w, p.rest, p.mask, &x[k*cs], y, p.ld, p.cs, at, p.ldd, 0)
		}
	}
}
