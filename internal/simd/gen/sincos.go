package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/reg"
)

func init() {
	files["sincos"] = func(g gen) { g.sinCosArray(g.sinCosConstants()) }
}

func (g gen) sinCosConstants() table {
	f := math.Float64bits
	list := []constant{{"abs", 1<<63 - 1}, {"sign", 1 << 63}, {"unit", 1}, {"limit", f(1 << 20)}, {"2/pi", f(0x1.45f306dc9c883p-1)},
		{"magic", f(0x1.8p52)}, {"halfPi1", f(0x1.921fb54442d18p+0)}, {"halfPi2", f(0x1.1a626331p-54)},
		{"halfPi3", f(0x1.1701b839a252p-88)}, {"one", f(1)}, {"half", f(0.5)}}
	for i, n := 3, 2.0; i <= 17; i++ {
		n *= float64(i)
		if i/2%2 == 1 {
			list = append(list, constant{fmt.Sprint("1/", i, "!"), f(-1 / n)}) // i = 2, 3 mod 4
		} else {
			list = append(list, constant{fmt.Sprint("1/", i, "!"), f(1 / n)})
		}
	}
	return g.table("sinCosTable", list)
}

func (g gen) sinCosArray(c table) {
	g.function("sinCosAVX2", "func(n int, sin, cos, x *float64) int",
		"sinCosAVX2 does groups of four until one has a number beyond the limit or fewer than four are left, and returns how many it did.")
	p := g.params("n", "sin", "cos", "x")
	n, sin, cos, from := p[0], p[1], p[2], p[3]
	g.jets(n, func(i reg.GPVirtual) {
		x, y := g.get(element(from, i)), g.YMM()
		g.VANDPD(c("abs"), x, y)
		g.stopUnless(y, c)
		s, k := g.sinCos(x, y, c)
		g.VMOVUPD(s, element(sin, i))
		g.VMOVUPD(k, element(cos, i))
	})
}

// stopUnless leaves the loop where a lane of y is not at most the limit.
func (g gen) stopUnless(y reg.VecVirtual, c table) {
	m, r := g.YMM(), g.GP32()
	g.VCMPPD(imm(2), c("limit"), y, m)
	g.VMOVMSKPD(m, r)
	g.CMPL(r, imm(15))
	g.JNE(to("stop"))
}

// sinCos emits the sine and cosine of one vector x, y = |x|; statement by statement the scalar sinCos1.
func (g gen) sinCos(x, y reg.VecVirtual, c table) (s, w reg.VecVirtual) {
	km, k := g.get(c("magic")), g.YMM()
	g.VFMADD231PD(c("2/pi"), y, km)
	g.VSUBPD(c("magic"), km, k)
	g.VFNMADD231PD(c("halfPi1"), k, y)
	r, l := g.like(y), y // |x| - kπ/2 = r + l
	g.VFNMADD231PD(c("halfPi2"), k, r)
	g.VSUBPD(r, l, l)
	g.VFNMADD231PD(c("halfPi2"), k, l)
	g.VFNMADD231PD(c("halfPi3"), k, l)
	r2, h := g.YMM(), g.YMM()
	g.VMULPD(r, r, r2)
	g.VMULPD(c("half"), r2, h)
	p, q := g.sinCosTails(r2, c)
	s = g.sine(r, l, r2, h, p)
	w = g.cosine(r, l, r2, h, q, c)
	return g.quadrant(km, x, s, w, c)
}

// sinCosTails emits (sin r - r)/r³ and (cos r - 1 + r²/2)/r⁴.
func (g gen) sinCosTails(r2 reg.VecVirtual, c table) (p, q reg.VecVirtual) {
	p, q = g.get(c("1/17!")), g.get(c("1/16!"))
	for i := 15; i >= 3; i -= 2 {
		g.VFMADD213PD(c(fmt.Sprint("1/", i, "!")), r2, p)
		if i > 3 {
			g.VFMADD213PD(c(fmt.Sprint("1/", i-1, "!")), r2, q)
		}
	}
	return p, q
}

// sine emits r + (r³p + l(1 - h)).
func (g gen) sine(r, l, r2, h, p reg.VecVirtual) reg.VecVirtual {
	s, cube := g.like(l), g.YMM()
	g.VFNMADD231PD(h, l, s)
	g.VMULPD(r2, r, cube)
	g.VFMADD231PD(p, cube, s)
	g.VADDPD(s, r, s)
	return s
}

// cosine emits 1 - (r + l)²/2 + r⁴q, the first difference and the square with their rounding errors.
func (g gen) cosine(r, l, r2, h, q reg.VecVirtual, c table) reg.VecVirtual {
	e, w, tail := g.like(r2), g.YMM(), g.get(c("one"))
	g.VFMSUB231PD(r, r, e)
	g.VADDPD(l, l, l)
	g.VFMADD231PD(l, r, e)
	g.VSUBPD(h, tail, w)
	g.VSUBPD(w, tail, tail)
	g.VSUBPD(h, tail, tail)
	g.VMULPD(r2, r2, r2)
	g.VFMADD231PD(q, r2, tail)
	g.VFNMADD231PD(c("half"), e, tail)
	g.VADDPD(tail, w, w)
	return w
}

// quadrant emits the exchange and the signs that km, k in its last bits, and the sign of x ask for.
func (g gen) quadrant(km, x, s, w reg.VecVirtual, c table) (sin, cos reg.VecVirtual) {
	odd, turn := g.YMM(), g.YMM()
	sin, cos = g.YMM(), g.YMM()
	g.VPSLLQ(imm(63), km, odd)
	g.VBLENDVPD(odd, w, s, sin)
	g.VBLENDVPD(odd, s, w, cos)
	g.VPSLLQ(imm(62), km, turn)
	g.VXORPD(x, turn, turn)
	g.VANDPD(c("sign"), turn, turn)
	g.VXORPD(turn, sin, sin)
	g.VPADDQ(c("unit"), km, km)
	g.VPSLLQ(imm(62), km, km)
	g.VANDPD(c("sign"), km, km)
	g.VXORPD(km, cos, cos)
	return sin, cos
}
