package benchmarks

import (
	"fmt"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
	"ngdbench/linalg"
)

// layerRows are the kernels that a network spends its time in: the product of a layer and its activation.
func layerRows() []coreRow {
	var rows []coreRow
	for _, w := range []int{32, 64, 128, 256} {
		m, bar := layerPoints(w), 0.75
		if w == 32 {
			bar = 0.70
		}
		rows = append(rows, timed{threads: 1, flops: 2 * float64(m*w*w), bar: bar, prepare: func() func() {
			x, weights, bias, y := normal(m*w), normal(w*w), normal(w), make([]float64, m*w)
			return func() { simd.MulPanels(m, w, w, x, w, weights, bias, y, w) }
		}}.row(fmt.Sprintf("unit=gemm/w=%d/threads=1", w), true))
	}
	const n = 4096
	element := func(unit string, flops float64, short bool, prepare func() func()) coreRow {
		return timed{threads: 1, flops: flops * n, perItem: n, prepare: prepare}.row(fmt.Sprintf("unit=%s/n=%d/threads=1", unit, n), short)
	}
	return append(rows, element("tanh", tanhFlops, true, func() func() {
		x, y := normal(n), make([]float64, n)
		return func() { simd.Tanh(y, x) }
	}), element("sincos", sinCosFlops, false, func() func() {
		x, sin, cos := normal(n), make([]float64, n), make([]float64, n)
		return func() { simd.SinCos(sin, cos, x) }
	}))
}

// layerPoints is the number of rows of a layer of width w: the largest multiple of six with which input, output and
// weights fit 384 KB of L2, but at least 48, a block of twelve points with four channels.
func layerPoints(w int) int { return max(48, (384<<10/8-w*w)/(2*w)/6*6) }

// The operations of simd.Tanh and simd.SinCos for one element, a fused multiply-add counted as two.
const tanhFlops, sinCosFlops = 58, 60

// order is the size of the square matrices that the bars are for.
const order = 4000

// matrixRows are the dense factorisations, on two threads.
func matrixRows() []coreRow {
	const n, k, wide = float64(order), 64, 8577
	return []coreRow{
		timed{threads: 2, flops: n * n * n, bar: 0.55, prepare: func() func() {
			a, c := random(order, order), linalg.New(nil, order, order)
			return func() { linalg.Syrk(c, a) }
		}}.row(fmt.Sprintf("unit=syrk/n=%d/threads=2", order), true),
		timed{threads: 2, flops: n * n * n / 3, bar: 0.38, prepare: cholesky}.
			row(fmt.Sprintf("unit=cholesky/n=%d/threads=2", order), true),
		timed{threads: 2, flops: 4 * k * k * wide, prepare: func() func() { return orthonormal(k, wide) }}.
			row(fmt.Sprintf("unit=orthonormal/n=%d/k=%d/threads=2", wide, k), false),
	}
}

func cholesky() func() {
	a := random(order, order)
	for i := range order { // dominant diagonal and, read below it only, symmetric
		a.Data[i*a.Stride+i] = 2 * order
	}
	var c linalg.Cholesky
	c.Reset(order, nil)
	return func() {
		if !c.Factor(a, 1) {
			panic("benchmarks: not positive definite")
		}
	}
}

// orthonormal starts from the same rows each time: orthonormal ones would need one pass where two are the rule.
func orthonormal(k, n int) func() {
	a, q := random(k, n), linalg.New(nil, k, n)
	var o linalg.Orthonormaliser
	o.Reset(k, n, nil)
	return func() {
		linalg.Copy(q, a)
		o.Rows(q)
	}
}

// normal returns n standard normal numbers, the same in every run.
func normal(n int) []float64 {
	r, x := rand.New(rand.NewPCG(1, 2)), make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}

func random(rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: normal(rows * cols)}
}
