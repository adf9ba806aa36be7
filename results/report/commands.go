package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ngdbench/results/regimes"
	"ngdbench/results/tables"
)

// subcommand is a command on one run that prints a page.
func subcommand(use, short, long, example string, stdout io.Writer, page func(dir string) (*tables.Page, error)) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use: use, DisableFlagsInUseLine: true, Short: short, Long: long, Example: example,
		Args: oneRunAtMost, ValidArgsFunction: runFolders,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			p, err := page(strings.Join(args, ""))
			if err != nil {
				return err
			}
			return p.Write(stdout, format)
		},
	}
	formatFlag(cmd, &format)
	cmd.SetFlagErrorFunc(flagError)
	return cmd
}

func tableCommand(stdout io.Writer) *cobra.Command {
	var q tables.Pivot
	cmd := subcommand("table [DIR] [--row KEYS] [--col KEYS] [--unit UNIT,…] [--filter QUERY] [--format FORMAT]",
		"any quantity by any axes",
		`table prints a quantity of the cells of a run, with the axes that --row and --col name as rows and columns. Keys and filters
are those of golang.org/x/perf: an axis (with or without its slash), or suite, block, class, status, steps, seconds,
target, gomaxprocs, kernels, timing, code; behind a key @alpha, @num or @(a b c) order it, the last keeping only a, b
and c. Where the cells of one place differ in anything but the seed, a line below the table says in what.

A unit is one of those in docs/records.md (its value at the end of the training), or seconds, ms/step, best:UNIT,
time:TARGET, steps:TARGET. Each place is the median over its cells with its range; > is what was spent in vain.`,
		`  benchreport table results/reference/quick --row opt,rank --col block --unit l2err
  benchreport table --row opt --col rank --unit time:1e-5 --filter '/problem:poisson2d' --format latex
  benchreport table --row 'opt@(dense nystrom)' --col points --unit ms/step,work-B`,
		stdout, func(dir string) (*tables.Page, error) {
			for _, u := range q.Units {
				if _, err := tables.MeasureOf(u); err != nil {
					return nil, err
				}
			}
			r, err := loadRun(dir)
			if err != nil {
				return nil, err
			}
			return r.Pivot(q)
		})
	cmd.Flags().StringVar(&q.Row, "row", "opt,rank", "keys of the rows")
	cmd.Flags().StringVar(&q.Col, "col", "block", "keys of the columns")
	cmd.Flags().StringSliceVar(&q.Units, "unit", []string{"l2err"}, "quantities, a table for each")
	cmd.Flags().StringVar(&q.Filter, "filter", "", "only the cells that match, as in '/opt:(dense OR cg) -/rank:32'")
	return cmd
}

func complexityCommand(stdout io.Writer) *cobra.Command {
	return subcommand("complexity [DIR] [--format FORMAT]", "what a step costs, and how that grows",
		`complexity puts the leading terms of a step's flops and memory, by class, beside the exponents in P, N and the rank with which
measured seconds, modelled seconds and workspace grew in a run, and the cost of a step in every setting.`,
		"  benchreport complexity results/reference/regimes", stdout, func(dir string) (*tables.Page, error) {
			r, err := loadRun(dir)
			if err != nil {
				return nil, err
			}
			return regimes.Complexity(regimes.Settings(r)), nil
		})
}

func (b Command) regimesCommand(stdout io.Writer) *cobra.Command {
	return subcommand("regimes [DIR] [--format FORMAT]", "which class leads where, and rules",
		`regimes prints the class of natural gradient with the smallest expected time for each training problem and target, and under
each limit of memory that changes the leader, with the ratio to the next class, its interval and its verdict; then a
short list of rules for each target, with its evidence, and how the rules do on a problem that they were not fitted to.`,
		"  benchreport regimes results/reference/regimes", stdout, func(dir string) (*tables.Page, error) {
			r, err := loadRun(dir)
			if err != nil {
				return nil, err
			}
			return regimes.Page(r), nil
		})
}

func (b Command) adviseCommand(stdout io.Writer) *cobra.Command {
	var params, points, dim, threads int
	var target, memory string
	cmd := subcommand("advise [DIR] --params P --points N --dim D --target ERROR [--memory SIZE] [--format FORMAT]",
		"which solver to take for a problem of a given size",
		`advise recommends a class and a solver for a training problem: what led in the settings of the same dimension whose P and N
are within a factor of four, with the expected time, how sure that is and the settings it rests on. Outside of these it
says so; the cost model's price of a step is printed apart in both cases.`,
		"  benchreport advise results/reference/regimes --params 12000 --points 4000 --dim 2 --target 1e-5 --memory 2GiB",
		stdout, func(dir string) (*tables.Page, error) {
			q := regimes.Query{Params: params, Points: points, Dim: dim, Threads: threads}
			var err error
			switch {
			case params < 1 || points < 1 || dim < 1:
				return nil, fmt.Errorf("advise wants --params, --points and --dim, integers > 0")
			case threads < 1:
				return nil, fmt.Errorf("--threads %d: want an integer > 0", threads)
			}
			if q.Target, err = strconv.ParseFloat(target, 64); err != nil || !(q.Target > 0 && q.Target < 1) {
				return nil, fmt.Errorf("--target %s: want a relative L2 error in (0, 1), as in 1e-5", target)
			}
			if q.Memory, err = bytesOf(memory); err != nil {
				return nil, err
			}
			r, err := loadRun(dir)
			if err != nil {
				return nil, err
			}
			return regimes.Advise(regimes.Settings(r), q, b.Model).Page(), nil
		})
	cmd.Flags().IntVar(&params, "params", 0, "parameters P of the network")
	cmd.Flags().IntVar(&points, "points", 0, "points N of all groups together")
	cmd.Flags().IntVar(&dim, "dim", 0, "inputs of the network, time among them")
	cmd.Flags().StringVar(&target, "target", "1e-4", "relative L2 error wanted")
	cmd.Flags().StringVar(&memory, "memory", "", "largest memory, as in 2GiB (default: no limit)")
	cmd.Flags().IntVar(&threads, "threads", 2, "threads, for the cost model")
	return cmd
}

// bytesOf reads 500MB, 4GiB or nothing, which is 0.
func bytesOf(s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	number, scale := s, 1.0
	for _, u := range []struct {
		suffix string
		scale  float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}} {
		if n, ok := strings.CutSuffix(s, u.suffix); ok {
			number, scale = n, u.scale
			break
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v > 0) {
		return 0, fmt.Errorf("--memory %s: want a size > 0, as in 500MB or 4GiB", s)
	}
	return v * scale, nil
}
