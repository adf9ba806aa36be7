// Package objective is the waist: all that a solver sees of a training problem.
//
// As in package operator, there is a thin interface for those who make one (Objective) and a concrete handle for those
// who use one (*Point), which counts, times, and never computes twice what it already has.
//
// Letters: θ in R^P the parameters, r in R^n the whitened residual, T (n×P) the whitened tangent map of the metric. For
// Gauss-Newton
//
//	L(θ) = ½‖r(θ)‖²,   T = ∂r/∂θ,   ∇L = Tᵀr,
//
// and a natural gradient step solves (TᵀT + μI) d = −∇L.
package objective

import (
	"math/rand/v2"

	"ngdbench/linalg/operator"
)

// Objective is what a formulation implements.
type Objective interface {
	Params() Layout
	Offers() Quantity
	// Start gives p what want needs: p.Residual, p.Work, and the operator of Tangent, which it returns (nil without
	// Tangent). It is the only place that allocates, by p.Floats. Points share nothing that Eval writes.
	Start(p *Point, want Quantity) operator.Operator
	// Eval computes at p.Theta what want names, and may compute more (it then adds that to p.Have). The loss must have
	// the same bits whatever else is asked for.
	Eval(p *Point, want Quantity)
	// Version changes when the points were redrawn.
	Version() int
}

// Resampler is an Objective whose points can be redrawn. The loop calls it between steps.
type Resampler interface {
	Resample(theta []float64, r *rand.Rand)
}

// Field is functions at points of their domain.
type Field struct {
	Names    []string  // of the functions
	Dim      int       // d
	X        []float64 // points, n×d
	U, Exact []float64 // the network and the reference, n×functions; Exact is nil where there is none
}

// Fielder is a Judge that can show the network at points that make a picture.
type Fielder interface {
	Field(theta []float64) Field
}

// Judge measures the error of a network. It is handed over beside the objective, and no solver sees it.
type Judge interface {
	Measures() []string // "l2err", "h1err", …: units of results
	// Errors writes one number for each measure.
	Errors(dst, theta []float64)
}
