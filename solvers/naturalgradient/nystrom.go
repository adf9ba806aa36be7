package naturalgradient

import "ngdbench/linalg/lowrank"

// Nystrom returns CG with the randomised Nyström preconditioner of the given rank, rebuilt at every point: for large n and
// P and decaying spectra. The rank is a cliff: above the effective dimension Σ λ/(λ + μ) of TᵀT it makes the
// solve exact in a few iterations, at half of it hundreds are needed.
//
// Cost: one block of k products and 10k²P flops per point, 4kP per iteration; memory 3kP + kn.
//
// Source: Bioli, Marcati, Sangalli (arXiv 2505.11638); the approximation is lowrank.Nystrom.
func Nystrom(rank int) *CG { return &CG{Precond: &lowrank.Nystrom{Rank: rank}} }
