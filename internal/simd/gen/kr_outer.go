package main

import (
	"strconv"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func init() {
	files["kr_outer"] = func(g gen) {
		g.outerSum()
		g.outerSumRow()
		g.outerSumNarrow()
		g.mulAcc()
	}
}

const outerSignature = "func(m, n, c int, d *float64, ds int, a *float64, as int, dst *float64)"

// outerSum forms tiles of 4×8 in registers, all channels at once, and writes four rows side by side.
func (g gen) outerSum() {
	g.function("outerSumAVX2", outerSignature,
		"outerSumAVX2 is OuterSum for m > 0, a multiple of 4, n > 0, a multiple of 8, and c > 0; ds and as in bytes.")
	p := g.params("m", "d", "ds", "a", "as", "dst", "n")
	m, d, ds, a, as, dst, n := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	three, i, k, pd, pa := g.GP64(), g.GP64(), g.GP64(), g.GP64(), g.GP64()
	g.SHLQ(imm(3), n)
	g.LEAQ(operand.Mem{Base: n, Index: n, Scale: 2}, three)
	g.Label("rows")
	g.Load(g.Param("n"), i)
	g.Label("tile")
	var acc [8]reg.VecVirtual
	for v := range acc {
		acc[v] = g.YMM()
		g.zero(acc[v])
	}
	x, y, s := g.YMM(), g.YMM(), g.YMM()
	g.Load(g.Param("c"), k)
	g.MOVQ(d, pd)
	g.MOVQ(a, pa)
	g.Label("loop")
	g.VMOVUPD(at(pa, 0), x)
	g.VMOVUPD(at(pa, 32), y)
	for r := range 4 {
		g.VBROADCASTSD(at(pd, 8*r), s)
		g.VFMADD231PD(x, s, acc[2*r])
		g.VFMADD231PD(y, s, acc[2*r+1])
	}
	g.ADDQ(as, pa)
	g.ADDQ(ds, pd)
	g.DECQ(k)
	g.JNZ(to("loop"))
	for h := range 2 {
		g.VMOVUPD(acc[h], operand.Mem{Base: dst, Disp: 32 * h})
		g.VMOVUPD(acc[2+h], operand.Mem{Base: dst, Index: n, Scale: 1, Disp: 32 * h})
		g.VMOVUPD(acc[4+h], operand.Mem{Base: dst, Index: n, Scale: 2, Disp: 32 * h})
		g.VMOVUPD(acc[6+h], operand.Mem{Base: dst, Index: three, Scale: 1, Disp: 32 * h})
	}
	g.ADDQ(imm(64), a)
	g.ADDQ(imm(64), dst)
	g.SUBQ(imm(8), i)
	g.JNZ(to("tile"))
	g.SUBQ(n, a)
	g.ADDQ(three, dst)
	g.ADDQ(imm(32), d)
	g.SUBQ(imm(4), m)
	g.JNZ(to("rows"))
	g.end()
}

// outerSumRow goes row by row, so that what it writes behind a row is overwritten by the next one.
func (g gen) outerSumRow() {
	g.function("outerSumRowAVX2", outerSignature,
		"outerSumRowAVX2 is OuterSum for any m, n, c > 0; ds and as in bytes.")
	p := g.params("m", "d", "ds", "a", "as", "dst")
	m, d, ds, a, as, dst := p[0], p[1], p[2], p[3], p[4], p[5]
	i, k, pd, pa, from := g.GP64(), g.GP64(), g.GP64(), g.GP64(), g.GP64()
	acc, s := g.YMM(), g.YMM()
	g.Label("row")
	g.Load(g.Param("n"), i)
	g.MOVQ(a, from)
	g.Label("four")
	g.zero(acc)
	g.Load(g.Param("c"), k)
	g.MOVQ(d, pd)
	g.MOVQ(from, pa)
	g.Label("loop")
	g.VBROADCASTSD(at(pd, 0), s)
	g.VFMADD231PD(at(pa, 0), s, acc)
	g.ADDQ(as, pa)
	g.ADDQ(ds, pd)
	g.DECQ(k)
	g.JNZ(to("loop"))
	g.VMOVUPD(acc, at(dst, 0))
	g.ADDQ(imm(32), from)
	g.ADDQ(imm(32), dst)
	g.SUBQ(imm(4), i)
	g.JG(to("four"))
	g.LEAQ(operand.Mem{Base: dst, Index: i, Scale: 8}, dst) // i is minus what was written too much
	g.ADDQ(imm(8), d)
	g.DECQ(m)
	g.JNZ(to("row"))
	g.end()
}

// outerSumNarrow keeps all of a in registers: the input layer.
func (g gen) outerSumNarrow() {
	g.function("outerSumNarrowAVX2", outerSignature,
		"outerSumNarrowAVX2 is OuterSum for m > 0, 0 < n <= 4 and 0 < c <= 4; ds and as in bytes.")
	p := g.params("m", "n", "c", "d", "ds", "a", "as", "dst")
	m, n, c, d, ds, a, as, dst := p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]
	acc, s := g.YMM(), g.YMM()
	three := g.GP64()
	g.LEAQ(operand.Mem{Base: ds, Index: ds, Scale: 2}, three)
	var x [4]reg.VecVirtual
	for k := range x {
		x[k] = g.YMM()
	}
	for k := 1; k <= 4; k++ {
		label := strconv.Itoa(k)
		if k < 4 {
			g.CMPQ(c, imm(k))
			g.JNE(to("not" + label))
		}
		for q := range k {
			g.VMOVUPD(at(a, 0), x[q])
			if q < k-1 {
				g.ADDQ(as, a)
			}
		}
		channel := []operand.Mem{at(d, 0), {Base: d, Index: ds, Scale: 1}, {Base: d, Index: ds, Scale: 2}, {Base: d, Index: three, Scale: 1}}
		g.Label("loop" + label)
		g.zero(acc)
		for q := range k {
			g.VBROADCASTSD(channel[q], s)
			g.VFMADD231PD(x[q], s, acc)
		}
		g.VMOVUPD(acc, at(dst, 0))
		g.LEAQ(operand.Mem{Base: dst, Index: n, Scale: 8}, dst)
		g.ADDQ(imm(8), d)
		g.DECQ(m)
		g.JNZ(to("loop" + label))
		g.end()
		g.Label("not" + label)
	}
	g.end()
}

func (g gen) mulAcc() {
	g.function("mulAccAVX2", "func(n int, dst, x, y *float64)",
		"mulAccAVX2 computes dst += x∘y for n > 0 numbers, a multiple of 8.")
	p := g.params("n", "dst", "x", "y")
	n, dst, x, y := p[0], p[1], p[2], p[3]
	s, t := g.YMM(), g.YMM()
	acc, bcc := g.YMM(), g.YMM()
	g.Label("loop")
	g.VMOVUPD(at(dst, 0), acc)
	g.VMOVUPD(at(dst, 32), bcc)
	g.VMOVUPD(at(x, 0), s)
	g.VMOVUPD(at(x, 32), t)
	g.VFMADD231PD(at(y, 0), s, acc)
	g.VFMADD231PD(at(y, 32), t, bcc)
	g.VMOVUPD(acc, at(dst, 0))
	g.VMOVUPD(bcc, at(dst, 32))
	g.ADDQ(imm(64), dst)
	g.ADDQ(imm(64), x)
	g.ADDQ(imm(64), y)
	g.SUBQ(imm(8), n)
	g.JNZ(to("loop"))
	g.end()
}
