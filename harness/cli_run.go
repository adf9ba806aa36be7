package harness

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

// runsFolder is where the folders of suites are made.
const runsFolder = "results/runs"

// runOptions are what run and plan are told.
type runOptions struct {
	selection
	childOptions
	suite string
	out   string
	jobs  int

	keepParams bool
}

func (a *app) runCommand() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run SUITE|FILE.yaml",
		Short: "Run the cells of a suite that are missing",
		Long: `run trains the cells of a suite, each in a process of its own, and writes one record per cell the moment it
ends. The same command again runs only what is missing, what failed (timeout, oom, crashed), and what other code or
other settings produced; records that are out of date are moved to superseded/, never deleted.

Ctrl-C keeps every finished cell and prints the command that goes on; a second one does not wait. A folder is written
by one benchrun at a time: a second one says who holds it and ends with exit code 2. Exit code 1 says that cells failed.

--diagnose looks at each step of the trace, as cell does (benchrun cell --help), and changes no digest, no count and no
key. So a record that is there is reused as it is, also where it has no diagnosis. A cell that cannot be diagnosed is
trained without, and the first such cell is named.`,
		Example: `  benchrun run quick
  benchrun run quick --seeds 1..6 --jobs 1
  benchrun run my.yaml --out /data/my --filter '/opt:(dense OR cg)' --set damp=1e-8
  benchrun run smoke --steps 3 --kernels scalar --out /tmp/scalar`,
		Args:              exactArgs(1, "a suite or a YAML file"),
		ValidArgsFunction: a.completeSuites,
		RunE: func(_ *cobra.Command, args []string) error {
			o.suite = args[0]
			return a.runSuite(o)
		},
	}
	o.selection.flags(cmd, a)
	o.childOptions.flags(cmd)
	o.diagnoseFlag(cmd)
	cmd.Flags().StringVar(&o.out, "out", "", "folder of the results (default: results/runs/SUITE, or SUITE@PROFILE)")
	cmd.Flags().BoolVar(&o.keepParams, "keep-params", false, "save final parameters and solution of each cell that is trained, in "+ParamsFolder+"/KEY (see cell --save)")
	cmd.Flags().IntVarP(&o.jobs, "jobs", "j", 0, "cells side by side (default: the suite's)")
	return cmd
}

// runSuite is the command run.
func (a *app) runSuite(o runOptions) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	if o.jobs < 0 {
		return usagef("--jobs %d: want an integer > 0", o.jobs)
	}
	suite, specs, err := a.selectCells(&o)
	if err != nil {
		return err
	}
	dir, err := a.folder(o, suite)
	if err != nil {
		return err
	}
	f, err := openFolder(dir, o.shard)
	if err != nil {
		return err
	}
	defer f.close()
	f.tidy()
	note := func(text string) { fmt.Fprintln(a.stderr, "benchrun:", text) }
	tasks, err := f.prepare(specs, o.shard.members(a.Catalogue, specs), note)
	if err != nil {
		return err
	}
	stages := stagesOf(suite, tasks, o)
	if len(stages) == 0 {
		return exit(ExitDone, "%s has no cells", o.title(suite))
	}
	var warnings []string
	if path := staleBinary(); path != "" {
		warnings = append(warnings, path+" is newer than this binary: build it again, or its records carry the identity of code that did not run")
		note(warnings[0])
	}
	m := a.invocation(o.shard, stages, len(specs), warnings)
	r := &suiteRun{app: a, options: o, folder: f, stages: stages, tasks: tasksOf(stages), suite: suite, this: m}
	if err := f.begin(suite, *m, note); err != nil {
		return err
	}
	err = r.run()
	now := time.Now().UTC()
	m.Finished, m.Exit = &now, exitCode(err)
	return errors.Join(err, f.end(suite, *m, note))
}

// stage is a block of a suite as it runs: its cells, how many side by side, and where.
type stage struct {
	Block  Block
	Tasks  []task
	Jobs   int
	Places [][]int
	Timing string
}

// stagesOf splits the cells by block, in the suite's order, and decides about the timing class of each.
func stagesOf(suite Suite, tasks []task, o runOptions) []stage {
	var out []stage
	jobs := jobsOf(suite, o)
	for _, b := range suite.Blocks {
		p := suite.Profiles[o.profile]
		b.Timeout, b.Memory = cmp.Or(p.Timeout, b.Timeout), cmp.Or(p.Memory, b.Memory)
		st := stage{Block: b, Jobs: jobs[b.Name]}
		threads := max(1, b.GOMAXPROCS)
		if o.gomaxprocs > 0 {
			threads = o.gomaxprocs
		}
		st.Places, st.Timing = places(st.Jobs, threads, o.shard.rotate(processors(), st.Jobs*threads))
		for _, t := range tasks {
			if t.Spec.Block == b.Name {
				t.Spec.Timing, t.Spec.Diagnose = st.Timing, o.diagnose || b.Diagnose
				st.Tasks = append(st.Tasks, t)
			}
		}
		if len(st.Tasks) > 0 {
			out = append(out, st)
		}
	}
	return out
}

func tasksOf(stages []stage) (tasks []task) {
	for _, st := range stages {
		tasks = append(tasks, st.Tasks...)
	}
	return tasks
}
