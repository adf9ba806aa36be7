package harness

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ngdbench/cost"
	"ngdbench/objective"
	"ngdbench/results"
	"ngdbench/solvers"
)

var toyCell = Cell{"problem": "poisson2d", "net": "2x2", "points": "6", "opt": "sgd", "rank": "0", "seed": "1"}

// toyTraining is gradient descent on the toy problem under a clock that goes on by a millisecond at each reading.
func toyTraining(lr float64, l results.Limits) Training {
	in, _ := toyLeastSquares(nil, nil, toyCell)
	return Training{
		Instance: Instance{Objective: in.Objective, Judge: in.Judge, Theta: in.Objective.Params().Draw(Stream(toyCell, "theta"))},
		Solver:   &descent{lr: lr}, Limits: l,
		Env: solvers.Env{Rand: Stream(toyCell, "solver"), Meter: ticking(time.Millisecond)},
	}
}

func train(t *testing.T, tr Training) Outcome {
	t.Helper()
	out, err := Train(tr)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func stepsOf(rows []results.Row) (s []int) {
	for _, r := range rows {
		s = append(s, r.Step)
	}
	return s
}

func TestRowSchedule(t *testing.T) {
	out := train(t, toyTraining(1e-3, results.Limits{Steps: 75}))
	var want []int
	for i := range 51 {
		want = append(want, i)
	}
	want = append(want, 53, 56, 59, 62, 66, 70, 74, 75) // ⌈1.05 s⌉ each, and the end
	if d := cmp.Diff(want, stepsOf(out.Rows)); d != "" {
		t.Error(d)
	}
	if out.Status != results.Budget || out.Steps != 75 || out.NonFinite != -1 {
		t.Errorf("%s after %d steps, not finite at %d", out.Status, out.Steps, out.NonFinite)
	}
	for s := range 100000 {
		if got, want := nextRow(s), max(s+1, int(math.Ceil(float64(s)*1.05-1e-9))); s >= 50 && got != want || s < 50 && got != s+1 {
			t.Fatalf("row after step %d at %d, want %d", s, got, want)
		}
	}
}

// The first row is θ₀, and a row tells the state after its step: descent by hand gives the same numbers.
func TestRows(t *testing.T) {
	var seen []results.Row
	tr := toyTraining(0.1, results.Limits{Steps: 20})
	tr.Row = func(r results.Row) { seen = append(seen, r) }
	out := train(t, tr)
	if d := cmp.Diff(out.Rows, seen); d != "" {
		t.Error("callback and trace differ:", d)
	}
	p := objective.NewPoint(tr.Objective, objective.Loss|objective.Grad, nil)
	theta := slices.Clone(tr.Theta)
	errs := make([]float64, 2)
	for k, row := range out.Rows {
		p.Eval(theta, objective.Loss|objective.Grad)
		tr.Judge.Errors(errs, theta)
		if float64(row.Loss) != p.Loss || float64(row.Errors["l2err"]) != errs[0] || float64(row.Errors["l2abs"]) != errs[1] {
			t.Errorf("step %d: loss %g error %g, want %g %g", k, row.Loss, row.Errors["l2err"], p.Loss, errs[0])
		}
		if row.Step != k || row.CGIters != 2*k || row.Losses != 0 || k > 0 && row.Iterations != 2 {
			t.Errorf("step %d: row %+v", k, row)
		}
		for i, g := range p.Grad {
			theta[i] -= 0.1 * g
		}
	}
	if len(out.Rows) != 21 || !slices.IsSortedFunc(out.Rows, func(a, b results.Row) int { return cmpFloat(a.Seconds, b.Seconds) }) {
		t.Error("rows are missing or their seconds go back")
	}
	if tr.Env.Meter.Counts != (cost.Counts{Grads: 20}) {
		t.Errorf("the trace was counted: %+v", tr.Env.Meter.Counts)
	}
}

func cmpFloat(a, b results.Float) int {
	if a < b {
		return -1
	}
	return 1
}

// Trainings stopped by the clock at different times are prefixes of one another, and of one stopped by steps.
func TestPrefix(t *testing.T) {
	long := train(t, toyTraining(0.1, results.Limits{Steps: 400}))
	last := -1
	for _, seconds := range []float64{0.01, 0.1, 0.3, 1} {
		out := train(t, toyTraining(0.1, results.Limits{Seconds: seconds}))
		if out.Status != results.Budget || out.Steps <= last || out.Steps >= 400 {
			t.Fatalf("%g s: %s after %d steps", seconds, out.Status, out.Steps)
		}
		last = out.Steps
		for i, row := range out.Rows[:len(out.Rows)-1] { // the last one may be off the schedule
			if row.Step != long.Rows[i].Step || row.Digest != long.Rows[i].Digest || row.Loss != long.Rows[i].Loss {
				t.Fatalf("%g s: row %d differs from the longer run's", seconds, i)
			}
		}
		again := train(t, toyTraining(0.1, results.Limits{Steps: out.Steps}))
		if again.Digests != out.Digests {
			t.Errorf("%g s: %d steps counted end elsewhere", seconds, out.Steps)
		}
	}
}

// What rows take, and what is done with them, is not the training's time.
func TestClockStandsStill(t *testing.T) {
	limits := results.Limits{Seconds: 0.2}
	plain := train(t, toyTraining(0.1, limits))
	tr := toyTraining(0.1, limits)
	var lost time.Duration
	tick := tr.Env.Meter.Clock
	tr.Env.Meter.Clock = func() time.Duration { return tick() + lost }
	tr.Row = func(results.Row) { lost += time.Hour }
	if out := train(t, tr); out.Steps != plain.Steps {
		t.Errorf("%d steps with slow rows, %d without", out.Steps, plain.Steps)
	}
	if s := tr.Env.Meter.Seconds[cost.Outside]; s < 3600 {
		t.Errorf("%g s outside", s)
	}
}

func TestTarget(t *testing.T) {
	out := train(t, toyTraining(0.1, results.Limits{Steps: 1000, Target: 0.2}))
	last := out.Rows[len(out.Rows)-1]
	if out.Status != results.Target || last.Errors["l2err"] > 0.2 || out.Rows[len(out.Rows)-2].Errors["l2err"] <= 0.2 {
		t.Errorf("%s at step %d with error %g", out.Status, out.Steps, last.Errors["l2err"])
	}
	tr := toyTraining(0.1, results.Limits{Steps: 1000, Target: 0.2})
	tr.Judge = nil
	if _, err := Train(tr); !isRefusal(err) {
		t.Errorf("a target without a judge: %v", err)
	}
}

// A rate far too large: the finite part of the trace is kept, and the step of the first number that is none is said.
func TestDiverged(t *testing.T) {
	for _, lr := range []float64{1e6, 1e200, math.MaxFloat64} {
		out := train(t, toyTraining(lr, results.Limits{Steps: 1000}))
		if out.Status != results.Diverged || out.NonFinite < 1 || out.Cause == "" {
			t.Fatalf("lr %g: %s, not finite at %d, %q", lr, out.Status, out.NonFinite, out.Cause)
		}
		for _, row := range out.Rows {
			if row.Loss.Finite() != (row.Step < out.NonFinite) {
				t.Errorf("lr %g: loss %g at step %d, not finite from %d", lr, row.Loss, row.Step, out.NonFinite)
			}
		}
	}
	tr := toyTraining(0.1, results.Limits{Steps: 10})
	tr.Theta[0] = math.NaN()
	if out := train(t, tr); out.Status != results.Diverged || out.NonFinite != 0 || out.Steps != 0 || len(out.Rows) != 1 {
		t.Errorf("NaN in θ₀: %s after %d steps, not finite at %d", out.Status, out.Steps, out.NonFinite)
	}
}

// A loss that is not finite between two rows is dated by the solver's word, not by the next row.
func TestDivergedBetweenRows(t *testing.T) {
	tr := toyTraining(0.1, results.Limits{Steps: 1000})
	tr.Solver = &scripted{at: func(k int, theta []float64) solvers.Info {
		if k > 54 {
			return solvers.Info{Loss: math.Inf(1)}
		}
		return solvers.Info{Loss: 1}
	}}
	if out := train(t, tr); out.Status != results.Diverged || out.NonFinite != 54 || out.Steps != 55 {
		t.Errorf("%s after %d steps, not finite at %d", out.Status, out.Steps, out.NonFinite)
	}
}

// A θ that is not finite is seen at once, also between two rows and where the solver says nothing of its loss.
func TestNonFiniteTheta(t *testing.T) {
	tr := toyTraining(0.1, results.Limits{Steps: 1000})
	tr.Solver = &scripted{at: func(k int, theta []float64) solvers.Info {
		if k == 54 {
			theta[1] = math.Inf(-1)
		}
		return solvers.Info{}
	}}
	if out := train(t, tr); out.Status != results.Diverged || out.NonFinite != 54 || out.Steps != 54 {
		t.Errorf("%s after %d steps, not finite at %d", out.Status, out.Steps, out.NonFinite)
	}
}

// The processor time of rows, callbacks included, is known and can be taken off.
func TestRowsOnTheProcessor(t *testing.T) {
	tr := toyTraining(0.1, results.Limits{Steps: 2})
	var burnt time.Duration
	tr.Row = func(results.Row) {
		start := cpuTime()
		for cpuTime() < start+5*time.Millisecond {
		}
		burnt += cpuTime() - start
	}
	if out := train(t, tr); out.OutsideCPU < burnt {
		t.Errorf("%s of at least %s booked", out.OutsideCPU, burnt)
	}
}

// scripted does at its k-th step (from 1) what at says.
type scripted struct {
	descent
	at func(k int, theta []float64) solvers.Info
	k  int
}

func (s *scripted) Step(theta []float64) solvers.Info { s.k++; return s.at(s.k, theta) }

func TestEnds(t *testing.T) {
	for _, c := range []struct {
		status solvers.Status
		want   string
		steps  int // a step that did not move θ counts only where it is stalled
	}{
		{solvers.Converged, results.Converged, 2}, {solvers.Stalled, results.Stalled, 3},
		{solvers.Diverged, results.Diverged, 2}, {solvers.Breakdown, results.Breakdown, 2},
	} {
		tr := toyTraining(0.1, results.Limits{Steps: 10})
		tr.Solver = &scripted{at: func(k int, theta []float64) solvers.Info {
			if k == 3 {
				return solvers.Info{Status: c.status, Iterations: 5}
			}
			theta[0] += 0.1
			return solvers.Info{Iterations: 1}
		}}
		out := train(t, tr)
		if out.Status != c.want || out.Steps != c.steps || !slices.Contains(results.Statuses, out.Status) {
			t.Errorf("%s: %s after %d steps, want %s after %d", c.status, out.Status, out.Steps, c.want, c.steps)
		}
		if last := out.Rows[len(out.Rows)-1]; last.Step != c.steps {
			t.Errorf("%s: last row at %d", c.status, last.Step)
		}
	}
	if out := train(t, toyTraining(1e-300, results.Limits{Steps: 10})); out.Status != results.Stalled || out.Steps != 1 {
		t.Errorf("a step too short to move θ: %s after %d", out.Status, out.Steps)
	}
}

func TestRedraw(t *testing.T) {
	tr := toyTraining(1e-300, results.Limits{Steps: 10}) // stalls at once, but new points may change that
	e := &energy{Objective: tr.Objective}
	tr.Objective, tr.ResampleEvery, tr.Redraw = e, 3, Stream(toyCell, "redraw")
	if out := train(t, tr); out.Status != results.Budget || out.Steps != 10 {
		t.Errorf("%s after %d steps", out.Status, out.Steps)
	}
	r := Stream(toyCell, "redraw")
	if want := []uint64{r.Uint64(), r.Uint64(), r.Uint64()}; !slices.Equal(e.draws, want) { // before steps 4, 7, 10
		t.Errorf("draws %v, want %v", e.draws, want)
	}
	for steps, want := range []int{0, 0, 0, 0, 1, 1, 1, 2} {
		if steps == 0 {
			continue // no limit
		}
		e.draws = nil
		tr.Limits.Steps, tr.Redraw = steps, Stream(toyCell, "redraw")
		if train(t, tr); len(e.draws) != want {
			t.Errorf("%d draws in %d steps, want %d", len(e.draws), steps, want)
		}
	}
	tr = toyTraining(0.1, results.Limits{Steps: 10})
	tr.ResampleEvery, tr.Redraw = 3, Stream(toyCell, "redraw")
	if _, err := Train(tr); !isRefusal(err) {
		t.Errorf("points that cannot be redrawn: %v", err)
	}
}

func TestDigest(t *testing.T) {
	sum := func(x ...float64) string { var d digest; d.write(x); return d.String() }
	if got := sum(); got != "cbf29ce484222325" { // the FNV-1a offset basis
		t.Error("empty:", got)
	}
	var d digest
	d.write([]float64{1})
	d.write([]float64{2, 3})
	if d.String() != sum(1, 2, 3) {
		t.Error("a digest depends on how the numbers come")
	}
	all := []string{sum(0), sum(math.Copysign(0, -1)), sum(1), sum(math.Nextafter(1, 2)), sum(0, 0), sum(1, 2), sum(2, 1)}
	for i, a := range all {
		if slices.Contains(all[:i], a) {
			t.Errorf("digest %d is not new", i)
		}
	}
	out := train(t, toyTraining(0.1, results.Limits{Steps: 3}))
	if out.Rows[3].Digest != out.Digests.Trajectory || out.Rows[0].Digest != sum(toyTraining(0.1, results.Limits{}).Theta...) || out.Digests.Theta != sum(out.Theta...) {
		t.Errorf("%+v of rows %+v", out.Digests, out.Rows)
	}
}

// The last row is judged like any other, also where it lies off the schedule and the budget ends the training there.
func TestLastRow(t *testing.T) {
	solved := func(theta []float64) {
		for i := range theta {
			theta[i] = 1
		}
	}
	overflow := func(theta []float64) { theta[0] = 1e200 } // a number, unlike its square
	for _, c := range []struct {
		name, want string
		target     float64
		end        solvers.Status
		move       func(theta []float64)
	}{
		{"target at the end of the budget", results.Target, 1e-3, solvers.Running, solved},
		{"target of a stalled step", results.Target, 1e-3, solvers.Stalled, solved},
		{"no target", results.Budget, 0, solvers.Running, solved},
		{"no target, stalled", results.Stalled, 0, solvers.Stalled, solved},
		{"loss at the end of the budget", results.Diverged, 1e-3, solvers.Running, overflow},
		{"loss of a stalled step", results.Diverged, 0, solvers.Stalled, overflow},
		{"converged stays", results.Converged, 1e-3, solvers.Converged, func([]float64) {}},
	} {
		const last = 52 // rows are due at 50 and 53
		tr := toyTraining(0.1, results.Limits{Steps: last, Target: c.target})
		tr.Solver = &scripted{at: func(k int, theta []float64) solvers.Info {
			if k == last {
				c.move(theta)
				return solvers.Info{Status: c.end}
			}
			theta[0] += 1e-3
			return solvers.Info{}
		}}
		out := train(t, tr)
		if out.Status != c.want || (out.NonFinite == last) != (c.want == results.Diverged) {
			t.Errorf("%s: %s after %d steps, not finite at %d; want %s", c.name, out.Status, out.Steps, out.NonFinite, c.want)
		}
		if n := len(out.Rows); out.Rows[n-1].Step != out.Steps || out.Rows[n-2].Step != 50 {
			t.Errorf("%s: rows at %v", c.name, stepsOf(out.Rows))
		}
	}
	tr := toyTraining(0.1, results.Limits{Steps: 3}) // without a target, an error of 0 is no end
	solved(tr.Theta)
	tr.Solver = &scripted{at: func(int, []float64) solvers.Info { return solvers.Info{} }}
	if out := train(t, tr); out.Status != results.Budget || out.Steps != 3 {
		t.Errorf("error 0 without a target: %s after %d steps", out.Status, out.Steps)
	}
}
