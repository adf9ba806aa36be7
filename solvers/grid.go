package solvers

import (
	"math"

	"ngdbench/objective"
)

// lastScale is the smallest power of two on the grids: the scales are 2⁰, 2⁻¹, …, 2⁻³⁰.
const lastScale = 30

// Grid is the published grid search over the scales 2⁰, …, 2⁻³⁰ (Müller, Zeinhofer 2023, arXiv 2302.13163), from the top,
// ended after two rises past the best value; with Whole all 31 are tried. The scale of the lowest loss is taken if it
// lies below φ(0); among equals the largest.
//
// Cost: about 9 losses per step instead of 31, with the same end points.
type Grid struct{ Whole bool }

// Needs is empty.
func (Grid) Needs() objective.Quantity { return 0 }

// Find searches from s = 1 down.
func (g Grid) Find(loss, _ float64, l Line) Outcome {
	best := Outcome{Loss: loss}
	rises, s := 0, 1.0
	for range lastScale + 1 {
		v := l.Loss(s)
		best.Evals++
		if below(v, best.Loss) {
			best.Scale, best.Loss, rises = s, v, 0
		} else if best.Scale > 0 {
			if rises++; rises == 2 && !g.Whole {
				break
			}
		}
		s /= 2
	}
	return best
}

// KFACGrid is the grid of the KFAC-for-PINNs code (Dangel, Müller, Zeinhofer 2024, arXiv 2405.15603): all of 2⁻³⁰, …, 2⁰ in
// rising order, the argmin (among equals the smallest scale), and no step where it does not lie below φ(0). 31 losses.
type KFACGrid struct{}

// Needs is empty.
func (KFACGrid) Needs() objective.Quantity { return 0 }

// Find searches from s = 2⁻³⁰ up.
func (KFACGrid) Find(loss, _ float64, l Line) Outcome {
	best := Outcome{Loss: loss}
	s := 0x1p-30
	for range lastScale + 1 {
		v := l.Loss(s)
		best.Evals++
		if below(v, best.Loss) {
			best.Scale, best.Loss = s, v
		}
		s *= 2
	}
	return best
}

// ENGDGrid is the grid of the ENGD code (Müller, Zeinhofer 2023, arXiv 2302.13163): the argmin over 2⁰, …, 2⁻³⁰ (among equals the
// largest scale), taken even where it raises the loss. No step where no trial is finite. 31 losses.
type ENGDGrid struct{}

// Needs is empty.
func (ENGDGrid) Needs() objective.Quantity { return 0 }

// Find searches from s = 1 down.
func (ENGDGrid) Find(loss, _ float64, l Line) Outcome {
	best, least := Outcome{Loss: loss}, math.Inf(1)
	s := 1.0
	for range lastScale + 1 {
		v := l.Loss(s)
		best.Evals++
		if below(v, least) {
			best.Scale, best.Loss, least = s, v, v
		}
		s /= 2
	}
	return best
}
