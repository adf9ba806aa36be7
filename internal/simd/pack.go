package simd

// Lanes is the width of a panel and of the accumulators of a dot product, in numbers: one cache line.
const Lanes = 8

// Pad returns w rounded up to a multiple of [Lanes].
func Pad(w int) int { return (w + Lanes - 1) &^ (Lanes - 1) }

// PackedLen returns the length of a packed k×n matrix, k·Pad(n).
func PackedLen(k, n int) int { return k * Pad(n) }

// Pack writes the k×n matrix B into dst as panels. B is row-major with leading dimension ldb ≥ n.
func Pack(dst []float64, k, n int, b []float64, ldb int) {
	check(len(dst) >= PackedLen(k, n) && fits(b, k, n, ldb), "simd: Pack: short slice")
	for j := 0; j < n; j += Lanes {
		panel, w := dst[j*k:(j+Lanes)*k], min(Lanes, n-j)
		for l := range k {
			row := panel[l*Lanes:][:Lanes]
			clear(row[copy(row, b[l*ldb+j:][:w]):])
		}
	}
}

// PackT writes the k×n matrix B into dst as panels, given Bᵀ: row-major n×k with leading dimension ldb ≥ k. With the
// weights of a layer, stored output by input, it packs B = Wᵀ.
func PackT(dst []float64, k, n int, bt []float64, ldb int) {
	check(len(dst) >= PackedLen(k, n) && fits(bt, n, k, ldb), "simd: PackT: short slice")
	for j := 0; j < n; j += Lanes {
		panel, w := dst[j*k:(j+Lanes)*k], min(Lanes, n-j)
		if w < Lanes {
			clear(panel)
		}
		for c := range w {
			for l, v := range row(bt, j+c, ldb, k) {
				panel[l*Lanes+c] = v
			}
		}
	}
}

// row returns the first n elements of row i, which may lie past the end of an empty matrix when n is 0.
func row(a []float64, i, ld, n int) []float64 {
	if n == 0 {
		return nil
	}
	return a[i*ld:][:n]
}

// fits says that a holds m rows of n elements at leading dimension ld.
func fits(a []float64, m, n, ld int) bool {
	return m >= 0 && n >= 0 && (m == 0 || n == 0 || (m == 1 || ld >= n) && len(a) >= (m-1)*ld+n)
}

func check(ok bool, message string) {
	if !ok {
		panic(message)
	}
}
