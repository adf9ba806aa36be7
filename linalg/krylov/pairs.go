package krylov

import "ngdbench/linalg/operator"

// Pairs is a symmetric positive semi-definite K of order n in the K-inner product, ⟨a, b⟩ = aᵀKb, acting on pairs (a, Ka) that
// are held as vectors of length 2n. Then inner products cost no product with K, and CG costs one for each iteration, as in the
// Euclidean product, plus one for the second half of the right-hand side.
//
// With K = TTᵀ, CG on (K + μI) w = r in this product makes the iterates d = Tᵀw of CG on (TᵀT + μI) d = Tᵀr, with vectors of length n
// in place of P, and every test reads what it reads there: ⟨r, r⟩ = ‖Tᵀr‖². In the Euclidean product it would minimise another norm:
// see solvers/naturalgradient, TestEuclideanSampleSpace. A preconditioner must be self-adjoint in the K-inner product, that is of the
// form αI + QCQᵀK, and maps pairs to pairs.
type Pairs struct {
	K operator.Symmetric
	n int
}

// NewPairs makes the pairs of k.
func NewPairs(k operator.Symmetric) Pairs { return Pairs{K: k, n: k.Order()} }

// Order returns 2n.
func (p Pairs) Order() int { return 2 * p.n }

// Mul computes dst = (Ka, KKa) for x = (a, Ka).
func (p Pairs) Mul(dst, x []float64) {
	copy(dst[:p.n], x[p.n:])
	p.K.Mul(dst[p.n:], x[p.n:])
}

// Pair fills the second half of x = (a, ·).
func (p Pairs) Pair(x []float64) { p.K.Mul(x[p.n:], x[:p.n]) }

// renew is Pair, for an x that recurrences have let drift; the zero value does nothing.
func (p Pairs) renew(x []float64) {
	if p.n > 0 {
		p.Pair(x)
	}
}
