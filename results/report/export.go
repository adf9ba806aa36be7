package report

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"ngdbench/internal/nearest"
	"ngdbench/results"
	"ngdbench/results/tables"
)

// exports are the formats, in the order of the help.
var exports = []struct {
	name, doc string
	write     func(io.Writer, []results.Record) error
}{
	{"jsonl", "one record per line, whole", results.WriteLines},
	{"csv", "one line per cell: axes, status, conditions, every unit, seconds by phase", results.WriteCSV},
	{"trace", "CSV with one line per row of each trace", results.WriteTraceCSV},
	{"bench", "the Go benchmark format, for benchstat", results.WriteBench},
}

func exportNames() (list []string) {
	for _, e := range exports {
		list = append(list, e.name)
	}
	return list
}

func exportCommand(stdout, stderr io.Writer) *cobra.Command {
	var format, out string
	var doc strings.Builder
	for _, e := range exports {
		fmt.Fprintf(&doc, "  %-6s %s\n", e.name, e.doc)
	}
	cmd := &cobra.Command{
		Use:                   "export [DIR] [--format " + strings.Join(exportNames(), "|") + "] [--out FILE]",
		DisableFlagsInUseLine: true,
		Short:                 "the records of a run as JSON lines, CSV or benchmark lines",
		Long: "export writes the records of a run, in one order whatever their files are called, to standard output or a file:\n\n" + doc.String() +
			"\nWithout DIR it is the newest run in results/runs. docs/records.md describes the fields and reads them with pandas.",
		Example:           "  benchreport export results/runs/quick --format csv --out quick.csv\n  benchreport export --format trace > trace.csv",
		Args:              oneRunAtMost,
		ValidArgsFunction: runFolders,
		RunE: func(_ *cobra.Command, args []string) error {
			return export(strings.Join(args, ""), format, out, stdout, stderr)
		},
	}
	cmd.Flags().StringVar(&format, "format", "jsonl", strings.Join(exportNames(), ", "))
	cmd.Flags().StringVar(&out, "out", "", "file to write (default: standard output)")
	_ = cmd.RegisterFlagCompletionFunc("format", words(exportNames()...))
	cmd.SetFlagErrorFunc(flagError)
	return cmd
}

// export writes the records of the run in dir. One that cannot be read is named on stderr and left out.
func export(dir, format, out string, stdout, stderr io.Writer) error {
	var write func(io.Writer, []results.Record) error
	for _, e := range exports {
		if e.name == format {
			write = e.write
		}
	}
	if write == nil {
		return fmt.Errorf("--format %s: unknown%s", format, nearest.HintOrAll(format, exportNames()))
	}
	dir, err := runFolder(dir)
	if err != nil {
		return err
	}
	records, broken, err := tables.ReadRecords(dir)
	if err != nil {
		return err
	}
	for _, why := range broken {
		fmt.Fprintln(stderr, "benchreport: left out:", why)
	}
	if out == "" {
		return write(stdout, records)
	}
	f, err := renameio.NewPendingFile(out, renameio.WithTempDir(filepath.Dir(out)), renameio.WithPermissions(0o644))
	if err != nil {
		return fmt.Errorf("--out %s: %w", out, cause(err))
	}
	defer f.Cleanup()
	if err := write(f, records); err != nil {
		return err
	}
	return f.CloseAtomicallyReplace()
}

// cause is the error behind a path, which the message has named already.
func cause(err error) error {
	if p, ok := err.(*os.PathError); ok {
		return p.Err
	}
	return err
}

// runFolder is dir, or the newest run.
func runFolder(dir string) (string, error) {
	if dir == "" {
		return tables.Latest()
	}
	return dir, nil
}
