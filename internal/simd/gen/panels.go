package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func init() {
	files["panels"] = func(g gen) {
		g.mulPanel()
		g.dotPanel()
		g.transPanel()
	}
}

const unroll = 4

// tile is a block of rows × 8 accumulators and what its k loop needs besides.
type tile struct {
	rows int
	acc  [][2]reg.VecVirtual
	b    [2]reg.VecVirtual
	x    [2]reg.VecVirtual
}

func (g gen) newTile(rows int) tile {
	t := tile{rows: rows, acc: make([][2]reg.VecVirtual, rows)}
	for i := range t.acc {
		t.acc[i] = [2]reg.VecVirtual{g.YMM(), g.YMM()}
	}
	t.b = [2]reg.VecVirtual{g.YMM(), g.YMM()}
	t.x = [2]reg.VecVirtual{g.YMM(), g.YMM()}
	return t
}

// tiles runs over all rows of a panel: blocks of 6 while they fit, then at most one each of 4 and 2, and 1. body emits a
// block and moves the pointers past it.
func (g gen) tiles(m reg.Register, body func(t tile, label func(string) string)) {
	for _, rows := range []int{6, 4, 2, 1} {
		label := func(s string) string { return fmt.Sprintf("%s%d", s, rows) }
		g.Label(label("tile"))
		g.CMPQ(m, imm(rows))
		g.JLT(to(label("next")))
		body(g.newTile(rows), label)
		g.SUBQ(imm(rows), m)
		if rows == 6 {
			g.JMP(to(label("tile")))
		}
		g.Label(label("next"))
	}
}

// chain emits acc[i] += a(i, q)·b[q] for q = 0 … k-1, b one cache line a step: one chain of fused multiply-adds for each
// element. advance(u) moves the pointers into A by u steps; hint is emitted once for four steps.
func (g gen) chain(t tile, label func(string) string, b, kk reg.Register, a func(i, q int) operand.Mem, advance func(u int), hint func()) {
	step := func(q int) {
		g.VMOVUPD(at(b, 64*q), t.b[0])
		g.VMOVUPD(at(b, 64*q+32), t.b[1])
		for i := range t.acc {
			g.VBROADCASTSD(a(i, q), t.x[i%2])
			g.VFMADD231PD(t.x[i%2], t.b[0], t.acc[i][0])
			g.VFMADD231PD(t.x[i%2], t.b[1], t.acc[i][1])
		}
	}
	g.Load(g.Param("k"), kk)
	g.SUBQ(imm(unroll), kk)
	g.JLT(to(label("rest")))
	g.Label(label("loop"))
	for q := range unroll {
		step(q)
	}
	hint()
	g.SUBQ(operand.I32(-64*unroll), b)
	advance(unroll)
	g.SUBQ(imm(unroll), kk)
	g.JGE(to(label("loop")))
	g.Label(label("rest"))
	g.ADDQ(imm(unroll), kk)
	g.JZ(to(label("done")))
	g.Label(label("single"))
	step(0)
	g.ADDQ(imm(64), b)
	advance(1)
	g.DECQ(kk)
	g.JNZ(to(label("single")))
	g.Label(label("done"))
}

// rowMajor emits the chain for A with contiguous k and rows rs bytes apart, starting from init, and leaves a at the row
// after the tile.
func (g gen) rowMajor(t tile, label func(string) string, a, rs, b, kk reg.Register, hint func()) {
	g.Load(g.Param("init"), kk)
	for i := range t.acc {
		g.VMOVUPD(at(kk, 0), t.acc[i][0])
		g.VMOVUPD(at(kk, 32), t.acc[i][1])
	}
	a3 := g.GP64()
	g.LEAQ(operand.Mem{Base: rs, Index: rs, Scale: 2}, a3)
	g.ADDQ(a, a3)
	g.Load(g.Param("b"), b)
	address := func(i, q int) operand.Mem {
		m := at([]reg.Register{a, a3}[i/3], 8*q)
		if i%3 != 0 {
			m.Index, m.Scale = rs, uint8(i%3)
		}
		return m
	}
	g.chain(t, label, b, kk, address, func(u int) {
		g.ADDQ(imm(8*u), a)
		g.ADDQ(imm(8*u), a3)
	}, hint)
	g.Load(g.Param("k"), kk)
	g.SHLQ(imm(3), kk)
	g.SUBQ(kk, a)
	for range t.rows {
		g.ADDQ(rs, a)
	}
}

