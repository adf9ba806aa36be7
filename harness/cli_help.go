package harness

import (
	"fmt"

	"github.com/spf13/cobra"

	"ngdbench/internal/nearest"
	"ngdbench/results"
)

// helpCommand is help COMMAND, and help axes.
func (a *app) helpCommand(root *cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "help [COMMAND|axes]",
		Short: "Help about a command, or about the axes that name a cell",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return append(commandNames(root), "axes"), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return root.Help()
			}
			if args[0] == "axes" {
				return a.helpAxes()
			}
			cmd, _, err := root.Find(args)
			if cmd == nil || cmd == root || err != nil {
				return usagef("no help on %q%s", args[0], nearest.HintOrAll(args[0], append(commandNames(root), "axes")))
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
	return cmd
}

// helpAxes prints the grammar of a cell from the axis table.
func (a *app) helpAxes() error {
	w := &firstError{w: a.stdout}
	w.print("A cell is named by its axes, in this order:\n\n")
	for _, x := range results.Axes {
		d := x.Default
		if d == "" {
			d = "lent by the problem"
		}
		w.print("  %-8s  %s\n            default: %s\n", x.Name, x.Doc, d)
	}
	w.print(`
Values are lower case from [a-z0-9_.+-]; parts of a value join by +. What is not said is lent by the solver, the
formulation, the problem, then this table, and is written out in the record.

Limits stand beside the axes, and enter the key too:

  steps     steps of the optimiser, an integer > 0
  seconds   seconds of the training's own clock, errors and output left out
  target    relative L2 error, tested at the rows of the trace

  benchrun cell problem=poisson2d opt=nystrom rank=64 seed=1 steps=50

--filter is the language of golang.org/x/perf: /AXIS:VALUE, /AXIS:(A OR B), AND, OR, NOT written -, regular expressions
between slashes; block and suite stand beside the axes.

  benchrun run quick --filter '/opt:(dense OR nystrom) -/rank:32'
`)
	return w.err
}

// firstError prints until something fails.
type firstError struct {
	w   interface{ Write([]byte) (int, error) }
	err error
}

func (f *firstError) print(format string, args ...any) {
	if f.err == nil {
		_, f.err = fmt.Fprintf(f.w, format, args...)
	}
}
