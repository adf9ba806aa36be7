package benchmarks

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/linalg"
)

// bandRows are the factorisations and solves of a finite element matrix: bilinear elements on a mesh of 64×64 squares with
// nodes on its boundary, numbered row by row, have order 65² and 66 diagonals on either side.
func bandRows() []coreRow {
	const n, b, k = 65 * 65, 66, 64
	size := fmt.Sprintf("/n=%d/b=%d", n, b)
	return []coreRow{
		timed{threads: 2, flops: n * b * b, prepare: func() func() {
			a, c := stiffness(n, b), new(linalg.BandCholesky)
			c.Reset(n, b, nil)
			return func() { must(c.Factor(a)) }
		}}.row("unit=band_cholesky"+size+"/threads=2", false),
		timed{threads: 2, flops: 4 * n * b * k, prepare: func() func() {
			c, x := new(linalg.BandCholesky), random(n, k)
			c.Reset(n, b, nil)
			must(c.Factor(stiffness(n, b)))
			return func() { c.Solve(x) }
		}}.row(fmt.Sprintf("unit=band_solve%s/k=%d/threads=2", size, k), false),
		timed{threads: 2, flops: 4 * n * b * b, prepare: func() func() {
			a, f := convection(n, b), new(linalg.BandLU)
			f.Reset(n, b, b, nil)
			return func() { must(f.Factor(a)) }
		}}.row("unit=band_lu"+size+"/threads=2", false),
		timed{threads: 2, flops: 6 * n * b * k, prepare: func() func() {
			f, x := new(linalg.BandLU), random(n, k)
			f.Reset(n, b, b, nil)
			must(f.Factor(convection(n, b)))
			return func() { f.Solve(x) }
		}}.row(fmt.Sprintf("unit=band_lu_solve%s/k=%d/threads=2", size, k), false),
	}
}

// stiffness is a random symmetric band matrix whose diagonal keeps it well-conditioned: solving in place, again and again,
// must neither overflow nor underflow.
func stiffness(n, b int) blas64.SymmetricBand {
	a := linalg.NewSymmetricBand(nil, n, b)
	dominant(n, b, a.Stride, a.Data)
	return a
}

// convection is such a matrix without symmetry.
func convection(n, b int) blas64.Band {
	a := linalg.NewBand(nil, n, n, b, b)
	dominant(n, b, a.Stride, a.Data)
	return a
}

// dominant fills n rows with small random numbers, and the diagonal, at place b of each, with ones.
func dominant(n, b, ld int, data []float64) {
	for i, v := range normal(len(data)) {
		data[i] = 1e-4 * v
	}
	for i := range n {
		data[i*ld+b] = 1
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