func (g gen) mulPanel() {
	g.function("mulPanelAVX2", "func(m, k int, a *float64, rs int, b, init, c *float64, ldc int)",
		"mulPanelAVX2 computes one panel of C = init + A·B; strides in bytes.")
	p := g.params("m", "a", "rs", "c", "ldc")
	m, a, rs, c, ldc := p[0], p[1], p[2], p[3], p[4]
	b, kk := g.GP64(), g.GP64()
	g.tiles(m, func(t tile, label func(string) string) {
		g.rowMajor(t, label, a, rs, b, kk, func() {})
		for i := range t.acc {
			g.VMOVUPD(t.acc[i][0], at(c, 0))
			g.VMOVUPD(t.acc[i][1], at(c, 32))
			g.ADDQ(ldc, c)
		}
	})
	g.end()
}

func (g gen) dotPanel() {
	g.function("dotPanelAVX2", "func(m, k int, a *float64, rs int, b, init, d *float64, ldd int, lanes, pf *float64, pfs int)",
		"dotPanelAVX2 adds one panel of (init + A·B)∘D to the lanes; strides in bytes; it prefetches from pf on in steps of pfs.")
	p := g.params("m", "a", "rs", "d", "ldd", "lanes", "pf", "pfs")
	m, a, rs, d, ldd, lanes, pf, pfs := p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]
	b, kk := g.GP64(), g.GP64()
	g.tiles(m, func(t tile, label func(string) string) {
		g.rowMajor(t, label, a, rs, b, kk, g.hint(pf, pfs))
		free := []reg.VecVirtual{t.b[0], t.b[1], t.x[0], t.x[1]}
		for i := range t.acc {
			for h := range 2 {
				s := free[(2*i+h)%4]
				g.VMOVUPD(at(lanes, i*64+h*32), s)
				g.VFMADD231PD(at(d, h*32), t.acc[i][h], s)
				g.VMOVUPD(s, at(lanes, i*64+h*32))
			}
			g.ADDQ(ldd, d)
		}
		g.ADDQ(imm(64*t.rows), lanes)
	})
	g.end()
}

func (g gen) transPanel() {
	g.function("transPanelAVX2", "func(m, k int, a *float64, ks int, b, c *float64, ldc int, pf *float64, pfs int)",
		"transPanelAVX2 computes one panel of C += Aᵀ·B; strides in bytes; it prefetches from pf on in steps of pfs.")
	p := g.params("m", "a", "ks", "c", "ldc", "pf", "pfs")
	m, a, ks, c, ldc, pf, pfs := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	b, kk, ak, ks3 := g.GP64(), g.GP64(), g.GP64(), g.GP64()
	g.LEAQ(operand.Mem{Base: ks, Index: ks, Scale: 2}, ks3)
	g.tiles(m, func(t tile, label func(string) string) {
		for i := range t.acc {
			g.zero(t.acc[i][0], t.acc[i][1])
		}
		g.MOVQ(a, ak)
		g.Load(g.Param("b"), b)
		address := func(i, q int) operand.Mem {
			m := at(ak, 8*i)
			switch q {
			case 1, 2:
				m.Index, m.Scale = ks, uint8(q)
			case 3:
				m.Index, m.Scale = ks3, 1
			}
			return m
		}
		g.chain(t, label, b, kk, address, func(u int) {
			g.LEAQ(operand.Mem{Base: ak, Index: ks, Scale: uint8(u)}, ak)
		}, g.hint(pf, pfs))
		for i := range t.acc {
			for h := range 2 {
				g.VADDPD(at(c, 32*h), t.acc[i][h], t.acc[i][h])
				g.VMOVUPD(t.acc[i][h], at(c, 32*h))
			}
			g.ADDQ(ldc, c)
		}
		g.ADDQ(imm(8*t.rows), a)
	})
	g.end()
}

// hint asks for the next cache line of the prefetch list, into L2: the first level is full of what is in use.
func (g gen) hint(pf, pfs reg.Register) func() {
	return func() {
		g.PREFETCHT1(at(pf, 0))
		g.ADDQ(pfs, pf)
	}
}
