//go:build !amd64

package simd

func mulPanels(m, n, k int, a []float64, lda int, b, init, c []float64, ldc int) {
	mulPanelsScalar(m, n, k, a, lda, b, init, c, ldc)
}

func dotPanels(m, n, k int, a []float64, lda int, b, init, d []float64, ldd int, lanes []float64, _ *Prefetch) {
	dotPanelsScalar(m, n, k, a, lda, b, init, d, ldd, lanes)
}

func transPanels(m, n, k int, a []float64, lda int, b, c []float64, ldc int, _ *Prefetch) {
	transPanelsScalar(m, n, k, a, lda, b, c, ldc)
}

func scalePack(n, w int, y, d []float64, ldd int, dst []float64, k, k0 int) {
	scalePackScalar(n, w, y, d, ldd, dst, k, k0)
}

func scaleAcc(n, w int, y, d []float64, ldd int, out []float64) { scaleAccScalar(n, w, y, d, ldd, out) }

func add(dst, x []float64) { addScalar(dst, x) }

func axpy(dst []float64, alpha float64, x []float64) { axpyScalar(dst, alpha, x) }

func dot(x, y []float64) float64 {
	var q [Lanes]float64
	dotScalar(&q, x, y)
	return tree(&q)
}

func tanh(dst, x []float64) { tanhScalar(dst, x) }

func tanhJet(n, d int, lap bool, z, a []float64, stride int) {
	tanhJetScalar(0, n, d, lap, z, a, stride)
}

func tanhJetAdjoint(n, d int, lap bool, z, a, g []float64, stride int) {
	tanhJetAdjointScalar(0, n, d, lap, z, a, g, stride)
}

func fmaPeak(n int) { fmaPeakScalar(n) }

func fmaProbe(n int) { fmaPeakScalar(n) }
