package harness

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/spf13/cobra"
)

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init FILE.yaml",
		Short: "Write a suite file to start from: a commented example that runs",
		Long: `init writes a small suite with every key of a suite file in it, those that it does not need as comments. It runs as
it is, in less than a minute. A file that is there is left alone.`,
		Example: `  benchrun init my.yaml && benchrun plan my.yaml && benchrun run my.yaml`,
		Args:    exactArgs(1, "the name of a YAML file"),
		RunE:    func(_ *cobra.Command, args []string) error { return a.init(args[0]) },
	}
}

// init writes the example, with names of this catalogue, and reads it back before anybody else does.
func (a *app) init(path string) error {
	if !isSuiteFile(path) {
		return usagef("init %s: a suite file ends in .yaml", path)
	}
	text, err := a.exampleSuite(path)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usagef("init %s: there is such a file; it stays as it is", path)
	}
	if err != nil {
		return usagef("init %s: %w", path, cause(err))
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%s written. What it would run: benchrun plan %s\n", path, path)
	return err
}

// exampleSuite fills the template: the usual names where the catalogue has them, else its first ones.
func (a *app) exampleSuite(path string) ([]byte, error) {
	words := struct{ Suite, Problem, Net, Points, Plain, Other, Ranked, Setting string }{Suite: a.freeName(path)}
	words.Problem = oneOf(names(a.Problems, entryHead), "poisson2d")
	solverNames := names(slices.DeleteFunc(slices.Clone(a.Solvers), func(e SolverEntry) bool { return e.Uses.Rank }), solverHead)
	words.Plain = oneOf(solverNames, "dense")
	words.Other = oneOf(slices.DeleteFunc(solverNames, func(s string) bool { return s == words.Plain }), "lbfgs")
	words.Ranked = oneOf(names(slices.DeleteFunc(slices.Clone(a.Solvers), func(e SolverEntry) bool { return !e.Uses.Rank }), solverHead), "nystrom")
	r, err := a.Resolve(Cell{"problem": words.Problem, "opt": words.Plain})
	if err != nil {
		return nil, err
	}
	words.Net, words.Points, words.Setting = r["net"], r["points"], a.exampleSetting(words.Other, words.Plain)
	var b bytes.Buffer
	if err := template.Must(template.New("").Parse(suiteTemplate)).Execute(&b, words); err != nil {
		return nil, err
	}
	_, err = ParseSuite(a.Catalogue, path, b.Bytes())
	return b.Bytes(), err
}

// freeName is the name of the file without what no suite may be called, and not the name of a built-in one.
func (a *app) freeName(path string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, strings.ToLower(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))))
	if name = strings.TrimLeft(name, "_"); name == "" {
		name = "mine"
	}
	if _, err := a.Suite(name); err == nil {
		name = "my_" + name
	}
	return name
}

// oneOf is want where it is in the list, else the first of the list, else "".
func oneOf(list []string, want string) string {
	switch {
	case slices.Contains(list, want):
		return want
	case len(list) > 0:
		return list[0]
	}
	return ""
}

// exampleSetting is "NAME: VALUE" of the first setting that one of the solvers has, with its default.
func (a *app) exampleSetting(opts ...string) string {
	for _, opt := range opts {
		for _, e := range a.Solvers {
			if e.Name != opt {
				continue
			}
			for _, name := range sortedKeys(e.Sets["default"]) {
				if v := e.Sets["default"][name]; v != "" {
					return fmt.Sprintf("%s: %s", name, v)
				}
			}
		}
	}
	return "steps: 100"
}

const suiteTemplate = `# A suite: each combination of the axes below is a cell, trained once for each seed, in a process of its own.
#   benchrun plan FILE      what would run, and why
#   benchrun run FILE       runs what is missing, as often as you like
#   benchreport             tables and figures of the newest run
# Values are read as they stand: 1e-4 is a number, no is the word no. A word that is misspelt is refused with its line.

schema: 1                 # of this file format
suite: {{.Suite}}         # its folder is results/runs/{{.Suite}}
doc: an example to start from

# Axes (benchrun help axes): a value or a list. What is not said is lent by solver, formulation and problem.
axes:
  problem: [{{.Problem}}] # benchrun list problems
  net: [{{.Net}}]
  points: ["{{.Points}}"]
  # form: [pinn]          # benchrun list formulations
  # damp: [1e-6, 1e-10]   # every value of an axis with every value of the others

# Linked axes: each line goes with all of the axes above, so that a rank stands only beside a method that has one.
variants:
  - {opt: {{.Plain}}}     # benchrun list solvers
{{- if .Other}}
  - {opt: {{.Other}}}
{{- end}}
{{- if .Ranked}}
  - {opt: {{.Ranked}}, rank: [32, 128]}
{{- end}}
# include:                # more cells, beside the product
#   - {opt: {{.Plain}}, set: mine}
# exclude:                # these combinations are no cells
#   - {opt: {{.Plain}}, net: {{.Net}}}

# Named settings for the axis set, beside the solvers' own.
settings:
  mine: { {{- .Setting -}} }

seeds: 1..3               # 1..10 for verdicts on a pair, more where many are compared
limits: {seconds: 1}      # or steps: 50; target: 1e-4 ends a cell at that relative L2 error
targets: [1e-2, 1e-3]     # errors by which the report ranks times
jobs: 1                   # cells side by side; 1 for times that nothing disturbs
gomaxprocs: 1             # threads of each cell
timeout: 5m               # hard limit of a cell's wall time
# memory: 4GiB            # of a cell's memory (Linux)
# diagnose: true          # spectrum and effective dimension of each step into the trace, as by --diagnose

# Sizes of the suite: benchrun run FILE --profile smoke
profiles:
  smoke: {doc: a few seconds, seeds: 1, limits: {steps: 3}}
  paper: {doc: for verdicts, seeds: 1..10, limits: {seconds: 30}}

# Several grids in one suite: put axes, variants, seeds, limits … into a list instead.
# blocks:
#   - {name: small, axes: {net: [{{.Net}}]}}
`
