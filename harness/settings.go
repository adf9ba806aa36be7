package harness

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"ngdbench/cost"
	"ngdbench/internal/nearest"
	"ngdbench/results"
)

// DefaultSteps is the budget of a cell for which nobody names one.
const DefaultSteps = 100

// Settings that are the loop's and so are known for every solver. A set may also hold limits: steps, seconds, target.
const resampleSetting = "resample" // points are redrawn every so many steps; 0: never

// TableSetting is the digest of the calibration table that a solver decides by: "" in its defaults, and that of the table in use once
// resolved, so that the table is in the key.
const TableSetting = "table"

// priced fills in the table in use.
func (s Settings) priced() {
	if v, ok := s[TableSetting]; ok && v == "" {
		s[TableSetting] = cost.Current().Digest()
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// knows reports whether a setting is the solver's, the loop's or a limit.
func (e SolverEntry) knows(setting string) bool {
	_, own := e.Sets["default"][setting]
	return own || setting == resampleSetting || slices.Contains(limitNames, setting)
}

func (e SolverEntry) settingNames() []string {
	return append(append(sortedKeys(e.Sets["default"]), resampleSetting), limitNames...)
}

// settings is what the set named by the axis means for a solver: its defaults, changed by its own set of that name, then
// by the suite's, as far as the solver knows the settings there. A set that another solver has is a *Refusal.
func (c Catalogue) settings(e SolverEntry, suite map[string]Settings, set string) (Settings, error) {
	own, has := e.Sets[set]
	if !has && suite[set] == nil && set != "default" {
		all := c.setNames(suite)
		if slices.Contains(all, set) {
			return nil, refuse("set=%s: opt=%s has no such set", set, e.Name)
		}
		return nil, fmt.Errorf("unknown set %q%s", set, nearest.HintOrAll(set, all))
	}
	out := maps.Clone(e.Sets["default"])
	if out == nil {
		out = Settings{}
	}
	for _, name := range sortedKeys(own) {
		if !e.knows(name) {
			return nil, fmt.Errorf("set %s of opt=%s: unknown setting %q%s", set, e.Name, name, nearest.HintOrAll(name, e.settingNames()))
		}
		out[name] = own[name]
	}
	for name, v := range suite[set] {
		if e.knows(name) {
			out[name] = v
		}
	}
	return out, nil
}

// setNames lists the sets that there are: every solver's, and the suite's own.
func (c Catalogue) setNames(suite map[string]Settings) []string {
	all := append(sortedKeys(suite), "default")
	for _, s := range c.Solvers {
		all = append(all, sortedKeys(s.Sets)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// complete checks settings that came with a specification and adds the defaults of those that did not.
func (e SolverEntry) complete(s Settings) (Settings, error) {
	out := maps.Clone(e.Sets["default"])
	if out == nil {
		out = Settings{}
	}
	for _, name := range sortedKeys(s) {
		if !e.knows(name) {
			return nil, fmt.Errorf("opt=%s: unknown setting %q%s", e.Name, name, nearest.HintOrAll(name, e.settingNames()))
		}
		out[name] = s[name]
	}
	return out, nil
}

// takeLimits moves the limits out of settings and puts what was said over them; with no budget at all it is DefaultSteps.
func takeLimits(s Settings, said results.Limits) (results.Limits, error) {
	var l results.Limits
	if !(said.Steps >= 0 && said.Seconds >= 0 && said.Target >= 0) { // NaN is none of these
		return l, fmt.Errorf("limits %+v: below zero", said)
	}
	for _, name := range limitNames {
		if v, ok := s[name]; ok {
			if err := setLimit(&l, name, v); err != nil {
				return l, err
			}
			delete(s, name)
		}
	}
	l = override(l, said)
	if l.Steps == 0 && l.Seconds == 0 {
		l.Steps = DefaultSteps
	}
	return l, nil
}

// resampleEvery is the number of steps between redraws, usual where no setting says it.
func (s Settings) resampleEvery(usual int) (int, error) {
	v, ok := s[resampleSetting]
	if !ok {
		return usual, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s=%s: want an integer ≥ 0", resampleSetting, v)
	}
	return n, nil
}
