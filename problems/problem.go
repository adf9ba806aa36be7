// Package problems holds PDEs as data, one file each. A PDE knows no ansatz and no solver.
package problems

import "ngdbench/problems/geometry"

// Problem is a PDE with its domain, its solution and its residuals. It is data: formulations read it, and nothing writes
// to it after its constructor has returned, so that it may be shared.
//
// Strong residuals serve PINNs. A weak form and an energy density will stand beside them in the same struct.
type Problem struct {
	Name   string
	Doc    string // the equation, in one line
	Source string // where the problem is from: authors, year, section

	Domain geometry.Domain
	Fields []string // unknown functions; a network has one output for each

	// Exact writes the solution u (one entry per field) and its gradient (fields×d, row-major) at x; either may be nil.
	Exact func(x, u, grad []float64)

	Strong []Strong

	// Hard writes, for each field, the jets at x of g and φ for which u = g + φ·N has the right boundary (and initial)
	// data whatever N is: φ vanishes on the parts where u is prescribed, and g has the data there. The jets are those of
	// Hessian, fields×C, every entry. nil: the problem has none, and a network with the part hard does not fit it.
	Hard func(x, g, phi []float64)

	// Periods are those of the solution in each coordinate, 0 where it has none. nil: the solution is not periodic, and
	// a network with the part periodic does not fit the problem.
	Periods []float64

	Net    string // suggested network, as on the axis net
	Points string // suggested points, as on the axis points: one count for each part of the domain, in the domain's order
}

// Dim returns the dimension d of the domain.
func (p *Problem) Dim() int { return p.Domain.Dim() }

// Order says which derivatives of a field a term needs: the channels of its jet. Blocks of one part of the domain that
// need second derivatives need the same ones.
type Order int

const (
	Value     Order = iota // u: C = 1
	Gradient               // u, ∂₁u … ∂_d u: C = d + 1
	Laplacian              // u, ∂₁u … ∂_d u, Δu: C = d + 2
	Diagonal               // u, ∂₁u … ∂_d u, ∂₁₁u … ∂_dd u: C = 2d + 1
	Hessian                // u, ∂₁u … ∂_d u, ∂_ij u for i ≤ j, row by row (11, 12 … 1d, 22 … dd): C = 1 + d + d(d+1)/2
)

// Channels is C for dimension d.
func (o Order) Channels(d int) int {
	return [...]int{1, d + 1, d + 2, 2*d + 1, 1 + d + d*(d+1)/2}[o]
}

// Strong is one residual block: a residual at each point of one part of the domain.
type Strong struct {
	Name  string
	Part  geometry.Part
	Order Order
	Term  Term

	// Affine promises that the residual is affine in the jet, so that its partial derivatives depend on x alone: a
	// linear PDE. A formulation then asks the Term once per point instead of once per point and evaluation.
	Affine bool
}

// Term is a residual at a point. It reads x and the jets of all fields (fields×C, row-major) and returns the residual;
// where partial is not nil it writes ∂residual/∂jet into it (fields×C, every entry). It keeps no state, so that it may be
// called from several goroutines.
type Term func(x, jet, partial []float64) float64
