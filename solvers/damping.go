package solvers

import (
	"cmp"
	"fmt"
	"math"
	"strconv"

	"ngdbench/objective"
)

// Damping is a rule for μ ≥ 0 in (TᵀT + μI) d = −∇L. Start resets it.
type Damping interface {
	// Needs says what the rule reads: Nonnegative where it reads the loss, Tangent where it reads Model.Curvature (which
	// costs a product with T, and is left zero for a rule that does not ask).
	Needs() objective.Quantity
	Start()
	// Value is μ for a step from p. It is called again after a retry.
	Value(p *objective.Point) float64
	// Judge is told what came of the step. With retry the method solves again from the same point, with a new Value.
	Judge(m Model) (retry bool)
}

// Model is the quadratic model along a direction d, and what came of it.
type Model struct {
	Loss, Slope, Curvature, Norm, Damping float64 // L, ∇Lᵀd, dᵀTᵀTd, ‖d‖, μ
	Outcome                               Outcome
}

// Predicted is the decrease that the undamped model promises for the step taken, −s∇Lᵀd − s²/2 dᵀTᵀTd.
func (m Model) Predicted() float64 {
	s := m.Outcome.Scale
	return -s*m.Slope - s*s*m.Curvature/2
}

// Constant is a fixed damping; Constant(0) is none.
type Constant float64

// Needs is empty.
func (c Constant) Needs() objective.Quantity { return 0 }

// Start does nothing.
func (c Constant) Start() {}

// Value is the constant.
func (c Constant) Value(*objective.Point) float64 { return float64(c) }

// Judge never retries.
func (c Constant) Judge(Model) bool { return false }

// Validate refuses a negative or non-finite damping.
func (c Constant) Validate() error { return validDamping("damping", float64(c)) }

// MinLoss is μ = min(L, Cap): the rule of the unified-pinns code (arXiv 2311.00529), where Cap is 1e-5.
type MinLoss struct {
	Cap float64 // 0: 1e-5
}

// Needs asks for a loss that cannot be negative.
func (MinLoss) Needs() objective.Quantity { return objective.Nonnegative }

// Start does nothing.
func (MinLoss) Start() {}

// Value is min(L, Cap) at p.
func (c MinLoss) Value(p *objective.Point) float64 { return math.Min(p.Loss, cmp.Or(c.Cap, 1e-5)) }

// Judge never retries.
func (MinLoss) Judge(Model) bool { return false }

// Validate refuses a negative or non-finite cap.
func (c MinLoss) Validate() error { return validDamping("cap of the damping min(loss, cap)", c.Cap) }

func validDamping(what string, v float64) error {
	if !(v >= 0) || math.IsInf(v, 1) {
		return fmt.Errorf("solvers: %s %g outside [0, ∞)", what, v)
	}
	return nil
}

// ParseDamping reads a value of the axis damp: a number ≥ 0 (constant), loss (min(loss, 1e-5)), lm (Marquardt) or trust.
func ParseDamping(s string) (Damping, error) {
	switch s {
	case "loss":
		return MinLoss{}, nil
	case "lm":
		return &Marquardt{}, nil
	case "trust":
		return &Trust{}, nil
	}
	c, err := strconv.ParseFloat(s, 64)
	if err != nil || validDamping("", c) != nil {
		return nil, fmt.Errorf("damp=%s: want a number ≥ 0, loss, lm or trust", s)
	}
	return Constant(c), nil
}
