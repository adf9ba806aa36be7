package operatortest

import (
	"encoding/binary"
	"hash"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"ngdbench/linalg/operator"
)

// Digest returns a hash of the bits of every product and capability of op on fixed vectors: equal digests mean equal bits.
// It is what determinism is tested with, over thread counts and kernel paths.
func Digest(op operator.Operator) uint64 {
	a := operator.Bind(op, nil)
	rows, cols := a.Dims()
	rng := rand.New(rand.NewPCG(5, 6))
	h := fnv.New64a()
	put := func(x []float64) { write(h, x) }
	r, c := dirty(rows), dirty(cols)
	a.Apply(r, normal(rng, cols))
	put(r)
	a.ApplyT(c, normal(rng, rows))
	put(c)
	a.Gram(c, normal(rng, cols))
	put(c)
	for _, n := range []int{2, 6} {
		y, x := matrix(n, rows, dirty(n*rows)), matrix(n, cols, dirty(n*cols))
		a.ApplyBlock(y, matrix(n, cols, normal(rng, n*cols)))
		put(y.Data)
		a.ApplyTBlock(x, matrix(n, rows, normal(rng, n*rows)))
		put(x.Data)
	}
	full := matrix(rows, cols, dirty(rows*cols))
	a.Dense(full)
	put(full.Data)
	square := matrix(rows, rows, dirty(rows*rows))
	a.Kernel(square)
	put(square.Data)
	for _, i := range []int{0, rows / 2, rows - 1} {
		a.Row(c, i)
		put(c)
		a.KernelRow(r, i)
		put(r)
	}
	for _, j := range []int{0, cols / 2, cols - 1} {
		a.GramColumn(c, j)
		put(c)
	}
	a.SquaredNorms(r, c)
	put(r)
	put(c)
	return h.Sum64()
}

// Hash returns a hash of the bits of x.
func Hash(x []float64) uint64 {
	h := fnv.New64a()
	write(h, x)
	return h.Sum64()
}

func write(h hash.Hash64, x []float64) {
	var word [8]byte
	for _, v := range x {
		binary.LittleEndian.PutUint64(word[:], math.Float64bits(v))
		h.Write(word[:])
	}
}
