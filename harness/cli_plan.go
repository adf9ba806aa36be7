package harness

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ngdbench/cost"
	"ngdbench/results"
)

func (a *app) planCommand() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "plan SUITE|FILE.yaml",
		Short: "Say what run would do, and why, without doing it",
		Long: `plan lists the cells of a suite that run would train, in their order, each with its reason: missing, failed, code
changed, settings changed, damaged record; a cell that does not fit has skipped and the reason behind it.
Behind the others stands what a training should cost by the calibration table in use: seconds of its steps, within the limit where that is
one of seconds, and memory of its workspace. It assumes eight trials of the search for a step, all iterations of conjugate gradients
without preconditioner and ten with one. It takes the flags of run, --shard too, and changes nothing on disk.
Where the seeds are too few for any verdict between solvers, a line before the last says how many it takes.`,
		Example: `  benchrun plan quick
  benchrun plan quick --seeds 1..10 --filter /opt:nystrom`,
		Args:              exactArgs(1, "a suite or a YAML file"),
		ValidArgsFunction: a.completeSuites,
		RunE: func(_ *cobra.Command, args []string) error {
			o.suite = args[0]
			return a.plan(o)
		},
	}
	o.selection.flags(cmd, a)
	o.childOptions.flags(cmd)
	cmd.Flags().StringVar(&o.out, "out", "", "folder of the results (default: results/runs/SUITE, or SUITE@PROFILE)")
	return cmd
}

func (a *app) plan(o runOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	suite, specs, err := a.selectCells(&o)
	if err != nil {
		return err
	}
	dir, err := a.folder(o, suite)
	if err != nil {
		return err
	}
	f := &folder{dir: dir} // it need not be there
	have, err := f.list()
	if err != nil {
		return usage(err)
	}
	out := bufio.NewWriter(a.stdout)
	w, total := &firstError{w: out}, planTotals{jobs: jobsOf(suite, o)}
	look := a.previews(cost.Current())
	tasks, away := inShard(plan(specs, have), o.shard.members(a.Catalogue, specs)), f.superseded(codeOf(specs))
	for i := range tasks {
		t := &tasks[i]
		switch {
		case t.Reason == "":
		case t.comesBack() && away[t.Spec.Key].Key != "":
			t.Reason = ""
			total.kept++
		default:
			w.print("%-18s %s%s\n", t.why(), t.Spec.Cell.Name(), total.add(t.Spec, look.of(t.Spec)))
		}
	}
	if total.listed > 0 {
		if text := power(specs); text != "" {
			w.print("%s\n", text)
		}
	}
	w.print("%s: %s, in %s\n", o.title(suite), total.words(tasks), dir)
	return errors.Join(w.err, out.Flush())
}

// jobsOf is the number of cells side by side, by block.
func jobsOf(suite Suite, o runOptions) map[string]int {
	jobs := map[string]int{}
	for _, b := range suite.Blocks {
		jobs[b.Name] = cmp.Or(o.jobs, suite.Profiles[o.profile].Jobs, max(1, b.Jobs))
	}
	return jobs
}

// planTotals sums up a plan.
type planTotals struct {
	jobs                  map[string]int // side by side, by block
	seconds, beside       float64        // one after the other, and with so many side by side
	listed, kept, skipped int
}

// add counts a cell that would run and returns what is said of it behind its name.
func (p *planTotals) add(s Spec, v preview) string {
	text := limitWords(s.Limits)
	p.listed++
	if v.misfit != "" {
		p.skipped++
		return text + "  skipped: " + v.misfit
	}
	p.seconds += v.seconds(s.Limits)
	p.beside += v.seconds(s.Limits) / float64(max(1, p.jobs[s.Block]))
	return text + v.words(s.Limits)
}

// words is the last line's sums. It uses tasks up.
func (p *planTotals) words(tasks []task) string {
	n := len(tasks)
	pending := slices.DeleteFunc(tasks, func(t task) bool { return t.Reason == "" })
	text := fmt.Sprintf("%s, %d done, %d to run", counted(n, "cell"), n-len(pending), len(pending))
	if reasons := countReasons(pending); reasons != "" {
		text += " (" + reasons + ")"
	}
	if p.skipped > 0 {
		text += fmt.Sprintf(", %d of them skipped", p.skipped)
	}
	if p.seconds > 0 {
		text += fmt.Sprintf(", about %s s of training one after the other", rough(p.seconds))
		if p.beside < p.seconds {
			text += fmt.Sprintf(", %s s side by side", rough(p.beside))
		}
	}
	if p.kept > 0 {
		text += fmt.Sprintf("; %d come back from %s", p.kept, supersededFolder)
	}
	return text
}

func limitWords(l results.Limits) string {
	text := ""
	if l.Steps > 0 {
		text += fmt.Sprintf(" steps=%d", l.Steps)
	}
	if l.Seconds > 0 {
		text += " seconds=" + decimal(l.Seconds)
	}
	if l.Target > 0 {
		text += " target=" + decimal(l.Target)
	}
	return text
}

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "status DIR",
		Short:             "Say how far the run in a folder is, at any time",
		Example:           "  benchrun status results/runs/quick",
		Args:              exactArgs(1, "a folder of results"),
		ValidArgsFunction: completeFolders,
		RunE:              func(_ *cobra.Command, args []string) error { return a.status(args[0]) },
	}
}

// status counts the records of a folder by status, from the names alone, and names the failed ones.
func (a *app) status(dir string) error {
	f, err := readFolder(dir)
	if err != nil {
		return err
	}
	have, err := f.list()
	if err != nil {
		return usage(err)
	}
	w := &firstError{w: a.stdout}
	m, err := readManifest(dir)
	if err != nil {
		fmt.Fprintln(a.stderr, "benchrun:", oneLine(err))
	}
	wanted := ""
	if m != nil {
		wanted = fmt.Sprintf(" of %d that the last run wanted", m.Cells.Wanted)
	}
	w.print("%s: %s%s\n", dir, counted(len(have), "record"), wanted)
	counts, broken := map[string]int{}, tornFiles(have)
	for _, s := range have {
		counts[s.Status]++
		if broken[s.File] {
			counts["truncated"]++
			w.print("truncated: %s\n", s.File)
		}
	}
	for _, status := range append(slices.Clone(results.Statuses), "truncated") {
		if n := counts[status]; n > 0 {
			w.print("  %-10s %d\n", status, n)
		}
	}
	for _, s := range have {
		if results.Failed(s.Status) {
			if rec, err := results.ReadRecord(s.File); err == nil {
				w.print("  %s: %s: %s\n", rec.Status, rec.Name, rec.Cause)
			}
		}
	}
	if by := f.held(); by != "" {
		w.print("running: held by %s\n", by)
	} else if m != nil {
		w.print("last run: %s, exit code %s, %s\n", m.Started.Local().Format("2006-01-02 15:04"), exitWord(m), strings.Join(m.CommandLine, " "))
	}
	return w.err
}

func exitWord(m *Manifest) string {
	if m.Finished == nil {
		return "none (killed)"
	}
	return cmp.Or(map[int]string{ExitInterrupted: "130 (interrupted)"}[m.Exit], fmt.Sprint(m.Exit))
}
