package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// substitute emits the substitution of simd.TileSolve for m rows, m a multiple of four, and eight columns. Four rows are
// turned into eight columns of four; then column by column.
func (g gen) substitute(name string, backward bool) {
	g.function(name, "func(m int, u, x *float64, ldx int)",
		name+" is tileSolve for m > 0 rows, a multiple of 4, and eight columns; strides in elements.")
	m := g.Load(g.Param("m"), g.GP64())
	u := g.Load(g.Param("u"), g.GP64())
	x := g.Load(g.Param("x"), g.GP64())
	ldx := g.Load(g.Param("ldx"), g.GP64())
	g.SHLQ(operand.Imm(3), ldx)
	x3 := g.GP64()
	row := func(i, half int) operand.Mem {
		if i == 3 {
			return operand.Mem{Base: x3, Disp: 32 * half}
		}
		if i == 0 {
			return operand.Mem{Base: x, Disp: 32 * half}
		}
		return operand.Mem{Base: x, Index: ldx, Scale: uint8(i), Disp: 32 * half}
	}
	g.Label("rows")
	g.LEAQ(operand.Mem{Base: ldx, Index: ldx, Scale: 2}, x3)
	g.ADDQ(x, x3)
	var col [8]reg.VecVirtual
	for half := range 2 {
		var in [4]reg.VecVirtual
		for i := range in {
			in[i] = g.YMM()
			g.VMOVUPD(row(i, half), in[i])
		}
		out := g.turn(in)
		copy(col[4*half:], out[:])
	}
	g.eliminate(col, u, backward)
	for half := range 2 {
		out := g.turn([4]reg.VecVirtual(col[4*half:]))
		for i := range out {
			g.VMOVUPD(out[i], row(i, half))
		}
	}
	g.LEAQ(operand.Mem{Base: x, Index: ldx, Scale: 4}, x)
	g.SUBQ(operand.Imm(4), m)
	g.JNZ(to("rows"))
	g.end()
}

// turn transposes a 4×4 block.
func (g gen) turn(in [4]reg.VecVirtual) (out [4]reg.VecVirtual) {
	var lo, hi [2]reg.VecVirtual
	for p := range 2 {
		lo[p], hi[p] = g.YMM(), g.YMM()
		g.VUNPCKLPD(in[2*p+1], in[2*p], lo[p])
		g.VUNPCKHPD(in[2*p+1], in[2*p], hi[p])
	}
	for i := range out {
		out[i] = g.YMM()
		pair := []*[2]reg.VecVirtual{&lo, &hi}[i%2]
		g.VPERM2F128(operand.Imm([]uint64{0x20, 0x31}[i/2]), pair[1], pair[0], out[i])
	}
	return out
}

func (g gen) eliminate(col [8]reg.VecVirtual, u reg.Register, backward bool) {
	element := func(i, j int) operand.Mem { return operand.Mem{Base: u, Disp: 8 * (8*i + j)} }
	for q := range 8 {
		i, lo, hi := q, q+1, 8
		if backward {
			i = 7 - q
			lo, hi = 0, i
		}
		d := g.YMM()
		g.VBROADCASTSD(element(i, i), d)
		g.VDIVPD(d, col[i], col[i])
		for j := lo; j < hi; j++ {
			t := g.YMM()
			g.VBROADCASTSD(element(i, j), t)
			g.VFMADD231PD(t, col[i], col[j])
		}
	}
}
