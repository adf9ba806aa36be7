package networks

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
	"ngdbench/linalg"
)

// cases are the two networks of the figures: the one of the bars, and the quick suite's.
func cases() []setting {
	return []setting{
		newSetting("2x64x64x64x1", part{Laplacian, 4000, 1}),
		newSetting("2x64x1", part{Laplacian, 900, 1}, part{Value, 120, 1}),
	}
}

// poisson is a functional as a PDE has it: the Laplacian inside, the value on the boundary.
type poisson struct{ groups []Group }

func (p poisson) Rows(group, lo, hi int, jets, r, seed []float64) {
	c := Shape{2, p.groups[group].Order}.Channels()
	for i := range hi - lo {
		r[i] = jets[i*c+c-1] - 1
		if seed != nil {
			clear(seed[i*c:][:c])
			seed[i*c+c-1] = 1
		}
	}
}

// measure times f on one and two threads and reports the median share of the peak, for flops nominal flops.
func measure(b *testing.B, name string, s setting, flops float64, f func()) {
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("unit=%s/net=%s/threads=%d", name, s.name, threads), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
			f()
			var peaks, times []float64
			for b.Loop() {
				peaks = append(peaks, simd.PeakFlops(200*time.Microsecond))
				n, t := 0, time.Now()
				for n == 0 || time.Since(t) < time.Millisecond {
					f()
					n++
				}
				sec := time.Since(t).Seconds() / float64(n)
				times = append(times, sec)
			}
			slices.Sort(times)
			slices.Sort(peaks)
			share := flops / (float64(threads) * peaks[len(peaks)/2])
			b.ReportMetric(times[len(times)/2]*1e9, "ns/op")
			b.ReportMetric(share/times[len(times)/2], "of-peak")
			b.ReportMetric(share/times[0], "best-of-peak")
		})
	}
}

func BenchmarkCore(b *testing.B) {
	for _, s := range cases() {
		tape := New(s.net, s.groups, poisson{s.groups}, Tangents, nil)
		rows, cols := tape.Dims()
		r, grad, x, y := make([]float64, rows), make([]float64, cols), make([]float64, cols), make([]float64, cols)
		copy(x, s.theta)
		nominal := 0.0 // C·N·P, all layers counted alike
		for _, g := range tape.groups {
			nominal += float64(g.c * g.n * cols)
		}
		op := tape.Tangent()
		measure(b, "loss", s, 2*nominal, func() { tape.Residual(s.theta, r) })
		measure(b, "gradient", s, 6*nominal, func() { tape.Gradient(s.theta, r, grad) })
		measure(b, "linearise", s, 4*nominal, func() { tape.Linearise(s.theta, r) })
		measure(b, "apply", s, 4*nominal, func() { op.Apply(r, x) })
		measure(b, "applyt", s, 4*nominal, func() { op.ApplyT(y, r) })
		measure(b, "gram_product", s, 8*nominal, func() { op.Gram(y, x) })
		measure(b, "kernel_row", s, nominal, func() { op.KernelRow(r, rows/2) })
		measure(b, "gram_column", s, 4*nominal, func() { op.GramColumn(y, cols/2) })
		measure(b, "row_norms", s, nominal, func() { op.SquaredNorms(r, nil) })
		measure(b, "column_norms", s, 2*nominal, func() { op.SquaredNorms(nil, y) })
		benchMatrices(b, s, op, nominal)
	}
}

func benchMatrices(b *testing.B, s setting, op *KhatriRao, nominal float64) {
	const k = 64
	rows, cols := op.Dims()
	kx, kr := linalg.New(nil, k, cols), linalg.New(nil, k, rows)
	for i := range kx.Data {
		kx.Data[i] = float64(i%17) - 8
	}
	each := 2 * k * float64(rows*cols)
	measure(b, "block", s, each, func() { op.ApplyBlock(kr, kx) })
	measure(b, "blockt", s, each, func() { op.ApplyTBlock(kx, kr) })
	full := linalg.New(nil, rows, cols)
	measure(b, "dense", s, 2*nominal, func() { op.Dense(full) })
	full = blas64.General{}
	square := linalg.New(nil, rows, rows)
	measure(b, "kernel", s, float64(rows)*float64(rows)*float64(cols), func() { op.Kernel(square) })
}
