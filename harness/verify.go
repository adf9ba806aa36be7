package harness

import (
	"cmp"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"ngdbench/internal/simd"
	"ngdbench/results"
)

// verifyOptions are the flags of verify.
type verifyOptions struct {
	childOptions
	filter        string
	sample, steps int
	jobs          int
}

func (a *app) verifyCommand() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify DIR",
		Short: "Train the cells of a folder again and compare every bit of their trajectories",
		Long: `verify trains the cells of a folder again, each for the number of steps that its record holds, and compares the digest
of the trajectory at every row of the trace. Neither threads nor kernel path may matter: --gomaxprocs and --kernels
choose others than the record's. Times are not compared, and nothing is written.

Exit code 0 says that all agree, 3 that a cell differs (the message names the first step), 4 that there was nothing to compare.`,
		Example: `  benchrun verify results/reference/smoke
  benchrun verify results/runs/quick --sample 3 --gomaxprocs 2
  benchrun verify results/runs/quick --kernels scalar --steps 20`,
		Args:              exactArgs(1, "a folder of results"),
		ValidArgsFunction: completeFolders,
		RunE:              func(_ *cobra.Command, args []string) error { return a.verify(args[0], o) },
	}
	f := cmd.Flags()
	o.flags(cmd)
	f.StringVar(&o.filter, "filter", "", "only the cells that match, as in '/opt:dense'")
	a.completesFilter(cmd)
	f.IntVar(&o.sample, "sample", 0, "only so many cells, the same ones each time (default: all)")
	f.IntVar(&o.steps, "steps", 0, "only so many steps of each cell (default: all)")
	f.IntVarP(&o.jobs, "jobs", "j", 0, "cells side by side (default: as many as there are processors)")
	return cmd
}

func (a *app) verify(dir string, o verifyOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.sample < 0 || o.steps < 0 || o.jobs < 0 {
		return usagef("--sample, --steps and --jobs want integers > 0")
	}
	records, err := a.recordsToVerify(dir, o)
	if err != nil {
		return err
	}
	tasks, byKey, err := a.verifyTasks(records, o)
	if err != nil {
		return err
	}
	if len(tasks) == 0 {
		return exit(ExitNothing, "%s: no record with a trajectory to compare", dir)
	}
	v := &verification{app: a, records: byKey}
	ctx, kill, done := interruptible()
	defer done()
	jobs := cmp.Or(o.jobs, max(1, runtime.NumCPU()/max(1, o.gomaxprocs)))
	err = runner{Catalogue: a.Catalogue, Jobs: jobs, Limit: o.timeout, Memory: o.bytes, Kill: kill, Finish: v.compare}.run(ctx, tasks)
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return exit(ExitInterrupted, "interrupted")
	}
	return v.verdict(dir)
}

// recordsToVerify reads the records of a folder that match and can be compared. A sample is spread over all of them.
func (a *app) recordsToVerify(dir string, o verifyOptions) ([]results.Record, error) {
	filter, err := results.NewFilter(o.filter)
	if err != nil {
		return nil, usage(err)
	}
	f, err := readFolder(dir)
	if err != nil {
		return nil, err
	}
	have, err := f.list()
	if err != nil {
		return nil, usage(err)
	}
	var records []results.Record
	var left, foreign, otherGo int
	for _, s := range have {
		rec, err := results.ReadRecord(s.File)
		if err != nil {
			return nil, usagef("damaged record: %w", err)
		}
		e := rec.Environment
		switch {
		case !filter.KeepRecord(rec):
			continue
		case len(rec.Trace) == 0 || results.Failed(rec.Status):
			left++
			continue
		case e.GOARCH != runtime.GOARCH || e.GOAMD64 != GOAMD64():
			foreign++
			continue
		case e.GoVersion != runtime.Version():
			otherGo++
		}
		records = append(records, rec)
	}
	note := func(n int, format string, args ...any) {
		if n > 0 {
			fmt.Fprintf(a.stderr, "benchrun: "+format+"\n", append(args, n)...)
		}
	}
	note(left, "failed or skipped records, left out: %d")
	note(foreign, "records of another architecture than %s %s, where other bits are right, left out: %d", runtime.GOARCH, GOAMD64())
	note(otherGo, "records of another Go version than %s, whose bits may rightly differ: %d", runtime.Version())
	records = results.Sort(records)
	if n := len(records); o.sample > 0 && o.sample < n {
		var some []results.Record
		for i := range o.sample {
			some = append(some, records[i*n/o.sample])
		}
		records = some
	}
	return records, nil
}

