package naturalgradient

import (
	"fmt"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Sketch takes a low-rank inverse for the solution: d = M⁻¹ rhs in parameter space, or d = Tᵀ M⁻¹ rhs in sample space, with no
// iterations at all. With the damped tail of lowrank.Nystrom, 1/(λ̂_k + μ), it is a descent direction at every rank, and exact up to the
// tail's error above the effective dimension; with lowrank.Fast the tail is 1/μ, as published, and a rank below it diverges.
//
// Cost: the set-up of the inverse, and 4kP or 4kn flops.
//
// Source: Guzmán-Cordero, Dangel, Goldshlager, Zeinhofer (2025), in sample space.
type Sketch struct {
	Inverse Preconditioner
	In      solvers.Space // zero: Parameter

	tangent *operator.Map
	y       []float64
}

// Class is preconditioned: its work is a low-rank set-up.
func (*Sketch) Class() solvers.Class { return solvers.Preconditioned }

// Needs asks for the tangent map, in sample space for least squares too.
func (s *Sketch) Needs() objective.Quantity {
	if s.In == solvers.Sample {
		return inSamples
	}
	return objective.Tangent
}

// Space is where the inverse is one.
func (s *Sketch) Space() solvers.Space { return s.In }

// Start makes the workspace.
func (s *Sketch) Start(p *objective.Point, env solvers.Env) error {
	s.tangent = p.T
	var a operator.Symmetric = operator.Normal{Map: p.T}
	if s.In == solvers.Sample {
		rows, _ := p.T.Dims()
		a, s.y = operator.Dual{Map: p.T}, env.Meter.Floats(rows)
	}
	if err := s.Inverse.Start(a, env.Rand, env.Meter); err != nil {
		return fmt.Errorf("naturalgradient: %w", err)
	}
	return nil
}

// Prepare builds the inverse.
func (s *Sketch) Prepare(*objective.Point) { s.Inverse.Prepare() }

// Solve applies it.
func (s *Sketch) Solve(d, rhs []float64, damping float64) solvers.Report {
	rep := solvers.Report{Damping: damping, Rank: s.Inverse.Set(damping), Random: s.Inverse.Random()}
	if s.In == solvers.Parameter {
		s.Inverse.Precondition(d, rhs)
		return rep
	}
	s.Inverse.Precondition(s.y, rhs)
	s.tangent.ApplyT(d, s.y)
	return rep
}

// Bill is that of the inverse, and in sample space a product with Tᵀ.
func (s *Sketch) Bill(shape *cost.Shape, r solvers.Report) (b cost.Bill) {
	if s.In == solvers.Parameter {
		return billOf(s.Inverse, shape, shape.Params, r.Rank)
	}
	b = billOf(s.Inverse, shape, shape.Rows, r.Rank)
	b.Solve.Product(cost.ApplyT, shape, 1)
	b.Floats += float64(shape.Rows)
	return b
}
