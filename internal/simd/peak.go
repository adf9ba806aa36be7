package simd

import (
	"math"
	"time"
)

// PeakFlops measures the rate of independent fused multiply-adds on the path that runs, in flop/s on one thread: the
// peak that benchmarks report their shares of ("of-peak"), measured for about d in the process that they run in.
func PeakFlops(d time.Duration) float64 { return rate(fmaPeak, d) }

// Quiet measures whether others use the execution slots of this core, for about d: the rate of multiply-adds with
// integer additions beside them, divided by the rate without. An undisturbed core gives 1; below 0.95 the timings taken
// near it are to be repeated. On the scalar path it is 1.
func Quiet(d time.Duration) float64 {
	if !vector {
		return 1
	}
	alone := rate(fmaPeak, d/2)
	return rate(fmaProbe, d/2) / alone
}

const peakSteps = 4096

// rate calls f(peakSteps) for about d and returns its flop/s; a step has 96 flops.
func rate(f func(n int), d time.Duration) float64 {
	begin, steps := time.Now(), 0
	for {
		f(peakSteps)
		steps += peakSteps
		if t := time.Since(begin); t >= d {
			return 96 * float64(steps) / t.Seconds()
		}
	}
}

// sink keeps the compiler from dropping fmaPeakScalar.
var sink float64

// fmaPeakScalar does n steps of 48 multiply-adds in eight chains.
func fmaPeakScalar(n int) {
	var s0, s1, s2, s3, s4, s5, s6, s7 float64
	x, y := 0.5, sink
	for range 6 * n {
		s0, s1 = math.FMA(x, y, s0), math.FMA(x, y, s1)
		s2, s3 = math.FMA(x, y, s2), math.FMA(x, y, s3)
		s4, s5 = math.FMA(x, y, s4), math.FMA(x, y, s5)
		s6, s7 = math.FMA(x, y, s6), math.FMA(x, y, s7)
	}
	sink = min(0, s0+s1+s2+s3+s4+s5+s6+s7)
}
