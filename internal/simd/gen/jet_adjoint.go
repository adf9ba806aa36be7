package main

import "github.com/mmcloughlin/avo/reg"

// jetAdjoint emits the kernel of JetAdjoint for one form of the second derivatives.
func (g gen) jetAdjoint(s seconds, c table) {
	name := "jetAdjoint" + string(s) + "AVX2"
	g.function(name, "func(n, d int, s1, s2, s3, z, grad *float64, stride int)",
		name+" is JetAdjoint for n neurons, a multiple of 4, and d > 0 but for Firsts and Laplace; stride in bytes.")
	g.neurons(func(b group) {
		switch s {
		case none:
			b.adjointFirsts()
		case laplace:
			b.adjointLaplace()
		default:
			b.adjointSeconds(s, c)
		}
	})
}

// sumAndScale emits u += z·g and g ← s1·g for one channel.
func (b group) sumAndScale(u, s1 []reg.VecVirtual, z, grad reg.Register) {
	b.each(func(h, disp int) {
		x := b.get(at(grad, disp))
		b.VFMADD231PD(at(z, disp), x, u[h])
		b.VMULPD(s1[h], x, x)
		b.VMOVUPD(x, at(grad, disp))
	})
}

// adjointFirsts reads s2 only where there are derivatives.
func (b group) adjointFirsts() {
	s1, u, zc, gc := b.read("s1"), b.zeros(), b.pointer("z"), b.pointer("grad")
	b.derivatives("first", []reg.Register{zc, gc}, func() { b.sumAndScale(u, s1, zc, gc) })
	g0, d := b.pointer("grad"), b.GP64()
	b.each(func(h, disp int) { b.VMULPD(at(g0, disp), s1[h], s1[h]) })
	b.Load(b.Param("d"), d)
	b.TESTQ(d, d)
	b.JZ(to(b.label("value")))
	s2 := b.pointer("s2")
	b.each(func(h, disp int) { b.VFMADD231PD(at(s2, disp), u[h], s1[h]) })
	b.Label(b.label("value"))
	b.each(func(h, disp int) { b.VMOVUPD(s1[h], at(g0, disp)) })
}

func (b group) adjointLaplace() {
	s1, s2, q, u := b.read("s1"), b.read("s2"), b.zeros(), b.zeros()
	zc, gc, gl := b.pointer("z"), b.pointer("grad"), b.GP64()
	b.Load(b.Param("d"), gl)
	b.INCQ(gl)
	b.IMULQ(b.stride, gl)
	b.ADDQ(gc, gl)
	e := b.scaled(s2, gl)
	b.each(func(h, _ int) { b.VADDPD(e[h], e[h], e[h]) })
	b.derivatives("first", []reg.Register{zc, gc}, func() {
		b.each(func(h, disp int) {
			x, y := b.get(at(zc, disp)), b.get(at(gc, disp))
			b.VFMADD231PD(x, x, q[h])
			b.VFMADD231PD(x, y, u[h])
			b.VMULPD(s1[h], y, y)
			b.VFMADD231PD(e[h], x, y)
			b.VMOVUPD(y, at(gc, disp))
		})
	})
	g0, s3 := b.pointer("grad"), b.pointer("s3")
	b.each(func(h, disp int) {
		v := b.YMM()
		b.VMULPD(at(g0, disp), s1[h], v)
		b.VFMADD231PD(s2[h], u[h], v)
		b.VMULPD(at(s3, disp), q[h], q[h])
		b.VFMADD231PD(b.onward(zc, disp), s2[h], q[h])
		b.VFMADD231PD(at(gl, disp), q[h], v)
		b.VMOVUPD(v, at(g0, disp))
		b.VMULPD(at(gl, disp), s1[h], s1[h])
		b.VMOVUPD(s1[h], at(gl, disp))
	})
}

