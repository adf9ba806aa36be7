// Package lowrank approximates a symmetric positive semi-definite map A of order n by Â of rank k, from products or
// columns of A, and makes each approximation the preconditioner of A + μI.
//
// There are two approximations, both with 0 ⪯ Â ⪯ A in exact arithmetic: Nystrom (randomised, from k products at once)
// and PivotedCholesky (partial, from k columns). A is TᵀT or TTᵀ of an operator, or any other operator.Symmetric.
// Scaling A and μ by a power of four scales everything that follows by exact powers of two.
//
// Both are used alike: Start makes the workspace, Prepare approximates A, Set chooses μ, and Precondition is then
//
//	dst = M⁻¹ x,   M ≈ Â + μI on the range of Â, and (tail)·I beyond it,
//
// where the tail is μ plus an estimate of the largest eigenvalue that Â missed. With the tail μ instead, conjugate gradients
// spend their first iterations there. Where A is zero, so is the rank, and M = μI; nothing is divided by zero for μ = 0.
//
// Letters: n order, k rank, μ damping. Factors are held as k×n matrices, so that vectors are rows.
package lowrank

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
)

// checkRank refuses a rank outside [1, n].
func checkRank(rank, n int) error {
	if rank < 1 || rank > n {
		return fmt.Errorf("rank %d outside [1, %d]", rank, n)
	}
	return nil
}

// products computes A X for k vectors at once where A allows it: TᵀT and TTᵀ form a tile of T once for all of them.
type products struct {
	a   operator.Symmetric
	mid blas64.General // T X or Tᵀ X
}

func newProducts(a operator.Symmetric, k int, m *cost.Meter) products {
	p := products{a: a}
	switch t := a.(type) {
	case operator.Normal:
		rows, _ := t.Dims()
		p.mid = linalg.New(m, k, rows)
	case operator.Dual:
		_, cols := t.Dims()
		p.mid = linalg.New(m, k, cols)
	}
	return p
}

// mul computes dst = X A, the k vectors being rows of X (k×n), k at most that of newProducts.
func (p *products) mul(dst, x blas64.General) {
	mid := p.mid
	mid.Rows = x.Rows
	switch t := p.a.(type) {
	case operator.Normal:
		t.GramBlock(dst, mid, x)
	case operator.Dual:
		t.ApplyTBlock(mid, x)
		t.ApplyBlock(dst, mid)
	default:
		for i := range x.Rows {
			p.a.Mul(linalg.Row(dst, i), linalg.Row(x, i))
		}
	}
}

// top returns the first r rows of a.
func top(a blas64.General, r int) blas64.General { return linalg.Block(a, 0, 0, r, a.Cols) }
