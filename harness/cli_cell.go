package harness

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ngdbench/internal/nearest"
	"ngdbench/results"
)

func (a *app) cellCommand() *cobra.Command {
	var o childOptions
	var out, saved string
	var show []string
	cmd := &cobra.Command{
		Use:   "cell KEY=VALUE...",
		Short: "Train one cell in a child process and print its convergence",
		Long: `cell trains one cell in a child process and prints its convergence as it goes. The last line is for scripts:

  status=budget steps=50 seconds=0.8123 l2err=3.1e-05 cg-iters=4210

Keys are the axes (benchrun help axes) and the limits steps, seconds, target; without steps or seconds it takes 100
steps. A value that does not fit, such as a rank above the number of parameters, is refused. A record is written only with --out.

--diagnose looks at each step of the trace, with the clock stopped: the spectrum of G = TᵀT goes into the record; the columns
d_eff = Σ λ/(λ+μ) and captured, the share of the quadratic model's decrease that the step's direction captures at its best
length, stand in the table too. It changes no digest, no count and no key. A solver without damping μ has the spectrum
alone. An objective without a tangent map is refused, and so is the smaller of n and P above 2500: the cost is cubic.

--show adds columns: the errors that a formulation measures beside l2err, by the units of its records (a dash where it has none).

--save DIR writes the final parameters as theta.npy with their layout, theta.json, and the solution beside the reference
on a grid, field.npz: benchreport field DIR draws them, and NumPy reads them (docs/records.md).

Exit code 1 says that the cell failed (timeout, oom, crashed).`,
		Example: `  benchrun cell problem=poisson2d opt=nystrom rank=64 seed=1 steps=50
  benchrun cell opt=dense seconds=4 --gomaxprocs 2
  benchrun cell opt=cg steps=20 --diagnose
  benchrun cell problem=lshape form=feinn seconds=10 --save /tmp/lshape
  benchrun cell form=rvpinn steps=50 --show energy-err,estimator,effectivity
  benchrun cell opt=cg net=2x32x32x1 steps=20 | tail -1`,
		ValidArgsFunction: a.completeCell,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.cell(args, o, out, saved, show)
		},
	}
	o.flags(cmd)
	o.diagnoseFlag(cmd)
	cmd.Flags().StringVar(&out, "out", "", "folder to write the record to")
	cmd.Flags().StringSliceVar(&show, "show", nil, "more columns, errors by their units, as in effectivity,energy-err")
	_ = cmd.RegisterFlagCompletionFunc("show", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return unitNames(), cobra.ShellCompDirectiveNoFileComp
	})
	cmd.Flags().StringVar(&saved, "save", "", "folder to write the final parameters and the solution to")
	return cmd
}

// cell runs one cell.
func (a *app) cell(words []string, o childOptions, out, saved string, show []string) error {
	if err := checkUnits(show); err != nil {
		return err
	}
	spec, err := a.oneCell(words, &o)
	if err != nil {
		return err
	}
	if saved != "" {
		if spec.Save, err = filepath.Abs(saved); err == nil {
			err = os.MkdirAll(spec.Save, 0o755) // before the training, which would be lost
		}
		if err != nil {
			return usagef("--save: %w", err)
		}
	}
	var f *folder
	if out != "" {
		if f, err = openFolder(out, shard{}); err != nil {
			return err
		}
		defer f.close()
		f.tidy()
	}
	ctx, kill, done := interruptible()
	defer done()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	w := &firstError{w: a.stdout}
	p := childProc{Order: order{spec, o.bytes}, GOMAXPROCS: spec.GOMAXPROCS, Kernels: spec.Kernels, Limit: o.limit(spec), Kill: kill}
	p.Row = func(r results.Row) {
		if r.Step == 0 {
			w.print("%s\n%s", spec.Cell.Name(), rowHeader(o.diagnose, show))
		}
		if w.print("%s", rowLine(r, o.diagnose, show)); w.err != nil {
			stop() // the reader has had enough
		}
	}
	e, err := runAlone(ctx, p)
	switch {
	case err != nil:
		return err
	case w.err != nil:
		return w.err
	case e.Interrupted:
		return exit(ExitInterrupted, "interrupted")
	case e.Refused != "":
		return usagef("%s", e.Refused)
	}
	rec := outcome(a.Catalogue, spec, p.Limit, e)
	if f != nil {
		if err := f.writeCell(rec); err != nil {
			return err
		}
	}
	return a.lastWords(rec)
}

