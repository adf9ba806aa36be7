package harness

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"text/tabwriter"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"ngdbench/cost"
	"ngdbench/cost/calibrate"
	"ngdbench/internal/simd"
	"ngdbench/objective"
)

// calibrateOptions are the flags of calibrate.
type calibrateOptions struct {
	childOptions
	out     string
	threads []int
	check   bool
	filter  string
}

func (a *app) calibrateCommand() *cobra.Command {
	var o calibrateOptions
	cmd := &cobra.Command{
		Use:   "calibrate",
		Short: "Measure what operations cost on this machine, for modelled seconds, plan and opt=auto",
		Long: `calibrate measures every operation of the cost model over sizes, fits unit prices to them, prints how well they fit, and
writes the calibration table. It takes about three minutes; nothing else should run meanwhile. To use the table, name it with
--calibration, or in ` + calibrationVariable + `. Without, a table that comes with the program is used. Each record names its table by digest.

With --check it trains every natural-gradient direction for a few steps at several sizes instead, and prints the seconds of
a step beside what the table in use makes of its counts, and the workspace beside the forecast of plan.`,
		Example: `  benchrun calibrate --out here.json
  benchrun calibrate --check --calibration here.json
  benchrun run quick --calibration here.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("calibrate takes flags alone, not %q", args[0])
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			if o.check {
				return a.checkCalibration(o)
			}
			return a.calibrate(o)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.gomaxprocs, "gomaxprocs", 0, "with --check: threads (default: 1)")
	o.tableFlag(f)
	f.StringVar(&o.out, "out", "calibration.json", "file to write")
	f.IntSliceVar(&o.threads, "threads", nil, "numbers of threads to measure (default: 1 and all)")
	f.BoolVar(&o.check, "check", false, "compare predictions with measured steps")
	f.StringVar(&o.filter, "filter", "", "with --check: only the cells that match, as in '/opt:dense'")
	return cmd
}

func (o *calibrateOptions) complete() error {
	if err := o.childOptions.check(); err != nil {
		return err
	}
	if len(o.threads) == 0 {
		o.threads = []int{1, runtime.NumCPU()}
	}
	slices.Sort(o.threads)
	o.threads = slices.Compact(o.threads)
	if o.threads[0] < 1 {
		return usagef("--threads %d: want integers > 0", o.threads[0])
	}
	return nil
}

func (a *app) calibrate(o calibrateOptions) error {
	if err := o.complete(); err != nil {
		return err
	}
	if info, err := os.Stat(filepath.Dir(o.out)); err != nil || !info.IsDir() {
		return usagef("--out %s: there is no folder %s", o.out, filepath.Dir(o.out))
	}
	var list []objective.Objective
	for _, c := range a.Calibration.Measure {
		t, err := a.Training(Spec{Cell: c})
		if err != nil {
			return err
		}
		list = append(list, t.Objective)
	}
	columns := calibrate.Columns(calibrate.Options{Objectives: list, Threads: o.threads, Progress: func(done, total int, what string) {
		if done%(total/10+1) == 0 {
			fmt.Fprintf(a.stderr, "calibrate: %d of %d measurements, %s\n", done, total, what)
		}
	}})
	t, err := cost.NewTable(cpuName(), simd.Path(), runtime.Version(), columns)
	if err != nil {
		return err
	}
	if err := writePrices(a.stdout, t); err != nil {
		return err
	}
	if err := renameio.WriteFile(o.out, t.Encode(), 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "written to %s\n", o.out)
	return err
}

// writePrices prints how well the prices fit.
func writePrices(out io.Writer, t *cost.Table) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "operation\tthreads\tsizes\tmedian error\tworst\tseconds per")
	for _, o := range cost.Operations() {
		for _, c := range t.Columns {
			p := c.Prices[o.String()]
			fmt.Fprintf(w, "%s\t%d\t%d\t%.0f %%\t%.2f ×\t", o, c.Threads, p.Samples, 100*p.Error, p.Worst)
			for i, name := range p.Terms {
				if p.Seconds[i] > 0 {
					fmt.Fprintf(w, "%s %.2g  ", name, p.Seconds[i])
				}
			}
			fmt.Fprintln(w)
		}
	}
	return w.Flush()
}
