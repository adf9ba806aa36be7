package simd

// SumLanes reduces lanes to one number a row: dst[i] = ((q0+q4)+(q2+q6)) + ((q1+q5)+(q3+q7)), q = lanes[8i … 8i+7].
func SumLanes(dst, lanes []float64) {
	check(len(lanes) >= Lanes*len(dst), "simd: SumLanes: short slice")
	for i := range dst {
		dst[i] = tree((*[Lanes]float64)(lanes[i*Lanes:]))
	}
}

func tree(q *[Lanes]float64) float64 {
	return ((q[0] + q[4]) + (q[2] + q[6])) + ((q[1] + q[5]) + (q[3] + q[7]))
}

// ScalePack writes the rows y[i]·D[i][:], i < n, of width w on padded rows, as the rows k0 … k0+n-1 of a packed k×w
// matrix: the y∘δ of one channel, ready for [TransPanels]. Other rows of dst are untouched.
func ScalePack(n, w int, y, d []float64, ldd int, dst []float64, k, k0 int) {
	check(n >= 0 && len(y) >= n && fits(d, n, Pad(w), ldd) && k0 >= 0 && k0+n <= k && len(dst) >= PackedLen(k, w),
		"simd: ScalePack: short slice")
	if n > 0 && w > 0 {
		scalePack(n, w, y, d, ldd, dst, k, k0)
	}
}

// ScaleAcc computes out[j] ← out[j] + Σ_i y[i]·D[i][j] for i < n, j < w, the sum a chain of fused multiply-adds over i
// that starts from zero: the gradient of a bias, with the bits of a TransPanels row. D has padded rows; out need not.
func ScaleAcc(n, w int, y, d []float64, ldd int, out []float64) {
	check(n >= 0 && len(y) >= n && fits(d, n, Pad(w), ldd) && len(out) >= w, "simd: ScaleAcc: short slice")
	if n > 0 && w > 0 {
		scaleAcc(n, w, y, d, ldd, out)
	}
}

// Add computes dst += x.
func Add(dst, x []float64) {
	check(len(dst) == len(x), "simd: Add: lengths differ")
	add(dst, x)
}

// Axpy computes dst[i] ← fma(alpha, x[i], dst[i]).
func Axpy(dst []float64, alpha float64, x []float64) {
	check(len(dst) == len(x), "simd: Axpy: lengths differ")
	axpy(dst, alpha, x)
}

// Dot returns xᵀy. Element i goes to lane i mod 8, each lane a chain of fused multiply-adds from zero; the lanes are
// summed as in [SumLanes].
func Dot(x, y []float64) float64 {
	check(len(x) == len(y), "simd: Dot: lengths differ")
	return dot(x, y)
}
