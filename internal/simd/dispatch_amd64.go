package simd

//go:generate sh -c "cd gen && go run ."

// Sizes of one assembly call. It cannot be preempted, so it stays under about 50 µs; and the rows of A that it reads once
// for each panel stay in L2. Neither changes a bit, for every row is a chain of its own.
const (
	rowElements  = 24 << 10 // of A in one block of rows: 192 KB
	callElements = 64 << 10 // of A in one transposed call: 16 flops each
)

// rowBlock returns how many rows of k elements make a block: a multiple of the tile's six rows.
func rowBlock(elements, k int) int { return max(1, elements/max(k, 1)/6) * 6 }

func mulPanels(m, n, k int, a []float64, lda int, b, init, c []float64, ldc int) {
	if !vector {
		mulPanelsScalar(m, n, k, a, lda, b, init, c, ldc)
		return
	}
	block := rowBlock(rowElements, k)
	for i := 0; i < m; i += block {
		rows, x := min(block, m-i), first(a, i*lda, k)
		for j := 0; j < n; j += Lanes {
			mulPanelAVX2(rows, k, x, 8*lda, first(b, j*k, k), &start(init, j)[0], &c[i*ldc+j], 8*ldc)
		}
	}
}

func dotPanels(m, n, k int, a []float64, lda int, b, init, d []float64, ldd int, lanes []float64, pf *Prefetch) {
	if !vector {
		dotPanelsScalar(m, n, k, a, lda, b, init, d, ldd, lanes)
		return
	}
	block := rowBlock(rowElements, k)
	for i := 0; i < m; i += block {
		rows, x := min(block, m-i), first(a, i*lda, k)
		for j := 0; j < n; j += Lanes {
			next, step := pf.take(hints(rows, k), &d[i*ldd+j])
			dotPanelAVX2(rows, k, x, 8*lda, first(b, j*k, k), &start(init, j)[0], &d[i*ldd+j], 8*ldd, &lanes[Lanes*i], next, step)
		}
	}
}

func transPanels(m, n, k int, a []float64, lda int, b, c []float64, ldc int, pf *Prefetch) {
	if !vector {
		transPanelsScalar(m, n, k, a, lda, b, c, ldc)
		return
	}
	block := rowBlock(callElements, k)
	for j := 0; j < n; j += Lanes {
		for i := 0; i < m; i += block {
			rows := min(block, m-i)
			next, step := pf.take(hints(rows, k), &c[i*ldc+j])
			transPanelAVX2(rows, k, &a[i], 8*lda, &b[j*k], &c[i*ldc+j], 8*ldc, next, step)
		}
	}
}

// first returns the address of a[i], or any address where the kernel reads no element.
func first(a []float64, i, n int) *float64 {
	if n == 0 {
		return &zeros[0]
	}
	return &a[i]
}

// hints returns how many cache lines a call asks for: one for four steps of k in each tile (6, 4, 2, 1 rows).
func hints(rows, k int) int {
	rest := rows % 6
	return (rows/6 + rest>>2 + rest>>1&1 + rest&1) * (k / 4)
}

func scalePack(n, w int, y, d []float64, ldd int, dst []float64, k, k0 int) {
	if !vector {
		scalePackScalar(n, w, y, d, ldd, dst, k, k0)
		return
	}
	scalePackAVX2(n, Pad(w), &y[0], &d[0], 8*ldd, &dst[Lanes*k0], 8*Lanes*k)
}

func scaleAcc(n, w int, y, d []float64, ldd int, out []float64) {
	full := 0
	if vector && w >= Lanes {
		full = w &^ (Lanes - 1)
		scaleAccAVX2(n, full, &y[0], &d[0], 8*ldd, &out[0])
	}
	scaleAccScalar(n, w-full, y, d[full:], ldd, out[full:])
}

func add(dst, x []float64) {
	full := eights(len(x))
	if full > 0 {
		addAVX2(full, &dst[0], &x[0])
	}
	addScalar(dst[full:], x[full:])
}

func axpy(dst []float64, alpha float64, x []float64) {
	full := eights(len(x))
	if full > 0 {
		axpyAVX2(full, &dst[0], alpha, &x[0])
	}
	axpyScalar(dst[full:], alpha, x[full:])
}

func dot(x, y []float64) float64 {
	var q [Lanes]float64
	full := eights(len(x))
	if full > 0 {
		dotAVX2(full, &x[0], &y[0], &q[0])
	}
	dotScalar(&q, x[full:], y[full:])
	return tree(&q)
}

// eights returns how many of n elements the vector form takes.
func eights(n int) int {
	if !vector {
		return 0
	}
	return n &^ (Lanes - 1)
}

func tanh(dst, x []float64) {
	full := 0
	if vector && len(x) >= 4 {
		full = len(x) &^ 3
		tanhAVX2(full, &dst[0], &x[0])
	}
	tanhScalar(dst[full:], x[full:])
}

func tanhJet(n, d int, lap bool, z, a []float64, stride int) {
	for i := 0; i < n; {
		if vector && lap {
			i += tanhJetLapAVX2(n-i, d, &z[i], &a[i], 8*stride)
		} else if vector {
			i += tanhJetAVX2(n-i, d, &z[i], &a[i], 8*stride)
		}
		hi := scalarEnd(i, n)
		tanhJetScalar(i, hi, d, lap, z, a, stride)
		i = hi
	}
}

func tanhJetAdjoint(n, d int, lap bool, z, a, g []float64, stride int) {
	for i := 0; i < n; {
		if vector && lap {
			i += tanhJetAdjointLapAVX2(n-i, d, &z[i], &a[i], &g[i], 8*stride)
		} else if vector {
			i += tanhJetAdjointAVX2(n-i, d, &z[i], &a[i], &g[i], 8*stride)
		}
		hi := scalarEnd(i, n)
		tanhJetAdjointScalar(i, hi, d, lap, z, a, g, stride)
		i = hi
	}
}

// scalarEnd returns up to where the scalar form does neurons once the vector form has stopped at i: the group of four
// that it refused, the last few, or on the scalar path all.
func scalarEnd(i, n int) int {
	if !vector {
		return n
	}
	return min(i+4, n)
}

func fmaPeak(n int) {
	if vector {
		fmaPeakAVX2(n)
	} else {
		fmaPeakScalar(n)
	}
}

func fmaProbe(n int) { fmaProbeAVX2(n) }
