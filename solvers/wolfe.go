package solvers

import (
	"cmp"
	"fmt"
	"math"

	"ngdbench/objective"
)

// Wolfe is the strong Wolfe search: s with
//
//	φ(s) ≤ φ(0) + C1 s φ'(0)   and   |φ'(s)| ≤ C2 |φ'(0)|,
//
// found by expanding until an interval holds such a point, then by zooming in on it with cubic interpolation, both
// safeguarded. A trial that is not finite counts as too far, and the step shrinks tenfold. Each trial is a loss with its
// gradient; an accepted one is always the last evaluated, so that its gradient is kept. After Evals trials, or once the
// interval is at rounding level, the best point with sufficient decrease is taken, else any below φ(0), else none.
// Along a direction that does not descend there is no step, and no trial.
//
// Source: Nocedal, Wright, Numerical Optimization, algorithms 3.5 and 3.6, equation (3.59).
type Wolfe struct {
	C1    float64 // sufficient decrease, in (0, C2); 0: 1e-4
	C2    float64 // curvature, in (C1, 1); 0: 0.9
	Evals int     // largest number of trials; 0: 40
}

// smallest is where an objective that is finite nowhere along the line is given up.
const smallest = 0x1p-60

// Needs asks for gradients.
func (Wolfe) Needs() objective.Quantity { return objective.Grad }

// Find starts at s = 1.
func (w Wolfe) Find(loss, slope float64, l Line) Outcome {
	if !(slope < 0) || math.IsInf(slope, -1) {
		return Outcome{Loss: loss}
	}
	z := zoomer{line: l, c1: cmp.Or(w.C1, 1e-4), c2: cmp.Or(w.C2, 0.9), left: w.Evals,
		zero: trial{0, loss, slope}, best: trial{0, loss, slope}}
	if z.left == 0 {
		z.left = 40
	}
	t := z.expand()
	if !(t.f < loss) { // no sufficient decrease anywhere: any decrease will do
		t = z.best
	}
	return Outcome{Scale: t.s, Loss: t.f, Evals: z.evals}
}

// Validate refuses constants out of order and a budget without a trial.
func (w Wolfe) Validate() error {
	c1, c2 := cmp.Or(w.C1, 1e-4), cmp.Or(w.C2, 0.9)
	if !(0 < c1 && c1 < c2 && c2 < 1) {
		return fmt.Errorf("solvers: Wolfe constants %g, %g outside 0 < C1 < C2 < 1", c1, c2)
	}
	if w.Evals < 0 || w.Evals > 50 {
		return fmt.Errorf("solvers: Wolfe trials %d outside [1, 50]", w.Evals)
	}
	return nil
}

// trial is one point on the line: s, φ(s), φ'(s).
type trial struct{ s, f, g float64 }

func (t trial) finite() bool { return t.f*0 == 0 && t.g*0 == 0 }

// zoomer is one search under way.
type zoomer struct {
	line        Line
	c1, c2      float64
	zero, best  trial
	evals, left int
}

func (z *zoomer) at(s float64) trial {
	f, g := z.line.LossSlope(s)
	z.evals++
	z.left--
	t := trial{s, f, g}
	if t.finite() && f < z.best.f {
		z.best = t
	}
	return t
}

// enough is sufficient decrease. It is strict against φ(0), so that a step at rounding level is not taken for progress.
func (z *zoomer) enough(t trial) bool {
	return t.f < z.zero.f && t.f <= z.zero.f+z.c1*t.s*z.zero.g
}

func (z *zoomer) flat(t trial) bool { return math.Abs(t.g) <= -z.c2*z.zero.g }

// expand walks out until a point is acceptable or an interval holds one. It returns the point to take.
func (z *zoomer) expand() trial {
	lo, s, wall := z.zero, 1.0, math.Inf(1)
	for z.left > 0 && s > smallest {
		t := z.at(s)
		switch {
		case !t.finite():
			wall = s
			s = lo.s + (s-lo.s)/10
			if s == lo.s {
				return lo
			}
			continue
		case !z.enough(t) || t.f >= lo.f:
			return z.zoom(lo, t)
		case z.flat(t):
			return t
		case t.g >= 0:
			return z.zoom(t, lo)
		}
		next := clamp(cubic(lo, t), 2*t.s, 10*t.s)
		if next >= wall {
			next = t.s + (wall-t.s)/2
		}
		lo, s = t, next
	}
	return lo
}

// zoom narrows the interval between lo, the best point with sufficient decrease so far, and hi, on the side to which φ
// falls from lo.
func (z *zoomer) zoom(lo, hi trial) trial {
	width, before := math.Abs(hi.s-lo.s), math.Inf(1)
	for z.left > 0 && width > 0x1p-50*math.Max(lo.s, hi.s) {
		s := between(lo, hi, width > before*2/3)
		before = width
		t := z.at(s)
		switch {
		case !t.finite() || !z.enough(t) || t.f >= lo.f:
			hi = t
		case z.flat(t):
			return t
		default:
			if t.g*(hi.s-lo.s) >= 0 {
				hi = lo
			}
			lo = t
		}
		width = math.Abs(hi.s - lo.s)
	}
	return lo
}

// between proposes a point inside the interval: the minimiser of the cubic through both ends, at least a tenth of the
// width away from them, or the middle where the interval did not shrink or an end is not finite.
func between(lo, hi trial, bisect bool) float64 {
	mid := lo.s + (hi.s-lo.s)/2
	if bisect || !hi.finite() {
		return mid
	}
	s, margin := cubic(lo, hi), (hi.s-lo.s)/10
	if math.IsNaN(s) {
		return mid
	}
	if margin < 0 {
		return clamp(s, hi.s-margin, lo.s+margin)
	}
	return clamp(s, lo.s+margin, hi.s-margin)
}

// cubic is the local minimiser of the cubic that has the values and slopes of a and b; NaN where it has none.
func cubic(a, b trial) float64 {
	d1 := a.g + b.g - 3*(a.f-b.f)/(a.s-b.s)
	d2 := math.Copysign(math.Sqrt(d1*d1-a.g*b.g), b.s-a.s)
	return b.s - (b.s-a.s)*(b.g+d2-d1)/(b.g-a.g+2*d2)
}

// clamp returns s within [lo, hi], and hi where s is no number.
func clamp(s, lo, hi float64) float64 {
	if !(s <= hi) {
		return hi
	}
	return math.Max(s, lo)
}
