// Package report rebuilds a report from the files of a run alone, also years later: the page of package tables with its
// figures. Build makes both, WriteFiles writes them, Main is the command benchreport.
package report

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ngdbench/internal/nearest"
	"ngdbench/results/tables"
)

// Exit codes of benchreport.
const (
	exitDone  = 0
	exitUsage = 2
)

const help = `benchreport rebuilds tables and figures from the files of a run.

DIR is a folder that benchrun wrote, with manifest.json and cells/. Without DIR it is the newest run in results/runs.
The page goes to standard output as text or Markdown, and with figures (SVG, PNG) to DIR/report/report.md, or to
the folder that --out names. Nothing is measured again and nothing in the run itself is changed.

For each block and problem of the run:
  - in plain words, the best natural gradient variant against the best baseline after the same seconds
  - errors and costs by solver: median [smallest, largest] over seeds, best of each class first
  - cells that failed, diverged or did not fit, with the cause
  - error against time and against step, with the spread over seeds
  - the ranking by time to 1e-3, 1e-4, 1e-5 and 1e-6, failures counted
  - modelled and real seconds to the lowest loss that all natural gradient variants reach
  - each pair of solvers on the same seeds: ratio, range, wins, verdict ("undecided" with few seeds:
    one pair needs 6, many need more)
  - published end points of the same problem beside ours

The command benchreport export writes the records as JSON lines or CSV, benchreport field DIR draws the solution that
benchrun cell --save wrote.`

const examples = `  benchreport                                     the newest run
  benchreport results/reference/smoke --out /tmp/smoke
  benchreport --format markdown results/runs/quick > quick.md
  benchreport export results/runs/quick --format csv --out quick.csv`

// Main is the command benchreport: it returns the exit code, 0 done or 2 for usage and bad input.
func Main(args []string, stdout, stderr io.Writer) int {
	cmd := command(stdout, stderr)
	cmd.SetArgs(append([]string{}, args...)) // nil would mean os.Args
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	if err := cmd.Execute(); err != nil {
		fmt.Fprintf(stderr, "benchreport: %s\n", oneLine(err))
		return exitUsage
	}
	return exitDone
}

func command(stdout, stderr io.Writer) *cobra.Command {
	var format, out string
	cmd := &cobra.Command{
		Use:                   "benchreport [DIR] [--format text|markdown] [--out DIR]",
		DisableFlagsInUseLine: true,
		Short:                 "tables and figures of a run",
		Long:                  help,
		Example:               examples,
		SilenceErrors:         true,
		SilenceUsage:          true,
		Args:                  oneRunAtMost,
		ValidArgsFunction:     runFolders,
		RunE: func(_ *cobra.Command, args []string) error {
			return show(strings.Join(args, ""), format, out, stdout)
		},
	}
	cmd.AddCommand(fieldCommand(stdout), exportCommand(stdout, stderr))
	cmd.Flags().StringVar(&format, "format", "text", "what standard output gets: text or markdown")
	cmd.Flags().StringVar(&out, "out", "", "folder for report.md and the figures (default DIR/report)")
	_ = cmd.RegisterFlagCompletionFunc("format", words("text", "markdown"))
	cmd.SetFlagErrorFunc(flagError)
	return cmd
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
func show(dir, format, out string, stdout io.Writer) error {
	if format != "text" && format != "markdown" {
		return fmt.Errorf("--format %s: want text or markdown%s", format, nearest.Hint(format, []string{"text", "markdown"}))
	}
	dir, err := runFolder(dir)
	if err != nil {
		return err
	}
	r, err := tables.Load(dir)
	if err != nil {
		return err
	}
	if out == "" {
		out = filepath.Join(dir, "report")
	}
	page, figures := Build(r)
	if err := WriteFiles(r, page, figures, out); err != nil {
		return err
	}
	page.Add(tables.Paragraph("Page and figures: " + filepath.Join(out, PageFile)))
	if format == "markdown" {
		return page.WriteMarkdown(stdout)
	}
	return page.WriteText(stdout)
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
