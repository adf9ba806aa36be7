package main

import (
	"github.com/mmcloughlin/avo/reg"
)

func init() {
	files["peak"] = func(g gen) {
		g.peak("fmaPeakAVX2", 0, "fmaPeakAVX2 does n steps of 12 independent vector multiply-adds: 96 n flops, no memory.")
		g.peak("fmaProbeAVX2", 14, "fmaProbeAVX2 is fmaPeakAVX2 with 14 integer additions a step beside it.")
	}
}

func (g gen) peak(name string, integers int, doc string) {
	const chains = 12
	g.function(name, "func(n int)", doc)
	n := g.params("n")[0]
	x, y := g.YMM(), g.YMM()
	g.zero(x, y)
	acc := make([]reg.VecVirtual, chains)
	for i := range acc {
		acc[i] = g.YMM()
		g.zero(acc[i])
	}
	count := make([]reg.GPVirtual, 6)
	for i := range count {
		count[i] = g.GP64()
		g.XORQ(count[i], count[i])
	}
	g.Label("loop")
	c := 0
	for i := range acc {
		g.VFMADD231PD(x, y, acc[i])
		for ; c < (i+1)*integers/chains; c++ {
			g.ADDQ(imm(1), count[c%len(count)])
		}
	}
	g.DECQ(n)
	g.JNZ(to("loop"))
	g.end()
}