// adjointSeconds is Diagonal and Hessian: first the brackets y_i, then the channels of the second derivatives.
func (b group) adjointSeconds(s seconds, c table) {
	s1, s2, u, w := b.read("s1"), b.read("s2"), b.zeros(), b.zeros()
	zi, gi, row := b.pointer("z"), b.pointer("grad"), b.GP64() // row is g_ii
	b.Load(b.Param("d"), row)
	b.INCQ(row)
	b.IMULQ(b.stride, row)
	b.ADDQ(gi, row)
	finish := func(x, y []reg.VecVirtual) {
		b.each(func(h, disp int) {
			v := b.get(at(gi, disp))
			b.VFMADD231PD(x[h], v, u[h])
			b.VFMADD231PD(x[h], y[h], w[h])
			b.VMULPD(s1[h], v, v)
			b.VFMADD231PD(s2[h], y[h], v)
			b.VMOVUPD(v, at(gi, disp))
		})
	}
	if s == diagonal {
		b.derivatives("first", []reg.Register{zi, gi}, func() {
			x := b.load(zi)
			finish(x, b.twice(x, row))
			b.ADDQ(b.stride, row)
		})
	} else {
		b.brackets(zi, gi, row, finish)
	}
	b.Label(b.label("eachsecond")) // to the end of the channels, where row is now
	b.ADDQ(b.stride, zi)
	b.ADDQ(b.stride, gi)
	b.sumAndScale(u, s1, zi, gi)
	next := b.GP64()
	b.LEAQ(b.onward(gi, 0), next)
	b.CMPQ(next, row)
	b.JNE(to(b.label("eachsecond")))
	g0, s3 := b.pointer("grad"), b.pointer("s3")
	b.each(func(h, disp int) {
		b.VMULPD(at(g0, disp), s1[h], s1[h])
		b.VFMADD231PD(u[h], s2[h], s1[h])
		b.VMULPD(c("half"), w[h], w[h])
		b.VFMADD231PD(at(s3, disp), w[h], s1[h])
		b.VMOVUPD(s1[h], at(g0, disp))
	})
}

// twice returns 2·x·g for the vectors at grad.
func (b group) twice(x []reg.VecVirtual, grad reg.Register) []reg.VecVirtual {
	y := b.scaled(x, grad)
	b.each(func(h, _ int) { b.VADDPD(y[h], y[h], y[h]) })
	return y
}

// brackets emits y_i for the Hessian, i = 1 … d: twice the diagonal, then down column i of the rows above, whose
// channels are d-1, d-2, … apart, then along row i. It leaves row behind the last channel.
func (b group) brackets(zi, gi, row reg.GPVirtual, finish func(x, y []reg.VecVirtual)) {
	column, done := b.GP64(), b.GP64()
	b.MOVQ(row, column)
	b.XORQ(done, done)
	b.Label(b.label("bracket"))
	b.ADDQ(b.stride, zi)
	b.ADDQ(b.stride, gi)
	x := b.load(zi)
	y := b.twice(x, row)
	add := func(z, grad reg.Register) {
		b.each(func(h, disp int) { b.VFMADD231PD(at(grad, disp), b.get(at(z, disp)), y[h]) })
	}
	k, zk := b.GP64(), b.GP64()
	b.MOVQ(done, k)
	b.TESTQ(k, k)
	b.JZ(to(b.label("right")))
	gk, step := b.GP64(), b.GP64()
	b.MOVQ(b.pointer("z"), zk)
	b.MOVQ(column, gk)
	b.Load(b.Param("d"), step)
	b.DECQ(step)
	b.IMULQ(b.stride, step)
	b.Label(b.label("down"))
	b.ADDQ(b.stride, zk)
	add(zk, gk)
	b.ADDQ(step, gk)
	b.SUBQ(b.stride, step)
	b.DECQ(k)
	b.JNZ(to(b.label("down")))
	b.Label(b.label("right"))
	b.Load(b.Param("d"), k)
	b.SUBQ(done, k)
	b.MOVQ(zi, zk)
	b.JMP(to(b.label("test")))
	b.Label(b.label("along"))
	b.ADDQ(b.stride, zk)
	add(zk, row)
	b.Label(b.label("test"))
	b.ADDQ(b.stride, row)
	b.DECQ(k)
	b.JNZ(to(b.label("along")))
	finish(x, y)
	b.ADDQ(b.stride, column)
	b.INCQ(done)
	d := b.GP64()
	b.Load(b.Param("d"), d)
	b.CMPQ(done, d)
	b.JLT(to(b.label("bracket")))
}
