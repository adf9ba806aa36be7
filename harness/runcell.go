package harness

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/objective"
	"ngdbench/results"
	"ngdbench/solvers"
)

// NewRecord is what can be said of a cell before it is trained: names, key, conditions. Whoever sees the training fail
// fills in how. The class is that of the catalogue's entry.
func NewRecord(c Catalogue, s Spec) results.Record {
	rec := results.Record{
		Schema: results.Schema, Name: s.Cell.Name(), Cell: s.Cell, Limits: s.Limits, Settings: s.Settings,
		Suite: s.Suite, Block: s.Block, Key: s.Key, Code: s.Code, Environment: environmentOf(s),
		Metrics: map[string]results.Float{}, Best: map[string]results.Float{}, Seconds: map[string]results.Float{},
		Counts: map[string]int{}, Streams: map[string]string{}, Trace: []results.Row{},
		Started: time.Now().UTC(),
	}
	for _, e := range c.Solvers {
		if e.Name == head(s.Cell["opt"]) {
			rec.Class = string(e.Class)
		}
	}
	return rec
}

// RunCell trains one cell in this process: what a child process, a Go benchmark and verify share. It calls row, if not
// nil, for each row of the trace as it comes. While it runs, GOMAXPROCS and the kernel path are the specification's.
//
// A pair that does not fit is a record with status skipped and the reason as its cause. Where the reason is a bad
// setting (a rank above P), the error is a *Refusal too: cell reports it, a grid keeps the record. Any other error
// means that there is no record: an unknown name, a malformed value.
func RunCell(c Catalogue, s Spec, row func(results.Row)) (results.Record, error) {
	ch, s, err := c.resolveSpec(s, nil)
	if err != nil && !isRefusal(err) {
		return results.Record{}, err
	}
	rec := NewRecord(c, s)
	switch {
	case s.Skip != "":
		return skippedRecord(rec, s.Skip), nil
	case err != nil:
		return skippedRecord(rec, err.Error()), err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(s.GOMAXPROCS))
	was := simd.Path()
	if err := simd.Use(s.Kernels); err != nil {
		return rec, err
	}
	defer simd.Use(was)
	t, misfit, err := build(ch, s)
	if err != nil {
		return skippedRecord(rec, err.Error()), err
	}
	if misfit != "" {
		return skippedRecord(rec, "needs "+misfit), nil
	}
	t.Row, t.Diagnose, t.Prices = row, s.Diagnose, cost.Current().For(s.GOMAXPROCS)
	return trainRecord(rec, t, s.Save)
}

func skippedRecord(rec results.Record, cause string) results.Record {
	rec.Status, rec.Cause, rec.Finished = results.Skipped, cause, time.Now().UTC()
	return rec
}

// build makes the training of a resolved specification. What a constructor refuses is a *Refusal; misfit names what the
// solver needs and the objective does not offer.
func build(ch chosen, s Spec) (t Training, misfit string, err error) {
	asRefusal := func(err error) error {
		if err == nil || isRefusal(err) {
			return err
		}
		return &Refusal{err.Error()}
	}
	if t.Solver, err = ch.solver.New(s.Cell.Clone(), s.Settings); err != nil {
		return t, "", asRefusal(err)
	}
	net, err := ch.net(ch.problem, s.Cell.Clone())
	if err != nil {
		return t, "", asRefusal(err)
	}
	if t.Instance, err = ch.form.New(ch.problem, net, s.Cell.Clone()); err != nil {
		return t, "", asRefusal(err)
	}
	if ch.metric != nil {
		if t.Objective, err = ch.metric(ch.problem, net, t.Instance, s.Cell.Clone()); err != nil {
			return t, "", asRefusal(err)
		}
	}
	if misfit = objective.Missing(t.Solver.Needs(), t.Objective.Offers()); misfit != "" {
		return t, misfit, nil
	}
	if t.ResampleEvery, err = s.Settings.resampleEvery(t.Instance.Resample); err != nil {
		return t, "", asRefusal(err)
	}
	p := t.Objective.Params().Size()
	if rank, err := strconv.Atoi(s.Cell["rank"]); err == nil && rank > p {
		return t, "", refuse("rank=%d is above the number of parameters, %d", rank, p)
	}
	if t.Theta == nil {
		t.Theta = t.Objective.Params().Draw(Stream(s.Cell, "theta"))
	}
	if len(t.Theta) != p {
		panic("harness: θ₀ does not have the objective's number of parameters")
	}
	t.Limits, t.Redraw = s.Limits, Stream(s.Cell, "redraw")
	t.Env = solvers.Env{Rand: Stream(s.Cell, "solver"), Meter: &cost.Meter{}}
	return t, "", nil
}

// Training makes the training of a specification, for a loop of one's own: solver, objective and streams as RunCell makes them, nothing
// started. Its error is a *Refusal where the pair does not fit.
func (c Catalogue) Training(s Spec) (Training, error) {
	ch, s, err := c.resolveSpec(s, nil)
	if err != nil {
		return Training{}, err
	}
	t, misfit, err := build(ch, s)
	if err == nil && misfit != "" {
		err = refuse("needs %s", misfit)
	}
	return t, err
}

// trainRecord runs the loop, fills the record, and saves what is learnt to a folder where one is named.
func trainRecord(rec results.Record, t Training, folder string) (results.Record, error) {
	paused, start := watchPauses(), cpuTime()
	m := t.Env.Meter
	m.Enter(cost.Other) // the clock starts here
	rec.Started = time.Now().UTC()
	out, err := Train(t)
	m.Enter(cost.Outside)
	cpu, suspended := cpuTime()-start-out.OutsideCPU, paused()
	if err != nil {
		var r *Refusal
		if !errors.As(err, &r) {
			r = &Refusal{fmt.Sprintf("opt=%s: %v", rec.Cell["opt"], err)}
		}
		return skippedRecord(rec, r.Reason), r
	}
	rec.Finished = time.Now().UTC()
	rec.Environment.Suspended = results.Float(suspended)
	rec.Status, rec.Cause, rec.Digests, rec.Trace = out.Status, out.Cause, out.Digests, out.Rows
	if out.NonFinite >= 0 {
		rec.NonFiniteStep = &out.NonFinite
	}
	rec.Class, rec.Streams = string(t.Solver.Class()), streamSeeds(rec.Cell)
	rec.Sizes = results.Sizes{Params: len(t.Theta), Rows: out.Residuals, Points: t.Points}
	fillWork(&rec, m, out.Iterations, cpu)
	fillErrors(&rec)
	if folder != "" {
		return rec, save(folder, rec, t, out.Theta)
	}
	return rec, nil
}
