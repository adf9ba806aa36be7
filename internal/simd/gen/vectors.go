package main

import (
	"github.com/mmcloughlin/avo/reg"
)

func init() {
	files["vectors"] = func(g gen) {
		g.scalePack()
		g.scaleAcc()
		g.add()
		g.axpy()
		g.dot()
	}
}

func (g gen) scalePack() {
	g.function("scalePackAVX2", "func(n, w int, y, d *float64, ldd int, dst *float64, ps int)",
		"scalePackAVX2 writes n > 0 rows y∘D of width w > 0, a multiple of 8, to panels ps bytes apart; ldd in bytes.")
	p := g.params("n", "w", "y", "d", "ldd", "dst", "ps")
	n, w, y, d, ldd, dst, ps := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	j, from, into := g.GP64(), g.GP64(), g.GP64()
	s, t, u := g.YMM(), g.YMM(), g.YMM()
	g.Label("row")
	g.VBROADCASTSD(at(y, 0), s)
	g.MOVQ(w, j)
	g.MOVQ(d, from)
	g.MOVQ(dst, into)
	g.Label("loop")
	g.VMULPD(at(from, 0), s, t)
	g.VMULPD(at(from, 32), s, u)
	g.VMOVUPD(t, at(into, 0))
	g.VMOVUPD(u, at(into, 32))
	g.ADDQ(imm(64), from)
	g.ADDQ(ps, into)
	g.SUBQ(imm(8), j)
	g.JG(to("loop"))
	g.ADDQ(imm(8), y)
	g.ADDQ(ldd, d)
	g.ADDQ(imm(64), dst)
	g.DECQ(n)
	g.JNZ(to("row"))
	g.end()
}

func (g gen) scaleAcc() {
	g.function("scaleAccAVX2", "func(n, w int, y, d *float64, ldd int, out *float64)",
		"scaleAccAVX2 adds Σ_i y[i]·D[i] to out for n > 0 rows of width w, a multiple of 8; ldd in bytes.")
	p := g.params("n", "w", "d", "ldd", "out")
	n, w, d, ldd, out := p[0], p[1], p[2], p[3], p[4]
	i, y, row := g.GP64(), g.GP64(), g.GP64()
	block := func(label string, vectors int) {
		acc := make([]reg.VecVirtual, vectors)
		g.Label("block" + label)
		g.SUBQ(imm(4*vectors), w)
		g.JLT(to("next" + label))
		for v := range acc {
			acc[v] = g.YMM()
			g.zero(acc[v])
		}
		s := g.YMM()
		g.Load(g.Param("y"), y)
		g.MOVQ(n, i)
		g.MOVQ(d, row)
		g.Label("loop" + label)
		g.VBROADCASTSD(at(y, 0), s)
		for v := range acc {
			g.VFMADD231PD(at(row, 32*v), s, acc[v])
		}
		g.ADDQ(imm(8), y)
		g.ADDQ(ldd, row)
		g.DECQ(i)
		g.JNZ(to("loop" + label))
		for v := range acc {
			g.VADDPD(at(out, 32*v), acc[v], acc[v])
			g.VMOVUPD(acc[v], at(out, 32*v))
		}
		g.ADDQ(imm(32*vectors), d)
		g.ADDQ(imm(32*vectors), out)
		g.JMP(to("block" + label))
		g.Label("next" + label)
		g.ADDQ(imm(4*vectors), w)
	}
	block("32", 8)
	block("8", 2)
	g.end()
}

// eights emits a loop over n numbers, a multiple of 8, at x and y.
func (g gen) eights(n, x, y reg.Register, body func()) {
	g.SUBQ(imm(8), n)
	g.JLT(to("done"))
	g.Label("loop")
	body()
	g.ADDQ(imm(64), x)
	g.ADDQ(imm(64), y)
	g.SUBQ(imm(8), n)
	g.JGE(to("loop"))
	g.Label("done")
}

func (g gen) add() {
	g.function("addAVX2", "func(n int, dst, x *float64)", "addAVX2 computes dst += x for n numbers, a multiple of 8.")
	p := g.params("n", "dst", "x")
	n, dst, x := p[0], p[1], p[2]
	g.eights(n, dst, x, func() {
		for h := range 2 {
			t := g.YMM()
			g.VMOVUPD(at(dst, 32*h), t)
			g.VADDPD(at(x, 32*h), t, t)
			g.VMOVUPD(t, at(dst, 32*h))
		}
	})
	g.end()
}

func (g gen) axpy() {
	g.function("axpyAVX2", "func(n int, dst *float64, alpha float64, x *float64)",
		"axpyAVX2 computes dst += alpha·x for n numbers, a multiple of 8.")
	p := g.params("n", "dst", "x")
	n, dst, x := p[0], p[1], p[2]
	scalar, s := g.Load(g.Param("alpha"), g.XMM()), g.YMM()
	g.VBROADCASTSD(scalar, s)
	g.eights(n, dst, x, func() {
		for h := range 2 {
			t := g.YMM()
			g.VMOVUPD(at(dst, 32*h), t)
			g.VFMADD231PD(at(x, 32*h), s, t)
			g.VMOVUPD(t, at(dst, 32*h))
		}
	})
	g.end()
}

func (g gen) dot() {
	g.function("dotAVX2", "func(n int, x, y, lanes *float64)",
		"dotAVX2 adds x[i]·y[i] to lane i mod 8 for n numbers, a multiple of 8.")
	p := g.params("n", "x", "y", "lanes")
	n, x, y, lanes := p[0], p[1], p[2], p[3]
	q := []reg.VecVirtual{g.YMM(), g.YMM()}
	for h, v := range q {
		g.VMOVUPD(at(lanes, 32*h), v)
	}
	g.eights(n, x, y, func() {
		for h, v := range q {
			t := g.YMM()
			g.VMOVUPD(at(x, 32*h), t)
			g.VFMADD231PD(at(y, 32*h), t, v)
		}
	})
	for h, v := range q {
		g.VMOVUPD(v, at(lanes, 32*h))
	}
	g.end()
}
