package main

import (
	"math"
	"strconv"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func init() {
	files["jet"] = func(g gen) {
		c := g.jetConstants()
		for _, s := range []seconds{none, laplace, diagonal, hessian} {
			g.jet(s)
		}
		for _, s := range []seconds{none, laplace, diagonal, hessian} {
			g.jetAdjoint(s, c)
		}
		g.tanhSlopes(c)
	}
}

// seconds is the form of the second derivatives, by its place in the names of the kernels.
type seconds string

const (
	none     seconds = "Firsts"
	laplace  seconds = "Laplace"
	diagonal seconds = "Diagonal"
	hessian  seconds = "Hessian"
)

func (g gen) jetConstants() table {
	f := math.Float64bits
	return g.table("jetTable", []constant{{"one", f(1)}, {"-two", f(-2)}, {"six", f(6)}, {"half", f(0.5)}})
}

// group is some vectors of neurons side by side: element i of channel 0 is their first.
type group struct {
	gen
	vectors   int
	i, stride reg.GPVirtual
}

// neurons emits body for groups of eight neurons while they last, then of four: two vectors use the whole of a cache line
// and hide the latency of their chains. The parameters n, a multiple of 4, and stride, in bytes, are those of the function.
// No label of these kernels asks to be aligned: short jumps across several aligned loops may keep the assembler of Go 1.26
// busy for ever, between two lengths of a jump.
func (g gen) neurons(body func(b group)) {
	n, i, stride := g.GP64(), g.GP64(), g.GP64()
	g.Load(g.Param("n"), n)
	g.Load(g.Param("stride"), stride)
	g.XORQ(i, i)
	for _, v := range []int{2, 1} {
		b := group{g, v, i, stride}
		g.Label(b.label("group"))
		g.SUBQ(imm(4*v), n)
		g.JLT(to(b.label("next")))
		body(b)
		g.ADDQ(imm(4*v), i)
		g.JMP(to(b.label("group")))
		g.Label(b.label("next"))
		g.ADDQ(imm(4*v), n)
	}
	g.end()
}

func (b group) label(s string) string { return s + strconv.Itoa(4*b.vectors) }

// pointer returns the address of the group in the parameter.
func (b group) pointer(param string) reg.GPVirtual {
	p := b.GP64()
	b.Load(b.Param(param), p)
	b.LEAQ(element(p, b.i), p)
	return p
}

// each emits f for each vector, with the displacement of its memory.
func (b group) each(f func(h, disp int)) {
	for h := range b.vectors {
		f(h, 32*h)
	}
}

// load reads the vectors at p.
func (b group) load(p reg.Register) []reg.VecVirtual {
	x := make([]reg.VecVirtual, b.vectors)
	b.each(func(h, disp int) { x[h] = b.get(at(p, disp)) })
	return x
}

// read is load from a parameter with one number a neuron.
func (b group) read(param string) []reg.VecVirtual { return b.load(b.pointer(param)) }

func (b group) zeros() []reg.VecVirtual {
	x := make([]reg.VecVirtual, b.vectors)
	b.each(func(h, _ int) {
		x[h] = b.YMM()
		b.zero(x[h])
	})
	return x
}

// derivatives emits body d times, with the pointers moved on by the stride before each.
func (b group) derivatives(name string, pointers []reg.Register, body func()) {
	c := b.GP64()
	b.Load(b.Param("d"), c)
	b.TESTQ(c, c)
	b.JZ(to(b.label(name)))
	b.Label(b.label("each" + name))
	for _, p := range pointers {
		b.ADDQ(b.stride, p)
	}
	body()
	b.DECQ(c)
	b.JNZ(to(b.label("each" + name)))
	b.Label(b.label(name))
}

// onward is the memory one channel after p.
func (b group) onward(p reg.Register, disp int) operand.Mem {
	return operand.Mem{Base: p, Index: b.stride, Scale: 1, Disp: disp}
}

// carry emits a = s1·z + m·f for one channel: the vectors f are read at the pointer.
func (b group) carry(s1, m []reg.VecVirtual, f, z, a reg.Register) {
	b.each(func(h, disp int) {
		x := b.YMM()
		b.VMULPD(at(z, disp), s1[h], x)
		b.VFMADD231PD(at(f, disp), m[h], x)
		b.VMOVUPD(x, at(a, disp))
	})
}

// scaled returns s2·z for the vectors at z.
func (b group) scaled(s2 []reg.VecVirtual, z reg.Register) []reg.VecVirtual {
	m := make([]reg.VecVirtual, b.vectors)
	b.each(func(h, disp int) {
		m[h] = b.YMM()
		b.VMULPD(at(z, disp), s2[h], m[h])
	})
	return m
}

// jet emits the kernel of Jet for one form of the second derivatives.
func (g gen) jet(s seconds) {
	name := "jet" + string(s) + "AVX2"
	g.function(name, "func(n, d int, s1, s2, z, a *float64, stride int)",
		name+" is Jet for n neurons, a multiple of 4, and d > 0 or a Laplacian; stride in bytes.")
	g.neurons(func(b group) {
		s1, zc, ac := b.read("s1"), b.pointer("z"), b.pointer("a")
		var q []reg.VecVirtual
		if s == laplace {
			q = b.zeros()
		}
		b.derivatives("first", []reg.Register{zc, ac}, func() {
			b.each(func(h, disp int) {
				x := b.get(at(zc, disp))
				if s == laplace {
					b.VFMADD231PD(x, x, q[h])
				}
				b.VMULPD(s1[h], x, x)
				b.VMOVUPD(x, at(ac, disp))
			})
		})
		switch s {
		case laplace:
			b.jetLaplace(s1, q, zc, ac)
		case diagonal:
			s2, zi := b.read("s2"), b.pointer("z")
			b.derivatives("second", []reg.Register{zi, zc, ac}, func() { b.carry(s1, b.scaled(s2, zi), zi, zc, ac) })
		case hessian:
			b.jetHessian(s1, zc, ac)
		}
	})
}

func (b group) jetLaplace(s1, q []reg.VecVirtual, zc, ac reg.Register) {
	s2 := b.pointer("s2")
	b.each(func(h, disp int) {
		b.VMULPD(b.onward(zc, disp), s1[h], s1[h])
		b.VFMADD231PD(at(s2, disp), q[h], s1[h])
		b.VMOVUPD(s1[h], b.onward(ac, disp))
	})
}

// jetHessian goes along the rows i of second derivatives, the pointers at the last first derivatives.
func (b group) jetHessian(s1 []reg.VecVirtual, zc, ac reg.Register) {
	s2, zi, zk, row, k := b.read("s2"), b.pointer("z"), b.GP64(), b.GP64(), b.GP64()
	b.Load(b.Param("d"), row)
	b.Label(b.label("row"))
	b.ADDQ(b.stride, zi)
	m := b.scaled(s2, zi)
	b.MOVQ(zi, zk)
	b.MOVQ(row, k)
	b.Label(b.label("along"))
	b.ADDQ(b.stride, zc)
	b.ADDQ(b.stride, ac)
	b.carry(s1, m, zk, zc, ac)
	b.ADDQ(b.stride, zk)
	b.DECQ(k)
	b.JNZ(to(b.label("along")))
	b.DECQ(row)
	b.JNZ(to(b.label("row")))
}

func (g gen) tanhSlopes(c table) {
	g.function("tanhSlopesAVX2", "func(n int, s1, s2, s3, t *float64)", "tanhSlopesAVX2 is TanhSlopes for n > 0 numbers, a multiple of 4.")
	p := g.params("n", "s1", "s2", "s3", "t")
	n, s1, s2, s3, from := p[0], p[1], p[2], p[3], p[4]
	g.Label("loop")
	t, s, r, third := g.get(at(from, 0)), g.get(c("one")), g.YMM(), g.get(c("six"))
	g.VFNMADD231PD(t, t, s)
	g.VMULPD(s, t, r)
	g.VMULPD(c("-two"), r, r)
	g.VMULPD(t, t, t)
	g.VFMADD213PD(c("-two"), t, third)
	g.VMULPD(third, s, third)
	g.VMOVUPD(s, at(s1, 0))
	g.VMOVUPD(r, at(s2, 0))
	g.VMOVUPD(third, at(s3, 0))
	for _, q := range []reg.Register{s1, s2, s3, from} {
		g.ADDQ(imm(32), q)
	}
	g.SUBQ(imm(4), n)
	g.JNZ(to("loop"))
	g.end()
}
