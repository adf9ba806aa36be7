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

const (
	// mostDiagnosed is the largest min(n, P) that is diagnosed: a row of the trace then takes about a minute.
	mostDiagnosed = 2500
	// diagnosedBlock is the number of columns of TᵀT formed at once, so that T itself is never stored.
	diagnosedBlock = 64
)

// diagnosis looks at the steps of a training from outside, for the rows of its trace: at θ before the last step, with
//
//	G = TᵀT,   g = ∇L,   μ the damping that the step used,   d = θ after the step − θ before it,
//
// the spectrum of G, d_eff(μ) = Σ λ/(λ+μ), and the share of the model's decrease that d captures. It has a point of its
// own on the objective that the solver sees, which no meter knows. A nil *diagnosis is valid: none was asked for.
//
// Cost per row: one linearisation, G by min(n, P) products, and about 9·min(n, P)³ flops for its eigenvalues; memory two
// matrices of that order.
type diagnosis struct {
	o       objective.Objective
	point   *objective.Point
	squares bool // ∇L = Tᵀr
	dual    bool // n < P: the small matrix is TTᵀ, with the same eigenvalues above zero

	before, after []float64 // θ around the last step that counted
	steps         int       // that were followed
	version       int       // of the points that the last one saw

	small       blas64.General // the smaller of TᵀT and TTᵀ
	e, mid      blas64.General // rows of the identity and T times them
	eigen       linalg.SymEigen
	d, rest, td []float64 // P, P, n
	c           []float64 // min(n, P)
}

// newDiagnosis begins at θ₀. It refuses what cannot be diagnosed.
func newDiagnosis(o objective.Objective, theta []float64) (*diagnosis, error) {
	want := objective.Grad | objective.Tangent
	if missing := objective.Missing(want, o.Offers()); missing != "" {
		return nil, refuse("--diagnose needs what this objective does not offer: %s", missing)
	}
	d := &diagnosis{o: o, squares: o.Offers()&objective.LeastSquares != 0, before: slices.Clone(theta), after: slices.Clone(theta)}
	if d.squares {
		want |= objective.Residual
	}
	d.point = objective.NewPoint(o, want, nil)
	n, p := d.point.T.Dims()
	if k := min(n, p); k > mostDiagnosed {
		return nil, refuse("--diagnose: n = %d rows and P = %d parameters, and the smaller is above %d: each row of the trace would take %.0e flops and two matrices of %d MiB",
			n, p, mostDiagnosed, 9*math.Pow(float64(k), 3), k*k>>17)
	}
	d.makeRoom(n, p)
	return d, nil
}

func (d *diagnosis) makeRoom(n, p int) {
	k := min(n, p)
	d.dual = n < p
	d.small = linalg.New(nil, k, k)
	d.eigen.Reset(k, nil)
	d.d, d.rest, d.td, d.c = make([]float64, p), make([]float64, p), make([]float64, n), make([]float64, k)
	if !d.dual {
		b := min(diagnosedBlock, p)
		d.e, d.mid = linalg.New(nil, b, p), linalg.New(nil, b, n)
	}
}

// follow is told θ after each step that counts.
func (d *diagnosis) follow(theta []float64) {
	if d == nil {
		return
	}
	d.before, d.after = d.after, d.before
	copy(d.after, theta)
	d.steps++
	d.version = d.o.Version()
}

// row is the diagnosis of the last step that counted, nil before the first one, where its points have been redrawn since,
// and where g or G is not finite. Without damping the spectrum is all there is.
func (d *diagnosis) row(info solvers.Info) *results.Diagnosis {
	if d == nil || d.steps == 0 || d.version != d.o.Version() || !d.decompose() {
		return nil
	}
	out := &results.Diagnosis{Spectrum: d.spectrum()}
	if mu := info.Damping; mu > 0 {
		deff := effectiveDimension(out.Spectrum, mu)
		out.Deff, out.Captured = &deff, d.captured(mu)
	}
	return out
}

// decompose evaluates the point and decomposes the smaller of TᵀT and TTᵀ. It is false where something is not finite.
func (d *diagnosis) decompose() bool {
	want := objective.Grad | objective.Tangent
	if d.squares {
		want |= objective.Residual
	}
	d.point.Eval(d.before, want)
	if d.dual {
		d.point.T.Kernel(d.small)
	} else {
		d.gramian()
	}
	return d.point.Finite() && d.eigen.Decompose(d.small)
}