// verifyTasks makes a cell of each record that ends after the record's steps.
func (a *app) verifyTasks(records []results.Record, o verifyOptions) ([]task, map[string][]results.Record, error) {
	var tasks []task
	byKey := map[string][]results.Record{}
	for _, rec := range records {
		steps := rec.Trace[len(rec.Trace)-1].Step
		if o.steps > 0 {
			steps = min(steps, o.steps)
		}
		kernels := cmp.Or(o.kernels, rec.Environment.Kernels)
		if !slices.Contains(simd.Paths(), kernels) {
			kernels = simd.Path() // the record's path is another machine's; it must not matter
		}
		s := Spec{Cell: rec.Cell, Settings: Settings(rec.Settings), Limits: results.Limits{Steps: max(1, steps)}, Timing: timingShared,
			GOMAXPROCS: cmp.Or(o.gomaxprocs, rec.Environment.GOMAXPROCS), Kernels: kernels, Suite: rec.Suite, Block: rec.Block}
		if s.Settings == nil {
			s.Settings = Settings{}
		}
		s, err := a.ResolveSpec(s)
		if err != nil {
			return nil, nil, usagef("%s: %w", rec.Name, err)
		}
		if byKey[s.Key] == nil { // records that differ in their budget alone may share one training
			tasks = append(tasks, task{Spec: s})
		}
		byKey[s.Key] = append(byKey[s.Key], rec)
	}
	return tasks, byKey, nil
}

// verification compares as cells end, one at a time.
type verification struct {
	*app
	records map[string][]results.Record

	mu         sync.Mutex
	same, rows int
	differ     []string
	failed     []string
}

func (v *verification) compare(_ int, t task, again results.Record, _ string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, rec := range v.records[t.Spec.Key] {
		text, rows := compareTraces(rec, again)
		switch {
		case text != "":
			v.differ = append(v.differ, fmt.Sprintf("%s: %s", rec.Name, text))
		case rows == 0:
			text = "cannot compare: " + cmp.Or(again.Cause, again.Status)
			v.failed = append(v.failed, fmt.Sprintf("%s: %s", rec.Name, text))
		default:
			v.same++
			v.rows += rows
			text = fmt.Sprintf("same at %d rows, to step %d", rows, again.Trace[len(again.Trace)-1].Step)
		}
		if _, err := fmt.Fprintf(v.stdout, "%s: %s\n", rec.Name, text); err != nil {
			return err
		}
	}
	return nil
}

// compareTraces returns the first difference, and the number of rows compared: those that both have. A run that ended
// before the other is compared as far as it goes, and is a difference where nothing explains it.
func compareTraces(was, again results.Record) (difference string, rows int) {
	at := map[int]results.Row{}
	last := -1
	for _, r := range again.Trace {
		at[r.Step] = r
		last = max(last, r.Step)
	}
	for _, r := range was.Trace {
		s, ok := at[r.Step]
		if !ok {
			if r.Step < last {
				return fmt.Sprintf("differs at step %d: this row of the trace is missing", r.Step), rows
			}
			continue
		}
		rows++
		switch {
		case r.Digest != s.Digest:
			return fmt.Sprintf("differs at step %d: trajectory %s, was %s", r.Step, s.Digest, r.Digest), rows
		case !sameFloat(r.Loss, s.Loss):
			return fmt.Sprintf("differs at step %d: loss %v, was %v", r.Step, s.Loss, r.Loss), rows
		}
	}
	end := was.Trace[len(was.Trace)-1].Step
	switch {
	case results.Failed(again.Status) || again.Status == results.Skipped:
		return "", 0
	case last < min(end, again.Limits.Steps):
		return fmt.Sprintf("differs at step %d: it ends there, %s", last, again.Status), rows
	case last == end && was.Digests.Theta != again.Digests.Theta:
		return fmt.Sprintf("differs at step %d: final parameters %s, were %s", end, again.Digests.Theta, was.Digests.Theta), rows
	}
	return "", rows
}

func sameFloat(a, b results.Float) bool { return a == b || !a.Finite() && !b.Finite() }

// verdict is the last line and the exit code.
func (v *verification) verdict(dir string) error {
	slices.Sort(v.differ)
	slices.Sort(v.failed)
	all := v.same + len(v.differ) + len(v.failed)
	switch {
	case len(v.differ) > 0:
		return exit(ExitDiffers, "%s: %d of %d cells differ; the first: %s", filepath.Clean(dir), len(v.differ), all, v.differ[0])
	case len(v.failed) > 0:
		return exit(ExitNothing, "%s: %d of %d cells could not be compared; the first: %s", filepath.Clean(dir), len(v.failed), all, v.failed[0])
	}
	_, err := fmt.Fprintf(v.stdout, "%s: %d cells agree at %d rows\n", filepath.Clean(dir), v.same, v.rows)
	return err
}
