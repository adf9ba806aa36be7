package harness

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/renameio/v2"

	"ngdbench/internal/simd"
	"ngdbench/results"
	"ngdbench/results/tables"
)

// suiteRun is one run of a suite on a folder that it holds.
type suiteRun struct {
	*app
	options runOptions
	folder  *folder
	stages  []stage
	tasks   []task
	suite   Suite
	this    *Invocation

	undiagnosed sync.Once // says so of the first cell

	show *progress
	mu   sync.Mutex // of what follows: cells end side by side
	ran  int

	beside map[int]bool // by slot: another shard ran on this machine when its cell began
}

func (r *suiteRun) run() error {
	pending := todo(r.tasks)
	ctx, kill, done := interruptible()
	defer done()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	expected := make([]float64, len(pending))
	jobs := 1
	for i, t := range pending {
		expected[i] = expectedSeconds(t.Spec)
	}
	for _, st := range r.stages {
		jobs = max(jobs, st.Jobs)
	}
	r.show = newProgress(r.stderr, expected, jobs, stop)
	r.show.say(r.opening(pending))
	err := r.trainAll(ctx, kill, pending)
	r.show.close()
	if err != nil {
		return err
	}
	return r.finish(ctx.Err() != nil)
}

// opening is "quick: 24 cells, 20 done, 4 to run (3 missing, 1 failed), in results/runs/quick".
func (r *suiteRun) opening(pending []task) string {
	reasons := countReasons(pending)
	if reasons != "" {
		reasons = " (" + reasons + ")"
	}
	return fmt.Sprintf("%s: %s, %d done, %d to run%s, in %s", r.options.title(r.suite), counted(len(r.tasks), "cell"), len(r.tasks)-len(pending), len(pending), reasons, r.folder.dir)
}

// expectedSeconds is a guess for the ETA, corrected by what cells took so far.
func expectedSeconds(s Spec) float64 {
	switch {
	case s.Skip != "":
		return 0
	case s.Limits.Seconds > 0:
		return s.Limits.Seconds
	}
	return 1
}

// trainAll runs what is pending, block after block.
func (r *suiteRun) trainAll(ctx, kill context.Context, pending []task) error {
	index := map[string]int{}
	for i, t := range pending {
		index[t.Spec.Key] = i
	}
	for _, st := range r.stages {
		own := slices.DeleteFunc(slices.Clone(pending), func(t task) bool { return t.Spec.Block != st.Block.Name })
		if ctx.Err() != nil || len(own) == 0 {
			continue
		}
		if r.options.keepParams {
			if err := saveInto(own, r.folder.dir); err != nil {
				return err
			}
		}
		err := runner{
			Catalogue: r.Catalogue, Jobs: st.Jobs, Places: st.Places, Limit: r.options.within(st.Block), Memory: cmp.Or(r.options.bytes, st.Block.Memory), Kill: kill,
			Begin: func(slot int, t task) {
				r.look(slot, true)
				r.show.begin(slot, cellLabel(t.Spec))
			},
			Row:  func(slot int, t task, row results.Row) { r.show.row(slot, cellLabel(t.Spec), row) },
			Drop: func(slot int, _ task) { r.show.drop(slot) },
			Undiagnosed: func(t task, reason string) {
				r.undiagnosed.Do(func() {
					r.show.say("trained without diagnosis, as others may be: " + cellLabel(t.Spec) + ": " + reason)
				})
			},
			Finish: func(slot int, t task, rec results.Record, log string) error {
				return r.keep(slot, index[t.Spec.Key], t, rec, log)
			},
		}.run(ctx, own)
		if err != nil {
			return err
		}
	}
	return nil
}

// saveInto gives every cell that will be trained a folder for its parameters.
func saveInto(tasks []task, dir string) error {
	dir, err := filepath.Abs(dir)
	for i := range tasks {
		tasks[i].Spec.Save = filepath.Join(dir, ParamsFolder, tasks[i].Spec.Key)
	}
	return err
}

// keep writes the record of a cell that has just ended, and says so.
func (r *suiteRun) keep(slot, i int, t task, rec results.Record, log string) error {
	if r.look(slot, false) {
		rec.Environment.Timing = timingShared
	}
	if err := r.folder.write(rec, t.Old); err != nil {
		return err
	}
	if err := r.folder.writeLog(rec.Key, log); err != nil {
		return err
	}
	r.mu.Lock()
	r.ran++
	r.mu.Unlock()
	took := rec.Finished.Sub(rec.Started).Seconds()
	text := fmt.Sprintf("%-9s %s  steps %s  %s s  l2err %s", rec.Status, cellLabel(t.Spec), word(rec.Metrics, "steps", 1, "%.0f"),
		word(rec.Metrics, "ns/op", 1e-9, "%.2f"), word(rec.Metrics, "l2err", 1, "%.2e"))
	if rec.Cause != "" {
		text += "  " + rec.Cause
	}
	r.show.finish(slot, i, took, text)
	return nil
}

// look reports whether another shard ran on this machine when the cell of a slot began, or does now.
func (r *suiteRun) look(slot int, begins bool) bool {
	if r.options.shard.of == 0 {
		return false
	}
	now := r.folder.crowded()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.beside == nil {
		r.beside = map[int]bool{}
	}
	r.beside[slot] = now || !begins && r.beside[slot]
	return r.beside[slot]
}