// gramian forms TᵀT, some columns at a time: row i of the block is TᵀT e_i.
func (d *diagnosis) gramian() {
	p := d.small.Rows
	for i := 0; i < p; i += d.e.Rows {
		k := min(d.e.Rows, p-i)
		clear(d.e.Data)
		for j := range k {
			linalg.Row(d.e, j)[i+j] = 1
		}
		d.point.T.GramBlock(linalg.Block(d.small, i, 0, k, p), linalg.Block(d.mid, 0, 0, k, d.mid.Cols), linalg.Block(d.e, 0, 0, k, p))
	}
}

// spectrum lists the eigenvalues, falling, that are above rounding level.
func (d *diagnosis) spectrum() []results.Float {
	list, least := []results.Float{}, d.rounding()
	for _, v := range slices.Backward(d.eigen.Values) {
		if v > least {
			list = append(list, results.Float(v))
		}
	}
	return list
}

// rounding is min(n, P)·ε·λ₁, below which eigenvalues are noise.
func (d *diagnosis) rounding() float64 {
	k := len(d.eigen.Values)
	return float64(k) * 0x1p-52 * d.eigen.Values[k-1]
}

// effectiveDimension is d_eff(μ) = Σ λ/(λ+μ): about the number of eigenvalues above μ.
func effectiveDimension(spectrum []results.Float, mu float64) results.Float {
	sum := 0.0
	for _, v := range spectrum {
		sum += float64(v) / (float64(v) + mu)
	}
	return results.Float(sum)
}

// captured is the decrease of the model gᵀd + ½dᵀ(G+μI)d along d, at its best length, as a share of the decrease at its
// minimum:
//
//	(gᵀd)² / [ dᵀ(G+μI)d · gᵀ(G+μI)⁻¹g ]  ∈ [0, 1],
//
// 1 for the exact direction. It is nil where θ did not move, and where the quotient is not finite.
func (d *diagnosis) captured(mu float64) *results.Float {
	for j, v := range d.after {
		d.d[j] = v - d.before[j]
	}
	d.point.T.Apply(d.td, d.d)
	slope, curvature := simd.Dot(d.point.Grad, d.d), simd.Dot(d.td, d.td)+mu*simd.Dot(d.d, d.d)
	share := results.Float(math.Min(1, slope*slope/(curvature*d.decrease(mu))))
	if !share.Finite() {
		return nil
	}
	return &share
}

// decrease is gᵀ(G+μI)⁻¹g by the eigenvectors: of G = VΛVᵀ, Σ (v_iᵀg)²/(λ_i+μ); of TTᵀ = UΛUᵀ where g = Tᵀr,
// Σ (u_iᵀr)² λ_i/(λ_i+μ), which no 1/μ amplifies.
func (d *diagnosis) decrease(mu float64) float64 {
	switch {
	case !d.dual:
		return d.weigh(d.point.Grad, func(lambda float64) float64 { return 1 / (lambda + mu) })
	case d.squares:
		return d.weigh(d.point.Residual, func(lambda float64) float64 { return lambda / (lambda + mu) })
	}
	return d.decreaseBeside(mu)
}

// weigh is Σ w(λ_i)(v_iᵀx)². Eigenvalues that rounding has made negative are zero.
func (d *diagnosis) weigh(x []float64, w func(lambda float64) float64) float64 {
	linalg.MulT(d.c, d.eigen.Vectors, x)
	sum := 0.0
	for i, c := range d.c {
		sum += w(math.Max(d.eigen.Values[i], 0)) * c * c
	}
	return sum
}

// decreaseBeside is gᵀ(G+μI)⁻¹g where TTᵀ = UΛUᵀ is decomposed and g need not be in the range of Tᵀ:
//
//	Σ c_i²/(λ_i+μ) + ‖g − Σ c_i v_i‖²/μ,   v_i = Tᵀu_i/√λ_i,   c_i = v_iᵀg,
//
// over the λ_i above rounding level.
func (d *diagnosis) decreaseBeside(mu float64) float64 {
	t, g, least, sum := d.point.T, d.point.Grad, d.rounding(), 0.0
	t.Apply(d.td, g)
	linalg.MulT(d.c, d.eigen.Vectors, d.td) // √λ_i c_i
	for i, lambda := range d.eigen.Values {
		if lambda <= least {
			d.c[i] = 0
			continue
		}
		sum += d.c[i] * d.c[i] / lambda / (lambda + mu)
		d.c[i] /= lambda
	}
	linalg.Mul(d.td, d.eigen.Vectors, d.c)
	t.ApplyT(d.rest, d.td)
	for j, v := range g {
		d.rest[j] = v - d.rest[j]
	}
	return sum + simd.Dot(d.rest, d.rest)/mu
}
