package harness

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ngdbench/results"
)

// shuffleSeed is the seed of the order of the cells, which the manifest records.
const shuffleSeed = 1

// selection is what run and plan change in a suite.
type selection struct {
	seeds, filter          string
	set                    []string
	steps, seconds, target string
}

func (s *selection) flags(cmd *cobra.Command, a *app) {
	f := cmd.Flags()
	f.StringVar(&s.seeds, "seeds", "", "seeds instead of the suite's, as in 1..3 or 1,2,5")
	f.StringVar(&s.filter, "filter", "", "only the cells that match, as in '/opt:(dense OR cg) -/rank:32'")
	f.StringArrayVar(&s.set, "set", nil, "AXIS=VALUE for every cell whose method has it; may be repeated")
	f.StringVar(&s.steps, "steps", "", "budget in steps, instead of the suite's budget")
	f.StringVar(&s.seconds, "seconds", "", "budget in seconds, instead of the suite's budget")
	f.StringVar(&s.target, "target", "", "relative L2 error at which a cell ends")
	_ = cmd.RegisterFlagCompletionFunc("set", func(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		return a.completeCell(c, args, word)
	})
}

// options reads the flags.
func (s *selection) options(o childOptions) (opts Options, err error) {
	opts = Options{Filter: s.filter, GOMAXPROCS: o.gomaxprocs, Kernels: o.kernels, Order: shuffleSeed, Set: Cell{}}
	if s.seeds != "" {
		if opts.Seeds, err = ParseSeeds(s.seeds); err != nil {
			return opts, usage(err)
		}
	}
	set, limits, err := ParseCell(s.set)
	if err != nil {
		return opts, usagef("--set %w", err)
	}
	opts.Set, opts.Limits = set, limits
	for key, value := range map[string]string{"steps": s.steps, "seconds": s.seconds, "target": s.target} {
		if value == "" {
			continue
		}
		if err := setLimit(&opts.Limits, key, value); err != nil {
			return opts, usagef("--%w", err)
		}
	}
	return opts, nil
}

// selectCells reads the suite and lists its cells with the code identity of this program. None at all is an error: most
// often a filter has a slip in it, and a run of nothing would look like a success.
func (a *app) selectCells(o runOptions) (Suite, []Spec, error) {
	opts, err := o.selection.options(o.childOptions)
	if err != nil {
		return Suite{}, nil, err
	}
	suite, err := a.findSuite(o.suite)
	if err != nil {
		return Suite{}, nil, usage(err)
	}
	specs, err := Expand(a.Catalogue, suite, opts)
	if err != nil {
		return Suite{}, nil, usage(err)
	}
	if len(specs) == 0 {
		why := "it has no cells"
		if o.filter != "" {
			why = "no cell matches --filter " + o.filter
		}
		return Suite{}, nil, usagef("suite %s: %s", suite.Name, why)
	}
	code, err := CodeIdentity()
	if err != nil {
		return Suite{}, nil, err
	}
	for i := range specs {
		specs[i].Code = code
	}
	return suite, specs, nil
}

// findSuite takes the name of a suite, or a YAML file.
func (a *app) findSuite(name string) (Suite, error) {
	if slices.Contains([]string{".yaml", ".yml"}, strings.ToLower(filepath.Ext(name))) {
		s, err := LoadSuite(a.Catalogue, name)
		if err != nil {
			err = &exitError{code: ExitUsage, err: err, excerpt: true}
		}
		return s, err
	}
	return a.Suite(name)
}

// defaultFolder is results/runs/SUITE. A name that leads elsewhere is no name.
func defaultFolder(suite string) (string, error) {
	if results.CheckValue("suite", suite) != nil || strings.Trim(suite, ".") == "" {
		return "", usagef("suite name %q: want lower case from [a-z0-9_.+-]", suite)
	}
	return filepath.Join(filepath.FromSlash(runsFolder), suite), nil
}
