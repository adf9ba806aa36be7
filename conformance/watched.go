package conformance

import (
	"math"
	"math/rand/v2"
	"testing"

	"ngdbench/cost"
	"ngdbench/harness"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/results"
)

// watched is an objective that counts what is asked of it. Its tangent map shows products alone, so that every other question is
// answered by products that it sees.
type watched struct {
	objective.Objective
	seen   cost.Counts
	poison int // evaluations of the loss from which on it is NaN; 0: never
}

// Start wraps the tangent map.
func (w *watched) Start(p *objective.Point, want objective.Quantity) operator.Operator {
	if op := w.Objective.Start(p, want); op != nil {
		return &opaque{op, &w.seen}
	}
	return nil
}

// Eval counts as objective.Point does.
func (w *watched) Eval(p *objective.Point, want objective.Quantity) {
	switch {
	case want&objective.Tangent != 0:
		w.seen.Tangents++
	case want&objective.Grad == 0:
		w.seen.Losses++
	}
	if want&objective.Grad != 0 {
		w.seen.Grads++
	}
	if want&objective.Grad != 0 && want&objective.Tangent != 0 {
		w.seen.Joint++
	}
	w.Objective.Eval(p, want)
	if n := w.seen.Losses + w.seen.Grads; w.poison > 0 && n >= w.poison {
		p.Loss = math.NaN()
		for i := range p.Grad {
			p.Grad[i] = math.NaN()
		}
	}
}

// Resample is the objective's.
func (w *watched) Resample(theta []float64, r *rand.Rand) {
	if o, ok := w.Objective.(objective.Resampler); ok {
		o.Resample(theta, r)
	}
}

type opaque struct {
	operator.Operator
	seen *cost.Counts
}

// Apply counts.
func (o *opaque) Apply(dst, x []float64) { o.seen.Applies++; o.Operator.Apply(dst, x) }

// ApplyT counts.
func (o *opaque) ApplyT(dst, y []float64) { o.seen.ApplyTs++; o.Operator.ApplyT(dst, y) }

// prepared makes the training of a cell.
func prepared(t *testing.T, c harness.Catalogue, cell harness.Cell) harness.Training {
	t.Helper()
	tr, err := c.Training(harness.Spec{Cell: cell})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// Counts trains a few steps on an objective that counts, and compares with what the meter says: losses, gradients and tangent maps one by
// one; products with T; those with Tᵀ, a row of T being one.
func Counts(t *testing.T, c harness.Catalogue, cell harness.Cell) {
	t.Helper()
	tr := prepared(t, c, cell)
	w := &watched{Objective: tr.Objective}
	if err := tr.Solver.Start(w, tr.Env); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		tr.Solver.Step(tr.Theta)
	}
	got, seen := tr.Env.Meter.Counts, w.seen
	got.ApplyTs += got.Rows
	got.Rows, got.Explicit = 0, 0
	if got != seen {
		t.Errorf("counted %+v, with rows as products; the objective saw %+v", got, seen)
	}
}

// allowed are the allocations that the runtime itself may make in a few steps.
const allowed = 0.2

// checkAllocations steps after a warm-up in which ranks, histories and workspaces grow.
func checkAllocations(t *testing.T, c harness.Catalogue, cell harness.Cell) {
	t.Helper()
	tr := prepared(t, c, cell)
	if err := tr.Solver.Start(tr.Objective, tr.Env); err != nil {
		t.Fatal(err)
	}
	for range 30 {
		tr.Solver.Step(tr.Theta)
	}
	if n := testing.AllocsPerRun(10, func() { tr.Solver.Step(tr.Theta) }); n > allowed {
		t.Errorf("%g allocations a step", n)
	}
}

// checkNaN poisons the loss after some evaluations: θ stays finite, and the training ends by a status that says so. One that draws random
// numbers may try on where its search finds nothing but NaN, to the end of its budget, and must not move.
func checkNaN(t *testing.T, c harness.Catalogue, cell harness.Cell) {
	t.Helper()
	for _, after := range []int{1, 7} {
		tr := prepared(t, c, cell)
		tr.Objective = &watched{Objective: tr.Objective, poison: after}
		tr.Limits = results.Limits{Steps: 60}
		out, err := harness.Train(tr)
		if err != nil {
			t.Fatal(err)
		}
		still := out.Rows[len(out.Rows)-1].Scale == 0
		switch s := out.Status; {
		case s == results.Diverged, s == results.Stalled, s == results.Breakdown, s == results.Budget && still:
		default:
			t.Errorf("NaN from evaluation %d on: status %s", after, s)
		}
		for _, v := range out.Theta {
			if math.IsNaN(v) {
				t.Fatalf("NaN from evaluation %d on: it is in θ", after)
			}
		}
	}
}
