package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func init() {
	files["kr_squares"] = func(g gen) {
		g.outerSquares("outerSquaresAVX2", "8 columns", 2, false)
		g.outerSquares("outerSquaresPairAVX2", "5, 6 or 7 columns, of which mask selects those behind the fourth", 2, true)
		g.outerSquares("outerSquaresSingleAVX2", "1, 2, 3 or 4 columns, which mask selects", 1, true)
	}
}

// squares is a tile of rows×vectors: the sums of squares, one matrix, and what its channel loop reads.
type squares struct {
	sum, t [][]reg.VecVirtual
	a      []reg.VecVirtual
	x      reg.VecVirtual
}

func (g gen) newSquares(rows, vectors int) squares {
	vector := func() (v []reg.VecVirtual) {
		for range vectors {
			v = append(v, g.YMM())
		}
		return v
	}
	s := squares{a: vector(), x: g.YMM()}
	for range rows {
		s.sum, s.t = append(s.sum, vector()), append(s.t, vector())
	}
	return s
}

// outerSquares keeps a tile of sums in registers over all points. Each point's matrix is formed beside it, squared and
// added, and never written.
func (g gen) outerSquares(name, columns string, vectors int, masked bool) {
	g.function(name, "func(m, n, c int, d *float64, ds, dp int, a *float64, as, ap int, dst *float64, ldd int, mask *int64)",
		fmt.Sprintf("%s is OuterSquares for %s; m, n and c > 0, strides in bytes.", name, columns))
	p := g.params("m", "d", "ds", "a", "as", "dst", "ldd")
	m, d, ds, a, as, dst, ldd := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	n, k, pa, pd, pn, dn := g.GP64(), g.GP64(), g.GP64(), g.GP64(), g.GP64(), g.GP64()
	for _, rows := range []int{3, 2, 1} {
		label := func(s string) string { return fmt.Sprint(s, rows) }
		s := g.newSquares(rows, vectors)
		form := func(product func(x, a, t reg.VecVirtual)) {
			for v := range s.a {
				g.VMOVUPD(at(pa, 32*v), s.a[v])
			}
			for r := range s.t {
				g.VBROADCASTSD(at(pd, 8*r), s.x)
				for v := range s.a {
					product(s.x, s.a[v], s.t[r][v])
				}
			}
		}
		g.Label(label("tile"))
		g.CMPQ(m, imm(rows))
		g.JLT(to(label("next")))
		g.sumsOf(s, dst, ldd, k, masked, false)
		g.Load(g.Param("n"), n)
		g.MOVQ(a, pn)
		g.MOVQ(d, dn)
		g.Label(label("point"))
		g.MOVQ(pn, pa)
		g.MOVQ(dn, pd)
		form(func(x, a, t reg.VecVirtual) { g.VMULPD(x, a, t) })
		g.Load(g.Param("c"), k)
		g.DECQ(k)
		g.JZ(to(label("square")))
		g.Label(label("loop"))
		g.ADDQ(as, pa)
		g.ADDQ(ds, pd)
		form(func(x, a, t reg.VecVirtual) { g.VFMADD231PD(x, a, t) })
		g.DECQ(k)
		g.JNZ(to(label("loop")))
		g.Label(label("square"))
		for r := range s.t {
			for v := range s.a {
				g.VFMADD231PD(s.t[r][v], s.t[r][v], s.sum[r][v])
			}
		}
		g.ADDQ(g.argument("ap"), pn)
		g.ADDQ(g.argument("dp"), dn)
		g.DECQ(n)
		g.JNZ(to(label("point")))
		g.sumsOf(s, dst, ldd, k, masked, true)
		g.ADDQ(imm(8*rows), d)
		for range rows {
			g.ADDQ(ldd, dst)
		}
		g.SUBQ(imm(rows), m)
		g.JMP(to(label("tile")))
		g.Label(label("next"))
	}
	g.end()
}

// sumsOf loads the sums of a tile from dst, or stores them there; mask is a free register.
func (g gen) sumsOf(s squares, dst, ldd, mask reg.Register, masked, store bool) {
	last := len(s.a) - 1
	some := s.x
	if masked {
		g.Load(g.Param("mask"), mask)
		g.VMOVUPD(at(mask, 0), some)
	}
	for r := range s.sum {
		for v, x := range s.sum[r] {
			place := row(dst, ldd, nil, r).Offset(32 * v)
			switch {
			case masked && v == last && store:
				g.VMASKMOVPD(x, some, place)
			case masked && v == last:
				g.VMASKMOVPD(place, some, x)
			case store:
				g.VMOVUPD(x, place)
			default:
				g.VMOVUPD(place, x)
			}
		}
	}
}

// argument is a parameter where the caller left it, in memory.
func (g gen) argument(name string) operand.Op {
	b, err := g.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}
