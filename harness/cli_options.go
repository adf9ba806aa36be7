package harness

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/results/tables"
	"ngdbench/solvers"
)

// childOptions are the flags of every command that starts children.
type childOptions struct {
	gomaxprocs int
	kernels    string
	timeout    time.Duration
	memory     string
	table      string // file of the calibration table
	diagnose   bool   // cell and run have a flag for it

	bytes int64 // of memory, once checked
}

func (o *childOptions) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.IntVar(&o.gomaxprocs, "gomaxprocs", 0, "threads of each child (default: the suite's, else 1)")
	f.StringVar(&o.kernels, "kernels", "", "kernel path: "+strings.Join(simd.Paths(), " or ")+" (default: NGDBENCH_KERNELS, else the first)")
	f.DurationVar(&o.timeout, "timeout", 0, "hard limit of a child's wall time, as in 10m (default: the suite's, else 30s + 5 times its seconds, 1h without)")
	f.StringVar(&o.memory, "memory", "", "limit of a child's memory, as in 4GiB (Linux; default: the suite's, else none)")
	o.tableFlag(f)
	_ = cmd.RegisterFlagCompletionFunc("kernels", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return simd.Paths(), cobra.ShellCompDirectiveNoFileComp
	})
}

// tableFlag adds the flag for the calibration table.
func (o *childOptions) tableFlag(f *pflag.FlagSet) {
	f.StringVar(&o.table, "calibration", "", "calibration table, as calibrate writes it (default: "+calibrationVariable+", else the embedded one)")
}

// diagnoseFlag adds the flag of the commands that write records.
func (o *childOptions) diagnoseFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.diagnose, "diagnose", false, "put spectrum, effective dimension and captured decrease of each step into the trace (default --timeout: 12h longer)")
}

// check refuses values that no child could run under, before one is started.
func (o *childOptions) check() error {
	var err error
	switch {
	case o.gomaxprocs < 0:
		return usagef("--gomaxprocs %d: want an integer > 0", o.gomaxprocs)
	case o.timeout < 0:
		return usagef("--timeout %s: want a time > 0", o.timeout)
	}
	if err = (&Spec{Kernels: o.kernels}).conditions(); err != nil {
		return usage(err)
	}
	if err = o.calibrate(); err != nil {
		return err
	}
	o.bytes, err = parseBytes(o.memory)
	return err
}

// calibrate takes the table of --calibration into use, for children too.
func (o *childOptions) calibrate() error {
	if o.table == "" {
		return nil
	}
	file, err := filepath.Abs(o.table)
	if err != nil {
		return usage(err)
	}
	if err := cost.Use(file); err != nil {
		return usagef("--calibration: %w", err)
	}
	return os.Setenv(calibrationVariable, file)
}

// within is the hard limit that was said, else the suite's, with the time for diagnoses; 0: none was named.
func (o *childOptions) within(b Block) time.Duration {
	limit := b.Timeout
	if limit > 0 && (o.diagnose || b.Diagnose) {
		limit += diagnosisTime
	}
	return cmp.Or(o.timeout, limit)
}

func (o *childOptions) limit(s Spec) time.Duration {
	if o.timeout > 0 {
		return o.timeout
	}
	return hardLimit(s)
}

// parseBytes reads 500MB, 4GiB, 1e9 or nothing, which is 0.
func parseBytes(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	number, scale := s, 1.0
	for _, u := range []struct {
		suffix string
		scale  float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}} {
		if n, ok := strings.CutSuffix(s, u.suffix); ok {
			number, scale = n, u.scale
			break
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v > 0) || v*scale > math.MaxInt64/2 {
		return 0, usagef("--memory %s: want a size > 0, as in 500MB or 4GiB", s)
	}
	return int64(v * scale), nil
}

// completeCell completes KEY=VALUE: keys, and the names of the catalogue behind them.
func (a *app) completeCell(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	key, _, ok := strings.Cut(word, "=")
	if !ok {
		var keys []string
		for _, k := range cellKeys() {
			keys = append(keys, k+"=")
		}
		return keys, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	}
	var values []string
	for _, v := range a.valuesOf(key) {
		values = append(values, key+"="+v)
	}
	return values, cobra.ShellCompDirectiveNoFileComp
}

// valuesOf lists the values of an axis that have names.
func (a *app) valuesOf(axis string) []string {
	switch axis {
	case "problem":
		return names(a.Problems, entryHead)
	case "net":
		return names(a.Networks, entryHead)
	case "form":
		return names(a.Formulations, entryHead)
	case "metric":
		return names(a.Metrics, entryHead)
	case "opt":
		return names(a.Solvers, func(e SolverEntry) (string, Cell) { return e.Name, nil })
	case "damp":
		return append(accepted(solvers.ParseDamping, "1e-10", "loss", "lm", "trust"), absent["damp"])
	case "search":
		return append(accepted(solvers.ParseSearch, "grid", "grid31", "kfac", "engd", "armijo", "wolfe", "full"), absent["search"])
	case "set":
		return a.setNames(nil)
	}
	return nil
}

// accepted lists the words that a parser takes.
func accepted[T any](parse func(string) (T, error), words ...string) (out []string) {
	for _, w := range words {
		if _, err := parse(w); err == nil {
			out = append(out, w)
		}
	}
	return out
}

// completeFolders completes folders of runs: those that lie where runs lie, and any other.
func completeFolders(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return tables.Folders(), cobra.ShellCompDirectiveDefault
}

func (a *app) completeSuites(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var list []string
	for _, s := range a.Suites {
		list = append(list, s.Name+"\t"+s.Doc)
	}
	return list, cobra.ShellCompDirectiveDefault // files too: a suite may be one
}
