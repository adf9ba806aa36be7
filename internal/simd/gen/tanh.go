package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func init() {
	files["tanh"] = func(g gen) {
		c := g.tanhConstants()
		g.tanhArray(c)
		g.tanhJet(c, true)
		g.tanhJet(c, false)
		g.tanhJetAdjoint(c, true)
		g.tanhJetAdjoint(c, false)
	}
}

// tanhConstants is what tanh and its jets read.
func (g gen) tanhConstants() table {
	f := math.Float64bits
	list := []constant{{"abs", 1<<63 - 1}, {"limit", f(40)}, {"log2e", f(math.Log2E)}, {"magic", f(0x1.8p52)},
		{"ln2hi", f(0x1.62e42fefa39efp-1)}, {"ln2lo", f(0x1.abc9e3b39803fp-56)},
		{"one", f(1)}, {"two", f(2)}, {"-two", f(-2)}, {"six", f(6)}}
	for i, n := 2, 1.0; i <= 13; i++ {
		n *= float64(i)
		list = append(list, constant{fmt.Sprint("1/", i, "!"), f(1 / n)})
	}
	return g.table("tanhTable", list)
}

// tanh emits t = tanh x for one vector, x kept; statement by statement the scalar tanh1.
func (g gen) tanh(x reg.VecVirtual, c table) reg.VecVirtual {
	y := g.YMM()
	g.VANDPD(c("abs"), x, y)
	g.VADDPD(y, y, y)
	limit := g.get(c("limit"))
	g.VMINPD(y, limit, y) // in this order a NaN in y stays
	km, k := g.get(c("magic")), g.YMM()
	g.VFMADD231PD(c("log2e"), y, km)
	g.VSUBPD(c("magic"), km, k)
	r := y
	g.VFNMADD231PD(c("ln2hi"), k, r)
	g.VFNMADD231PD(c("ln2lo"), k, r)
	r2 := g.YMM()
	g.VMULPD(r, r, r2)
	q := g.expTail(r, r2, c)
	p, pl := g.like(r), g.YMM() // exp(r) - 1 = p + pl
	g.VFMADD231PD(q, r2, p)
	g.VSUBPD(p, r, pl)
	g.VFMADD231PD(q, r2, pl)
	e, f := km, k // 2^k, and its difference to 1
	g.VPSLLQ(imm(52), e, e)
	g.VPADDQ(c("one"), e, e)
	g.VSUBPD(c("one"), e, f)
	em := g.like(p) // exp(y) - 1 = em + lo
	g.VFMADD213PD(f, e, em)
	g.VSUBPD(em, f, f)
	g.VFMADD231PD(p, e, f)
	lo := pl
	g.VFMADD213PD(f, e, lo)
	return g.quotient(x, em, lo, c)
}

// expTail emits (exp(r) - 1 - r)/r².
func (g gen) expTail(r, r2 reg.VecVirtual, c table) reg.VecVirtual {
	odd, even := g.get(c("1/13!")), g.get(c("1/12!"))
	for i := 11; i >= 3; i -= 2 {
		g.VFMADD213PD(c(fmt.Sprint("1/", i, "!")), r2, odd)
		g.VFMADD213PD(c(fmt.Sprint("1/", i-1, "!")), r2, even)
	}
	g.VFMADD213PD(even, r, odd)
	return odd
}

// quotient emits (em + lo)/(em + lo + 2) with the sign of x.
func (g gen) quotient(x, em, lo reg.VecVirtual, c table) reg.VecVirtual {
	den, dl, inv, t := g.YMM(), g.YMM(), g.get(c("one")), g.YMM()
	g.VADDPD(c("two"), em, den)
	g.VSUBPD(c("two"), den, dl)
	g.VSUBPD(dl, em, dl)
	g.VADDPD(lo, dl, dl)
	g.VDIVPD(den, inv, inv)
	g.VMULPD(em, inv, t)
	g.VFNMADD231PD(t, den, em)
	g.VADDPD(lo, em, em)
	g.VFNMADD231PD(t, dl, em)
	g.VFMADD231PD(em, inv, t)
	sign := g.get(c("abs"))
	g.VANDPD(sign, t, t)
	g.VANDNPD(x, sign, sign)
	g.VORPD(sign, t, t)
	return t
}

func (g gen) tanhArray(c table) {
	g.function("tanhAVX2", "func(n int, dst, x *float64)", "tanhAVX2 computes dst = tanh x for n numbers, a multiple of 4.")
	p := g.params("n", "dst", "x")
	n, dst, x := p[0], p[1], p[2]
	g.SUBQ(imm(4), n)
	g.JLT(to("done"))
	g.Label("loop")
	g.VMOVUPD(g.tanh(g.get(at(x, 0)), c), at(dst, 0))
	g.ADDQ(imm(32), x)
	g.ADDQ(imm(32), dst)
	g.SUBQ(imm(4), n)
	g.JGE(to("loop"))
	g.Label("done")
	g.end()
}

// slope emits t' = 1 - t².
func (g gen) slope(t reg.VecVirtual, c table) reg.VecVirtual {
	s := g.get(c("one"))
	g.VFNMADD231PD(t, t, s)
	return s
}

// jets emits the loop over groups of four neurons while they fit: body gets i, the number of neurons done, and jumps to
// "stop", before i counts the group, where the group needs the scalar form. It returns i.
func (g gen) jets(n reg.Register, body func(i reg.GPVirtual)) {
	i := g.GP64()
	g.XORQ(i, i)
	g.SUBQ(imm(4), n)
	g.JLT(to("stop"))
	g.Label("loop")
	body(i)
	g.ADDQ(imm(4), i)
	g.CMPQ(i, n)
	g.JLE(to("loop"))
	g.Label("stop")
	g.Store(i, g.ReturnIndex(0))
	g.end()
}

