package linalg

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

	"ngdbench/cost"
)

// Orthonormaliser makes the rows of a k×n matrix, k ≤ n, orthonormal with the same span.
//
// It is Cholesky QR on the kernel G = A·Aᵀ, A ← L⁻¹A, repeated: one pass takes a condition number κ to orthonormality
// κ²ε, so a pass that starts within 1/2 of the identity is the last, and two are the rule (Yamamoto, Nakatsukasa, Yanagisawa, Fukaya 2015).
// Where G is not positive definite to working precision the pass shifts it by 11(kn + k(k+1))ε·tr G, which leaves
// κ ≤ 1e8 or so for the next (Fukaya, Kannan, Nakatsukasa, Yamamoto, Yanagisawa 2020, shifted CholeskyQR3). Rows that
// stay dependent after that are the business of Householder reflections, which give orthonormal rows for any A: the
// span then holds that of A. 2k²n flops per pass, all of it at the speed of products.
type Orthonormaliser struct {
	gram      blas64.General
	chol      Cholesky
	tau, work []float64
	n         int
}

const passes = 4 // shifted, and three more

// Reset makes o ready for k×n matrices, its workspace (2k² + 400 k numbers at most) booked on m.
func (o *Orthonormaliser) Reset(k, n int, m *cost.Meter) {
	if k < 0 || k > n {
		panic("linalg: Orthonormaliser: more rows than columns")
	}
	*o = Orthonormaliser{n: n, gram: New(m, k, k)}
	o.chol.Reset(k, m)
	o.tau = m.Floats(k)
	var size [1]float64
	a := blas64.General{Rows: k, Cols: n, Stride: max(n, 1)}
	lapack64.Gelqf(a, o.tau, size[:], -1)
	lwork := size[0]
	lapack64.Orglq(a, o.tau, size[:], -1)
	o.work = m.Floats(int(max(lwork, size[0], 1)))
}

// Rows overwrites A with orthonormal rows. It is false where A is not finite; A is then undefined.
func (o *Orthonormaliser) Rows(a blas64.General) bool {
	if a.Rows != o.gram.Rows || a.Cols != o.n {
		panic("linalg: Orthonormaliser: shape differs from Reset")
	}
	if !balance(a) {
		return false
	}
	for range passes {
		Syrk(o.gram, a)
		far, trace := o.distance()
		if !o.chol.Factor(o.gram, 0) {
			k := float64(a.Rows)
			const eps = 0x1p-52
			if !o.chol.Factor(o.gram, 11*(k*float64(o.n)+k*(k+1))*eps*trace) {
				break
			}
			far = 1
		}
		Trsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, 1, o.chol.L(), a)
		if far < 0.5 {
			return true
		}
	}
	o.householder(a)
	return true
}

// balance multiplies A by a power of two where the squares of its elements could overflow or vanish; the span is the same.
// It is false where A is not finite.
func balance(a blas64.General) bool {
	const sign, inf = 1 << 63, 0x7ff << 52
	var bits uint64 // absolute values are ordered as their bits are, NaN above Inf: quicker than comparing numbers
	for i := range a.Rows {
		for _, v := range Row(a, i) {
			bits = max(bits, math.Float64bits(v)&^sign)
		}
	}
	if bits >= inf {
		return false
	}
	if _, e := math.Frexp(math.Float64frombits(bits)); e > 300 || e < -300 {
		for i := range a.Rows {
			r := Row(a, i)
			for j, v := range r {
				r[j] = math.Ldexp(v, -e)
			}
		}
	}
	return true
}

// distance returns ‖G − I‖ in the row-sum norm, and tr G.
func (o *Orthonormaliser) distance() (far, trace float64) {
	for i := range o.gram.Rows {
		s := 0.0
		for j, v := range Row(o.gram, i) {
			if i == j {
				trace += v
				v--
			}
			s += math.Abs(v)
		}
		far = max(far, s)
	}
	return far, trace
}

// householder is A = L·Q by reflections, A overwritten with Q. Its blocks call the BLAS that blas64.Use has set.
func (o *Orthonormaliser) householder(a blas64.General) {
	lapack64.Gelqf(a, o.tau, o.work, len(o.work))
	lapack64.Orglq(a, o.tau, o.work, len(o.work))
}