// usual are values that a label leaves out.
var usual = map[string]bool{"form=pinn": true, "metric=gn": true, "rank=0": true, "set=default": true}

// cellLabel is the cell in short: what the other axes say is above the table at the end.
func cellLabel(s Spec) string {
	words := []string{}
	for _, a := range []string{"problem", "form", "metric", "net", "opt", "rank", "set", "seed"} {
		if v := s.Cell[a]; v != "" && !usual[a+"="+v] {
			words = append(words, a+"="+v)
		}
	}
	return strings.Join(words, " ")
}

// finish writes the derived files, also after an interruption, and then the table.
func (r *suiteRun) finish(interrupted bool) error {
	records, left, err := r.collectRecords()
	if err != nil {
		return err
	}
	if err := r.folder.derive(); err != nil {
		return err
	}
	r.this.Cells.Ran = r.ran
	if interrupted {
		return exit(ExitInterrupted, "interrupted with %d of %d cells done; to go on: %s", len(records), len(r.tasks), r.resumeCommand())
	}
	if err := tables.WriteBrief(r.stdout, r.options.title(r.suite), records); err != nil {
		return err
	}
	if len(records) > 0 {
		if _, err := fmt.Fprintf(r.stdout, "results: %s\nreport: benchreport %s\n", r.folder.dir, r.folder.dir); err != nil {
			return err
		}
	}
	failed := 0
	for _, rec := range records {
		if results.Failed(rec.Status) {
			failed++
		}
	}
	r.this.Cells.Failed = failed
	switch {
	case failed > 0:
		return exit(ExitFailed, "%d of %d cells failed; the same command runs them again", failed, len(r.tasks))
	case left > 0:
		return fmt.Errorf("%d of %d cells have no record; the same command goes on", left, len(r.tasks))
	}
	return nil
}

// collectRecords reads the records of the cells that were asked for, and counts those that have none.
func (r *suiteRun) collectRecords() (records []results.Record, left int, err error) {
	have, err := r.folder.list()
	if err != nil {
		return nil, 0, err
	}
	byKey := map[string]stored{}
	for _, s := range have {
		byKey[s.Key+s.Code] = s
	}
	for _, t := range r.tasks {
		s, ok := byKey[t.Spec.Key+t.Spec.Code]
		if !ok {
			left++
			continue
		}
		rec, err := results.ReadRecord(s.File)
		if err != nil {
			return nil, 0, err
		}
		records = append(records, rec)
	}
	return records, left, nil
}

// derive writes bench.txt and results.jsonl from all records of the folder.
func (f *folder) derive() error {
	return f.exclusively(func() error {
		have, err := f.list()
		if err != nil {
			return err
		}
		var all []results.Record
		for _, s := range have {
			if rec, err := results.ReadRecord(s.File); err == nil { // one that cannot be read is named when its cell is asked for
				all = append(all, rec)
			}
		}
		return writeDerived(f.dir, all)
	})
}

func writeDerived(dir string, records []results.Record) error {
	for _, file := range []struct {
		name  string
		write func(f *renameio.PendingFile) error
	}{
		{results.BenchFile, func(f *renameio.PendingFile) error { return results.WriteBench(f, records) }},
		{results.LinesFile, func(f *renameio.PendingFile) error { return results.WriteLines(f, records) }},
	} {
		f, err := renameio.NewPendingFile(filepath.Join(dir, file.name), renameio.WithTempDir(dir), renameio.WithPermissions(0o644))
		if err != nil {
			return err
		}
		err = file.write(f)
		if err == nil {
			err = f.CloseAtomicallyReplace()
		}
		if e := f.Cleanup(); err == nil {
			err = e
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// resumeCommand is the command line again: it goes on where this one stopped.
func (r *suiteRun) resumeCommand() string {
	words := []string{filepath.Base(os.Args[0])}
	for _, w := range r.args {
		if w == "" || strings.ContainsAny(w, " \t'\"()*?$&|;<>\\`!#~{}[]\n") {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

// invocation is what can be said of this run before its first cell.
func (a *app) invocation(part shard, stages []stage, wanted int, warnings []string) *Invocation {
	tasks := tasksOf(stages)
	in := &Invocation{
		Started: time.Now().UTC(), Exit: -1, CommandLine: append([]string{filepath.Base(os.Args[0])}, a.args...), ShuffleSeed: shuffleSeed, Shard: part.String(),
		Cells:   CellCounts{Wanted: wanted, Mine: len(tasks), Reused: len(tasks) - len(todo(tasks))},
		Machine: ReadMachineFacts(), Kernels: simd.Path(), Warnings: warnings,
	}
	for _, st := range stages {
		first := st.Tasks[0].Spec
		in.Procs, in.Jobs, in.Timing = append(in.Procs, first.GOMAXPROCS), append(in.Jobs, st.Jobs), append(in.Timing, st.Timing)
		in.Kernels, in.Code = first.Kernels, CodeFacts{Identity: first.Code}
	}
	in.Code = ReadCodeFacts(in.Code.Identity)
	return in
}
