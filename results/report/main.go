// Package report rebuilds a report from the files of a run alone, also years later: the page of package tables with its
// figures. Build makes both, WriteFiles writes them, Main is the command benchreport.
package report

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ngdbench/internal/nearest"
	"ngdbench/results/regimes"
	"ngdbench/results/tables"
)

// Exit codes of benchreport.
const (
	exitDone  = 0
	exitUsage = 2
)

const help = `benchreport rebuilds tables and figures from the files of a run.

DIR is a folder that benchrun wrote, with manifest.json and cells/. Without DIR it is the newest run in results/runs.
The page goes to standard output (CSV and LaTeX have its tables alone), and as Markdown with figures to
DIR/report/report.md, or to the folder that --out names. Nothing is measured again and nothing in the run itself is
changed.

Where a run has three training problems or more in which classes of natural gradient can be compared, the page begins
with who leads where, rules, a regime map and performance profiles (see benchreport regimes --help). Then, for each
block and problem of the run:
  - in plain words, the best natural gradient variant against the best baseline after the same seconds
  - errors and costs by solver: median [smallest, largest] over seeds, best of each class first
  - cells that failed, diverged or did not fit, with the cause
  - error against time and against step, with the spread over seeds; work-precision; memory against time; where there
    are such data, time against rank, inner iterations, spectra and effective dimension along the training
  - the ranking by time to 1e-3, 1e-4, 1e-5 and 1e-6, failures counted
  - modelled and real seconds to the lowest loss that all natural gradient variants reach
  - each pair of solvers on the same seeds: ratio, range, wins, verdict ("undecided" with few seeds:
    one pair needs 6, many need more)
  - published end points of the same problem beside ours

Other commands answer one question each: table (any quantity by any axes), regimes, advise, complexity, diff, html (one
page for a browser), export (records), field (a saved solution).`

const examples = `  benchreport                                     the newest run
  benchreport results/reference/smoke --out /tmp/smoke
  benchreport --format markdown results/runs/quick > quick.md
  benchreport export results/runs/quick --format csv --out quick.csv`

// Command is benchreport. The zero value is ready.
type Command struct {
	Model regimes.Model // the cost model's word in advise and in figures; nil: none
}

// Main is the command benchreport without a cost model: it returns the exit code, 0 done or 2 for usage and bad input.
func Main(args []string, stdout, stderr io.Writer) int { return Command{}.Run(args, stdout, stderr) }

// Run is the command: it returns the exit code, 0 done, 2 for usage and bad input, and those of diff.
func (b Command) Run(args []string, stdout, stderr io.Writer) int {
	cmd := b.root(stdout, stderr)
	cmd.SetArgs(append([]string{}, args...)) // nil would mean os.Args
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.Execute()
	var code exitCode
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintf(stderr, "benchreport: %s\n", oneLine(err))
	return exitUsage
}

// exitCode is an outcome that is no failure of the command.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

func (b Command) root(stdout, stderr io.Writer) *cobra.Command {
	var o showOptions
	cmd := &cobra.Command{
		Use:                   "benchreport [DIR] [--format FORMAT] [--out DIR]",
		DisableFlagsInUseLine: true,
		Short:                 "tables and figures of a run",
		Long:                  help,
		Example:               examples,
		SilenceErrors:         true,
		SilenceUsage:          true,
		Args:                  oneRunAtMost,
		ValidArgsFunction:     runFolders,
		RunE: func(_ *cobra.Command, args []string) error {
			return b.show(strings.Join(args, ""), o, stdout)
		},
	}
	cmd.AddCommand(tableCommand(stdout), b.regimesCommand(stdout), b.adviseCommand(stdout), complexityCommand(stdout), diffCommand(stdout),
		b.htmlCommand(stdout), fieldCommand(stdout), exportCommand(stdout, stderr))
	formatFlag(cmd, &o.format)
	cmd.Flags().StringVar(&o.out, "out", "", "folder for report.md and the figures (default DIR/report)")
	cmd.Flags().StringSliceVar(&o.figures, "figures", []string{"svg", "png"}, "formats of the figures: some of svg, png, pdf")
	cmd.SetFlagErrorFunc(flagError)
	return cmd
}

// showOptions are the flags of the plain command.
type showOptions struct {
	format, out string
	figures     []string
}

// formatFlag adds --format with its completion.
func formatFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "format", "text", "what standard output gets: "+strings.Join(tables.Formats, ", "))
	_ = cmd.RegisterFlagCompletionFunc("format", words(tables.Formats...))
}

// checkFormat refuses an unknown format before anything is read.
func checkFormat(format string) error {
	if !slices.Contains(tables.Formats, format) {
		return fmt.Errorf("--format %s: want one of %s%s", format, strings.Join(tables.Formats, ", "), nearest.Hint(format, tables.Formats))
	}
	return nil
}

// loadRun reads the run in dir, or the newest.
func loadRun(dir string) (*tables.Run, error) {
	dir, err := runFolder(dir)
	if err != nil {
		return nil, err
	}
	return tables.Load(dir)
}

// oneRunAtMost refuses more than one folder, and a misspelt command in the place of one.
func oneRunAtMost(cmd *cobra.Command, args []string) error {
	if len(args) == 1 && !exists(args[0]) {
		var names []string
		for _, c := range cmd.Commands() {
			names = append(names, c.Name())
		}
		if hint := nearest.Hint(args[0], names); hint != "" {
			return fmt.Errorf("%s: no such run folder, and no command%s", args[0], hint)
		}
	}
	if len(args) > 1 {
		return fmt.Errorf("one run folder at a time, not %d (%s)", len(args), strings.Join(args, " "))
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// runFolders completes the folder of a run: those that lie where runs lie, and any other.
func runFolders(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return tables.Folders(), cobra.ShellCompDirectiveDefault
}

// words completes one of a few words.
func words(list ...string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return list, cobra.ShellCompDirectiveNoFileComp
	}
}

// show writes the report of the run in dir.
func (b Command) show(dir string, o showOptions, stdout io.Writer) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	if err := parseFormats(o.figures); err != nil {
		return err
	}
	r, err := loadRun(dir)
	if err != nil {
		return err
	}
	out := cmp.Or(o.out, filepath.Join(r.Dir, "report"))
	page, figures := Build(r, b.Model)
	if err := WriteFiles(r, page, figures, out, o.figures); err != nil {
		return err
	}
	page.Add(tables.Paragraph("Page and figures: " + filepath.Join(out, PageFile)))
	return page.Write(stdout, o.format)
}

// flagError adds the nearest flag to the complaint about an unknown one.
func flagError(cmd *cobra.Command, err error) error {
	_, name, ok := strings.Cut(err.Error(), "unknown flag: --")
	if !ok {
		return err
	}
	name, _, _ = strings.Cut(name, "=")
	list := []string{"help"}
	cmd.Flags().VisitAll(func(f *pflag.Flag) { list = append(list, f.Name) })
	return fmt.Errorf("unknown flag --%s%s", name, nearest.Hint(name, list))
}

func oneLine(err error) string { return strings.Join(strings.Fields(tables.Clean(err.Error())), " ") }
