package linalg

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"gonum.org/v1/gonum/blas"

	"ngdbench/internal/simd"
)

// peak is the FMA rate of n workers at once, in flop/s.
func peak(n int) float64 {
	var wg sync.WaitGroup
	rate := make([]float64, n)
	for i := range rate {
		wg.Go(func() { rate[i] = simd.PeakFlops(20 * time.Millisecond) })
	}
	wg.Wait()
	sum := 0.0
	for _, r := range rate {
		sum += r
	}
	return sum
}

// share times f under 1 and 2 workers and reports its flops as a share of the FMA peak around it.
func share(b *testing.B, name string, flops float64, f func()) {
	for _, n := range []int{1, 2} {
		b.Run(fmt.Sprintf("%s/workers=%d", name, n), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
			f()
			p := peak(n)
			for b.Loop() {
				f()
			}
			b.StopTimer()
			p = (p + peak(n)) / 2
			rate := flops * float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(rate/1e9, "GF/s")
			b.ReportMetric(rate/p, "of-peak")
			b.ReportMetric(simd.Quiet(20*time.Millisecond), "quiet")
		})
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, d := range [][3]int{{1000, 1000, 1000}, {2000, 2000, 2000}, {4000, 64, 64}, {8000, 256, 256}, {128, 8000, 128}, {128, 128, 8000}, {96, 96, 96}, {24, 24, 24}} {
		r := source(60)
		x, y, z := random(r, d[0], d[2]), random(r, d[2], d[1]), random(r, d[0], d[1])
		share(b, fmt.Sprintf("shape=%dx%dx%d", d[0], d[1], d[2]), 2*float64(d[0])*float64(d[1])*float64(d[2]), func() {
			Gemm(blas.NoTrans, blas.NoTrans, 1, x, y, 0, z)
		})
	}
}

func BenchmarkSyrk(b *testing.B) {
	for _, d := range [][2]int{{2000, 2000}, {4000, 4000}, {257, 1020}, {1020, 257}, {128, 8000}} {
		r := source(61)
		a, at, c := random(r, d[0], d[1]), random(r, d[1], d[0]), random(r, d[0], d[0])
		flops := float64(d[0]) * float64(d[0]) * float64(d[1])
		share(b, fmt.Sprintf("AAt/n=%d/k=%d", d[0], d[1]), flops, func() { Syrk(c, a) })
		share(b, fmt.Sprintf("AtA/n=%d/k=%d", d[0], d[1]), flops, func() { SyrkT(c, at) })
	}
}

func BenchmarkCholesky(b *testing.B) {
	for _, n := range []int{257, 1020, 2000, 4000} {
		a := spd(source(62), n)
		var c Cholesky
		c.Reset(n, nil)
		share(b, fmt.Sprintf("n=%d", n), float64(n)*float64(n)*float64(n)/3, func() {
			if !c.Factor(a, 0) {
				b.Fatal("not positive definite")
			}
		})
	}
}

func BenchmarkTrsm(b *testing.B) {
	for _, s := range []blas.Side{blas.Left, blas.Right} {
		r := source(63)
		a, x := spd(r, 1000), random(r, 1000, 1000)
		share(b, fmt.Sprintf("side=%c", s), 1e9, func() { Trsm(s, blas.Lower, blas.NoTrans, blas.NonUnit, 1, a, x) })
	}
}

func BenchmarkOrthonormal(b *testing.B) {
	for _, d := range [][2]int{{32, 4000}, {128, 4000}, {256, 10000}} {
		a, q := random(source(64), d[0], d[1]), random(source(65), d[0], d[1])
		var o Orthonormaliser
		o.Reset(d[0], d[1], nil)
		share(b, fmt.Sprintf("%dx%d", d[0], d[1]), 4*float64(d[0])*float64(d[0])*float64(d[1]), func() {
			Copy(q, a)
			o.Rows(q)
		})
	}
}

func BenchmarkMul(b *testing.B) {
	r := source(66)
	a, x, y := random(r, 4000, 4000), random(r, 1, 4000), random(r, 1, 4000)
	share(b, "A", 32e6, func() { Mul(Row(y, 0), a, Row(x, 0)) })
	share(b, "At", 32e6, func() { MulT(Row(y, 0), a, Row(x, 0)) })
}

// bandSizes are orders and half-bandwidths of finite element matrices on structured meshes.
var bandSizes = [][2]int{{10000, 30}, {10000, 100}, {10000, 300}}

func BenchmarkBandCholesky(b *testing.B) {
	for _, d := range bandSizes {
		n, w := d[0], d[1]
		r := source(67)
		a := NewSymmetricBand(nil, n, w)
		for i := range n {
			a.Data[i*a.Stride+w] = float64(2*w + 1)
			for j := range min(i, w) {
				a.Data[i*a.Stride+w-1-j] = r.NormFloat64()
			}
		}
		var c BandCholesky
		c.Reset(n, w, nil)
		share(b, fmt.Sprintf("n=%d/b=%d/factor", n, w), float64(n)*float64(w)*float64(w), func() {
			if err := c.Factor(a); err != nil {
				b.Fatal(err)
			}
		})
		for _, k := range []int{1, 5, 8, 64} {
			x, y := random(r, n, k), random(r, n, k)
			flops := 4 * float64(n) * float64(w) * float64(k)
			share(b, fmt.Sprintf("n=%d/b=%d/solve/k=%d", n, w, k), flops, func() { Copy(y, x); c.Solve(y) })
			share(b, fmt.Sprintf("n=%d/b=%d/mul/k=%d", n, w, k), flops, func() { SymmetricBandMul(1, a, x, 0, y) })
		}
	}
}

func BenchmarkBandLU(b *testing.B) {
	for _, d := range bandSizes {
		n, w := d[0], d[1]
		r := source(68)
		a := randomBand(r, n, n, w, w)
		var f BandLU
		f.Reset(n, w, w, nil)
		share(b, fmt.Sprintf("n=%d/b=%d/factor", n, w), 4*float64(n)*float64(w)*float64(w), func() {
			if err := f.Factor(a); err != nil {
				b.Fatal(err)
			}
		})
		for _, k := range []int{1, 5, 8, 64} {
			x, y := random(r, n, k), random(r, n, k)
			flops := 6 * float64(n) * float64(w) * float64(k)
			share(b, fmt.Sprintf("n=%d/b=%d/solve/k=%d", n, w, k), flops, func() { Copy(y, x); f.Solve(y) })
			share(b, fmt.Sprintf("n=%d/b=%d/trans/k=%d", n, w, k), flops, func() { Copy(y, x); f.SolveTrans(y) })
		}
	}
}
