package naturalgradient

import "ngdbench/linalg/lowrank"

// RPChol returns CG with the randomly pivoted partial Cholesky preconditioner of TᵀT of the given rank, rebuilt at every
// point: interchangeable with Nystrom at equal rank, with another set-up, the diagonal of TᵀT and k of its columns.
//
// Cost: the diagonal, k columns and those of rejected candidates, k²P flops per point, 4kP per iteration; memory
// 1.2kP + 0.1kn.
//
// Source: Chen, Epperly, Tropp, Webber (2025); the approximation is lowrank.PivotedCholesky.
func RPChol(rank int) *CG { return &CG{Precond: &lowrank.PivotedCholesky{Rank: rank}} }

// PChol is RPChol with greedy pivots, one column at a time.
func PChol(rank int) *CG {
	return &CG{Precond: &lowrank.PivotedCholesky{Rank: rank, Pivots: lowrank.Greedy{}}}
}
