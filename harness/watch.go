package harness

import (
	"slices"
	"time"

	"ngdbench/cost"
	"ngdbench/objective"
	"ngdbench/results"
)

// watch evaluates losses and errors for the trace, on a point of its own that no count sees, and hashes the trajectory.
type watch struct {
	point    *objective.Point
	judge    objective.Judge
	measures []string
	errors   []float64
	path     digest
	next     int           // the step of the next row
	cpu      time.Duration // processor time that rows and digests took

	diagnosis *diagnosis // nil: none was asked for
}

func newWatch(t Training) (watch, error) {
	// The loss is all that is asked for; room for residuals shows how many there are.
	room := objective.Loss | t.Objective.Offers()&objective.Residual
	w := watch{point: objective.NewPoint(t.Objective, room, nil), judge: t.Judge}
	if t.Judge != nil {
		w.measures = t.Judge.Measures()
		w.errors = make([]float64, len(w.measures))
	}
	if t.Limits.Target > 0 && !slices.Contains(w.measures, "l2err") {
		return w, refuse("target=%g: this cell has no l2err to reach it with", t.Limits.Target)
	}
	var err error
	if t.Diagnose {
		w.diagnosis, err = newDiagnosis(t.Objective, t.Theta)
	}
	return w, err
}

// outside stops the clock until what it returns is called, and books the processor time in between as not the training's.
func (w *watch) outside(m *cost.Meter) (done func()) {
	phase, start := m.Enter(cost.Outside), cpuTime()
	return func() {
		w.cpu += cpuTime() - start
		m.Enter(phase)
	}
}

// due reports whether the trace has a row after this step; asked for every step in turn.
func (w *watch) due(step int) bool {
	if step < max(w.next, 1) {
		return false
	}
	w.next = nextRow(step)
	return true
}

// nextRow is the step of the row after the one at step: the next one up to 50, then ⌈1.05 step⌉.
func nextRow(step int) int {
	if step < 50 {
		return step + 1
	}
	return (21*step + 19) / 20
}

// evaluate is the part of a row that θ alone decides. Losses are those on the present points.
func (w *watch) evaluate(theta []float64) results.Row {
	w.point.Eval(theta, objective.Loss)
	row := results.Row{Loss: results.Float(w.point.Loss), Errors: map[string]results.Float{}}
	if w.judge != nil {
		w.judge.Errors(w.errors, theta)
	}
	for i, name := range w.measures {
		row.Errors[name] = results.Float(w.errors[i])
	}
	return row
}

// digest adds θ to the digest of the trajectory, with the clock stopped, and reports whether θ is finite.
func (w *watch) digest(theta []float64, m *cost.Meter) bool {
	defer w.outside(m)()
	w.path.write(theta)
	w.diagnosis.follow(theta)
	s := 0.0
	for _, v := range theta {
		s += v * 0 // 0 for a number, NaN for anything else
	}
	return s == 0
}
