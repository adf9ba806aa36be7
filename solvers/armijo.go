package solvers

import (
	"cmp"
	"fmt"

	"ngdbench/objective"
)

// Armijo is backtracking: the first of s = 1, ½, ¼, … with φ(s) ≤ φ(0) + C1 s φ'(0) and φ(s) < φ(0), at most 31 trials.
// Along a direction that does not descend there is no step, and no trial.
//
// Source: Armijo (1966); Nocedal, Wright, Numerical Optimization, algorithm 3.1.
type Armijo struct {
	C1 float64 // in (0, 1); 0: 1e-4
}

// Needs is empty: the one slope it reads is the one at s = 0.
func (Armijo) Needs() objective.Quantity { return 0 }

// Find backtracks from s = 1.
func (a Armijo) Find(loss, slope float64, l Line) Outcome {
	out := Outcome{Loss: loss}
	if !(slope < 0) {
		return out
	}
	c, s := cmp.Or(a.C1, 1e-4), 1.0
	for range lastScale + 1 {
		v := l.Loss(s)
		out.Evals++
		if below(v, loss) && v <= loss+c*s*slope {
			out.Scale, out.Loss = s, v
			break
		}
		s /= 2
	}
	return out
}

// Validate refuses a C1 outside (0, 1).
func (a Armijo) Validate() error {
	if !(a.C1 >= 0 && a.C1 < 1) {
		return fmt.Errorf("solvers: Armijo constant %g outside (0, 1)", a.C1)
	}
	return nil
}
