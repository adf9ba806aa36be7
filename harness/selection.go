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
	profile, seeds, filter string
	set                    []string
	steps, seconds, target string

	shards string
	shard  shard // once checked
}

// title is the suite, and which shard of it.
func (s *selection) title(suite Suite) string {
	if s.shard.of == 0 {
		return suite.Name
	}
	return suite.Name + " shard " + s.shard.String()
}

func (s *selection) flags(cmd *cobra.Command, a *app) {
	f := cmd.Flags()
	f.StringVar(&s.profile, "profile", "", "one of the suite's profiles: a size of it, with a folder of its own")
	f.StringVar(&s.seeds, "seeds", "", "seeds instead of the suite's, as in 1..3 or 1,2,5")
	f.StringVar(&s.filter, "filter", "", "only the cells that match, as in '/opt:(dense OR cg) -/rank:32'")
	f.StringArrayVar(&s.set, "set", nil, "AXIS=VALUE for every cell whose method has it; may be repeated")
	f.StringVar(&s.steps, "steps", "", "budget in steps, instead of the suite's budget")
	f.StringVar(&s.seconds, "seconds", "", "budget in seconds, instead of the suite's budget")
	f.StringVar(&s.target, "target", "", "relative L2 error at which a cell ends")
	f.StringVar(&s.shards, "shard", "", "I/N: only part I of N of the cells, split by predicted cost (see benchrun help collect)")
	_ = cmd.RegisterFlagCompletionFunc("set", func(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		return a.completeCell(c, args, word)
	})
	_ = cmd.RegisterFlagCompletionFunc("profile", func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		return a.profileNames(args), cobra.ShellCompDirectiveNoFileComp
	})
	a.completesFilter(cmd)
}

func (a *app) completesFilter(cmd *cobra.Command) {
	_ = cmd.RegisterFlagCompletionFunc("filter", func(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
		return a.completeFilter(word), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

// profileNames are the profiles of the suite that stands on the command line.
func (a *app) profileNames(args []string) (list []string) {
	if len(args) == 0 {
		return nil
	}
	suite, err := a.findSuite(args[0])
	if err != nil {
		return nil
	}
	for _, name := range sortedKeys(suite.Profiles) {
		list = append(list, name+"\t"+suite.Profiles[name].Doc)
	}
	return list
}

// completeFilter completes the last term of a filter: its key, or a value of a key that is an axis.
func (a *app) completeFilter(word string) (list []string) {
	at := strings.LastIndexAny(word, " (") + 1
	if strings.HasPrefix(word[at:], "-") {
		at++
	}
	before, term := word[:at], word[at:]
	key, _, valued := strings.Cut(term, ":")
	if !valued {
		for _, axis := range results.AxisNames() {
			list = append(list, before+"/"+axis+":")
		}
		return list
	}
	for _, v := range a.valuesOf(strings.TrimPrefix(key, "/")) {
		list = append(list, before+key+":"+v)
	}
	return list
}

// options reads the flags.
func (s *selection) options(o childOptions) (opts Options, err error) {
	opts = Options{Filter: s.filter, GOMAXPROCS: o.gomaxprocs, Kernels: o.kernels, Order: shuffleSeed, Set: Cell{}}
	if s.shard, err = parseShard(s.shards); err != nil {
		return opts, err
	}
	if s.seeds != "" && slices.ContainsFunc(s.set, func(w string) bool { return strings.HasPrefix(w, "seed=") }) {
		return opts, usagef("--seeds beside --set seed=: say one of them")
	}
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
func (a *app) selectCells(o *runOptions) (Suite, []Spec, error) {
	opts, err := o.selection.options(o.childOptions)
	if err != nil {
		return Suite{}, nil, err
	}
	suite, err := a.findSuite(o.suite)
	if err != nil {
		return Suite{}, nil, usage(err)
	}
	profile, err := suite.profile(o.profile)
	if err != nil {
		return Suite{}, nil, usage(err)
	}
	opts = profile.under(opts)
	specs, err := Expand(a.Catalogue, suite, opts)
	if err != nil {
		return Suite{}, nil, usage(err)
	}
	if len(specs) == 0 {
		why := "it has no cells"
		if opts.Filter != "" {
			why = "no cell matches the filter " + opts.Filter
		}
		return Suite{}, nil, usagef("suite %s: %s", suite.Name, why)
	}
	o.shard.grid = gridOf(specs)
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
	if isSuiteFile(name) {
		s, err := LoadSuite(a.Catalogue, name)
		if err != nil {
			err = &exitError{code: ExitUsage, err: err, excerpt: true}
		}
		return s, err
	}
	return a.Suite(name)
}

// folder is where the results go: --out, else results/runs/SUITE, with @PROFILE behind it, which no suite is called. A suite of a file may not take
// the folder of one that is built in.
func (a *app) folder(o runOptions, suite Suite) (string, error) {
	if o.out != "" {
		return o.out, nil
	}
	if _, err := a.Suite(suite.Name); err == nil && isSuiteFile(o.suite) {
		return "", usagef("%s: its name %s is that of a built-in suite, whose folder it would share: rename it, or say --out", o.suite, suite.Name)
	}
	name := suite.Name
	if o.profile != "" {
		name += "@" + o.profile
	}
	return filepath.Join(filepath.FromSlash(runsFolder), name), nil
}

func isSuiteFile(name string) bool {
	return slices.Contains([]string{".yaml", ".yml"}, strings.ToLower(filepath.Ext(name)))
}
