package harness

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
	"ngdbench/linalg"
	"ngdbench/objective"
	"ngdbench/results"
	"ngdbench/solvers"
)

// mostDiagnosed is the largest min(n, P), and mostTangent the largest nP, that a training is diagnosed at: a decomposition of the Gramian
// for each row of the trace, and T in memory.
const (
	mostDiagnosed = 2500
	mostTangent   = 6e7
)

// diagnosis looks at the Gramian TᵀT where the last step started, on a point of its own that no count sees and with the clock stopped:
// its spectrum, the effective dimension d_eff(μ) = Σ λ/(λ + μ), and the share of the quadratic model's decrease that the direction d of the
// step captures at its best length,
//
//	(∇Lᵀd)² / (dᵀ(TᵀT + μI)d · ∇Lᵀ(TᵀT + μI)⁻¹∇L)  ∈ [0, 1],
//
// 1 for the exact direction. d is θ after the step less θ before it, whose length cancels.
type diagnosis struct {
	point  *objective.Point
	theta  []float64      // where the last step started
	t, g   blas64.General // T; the smaller of TᵀT and TTᵀ
	eigen  linalg.SymEigen
	square bool // the loss is ½‖r‖², and ∇L = Tᵀr
	d, c   []float64
	td     []float64
}

// undiagnosable says why a training cannot be diagnosed, "" where it can.
func undiagnosable(o objective.Objective) string {
	if o.Offers()&objective.Tangent == 0 {
		return "the objective has no tangent map"
	}
	s := objective.ShapeOf(o, 0)
	if min(s.Rows, s.Params) > mostDiagnosed || float64(s.Rows)*float64(s.Params) > mostTangent {
		return "its Gramian is too large to decompose: P = " + decimal(float64(s.Params)) + ", n = " + decimal(float64(s.Rows)) +
			"; the smaller may be " + decimal(mostDiagnosed) + ", and nP " + decimal(mostTangent)
	}
	return ""
}

func newDiagnosis(o objective.Objective) *diagnosis {
	const want = objective.Loss | objective.Grad | objective.Tangent
	square := o.Offers()&objective.LeastSquares != 0
	room := objective.Quantity(want)
	if square {
		room |= objective.Residual
	}
	d := &diagnosis{point: objective.NewPoint(o, room, nil), square: square}
	n, p := d.point.T.Dims()
	k := min(n, p)
	d.theta, d.d, d.td, d.c = make([]float64, p), make([]float64, p), make([]float64, n), make([]float64, max(n, p))
	d.t, d.g = linalg.New(nil, n, p), linalg.New(nil, k, k)
	d.eigen.Reset(k, nil)
	return d
}

// begin keeps θ before a step.
func (d *diagnosis) begin(theta []float64) { copy(d.theta, theta) }

// row is the diagnosis of the step that led to theta; nil where the decomposition fails.
func (d *diagnosis) row(theta []float64, info solvers.Info) *results.Diagnosis {
	p := d.point
	p.Eval(d.theta, objective.Loss|objective.Grad|objective.Tangent)
	p.T.Dense(d.t)
	wide := d.t.Rows < d.t.Cols
	if wide {
		linalg.Syrk(d.g, d.t)
	} else {
		linalg.SyrkT(d.g, d.t)
	}
	if !p.Finite() || !d.eigen.Decompose(d.g) {
		return nil
	}
	out := &results.Diagnosis{Spectrum: d.spectrum()}
	if info.Damping > 0 {
		out.Deff = results.Float(d.effective(info.Damping))
		if v := d.captured(theta, info.Damping, wide); v > 0 {
			out.Captured = results.Float(v)
		}
	}
	return out
}

// spectrum is the eigenvalues, falling, above the rounding level of the decomposition.
func (d *diagnosis) spectrum() []results.Float {
	values := d.eigen.Values
	k := len(values)
	list := []results.Float{}
	for _, v := range slices.Backward(values) {
		if v > float64(k)*0x1p-52*values[k-1] {
			list = append(list, results.Float(v))
		}
	}
	return list
}

func (d *diagnosis) effective(mu float64) float64 {
	sum := 0.0
	for _, v := range d.eigen.Values {
		if v > 0 {
			sum += v / (v + mu)
		}
	}
	return sum
}

// captured is the share; 0 where θ did not move, or ∇L is not known to lie in the range of Tᵀ.
func (d *diagnosis) captured(theta []float64, mu float64, wide bool) float64 {
	for j, v := range theta {
		d.d[j] = v - d.theta[j]
	}
	slope := simd.Dot(d.point.Grad, d.d)
	linalg.Mul(d.td, d.t, d.d)
	curved := simd.Dot(d.td, d.td) + mu*simd.Dot(d.d, d.d)
	full := d.decrease(mu, wide)
	if !(slope < 0) || !(curved > 0) || !(full > 0) {
		return 0
	}
	return math.Min(slope*slope/curved/full, 1)
}

// decrease is ∇Lᵀ(TᵀT + μI)⁻¹∇L; with TTᵀ decomposed it is rᵀTTᵀ(TTᵀ + μI)⁻¹r, for least squares alone.
func (d *diagnosis) decrease(mu float64, wide bool) float64 {
	x := d.point.Grad
	if wide {
		if !d.square {
			return 0
		}
		x = d.point.Residual
	}
	c, sum := d.c[:len(d.eigen.Values)], 0.0
	linalg.MulT(c, d.eigen.Vectors, x)
	for i, v := range d.eigen.Values {
		v = math.Max(v, 0)
		w := 1 / (v + mu)
		if wide {
			w *= v
		}
		sum += c[i] * c[i] * w
	}
	return sum
}
