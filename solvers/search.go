package solvers

import (
	"fmt"
	"math"

	"ngdbench/objective"
)

// Line is the loss along a direction, φ(s) = L(θ + s d), counted and timed.
type Line interface {
	Loss(s float64) float64
	LossSlope(s float64) (loss, slope float64)
}

// Search finds a step length s ≥ 0 from φ(0) and φ'(0). It may not assume that Loss returns finite numbers. Every search
// here but ENGDGrid returns s = 0 where no trial lies below φ(0): there is no step where none decreases.
type Search interface {
	Needs() objective.Quantity // Grad where it asks for slopes
	Find(loss, slope float64, l Line) Outcome
}

// Outcome is the step length found, the loss there, and what it cost. Scale 0: nothing was good enough.
type Outcome struct {
	Scale, Loss float64
	Evals       int
}

// below reports whether the trial loss v is a number below best; −∞ is a failure of the objective, not a success.
func below(v, best float64) bool { return v < best && !math.IsInf(v, -1) }

// Full takes the whole step if it lowers the loss: the partner of a damping rule that retries. One trial.
type Full struct{}

// Needs is empty.
func (Full) Needs() objective.Quantity { return 0 }

// Find tries s = 1.
func (Full) Find(loss, _ float64, l Line) Outcome {
	if v := l.Loss(1); below(v, loss) {
		return Outcome{Scale: 1, Loss: v, Evals: 1}
	}
	return Outcome{Loss: loss, Evals: 1}
}

// ParseSearch reads a value of the axis search.
func ParseSearch(s string) (Search, error) {
	switch s {
	case "grid":
		return Grid{}, nil
	case "grid31":
		return Grid{Whole: true}, nil
	case "kfac":
		return KFACGrid{}, nil
	case "engd":
		return ENGDGrid{}, nil
	case "armijo":
		return Armijo{}, nil
	case "wolfe":
		return Wolfe{}, nil
	case "full":
		return Full{}, nil
	}
	return nil, fmt.Errorf("search=%s: want grid, grid31, kfac, engd, armijo, wolfe or full", s)
}
