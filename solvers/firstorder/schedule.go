// Package firstorder holds methods that read the gradient alone.
package firstorder

import (
	"fmt"
	"math"
)

// Schedule is a learning-rate rule: the rate of step t = 1, 2, … is the method's base rate times Factor(t). It counts
// steps and reads no clock, so that a run is the same on any machine.
type Schedule interface {
	Factor(t int) float64
	Validate() error
}

// Constant leaves the rate alone.
type Constant struct{}

// Factor is 1.
func (Constant) Factor(int) float64 { return 1 }

// Validate finds nothing wrong.
func (Constant) Validate() error { return nil }

// Exponential is a linear warm-up followed by exponential decay,
//
//	t ≤ w:  t/w            w = WarmUp
//	t > w:  Final^((t−w)/(T−w)),   T = Horizon
//
// so that the factor is 1 at the end of the warm-up and Final at the horizon, where it stays.
type Exponential struct {
	WarmUp  int     // steps w ≥ 0; 0: Horizon/20
	Horizon int     // steps T > w; 0: 10000
	Final   float64 // in (0, 1]; 0: 1e-2
}

func (e Exponential) settings() (w, horizon int, final float64) {
	w, horizon, final = e.WarmUp, e.Horizon, e.Final
	if horizon == 0 {
		horizon = 10000
	}
	if w == 0 {
		w = horizon / 20
	}
	if final == 0 {
		final = 1e-2
	}
	return w, horizon, final
}

// Factor is that of step t.
func (e Exponential) Factor(t int) float64 {
	w, horizon, final := e.settings()
	switch {
	case t <= w:
		return float64(t) / float64(w)
	case t >= horizon:
		return final
	}
	return math.Pow(final, float64(t-w)/float64(horizon-w))
}

// Validate refuses a horizon inside the warm-up and a final factor outside (0, 1].
func (e Exponential) Validate() error {
	w, horizon, final := e.settings()
	switch {
	case horizon < 1:
		return fmt.Errorf("firstorder: schedule horizon %d outside [1, ∞)", horizon)
	case w < 0 || w >= horizon:
		return fmt.Errorf("firstorder: schedule warm-up %d outside [0, %d)", w, horizon)
	case !(final > 0 && final <= 1):
		return fmt.Errorf("firstorder: schedule final factor %g outside (0, 1]", final)
	}
	return nil
}
