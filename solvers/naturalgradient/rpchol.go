package naturalgradient

import "ngdbench/linalg/lowrank"

// RPChol returns CG with the randomly pivoted partial Cholesky preconditioner of TᵀT of the given rank, rebuilt at every
// point: interchangeable with Nystrom at equal rank, with another set-up, the diagonal of TᵀT and k of its columns.
//
// Cost: the diagonal, k columns (2CNP flops each) and k²P flops per point, 4kP per iteration; memory kP. It stops short of k
// at the numerical rank.
//
// Source: Chen, Epperly, Tropp, Webber (2025); the approximation is lowrank.PivotedCholesky.
func RPChol(rank int) *CG { return &CG{Precond: &lowrank.PivotedCholesky{Rank: rank}} }

// PChol is RPChol with greedy pivots, and no random numbers.
func PChol(rank int) *CG {
	return &CG{Precond: &lowrank.PivotedCholesky{Rank: rank, Pivots: lowrank.Greedy{}}}
}
