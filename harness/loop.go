package harness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"ngdbench/cost"
	"ngdbench/objective"
	"ngdbench/results"
	"ngdbench/solvers"
)

// Training is all that the loop needs; nothing in it knows what a problem is.
type Training struct {
	Instance
	Solver        solvers.Solver
	Env           solvers.Env
	Limits        results.Limits // zero fields are no limit
	ResampleEvery int            // steps between redraws of the points, 0: never
	Redraw        *rand.Rand     // stream of redrawn points
	Diagnose      bool           // put a diagnosis into each row
	Prices        *cost.Column   // for modelled seconds; nil: none
	Row           func(results.Row)
}

// Outcome is the end of a training.
type Outcome struct {
	Status  string
	Cause   string // in words, where the end is a fault
	Steps   int
	Theta   []float64
	Digests results.Digests
	// NonFinite is the first step after which θ, loss or gradient was not finite, -1 where all were.
	NonFinite int
	Rows      []results.Row

	Iterations int           // of inner solvers, all steps together
	Residuals  int           // rows n of the residual, 0 where the objective has none
	OutsideCPU time.Duration // processor time of the trace and the digests, which is not the training's
}

// Train runs the one loop: from θ₀, step until the solver ends, a limit is reached, or numbers are not finite.
//
// Rows of the trace are evaluated at steps 0-50, then at steps growing by 5 %, and at the end, with the clock stopped.
// The number of steps alone decides about rows, and the clock decides about nothing but when to end: of two trainings
// that the clock stopped, the shorter is a prefix of the longer. Env.Meter may be nil, but then there is no clock.
// An error is a setting that Start refuses.
func Train(t Training) (Outcome, error) {
	l, err := newLoop(t)
	if err != nil {
		return Outcome{}, err
	}
	return l.run(), nil
}

// loop is the state of Train.
type loop struct {
	Training
	watch
	out    Outcome
	redraw objective.Resampler // nil: points stay
	last   solvers.Info        // of the last step that counted
	shape  cost.Shape
	iters  int // inner iterations so far
}

func newLoop(t Training) (*loop, error) {
	if t.Env.Meter == nil {
		t.Env.Meter = &cost.Meter{}
	}
	l := &loop{Training: t, out: Outcome{Theta: slices.Clone(t.Theta), NonFinite: -1}}
	if t.ResampleEvery > 0 {
		r, ok := t.Objective.(objective.Resampler)
		if !ok || t.Redraw == nil {
			return nil, refuse("%s=%d: the points of this objective cannot be redrawn", resampleSetting, t.ResampleEvery)
		}
		l.redraw = r
	}
	var err error
	if l.watch, err = newWatch(t); err != nil {
		return nil, err
	}
	l.shape = l.point.Shape()
	l.path.write(l.out.Theta)
	return l, t.Solver.Start(t.Objective, t.Env)
}

func (l *loop) run() Outcome {
	l.row(solvers.Info{})
	for !l.over() {
		l.step()
	}
	return l.finish()
}

// over reports whether the training has ended, by a limit if by nothing else.
func (l *loop) over() bool {
	switch {
	case l.out.Status != "":
	case l.Limits.Steps > 0 && l.out.Steps >= l.Limits.Steps, l.Limits.Seconds > 0 && l.Env.Meter.Total() >= l.Limits.Seconds:
		l.out.Status = results.Budget
	}
	return l.out.Status != ""
}

// step lets the solver step once, and looks at what came of it. A step that ends in converged, diverged or breakdown
// has not moved θ and does not count.
func (l *loop) step() {
	if l.redraw != nil && l.out.Steps > 0 && l.out.Steps%l.ResampleEvery == 0 {
		l.redraw.Resample(l.out.Theta, l.Redraw)
	}
	info := l.Solver.Step(l.out.Theta)
	l.iters += info.Iterations
	switch info.Status {
	case solvers.Converged, solvers.Breakdown:
		l.out.Status = info.Status.String()
		return
	case solvers.Diverged:
		l.diverge(l.out.Steps)
		return
	}
	l.out.Steps++
	l.last = info
	switch finite := l.digest(l.out.Theta, l.Env.Meter); {
	case !isFinite(info.Loss): // the loss where the step started
		l.diverge(l.out.Steps - 1)
	case !finite:
		l.diverge(l.out.Steps)
	case info.Status == solvers.Stalled && l.redraw == nil: // new points would make the next step another one
		l.out.Status = results.Stalled
	}
	if l.due(l.out.Steps) || l.out.Status != "" {
		l.row(info)
	}
}

// diverge ends the training.
func (l *loop) diverge(step int) {
	l.out.Status, l.out.NonFinite = results.Diverged, step
	l.out.Cause = fmt.Sprintf("θ, loss or gradient is not finite after step %d", step)
}

// row evaluates the present θ and appends a line to the trace.
func (l *loop) row(info solvers.Info) {
	m := l.Env.Meter
	defer l.outside(m)()
	row := l.evaluate(l.out.Theta)
	row.Step, row.Seconds, row.CGIters = l.out.Steps, results.Float(m.Total()), l.iters
	row.Products, row.Losses = m.Counts.Products(), m.Counts.Losses
	row.Damping, row.Scale, row.Norm, row.Slope = results.Float(info.Damping), results.Float(info.Scale), results.Float(info.Norm), results.Float(info.Slope)
	row.Iterations, row.Rank, row.Retries, row.Plain = info.Iterations, info.Rank, info.Retries, info.Plain
	row.Digest, row.Diagnosis = l.path.String(), l.diagnosis.row(info)
	row.Choice, row.Modelled = info.Choice, l.modelled()
	l.out.Rows = append(l.out.Rows, row)
	if l.Row != nil {
		l.Row(row)
	}
	switch l.out.Status {
	case "", results.Budget, results.Stalled: // what the last row shows says more than these
		l.judgeRow(row)
	}
}

// modelled is the seconds that the work so far costs by the calibration table, 0 where there is none or a part has no price.
func (l *loop) modelled() results.Float {
	if l.Prices == nil {
		return 0
	}
	w, ok := l.Env.Meter.Priced(&l.shape)
	if !ok {
		return 0
	}
	return results.Float(l.Prices.Seconds(&w))
}

// judgeRow ends the training where the row's loss is not finite or its error reaches the target.
func (l *loop) judgeRow(row results.Row) {
	e, known := row.Errors["l2err"]
	switch {
	case !row.Loss.Finite():
		l.diverge(l.out.Steps)
	case l.Limits.Target > 0 && known && e.Finite() && float64(e) <= l.Limits.Target:
		l.out.Status = results.Target
	}
}

func (l *loop) finish() Outcome {
	if l.out.Rows[len(l.out.Rows)-1].Step != l.out.Steps {
		l.row(l.last)
	}
	var final digest
	final.write(l.out.Theta)
	l.out.Iterations, l.out.Residuals, l.out.OutsideCPU = l.iters, len(l.point.Residual), l.cpu
	l.out.Digests = results.Digests{Theta: final.String(), Trajectory: l.path.String()}
	return l.out
}

// isFinite reports whether v is a number.
func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