// oneCell reads the words of the command and refuses what no child could train.
func (a *app) oneCell(words []string, o *childOptions) (Spec, error) {
	said, limits, err := ParseCell(words)
	if err != nil {
		return Spec{}, usage(err)
	}
	if err := o.check(); err != nil {
		return Spec{}, err
	}
	spec, err := a.ResolveSpec(Spec{Cell: said, Limits: limits, GOMAXPROCS: o.gomaxprocs, Kernels: o.kernels, Timing: timingExclusive})
	if err != nil {
		return Spec{}, usage(err)
	}
	spec.Diagnose = o.diagnose
	spec.Code, err = CodeIdentity()
	return spec, err
}

// lastWords prints how the cell ended.
func (a *app) lastWords(rec results.Record) error {
	if rec.Status == results.Crashed {
		a.quote(rec.Log)
	}
	if _, err := fmt.Fprintln(a.stdout, lastLine(rec)); err != nil {
		return err
	}
	if results.Failed(rec.Status) {
		return exit(ExitFailed, "cell %s: %s", rec.Status, rec.Cause)
	}
	return nil
}

// quote shows the first lines of a child's log, marked as such.
func (a *app) quote(log string) {
	n := 0
	for line := range strings.Lines(log) {
		if n++; n > 20 {
			return
		}
		fmt.Fprintf(a.stderr, "  | %s\n", strings.TrimRight(line, "\r\n"))
	}
}

// runAlone runs one child from a thread of its own, which the child's life is tied to.
func runAlone(ctx context.Context, p childProc) (ending, error) {
	life, err := newLifeline()
	if err != nil {
		return ending{}, err
	}
	defer life.close()
	ended := make(chan ending)
	go func() {
		runtime.LockOSThread()
		ended <- p.run(ctx, life)
	}()
	return <-ended, nil
}

// writeCell writes the record of a single cell; older ones of the same key and code leave.
func (f *folder) writeCell(rec results.Record) error {
	have, err := f.list()
	if err != nil {
		return err
	}
	have = slices.DeleteFunc(have, func(s stored) bool { return s.Key != rec.Key })
	return f.write(rec, have)
}

func rowHeader(diagnose bool, show []string) string {
	head := "  step    seconds        loss       l2err     damping       scale  inner"
	if diagnose {
		head += "       d_eff    captured"
	}
	for _, u := range show {
		head += fmt.Sprintf(" %11s", u)
	}
	return head + "\n"
}

// checkUnits refuses columns that are no units of errors.
func checkUnits(show []string) error {
	names := unitNames()
	for _, u := range show {
		if !slices.Contains(names, u) {
			return usagef("--show %s: unknown unit%s", u, nearest.HintOrAll(u, names))
		}
	}
	return nil
}

func unitNames() (names []string) {
	for _, u := range results.Units {
		names = append(names, u.Name)
	}
	return names
}

// rowLine is one row of the convergence, aligned under rowHeader.
func rowLine(r results.Row, diagnose bool, show []string) string {
	line := fmt.Sprintf("%6d %10.4f %s %s %s %s %6d", r.Step, float64(r.Seconds), number(r.Loss, true), number(errorOf(r), true),
		number(r.Damping, r.Step > 0), number(r.Scale, r.Step > 0), r.CGIters)
	if diagnose {
		var d results.Diagnosis
		if r.Diagnosis != nil {
			d = *r.Diagnosis
		}
		line += share(d.Deff) + share(d.Captured)
	}
	for _, u := range show {
		v, known := r.Errors[u]
		line += " " + number(v, known)
	}
	return line + "\n"
}

// share is a number in its own digits, five of them.
func share(f *results.Float) string {
	if f == nil {
		return fmt.Sprintf(" %11s", "-")
	}
	return fmt.Sprintf(" %11.5g", float64(*f))
}

func errorOf(r results.Row) results.Float {
	if e, ok := r.Errors["l2err"]; ok {
		return e
	}
	return results.Float(math.NaN())
}

func number(f results.Float, known bool) string {
	if !known || !f.Finite() {
		return fmt.Sprintf("%11s", "-")
	}
	return fmt.Sprintf("%11.4e", float64(f))
}

// lastLine is the line for scripts. What has no value is a dash.
func lastLine(rec results.Record) string {
	return fmt.Sprintf("status=%s steps=%s seconds=%s l2err=%s cg-iters=%s", rec.Status,
		word(rec.Metrics, "steps", 1, "%.0f"), word(rec.Metrics, "ns/op", 1e-9, "%.4f"), word(rec.Metrics, "l2err", 1, "%.4g"), word(rec.Metrics, "cg-iters", 1, "%.0f"))
}

func word(m map[string]results.Float, unit string, scale float64, format string) string {
	v, ok := m[unit]
	if !ok || !v.Finite() {
		return "-"
	}
	return fmt.Sprintf(format, float64(v)*scale)
}
