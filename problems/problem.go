// Package problems holds PDEs as data, one file each. A PDE knows no ansatz and no solver.
package problems

import "ngdbench/problems/geometry"

// Problem is a PDE with its domain, its solution and its residuals. It is data: formulations read it, and nothing writes
// to it after its constructor has returned, so that it may be shared. A formulation applies where the problem has what it
// is made of: Strong for PINNs, Weak for tests against functions, Energy for Deep Ritz.
type Problem struct {
	Name   string
	Doc    string // the equation, in one line
	Source string // where the problem is from: authors, year, section

	Domain geometry.Domain
	Fields []string // unknown functions; a network has one output for each

	// Exact writes the solution u (one entry per field) and its gradient (fields×d, row-major) at x; either may be nil.
	Exact func(x, u, grad []float64)
	// Accuracy is the measured relative error of Exact where it is no closed form; 0: rounding.
	Accuracy float64
	// Norms are those of the solution over the interior, the squares of all fields added.
	Norms Norms
	// Length is the shortest distance over which the solution changes, 0: half the size of the domain. Differences stay
	// well below it, and ask Exact up to half of it outside of the domain.
	Length float64
	// Rough reports whether the solution is not smooth around x, or not known there on all sides; nil: nowhere.
	Rough func(x []float64) bool
	// Constants are the fields that the equations determine up to a constant only; an error is measured without it.
	Constants []int

	Strong []Strong
	Weak   *Weak   // nil: the problem has no weak form
	Energy *Energy // nil: the solution minimises no energy

	// Dirichlet reports whether the boundary point x has a prescribed value, and writes it to u. What is not prescribed
	// is natural to the weak form. nil: nothing is prescribed anywhere.
	Dirichlet func(x, u []float64) bool

	// Hard writes, for each field, the jets at x of g and φ for which u = g + φ·N has the right boundary (and initial)
	// data whatever N is: φ vanishes on the parts where u is prescribed, and g has the data there. The jets are those of
	// Hessian, fields×C, every entry. nil: the problem has none, and a network with the part hard does not fit it.
	Hard func(x, g, phi []float64)

	// Periods are those of the solution in each coordinate, 0 where it has none. nil: the solution is not periodic, and
	// a network with the part periodic does not fit the problem.
	Periods []float64

	// Breaks are coordinates, in the interior of each axis, where quadrature and test functions must have a line: the
	// edges of layers. nil: none.
	Breaks [][]float64

	Net    string // suggested network, as on the axis net
	Points string // suggested points, as on the axis points: one count for each part of the domain, in the domain's order
}

// Norms are ‖u‖ in L²(Ω) and ‖∇u‖ in L²(Ω); 0 where nobody states them.
// Tol is how far, relatively, a quadrature of a singular solution may be from them; 0: 1e-8.
type Norms struct{ L2, H1, Tol float64 }

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

// Weak is the weak form of an equation for one field: find u with
//
//	∫_Ω F₀(x,u,∇u)·v + F(x,u,∇u)·∇v dx = 0
//
// for all v that vanish where u is prescribed. Where u is not prescribed, F·n = 0.
type Weak struct {
	Flux Flux
	// Affine promises that the flux is affine in the jet: a linear PDE.
	Affine bool
	// Symmetric promises that the derivative of the flux by the jet is symmetric and positive semi-definite, so that
	// finite element matrices of equal trial and test space are symmetric positive definite.
	Symmetric bool
	// Epsilon is the weight of the inner product of the test space, ε ∫ ∇v·∇w; 0 means 1.
	Epsilon float64
}

// Flux writes F₀, F₁ … F_d at x for the jet u, ∂₁u … ∂_d u, and, where partial is not nil, its derivative with respect to
// the jet, (1+d)×(1+d), row i being that of F_i; every entry. It keeps no state.
type Flux func(x, jet, flux, partial []float64)

// Weight is Epsilon, or the 1 that 0 stands for.
func (w *Weak) Weight() float64 {
	if w.Epsilon == 0 {
		return 1
	}
	return w.Epsilon
}

// Energy is a functional of one field, E(u) = ∫_Ω e(x,u,∇u) dx, that the solution minimises among all functions with its
// prescribed values.
type Energy struct {
	Density Density
	// Quadratic promises that the second derivatives of the density depend on x alone.
	Quadratic bool
	// Convex promises that they are positive semi-definite everywhere.
	Convex bool
	// Minimum is E of the solution.
	Minimum float64
}

// Density returns e at x for the jet u, ∂₁u … ∂_d u. Where they are not nil it writes its first derivatives with respect
// to the jet (1+d) and its second ((1+d)×(1+d)), every entry. It keeps no state.
type Density func(x, jet, grad, hess []float64) float64
