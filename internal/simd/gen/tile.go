package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func init() {
	files["tile"] = func(g gen) {
		g.product("tilePackedAVX2", true)
		g.product("tileRowsAVX2", false)
		g.substitute("tileSolveUpAVX2", false)
		g.substitute("tileSolveDownAVX2", true)
	}
}

const (
	tileM      = 6 // rows of the full tile: 12 accumulators, 2 registers of B, 2 of broadcast A make 16
	tileUnroll = 4 // steps of k per turn; fewer integer instructions leave issue slots to a neighbour on the core
	cacheLine  = 64
)

// tiling is a product in the making: how A is addressed, and the registers of the call.
type tiling struct {
	gen
	packed           bool // A in panels of six rows, else row-major
	m, a, a3, lda    reg.Register
	b, c, c3, ldc, k reg.Register
	acc              [tileM][2]reg.VecVirtual
	bv, x            [2]reg.VecVirtual
	label            func(string) string
	rows             int
}

// product emits one kernel: all rows of C against one panel of B, six rows at a time, then what is left by 4, 2 and 1.
func (g gen) product(name string, packed bool) {
	signature := "func(m, k int, a *float64, lda int, b, c *float64, ldc, fresh int)"
	if packed {
		signature = "func(m, k int, a, b, c *float64, ldc, fresh int)"
	}
	g.function(name, signature, name+" is "+name[:len(name)-len("AVX2")]+" for m rows and one panel of B; strides in elements.")
	t := &tiling{gen: g, packed: packed}
	t.m = g.Load(g.Param("m"), g.GP64())
	t.a = g.Load(g.Param("a"), g.GP64())
	t.c = g.Load(g.Param("c"), g.GP64())
	t.ldc = g.Load(g.Param("ldc"), g.GP64())
	g.SHLQ(imm(3), t.ldc)
	if !packed {
		t.lda = g.Load(g.Param("lda"), g.GP64())
		g.SHLQ(imm(3), t.lda)
		t.a3 = g.GP64()
	}
	t.b, t.c3, t.k = g.GP64(), g.GP64(), g.GP64()
	for _, rows := range []int{tileM, 4, 2, 1} {
		t.rows = rows
		t.label = func(s string) string { return fmt.Sprintf("%s%d", s, rows) }
		t.tile()
	}
	g.end()
}

// tile emits the tile of t.rows rows and its loops.
func (t *tiling) tile() {
	t.Label(t.label("tile"))
	t.CMPQ(t.m, imm(t.rows))
	t.JLT(to(t.label("next")))
	t.begin()
	t.Load(t.Param("b"), t.b)
	if !t.packed {
		t.LEAQ(operand.Mem{Base: t.lda, Index: t.lda, Scale: 2}, t.a3)
		t.ADDQ(t.a, t.a3)
	}
	for i := range t.x {
		t.bv[i], t.x[i] = t.YMM(), t.YMM()
	}
	t.steps(tileUnroll)
	t.steps(1)
	for i := range t.rows {
		for j := range 2 {
			t.VMOVUPD(t.acc[i][j], t.at(i, j))
		}
	}
	t.advance()
	t.SUBQ(imm(t.rows), t.m)
	if t.rows == tileM {
		t.JMP(to(t.label("tile")))
	}
	t.Label(t.label("next"))
}

// at is half a row of the tile of C.
func (t *tiling) at(i, j int) operand.Mem {
	m := operand.Mem{Base: []reg.Register{t.c, t.c3}[i/3], Disp: 32 * j}
	if i%3 != 0 {
		m.Index, m.Scale = t.ldc, uint8(i%3)
	}
	return m
}

// begin loads the tile of C, or zeros, and asks for the next tile to be fetched while this one is computed: loads of C
// come first in the chain, so waiting for memory there would stop everything.
func (t *tiling) begin() {
	t.LEAQ(operand.Mem{Base: t.ldc, Index: t.ldc, Scale: 2}, t.c3)
	t.ADDQ(t.c, t.c3)
	for i := range t.rows {
		t.acc[i] = [2]reg.VecVirtual{t.YMM(), t.YMM()}
	}
	t.Load(t.Param("fresh"), t.k)
	t.TESTQ(t.k, t.k)
	t.JNZ(to(t.label("zero")))
	for i := range t.rows {
		for j := range 2 {
			t.VMOVUPD(t.at(i, j), t.acc[i][j])
		}
	}
	t.JMP(to(t.label("begun")))
	t.Label(t.label("zero"))
	for i := range t.rows {
		for j := range 2 {
			t.zero(t.acc[i][j])
		}
	}
	t.Label(t.label("begun"))
	if t.rows != tileM {
		return
	}
	next := t.GP64()
	t.LEAQ(operand.Mem{Base: t.c3, Index: t.ldc, Scale: 2}, next)
	for range tileM {
		t.ADDQ(t.ldc, next)
		t.PREFETCHT0(operand.Mem{Base: next})
		t.PREFETCHT0(operand.Mem{Base: next, Disp: cacheLine - 8})
	}
}

// steps emits the loop over k, u steps per turn: the turns that fit for u > 1, what they leave for u = 1.
func (t *tiling) steps(u int) {
	loop, done := t.label(fmt.Sprintf("loop%d_", u)), t.label(fmt.Sprintf("done%d_", u))
	t.Load(t.Param("k"), t.k)
	if u > 1 {
		t.SHRQ(imm(2), t.k)
	} else {
		t.ANDQ(imm(tileUnroll-1), t.k)
	}
	t.JZ(to(done))
	t.Label(loop)
	for q := range u {
		for j := range 2 {
			t.VMOVUPD(operand.Mem{Base: t.b, Disp: cacheLine*q + 32*j}, t.bv[j])
		}
		for i := range t.rows {
			t.VBROADCASTSD(t.element(i, q), t.x[i%2])
			for j := range 2 {
				t.VFMADD231PD(t.x[i%2], t.bv[j], t.acc[i][j])
			}
		}
	}
	t.SUBQ(operand.I32(int32(-cacheLine*u)), t.b)
	if t.packed {
		t.ADDQ(operand.I32(int32(8*tileM*u)), t.a)
	} else {
		t.ADDQ(imm(8*u), t.a)
		t.ADDQ(imm(8*u), t.a3)
	}
	t.DECQ(t.k)
	t.JNZ(to(loop))
	t.Label(done)
}

// element is a_{i, k+q}.
func (t *tiling) element(i, q int) operand.Mem {
	if t.packed {
		return operand.Mem{Base: t.a, Disp: 8 * (tileM*q + i)}
	}
	m := operand.Mem{Base: []reg.Register{t.a, t.a3}[i/3], Disp: 8 * q}
	if i%3 != 0 {
		m.Index, m.Scale = t.lda, uint8(i%3)
	}
	return m
}

// advance moves A and C down by the rows that are done. A stands behind the last step of k: packed, that is where the
// next panel begins.
func (t *tiling) advance() {
	for range t.rows {
		t.ADDQ(t.ldc, t.c)
	}
	if t.packed && t.rows == tileM {
		return
	}
	t.Load(t.Param("k"), t.k)
	if t.packed {
		t.IMUL3Q(operand.Imm(8*tileM), t.k, t.k)
		t.SUBQ(t.k, t.a)
		t.ADDQ(imm(8*t.rows), t.a)
		return
	}
	t.SHLQ(imm(3), t.k)
	t.SUBQ(t.k, t.a)
	for range t.rows {
		t.ADDQ(t.lda, t.a)
	}
}
