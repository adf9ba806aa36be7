package report

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"ngdbench/results/diff"
	"ngdbench/results/tables"
)

// Exit codes of diff.
const (
	exitDiffers      exitCode = 3
	exitIncomparable exitCode = 4
)

func diffCommand(stdout io.Writer) *cobra.Command {
	var format string
	var o diff.Options
	cmd := &cobra.Command{
		Use:                   "diff A B [--common] [--timing] [--rel TOLERANCE] [--format FORMAT]",
		DisableFlagsInUseLine: true,
		Short:                 "two runs of the same cells beside each other",
		Long: `diff aligns the cells of two runs by name and limits and compares, in this order, what is there, what must be the same to the
bit where the code is the same (the trajectory and the inner iterations at every common trace row), numbers within
tolerances, seconds seed by seed, and who leads in every setting.

Exit code 0: the same. 3: something differs that counts, which is bits under the same code, numbers outside the tolerance,
how a cell ended, or a conclusion that both runs are sure of; with --timing a significant difference in time too. 4:
the runs do not have the same cells; --common compares those that both have.`,
		Example: "  benchreport diff results/reference/quick results/runs/quick\n  benchreport diff a b --common --rel 1e-3",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("diff wants two run folders, not %d", len(args))
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 1 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return tables.Folders(), cobra.ShellCompDirectiveDefault
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			if o.Rel < 0 {
				return fmt.Errorf("--rel %g: want a number > 0", o.Rel)
			}
			return compareRuns(args[0], args[1], o, format, stdout)
		},
	}
	formatFlag(cmd, &format)
	cmd.Flags().BoolVar(&o.Common, "common", false, "compare the cells that both runs have")
	cmd.Flags().BoolVar(&o.Timing, "timing", false, "a significant difference in time counts")
	cmd.Flags().Float64Var(&o.Rel, "rel", 0, "relative tolerance of errors and losses (default 1e-6, between architectures 1e-2)")
	cmd.SetFlagErrorFunc(flagError)
	return cmd
}

func compareRuns(a, b string, o diff.Options, format string, stdout io.Writer) error {
	x, err := tables.Load(a)
	if err != nil {
		return err
	}
	y, err := tables.Load(b)
	if err != nil {
		return err
	}
	d := diff.Compare(x, y, o)
	if err := d.Page().Write(stdout, format); err != nil {
		return err
	}
	switch d.Outcome() {
	case diff.Differs:
		return exitDiffers
	case diff.Incomparable:
		return exitIncomparable
	}
	return nil
}
