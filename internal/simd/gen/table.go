package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// constant is the bits of a number, by the name that the kernels use.
type constant struct {
	name string
	bits uint64
}

// table finds a constant by name; each is stored four times, ready as a memory operand.
type table func(name string) operand.Mem

// table writes the constants of a file under the name global.
func (g gen) table(global string, list []constant) table {
	base, place := g.StaticGlobal(global), map[string]int{}
	g.DataAttributes(attr.RODATA | attr.NOPTR)
	for _, c := range list {
		place[c.name] = 32 * len(place)
		for i := range 4 {
			g.AddDatum(place[c.name]+8*i, operand.U64(c.bits))
		}
	}
	return func(name string) operand.Mem {
		d, ok := place[name]
		if !ok {
			panic("gen: no constant " + name)
		}
		return base.Offset(d)
	}
}

// get loads a constant.
func (g gen) get(m operand.Mem) reg.VecVirtual {
	v := g.YMM()
	g.VMOVUPD(m, v)
	return v
}

// like copies a vector.
func (g gen) like(x reg.VecVirtual) reg.VecVirtual {
	v := g.YMM()
	g.VMOVAPD(x, v)
	return v
}
