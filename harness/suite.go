package harness

import (
	"fmt"
	"slices"
	"strings"

	"ngdbench/internal/nearest"
	"ngdbench/results"
)

// Suite finds a suite of the catalogue.
func (c Catalogue) Suite(name string) (Suite, error) {
	all := make([]string, len(c.Suites))
	for i, s := range c.Suites {
		if s.Name == name {
			return s, nil
		}
		all[i] = s.Name
	}
	return Suite{}, fmt.Errorf("unknown suite %q%s", name, nearest.HintOrAll(name, all))
}

// checkSuiteName refuses a name that is no name of a folder under results/runs.
func checkSuiteName(name string) error {
	if err := results.CheckValue("suite", name); err != nil {
		return err
	}
	if c := name[0]; c == '.' || c == '-' || c == '+' {
		return fmt.Errorf("suite=%s: a name begins with a letter or digit", name)
	}
	return nil
}

// checkSuite refuses what would make records of one suite ambiguous, and settings that no solver knows.
func checkSuite(c Catalogue, s Suite) error {
	if err := checkSuiteName(s.Name); err != nil {
		return err
	}
	blocks := map[string]bool{}
	for _, b := range s.Blocks {
		if blocks[b.Name] {
			return fmt.Errorf("suite %s: two blocks are called %q", s.Name, b.Name)
		}
		blocks[b.Name] = true
		if err := results.CheckValue("block", b.Name); err != nil && b.Name != "" { // one block in a catalogue needs no name
			return fmt.Errorf("suite %s: %w", s.Name, err)
		}
		if err := c.checkBlock(b); err != nil {
			return fmt.Errorf("suite %s, block %s: %w", s.Name, b.Name, err)
		}
	}
	for _, name := range sortedKeys(s.Profiles) {
		if err := results.CheckValue("profile", name); err != nil {
			return fmt.Errorf("suite %s: %w", s.Name, err)
		}
		if err := s.Profiles[name].check(c); err != nil {
			return fmt.Errorf("suite %s, profile %s: %w", s.Name, name, err)
		}
	}
	for _, set := range sortedKeys(s.Settings) {
		if err := results.CheckValue("set", set); err != nil {
			return fmt.Errorf("suite %s, settings: %w", s.Name, err)
		}
		for _, name := range sortedKeys(s.Settings[set]) {
			if err := c.checkSetting(name); err != nil {
				return fmt.Errorf("suite %s, set %s: %w", s.Name, set, err)
			}
		}
	}
	return nil
}

// checkBlock refuses axes without values, unknown axes, malformed values and unknown names, those in exclude too: there a
// slip would exclude nothing, in silence.
func (c Catalogue) checkBlock(b Block) error {
	cells := append(slices.Clone(b.Variants), b.Exclude...)
	for _, axis := range sortedKeys(b.Axes) {
		if len(b.Axes[axis]) == 0 {
			return fmt.Errorf("axis %s has no values", axis)
		}
		for _, v := range b.Axes[axis] {
			cells = append(cells, Cell{axis: v})
		}
	}
	for _, cell := range cells {
		if _, said := cell["seed"]; said {
			return fmt.Errorf("seed is no axis of a grid: say seeds")
		}
		if err := checkWords(cell); err != nil {
			return err
		}
		for _, axis := range sortedKeys(cell) {
			if err := c.checkName(axis, cell[axis]); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkName refuses a value whose head must be the name of an entry and is none.
func (c Catalogue) checkName(axis, value string) (err error) {
	probe := Cell{axis: value}
	switch axis {
	case "problem":
		_, err = find(axis, c.Problems, entryHead, probe)
	case "net":
		_, err = c.findNetwork(probe)
	case "form":
		_, err = find(axis, c.Formulations, entryHead, probe)
	case "metric":
		_, err = c.findMetric(probe)
	case "opt":
		_, err = find(axis, c.Solvers, solverHead, probe)
	}
	return err
}

// checkSetting refuses a setting that no solver of the catalogue knows, with all its parts.
func (c Catalogue) checkSetting(name string) error {
	var all []string
	for _, e := range c.Solvers {
		if e = e.withParts(strings.Join(append([]string{e.Name}, sortedKeys(e.Parts)...), "+")); e.knows(name) {
			return nil
		}
		all = append(all, e.settingNames()...)
	}
	return fmt.Errorf("no solver knows the setting %q%s", name, nearest.HintOrAll(name, all))
}
