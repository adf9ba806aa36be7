package lowrank

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
)

// woodbury applies the inverse of FFᵀ + ρI, F n×k, by Woodbury's identity:
//
//	(FFᵀ + ρI)⁻¹ = (I − F(FᵀF + ρI)⁻¹Fᵀ)/ρ.
//
// One factorisation of order k for each ρ; 4kn flops for each vector; memory 2k².
type woodbury struct {
	f    blas64.General // Fᵀ, k×n
	core blas64.General // FᵀF
	chol linalg.Cholesky
	t    []float64
	rho  float64
}

func (w *woodbury) reset(f blas64.General, m *cost.Meter) {
	*w = woodbury{f: f, core: linalg.New(m, f.Rows, f.Rows), t: m.Floats(f.Rows)}
	w.chol.Reset(f.Rows, m)
}

// changed says that F is another matrix now.
func (w *woodbury) changed() { linalg.Syrk(w.core, w.f) }

// set chooses ρ. Where the factorisation fails for want of damping, ρ grows tenfold from rounding level on; false where that
// did not help.
func (w *woodbury) set(rho float64) bool {
	trace := 0.0
	for i := range w.core.Rows {
		trace += w.core.Data[i*w.core.Stride+i]
	}
	w.rho = math.Max(rho, 0x1p-48*trace) // below, 1 − ‖A‖/(‖A‖ + ρ) is lost to rounding
	for range 20 {
		if w.chol.Factor(w.core, w.rho) {
			return true
		}
		w.rho *= 10
	}
	return false
}

// solve computes dst = (FFᵀ + ρI)⁻¹ x.
func (w *woodbury) solve(dst, x []float64) {
	linalg.Mul(w.t, w.f, x)
	w.chol.Solve(w.t)
	linalg.MulT(dst, w.f, w.t)
	for i, v := range x {
		dst[i] = (v - dst[i]) / w.rho
	}
}
