package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func init() {
	files["kr_pairs"] = func(g gen) {
		for k := 1; k <= 4; k++ {
			g.pairDots(k)
		}
		g.crossDots(1)
		g.crossDots(2)
	}
}

// products are what one pass over the numbers of a point sums: the rows that it reads, and the pairs of them.
type products struct {
	rows  []operand.Mem
	pairs [][2]int
	moved []reg.Register // the pointers in rows, which go along a row and come back
}

// row is the memory i·step bytes from base on, i = 0 … 3; three is 3·step.
func row(base, step, three reg.Register, i int) operand.Mem {
	switch i {
	case 0:
		return at(base, 0)
	case 3:
		return operand.Mem{Base: base, Index: three, Scale: 1}
	}
	return operand.Mem{Base: base, Index: step, Scale: uint8(i)}
}

// dots emits the products of all pairs for one point: number q of an accumulator is lane q + lane q+4. Lanes 0 … 3 go
// first, to memory, and the others after them, so that a pair takes one register. Parameters w, rest and mask are those
// of a row: bytes, a multiple of 64; whether there is more; and which numbers of the next 64 bytes count.
func (g gen) dots(p products, first operand.Mem, w, rest, mask, j reg.Register) []reg.VecVirtual {
	acc, x, some := make([]reg.VecVirtual, len(p.pairs)), make([]reg.VecVirtual, len(p.rows)), g.YMM()
	for i := range acc {
		acc[i] = g.YMM()
	}
	for i := range x {
		x[i] = g.YMM()
	}
	step := func(load func(i int)) {
		for i := range x {
			load(i)
		}
		for i, q := range p.pairs {
			g.VFMADD231PD(x[q[0]], x[q[1]], acc[i])
		}
	}
	for h := range 2 {
		label := func(s string) string { return fmt.Sprint(s, h) }
		g.zero(acc...)
		g.MOVQ(w, j)
		g.TESTQ(j, j)
		g.JZ(to(label("rest")))
		g.Label(label("loop"))
		step(func(i int) { g.VMOVUPD(p.rows[i].Offset(32*h), x[i]) })
		for _, r := range p.moved {
			g.ADDQ(imm(64), r)
		}
		g.SUBQ(imm(64), j)
		g.JNZ(to(label("loop")))
		g.Label(label("rest"))
		g.TESTQ(rest, rest)
		g.JZ(to(label("done")))
		g.VMOVUPD(at(mask, 32*h), some)
		step(func(i int) { g.VMASKMOVPD(p.rows[i].Offset(32*h), some, x[i]) })
		g.Label(label("done"))
		for _, r := range p.moved {
			g.SUBQ(w, r)
		}
		for i, v := range acc {
			if h == 0 {
				g.VMOVUPD(v, first.Offset(32*i))
			} else {
				g.VADDPD(first.Offset(32*i), v, v)
			}
		}
	}
	return acc
}

// sums returns (v[0]+v[2]) + (v[1]+v[3]) for four vectors v, side by side.
func (g gen) sums(v [4]reg.VecVirtual) reg.VecVirtual {
	halves := func(x, y reg.VecVirtual) reg.VecVirtual {
		low, high := g.YMM(), g.YMM()
		g.VINSERTF128(operand.Imm(1), y.AsX(), x, low)
		g.VPERM2F128(operand.Imm(0x31), y, x, high)
		g.VADDPD(high, low, low)
		return low
	}
	x, y := halves(v[0], v[2]), halves(v[1], v[3])
	g.VHADDPD(y, x, x)
	return x
}

const pairsDoc = "n > 0 points; mask selects the rest behind w; all in bytes."

