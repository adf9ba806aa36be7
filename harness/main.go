package harness

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/internal/nearest"
	"ngdbench/internal/simd"
	"ngdbench/linalg"
)

// calibrationVariable names the file of the calibration table in use, for this process and its children; unset, it is the embedded one.
const calibrationVariable = "NGDBENCH_CALIBRATION"

// app is one invocation of benchrun.
type app struct {
	Catalogue
	stdin          io.Reader
	stdout, stderr io.Writer
	args           []string
}

// Main is the whole of benchrun over a catalogue, child processes included, and returns the exit code: 0 done, 1 some
// cells failed or an internal error, 2 usage or bad input, 3 verify found a difference, 4 nothing to compare, 130
// interrupted. An error is one line on stderr.
//
// A user's main is os.Exit(harness.Main(catalogue, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)): cells run in children
// that are this binary again.
func Main(c Catalogue, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	blas64.Use(linalg.BLAS{})
	signal.Ignore(syscall.SIGPIPE, syscall.SIGXFSZ) // a reader that goes away, or a full quota, is an error of the write, not the death of a run
	a := &app{c, stdin, stdout, stderr, args}
	if err := cost.Use(os.Getenv(calibrationVariable)); err != nil {
		return a.fail(usagef("%s: %w", calibrationVariable, err))
	}
	if len(args) > 0 && args[0] == childCommand {
		return childMain(c, stdin, stderr)
	}
	if err := simd.EnvironmentError(); err != nil {
		return a.fail(usage(err))
	}
	root := a.root()
	root.SetArgs(args)
	return a.fail(root.Execute())
}

// fail reports err, if it is one, and returns its exit code. A closed standard output is no failure: whoever read it
// had enough.
func (a *app) fail(err error) int {
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return ExitDone
	}
	if text := message(err); text != "" {
		fmt.Fprintln(a.stderr, "benchrun:", text)
	}
	return exitCode(err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "benchrun",
		Short: "Run grids of optimisers on PDE problems, one process per cell, and keep every result",
		Long: `benchrun trains cells: one problem, network, optimiser and seed each. It runs a grid of them (a suite), each
in a process of its own, and writes one record per cell. The same command again runs only what is missing.

Without a command it runs the suite quick. benchreport makes the report.`,
		Example: `  benchrun                                             the quick suite, then: benchreport
  benchrun list                                        what there is
  benchrun cell opt=nystrom rank=64 seed=1 steps=50    one cell, with its convergence
  benchrun plan quick                                  what would run, and why
  benchrun run quick --seeds 1..6 --filter '/opt:(dense OR cg)'
  benchrun verify results/runs/quick --sample 3        the same bits again?`,
		SilenceErrors: true, SilenceUsage: true,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return a.unknownCommand(cmd, args[0])
			}
			return a.runSuite(runOptions{suite: "quick"})
		},
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(a.flagError)
	root.AddCommand(a.runCommand(), a.cellCommand(), a.planCommand(), a.initCommand(), a.listCommand(), a.statusCommand(), a.collectCommand(), a.verifyCommand(), a.calibrateCommand())
	root.SetHelpCommand(a.helpCommand(root))
	return root
}

// unknownCommand names the nearest command; a suite by itself is what run takes.
func (a *app) unknownCommand(root *cobra.Command, word string) error {
	if _, err := a.Suite(word); err == nil {
		return usagef("unknown command %q (to run that suite: benchrun run %s)", word, word)
	}
	return usagef("unknown command %q%s", word, nearest.HintOrAll(word, commandNames(root)))
}

func commandNames(root *cobra.Command) []string {
	names := []string{"help", "completion"}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}

// flagError names the nearest flag where there is one of another name, and the word that cell wants instead of a flag.
func (a *app) flagError(cmd *cobra.Command, err error) error {
	var bad *pflag.InvalidValueError
	if errors.As(err, &bad) {
		want := map[string]string{"int": "an integer", "duration": "a time, as in 10m"}
		return usagef("--%s %s: want %s", bad.GetFlag().Name, bad.GetValue(), cmp.Or(want[bad.GetFlag().Value.Type()], "another value"))
	}
	text := err.Error()
	name, ok := strings.CutPrefix(text, "unknown flag: ")
	if !ok {
		return usagef("%s: %s", cmd.Name(), text)
	}
	name, _, _ = strings.Cut(name, "=")
	if key := strings.TrimPrefix(name, "--"); cmd.Name() == "cell" && slices.Contains(cellKeys(), key) {
		return usagef("unknown flag %s of cell: say %s=%s", name, key, a.valueOf(name))
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	return usagef("unknown flag %s of %s%s", name, cmd.Name(), nearest.HintOrAll(name, names))
}

// valueOf is what the command line says behind a flag, or VALUE.
func (a *app) valueOf(flag string) string {
	for i, w := range a.args {
		if v, ok := strings.CutPrefix(w, flag+"="); ok {
			return v
		}
		if w == flag && i+1 < len(a.args) {
			return a.args[i+1]
		}
	}
	return "VALUE"
}

// exactArgs wants n arguments, and says in one line what they are.
func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("%s wants %s, not %d arguments", cmd.Name(), what, len(args))
		}
		return nil
	}
}