// stopNaN leaves the loop where a lane of v is NaN.
func (g gen) stopNaN(v reg.VecVirtual) {
	m, r := g.YMM(), g.GP32()
	g.VCMPPD(imm(3), v, v, m)
	g.VMOVMSKPD(m, r)
	g.TESTL(r, r)
	g.JNZ(to("stop"))
}

// eachDerivative emits body for the channels 1 … d, with the pointers moved on by the stride before each.
func (g gen) eachDerivative(label string, d, stride reg.Register, pointers []reg.Register, body func()) {
	c := g.GP64()
	g.MOVQ(d, c)
	g.TESTQ(c, c)
	g.JZ(to(label + "done"))
	g.Label(label)
	for _, p := range pointers {
		g.ADDQ(stride, p)
	}
	body()
	g.DECQ(c)
	g.JNZ(to(label))
	g.Label(label + "done")
}

// element is the memory of element i of channel 0.
func element(base reg.Register, i reg.GPVirtual) operand.Mem {
	return operand.Mem{Base: base, Index: i, Scale: 8}
}

func suffix(lap bool) string {
	if lap {
		return "LapAVX2"
	}
	return "AVX2"
}

func (g gen) tanhJet(c table, lap bool) {
	name := "tanhJet" + suffix(lap)
	g.function(name, "func(n, d int, z, a *float64, stride int) int",
		name+" does groups of four neurons until one has a NaN or fewer than four are left, and returns how many it did; stride in bytes.")
	p := g.params("n", "d", "z", "a", "stride")
	n, d, z, a, stride := p[0], p[1], p[2], p[3], p[4]
	zc, ac := g.GP64(), g.GP64()
	g.jets(n, func(i reg.GPVirtual) {
		g.LEAQ(element(z, i), zc)
		g.LEAQ(element(a, i), ac)
		t := g.tanh(g.get(at(zc, 0)), c)
		g.VMOVUPD(t, at(ac, 0))
		s1, q := g.slope(t, c), g.YMM()
		g.zero(q)
		g.eachDerivative("channel", d, stride, []reg.Register{zc, ac}, func() {
			x := g.get(at(zc, 0))
			g.VFMADD231PD(x, x, q)
			g.VMULPD(s1, x, x)
			g.VMOVUPD(x, at(ac, 0))
		})
		if lap {
			s2 := g.YMM()
			g.VMULPD(t, s1, s2)
			g.VADDPD(s2, s2, s2)
			g.VMULPD(operand.Mem{Base: zc, Index: stride, Scale: 1}, s1, s1)
			g.VFNMADD231PD(q, s2, s1)
			g.VMOVUPD(s1, operand.Mem{Base: ac, Index: stride, Scale: 1})
		} else {
			g.VMULPD(q, s1, s1)
		}
		g.stopNaN(s1) // NaN wherever a derivative is, for q holds all of them
	})
}

func (g gen) tanhJetAdjoint(c table, lap bool) {
	name := "tanhJetAdjoint" + suffix(lap)
	g.function(name, "func(n, d int, z, t, grad *float64, stride int) int",
		name+" does groups of four neurons until one has a NaN or fewer than four are left, and returns how many it did; stride in bytes.")
	p := g.params("n", "d", "z", "t", "grad", "stride")
	n, d, z, tp, gp, stride := p[0], p[1], p[2], p[3], p[4], p[5]
	zc, gc, g0 := g.GP64(), g.GP64(), g.GP64()
	g.jets(n, func(i reg.GPVirtual) {
		g.LEAQ(element(z, i), zc)
		g.LEAQ(element(gp, i), gc)
		g.MOVQ(gc, g0)
		t := g.get(element(tp, i))
		s1, s2 := g.slope(t, c), g.YMM()
		g.VMULPD(t, s1, s2)
		g.VMULPD(c("-two"), s2, s2)
		q, u := g.YMM(), g.YMM()
		g.zero(q, u)
		g.eachDerivative("sums", d, stride, []reg.Register{zc, gc}, func() {
			x := g.get(at(zc, 0))
			if lap {
				g.VFMADD231PD(x, x, q)
			}
			g.VFMADD231PD(at(gc, 0), x, u)
		})
		v := g.YMM()
		g.VMULPD(at(g0, 0), s1, v)
		g.VFMADD231PD(u, s2, v)
		var e reg.VecVirtual
		gl := operand.Mem{Base: gc, Index: stride, Scale: 1}
		if lap {
			w := g.YMM()
			g.VMULPD(t, t, t)
			six := g.get(c("six"))
			g.VFMADD213PD(c("-two"), t, six)
			g.VMULPD(six, s1, w) // t'''
			g.VMULPD(q, w, w)
			g.VFMADD231PD(operand.Mem{Base: zc, Index: stride, Scale: 1}, s2, w)
			g.VFMADD231PD(gl, w, v)
			e = s2
			g.VMULPD(gl, s2, e)
			g.VADDPD(e, e, e)
		}
		g.stopNaN(v) // NaN wherever t' = 0 met an infinity
		g.VMOVUPD(v, at(g0, 0))
		if lap {
			x := g.YMM()
			g.VMULPD(gl, s1, x)
			g.VMOVUPD(x, gl)
			g.LEAQ(element(z, i), zc)
		}
		g.eachDerivative("channels", d, stride, map[bool][]reg.Register{true: {zc, g0}, false: {g0}}[lap], func() {
			x := g.YMM()
			g.VMULPD(at(g0, 0), s1, x)
			if lap {
				g.VFMADD231PD(at(zc, 0), e, x)
			}
			g.VMOVUPD(x, at(g0, 0))
		})
	})
}
