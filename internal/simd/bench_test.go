package simd

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

var widths = []int{32, 64, 128, 256}

// layerRows is the number of rows of a benchmark's layer of width w: the largest multiple of 6 for which input, output
// and weights fit 384 KB, but at least 48, a block of 12 points with four channels.
func layerRows(w int) int { return max(48, (384<<10/8-w*w)/(2*w)/6*6) }

// share times f, which does the given flops, against the multiply-add peak of the same moment: samples of 0.2 ms of one
// and the other in turn, and the median of the ratios, for neighbours come and go. It reports how quiet the core was
// besides, and returns the median time of f in nanoseconds. The benchmark runs on one thread.
func share(b *testing.B, flops float64, f func()) (ns float64) {
	const sample = 200 * time.Microsecond
	f()
	var ratios, quiet, times []float64
	for b.Loop() {
		peak := PeakFlops(sample)
		n, t := 0, time.Now()
		for time.Since(t) < sample {
			f()
			n++
		}
		s := time.Since(t).Seconds() / float64(n)
		times = append(times, s*1e9)
		ratios = append(ratios, flops/s/((peak+PeakFlops(sample))/2))
		quiet = append(quiet, Quiet(sample))
	}
	ns = median(times)
	b.ReportMetric(ns, "ns/op")
	b.ReportMetric(median(ratios), "of-peak")
	b.ReportMetric(median(quiet), "quiet")
	return ns
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

func normal(n int) []float64 {
	r, x := rand.New(rand.NewPCG(1, 2)), make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}

// BenchmarkMulPanels is one layer of width w: the bar on an AVX2 machine is 0.75 of the peak, 0.70 for w = 32.
func BenchmarkMulPanels(b *testing.B) {
	for _, w := range widths {
		b.Run(fmt.Sprintf("w=%d", w), func(b *testing.B) {
			m := layerRows(w)
			x, weights, bias, c := normal(m*w), normal(w*w), normal(w), normal(m*w)
			share(b, 2*float64(m*w*w), func() { MulPanels(m, w, w, x, w, weights, bias, c, w) })
		})
	}
}

func BenchmarkDotPanels(b *testing.B) {
	for _, w := range widths {
		b.Run(fmt.Sprintf("w=%d", w), func(b *testing.B) {
			m := layerRows(w)
			x, v, d, lanes := normal(m*w), normal(w*w), normal(m*w), normal(Lanes*m)
			share(b, 2*float64(m*w*(w+1)), func() { DotPanels(m, w, w, x, w, v, nil, d, w, lanes, nil) })
		})
	}
}

// BenchmarkTransPanels takes 96 samples: 24 points with four channels.
func BenchmarkTransPanels(b *testing.B) {
	const samples = 96
	for _, w := range widths {
		b.Run(fmt.Sprintf("w=%d", w), func(b *testing.B) {
			x, y, c := normal(samples*w), normal(samples*w), normal(w*w)
			share(b, 2*float64(samples*w*w), func() { TransPanels(w, w, samples, x, w, y, c, w, nil) })
		})
	}
}

// perNeuron is share for n neurons, or elements, of the given flops each. It reports the time for one.
func perNeuron(b *testing.B, n int, flops float64, f func()) {
	ns := share(b, flops*float64(n), f)
	b.ReportMetric(ns/float64(n), "ns/element")
}

// Floating-point operations of tanh1, of sinCos1, and of the jets of tanh in two dimensions with Laplacian, for each
// neuron.
const (
	tanhFlops    = 58
	sinCosFlops  = 60
	jetFlops     = tanhFlops + 2 + 2*3 + 5
	adjointFlops = 4 + 2*4 + 3 + 4 + 7 + 2 + 1 + 2*3
)

func BenchmarkTanh(b *testing.B) {
	const n = 4096
	x, y := normal(n), normal(n)
	perNeuron(b, n, tanhFlops, func() { Tanh(y, x) })
}

func BenchmarkSinCos(b *testing.B) {
	const n = 4096
	x, s, c := normal(n), normal(n), normal(n)
	perNeuron(b, n, sinCosFlops, func() { SinCos(s, c, x) })
}

const benchNeurons = 24 * 64 // of a block of 24 points

func BenchmarkTanhJet(b *testing.B) {
	const n, d = benchNeurons, 2
	z, a := normal((d+2)*n), normal((d+2)*n)
	perNeuron(b, n, jetFlops, func() { TanhJet(n, d, true, z, a, n) })
}

func BenchmarkTanhJetAdjoint(b *testing.B) {
	const n, d = benchNeurons, 2
	z, a, g, start := normal((d+2)*n), normal((d+2)*n), normal((d+2)*n), normal((d+2)*n)
	TanhJet(n, d, true, z, a, n)
	perNeuron(b, n, adjointFlops, func() {
		copy(g, start) // in place again and again it would shrink to denormals
		TanhJetAdjoint(n, d, true, z, a, g, n)
	})
}

// jetForms calls f for the forms of the second derivatives in two and five dimensions.
func jetForms(b *testing.B, f func(b *testing.B, sec Seconds, d int)) {
	for _, d := range []int{2, 5} {
		for i, name := range []string{"firsts", "laplace", "diagonal", "hessian"} {
			b.Run(fmt.Sprintf("seconds=%s/d=%d", name, d), func(b *testing.B) { f(b, allSeconds[i], d) })
		}
	}
}

func BenchmarkJet(b *testing.B) {
	jetForms(b, func(b *testing.B, sec Seconds, d int) {
		const n = benchNeurons
		c := sec.Channels(d)
		s1, s2, z, a := normal(n), normal(n), normal(c*n), normal(c*n)
		flops := d + []int{0, 2*d + 3, 4 * d, d + 3*d*(d+1)/2}[sec]
		perNeuron(b, n, float64(flops), func() { Jet(n, d, sec, s1, s2, z, a, n) })
	})
}

func BenchmarkJetAdjoint(b *testing.B) {
	jetForms(b, func(b *testing.B, sec Seconds, d int) {
		const n = benchNeurons
		c := sec.Channels(d)
		s1, s2, s3, z, g, start := normal(n), normal(n), normal(n), normal(c*n), normal(c*n), normal(c*n)
		flops := 3 + 3*d + []int{0, 8 + 4*d, 3 + 9*d, 3 + 6*d + 2*d*(d-1) + 3*d*(d+1)/2}[sec]
		perNeuron(b, n, float64(flops), func() {
			copy(g, start)
			JetAdjoint(n, d, sec, s1, s2, s3, z, g, n)
		})
	})
}