// pairDots takes a block of k channels, and the pairs within it.
func (g gen) pairDots(k int) {
	name := fmt.Sprintf("pairDots%dAVX2", k)
	g.function(name, "func(n, w, rest int, mask *int64, x *float64, ld, cs int, dst *float64, ldd, row int)",
		fmt.Sprintf("%s writes the products x_r·x_s, s <= r < %d, to dst + r·row + 8·r(r+1)/2 + 8·s, at %s", name, k, pairsDoc))
	p := g.params("n", "w", "rest", "mask", "x", "ld", "cs", "dst", "ldd", "row")
	n, w, rest, mask, x, ld, cs, dst, ldd, up := p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9]
	j, cs3, up3 := g.GP64(), g.GP64(), g.GP64()
	g.LEAQ(operand.Mem{Base: cs, Index: cs, Scale: 2}, cs3)
	g.LEAQ(operand.Mem{Base: up, Index: up, Scale: 2}, up3)
	q := products{moved: []reg.Register{x}}
	for r := range k {
		q.rows = append(q.rows, row(x, cs, cs3, r))
		for s := range r + 1 {
			q.pairs = append(q.pairs, [2]int{r, s})
		}
	}
	first := g.AllocLocal(32 * len(q.pairs))
	g.Label("point")
	acc := g.dots(q, first, w, rest, mask, j)
	line := func(r int) operand.Mem { return row(dst, up, up3, r).Offset(8 * (r * (r + 1) / 2)) }
	g.triangle(k, acc, line)
	g.ADDQ(ld, x)
	g.ADDQ(ldd, dst)
	g.DECQ(n)
	g.JNZ(to("point"))
	g.end()
}

// triangle sums and stores the products of k channels; dst is where row r begins.
func (g gen) triangle(k int, acc []reg.VecVirtual, dst func(r int) operand.Mem) {
	if k == 4 {
		g.VMOVUPD(g.sums([4]reg.VecVirtual(acc[6:])), dst(3))
	}
	if k >= 3 {
		v, high := g.sums([4]reg.VecVirtual{acc[3], acc[4], acc[5], acc[0]}), g.XMM()
		g.VMOVUPD(v.AsX(), dst(2))
		g.VEXTRACTF128(operand.Imm(1), v, high)
		g.VMOVLPD(high, dst(2).Offset(16))
		g.VMOVHPD(high, dst(0))
		g.VMOVUPD(g.sums([4]reg.VecVirtual{acc[1], acc[2], acc[1], acc[2]}).AsX(), dst(1))
		return
	}
	v := g.sums([4]reg.VecVirtual{acc[0], acc[len(acc)/2], acc[0], acc[len(acc)-1]})
	g.VMOVLPD(v.AsX(), dst(0))
	if k == 2 {
		g.VMOVHPD(v.AsX(), dst(1))
		g.VEXTRACTF128(operand.Imm(1), v, v.AsX())
		g.VMOVHPD(v.AsX(), dst(1).Offset(8))
	}
}

// crossDots takes k channels against four others before them.
func (g gen) crossDots(k int) {
	name := fmt.Sprintf("crossDots%dAVX2", k)
	g.function(name, "func(n, w, rest int, mask *int64, x, y *float64, ld, cs int, dst *float64, ldd, row int)",
		fmt.Sprintf("%s writes the products x_r·y_s, r < %d, s < 4, to dst + r·row + 8·s, at %s", name, k, pairsDoc))
	p := g.params("n", "w", "rest", "mask", "x", "y", "ld", "cs", "dst", "ldd", "row")
	n, w, rest, mask, x, y, ld, cs, dst, ldd, up := p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10]
	j, cs3 := g.GP64(), g.GP64()
	g.LEAQ(operand.Mem{Base: cs, Index: cs, Scale: 2}, cs3)
	q := products{moved: []reg.Register{x, y}}
	for s := range 4 {
		q.rows = append(q.rows, row(y, cs, cs3, s))
	}
	for r := range k {
		q.rows = append(q.rows, row(x, cs, cs3, r))
		for s := range 4 {
			q.pairs = append(q.pairs, [2]int{4 + r, s})
		}
	}
	first := g.AllocLocal(32 * len(q.pairs))
	g.Label("point")
	acc := g.dots(q, first, w, rest, mask, j)
	for r := range k {
		g.VMOVUPD(g.sums([4]reg.VecVirtual(acc[4*r:])), row(dst, up, nil, r))
	}
	g.ADDQ(ld, x)
	g.ADDQ(ld, y)
	g.ADDQ(ldd, dst)
	g.DECQ(n)
	g.JNZ(to("point"))
	g.end()
}
