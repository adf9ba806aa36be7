package harness

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"ngdbench/internal/nearest"
	"ngdbench/results"
)

// Profile is a named size of a suite: what it says stands instead of what the suite's blocks say. Its records go to a
// folder of their own.
type Profile struct {
	Doc    string         `json:"doc,omitempty"`
	Filter string         `json:"filter,omitempty"` // only these cells
	Set    Cell           `json:"set,omitempty"`    // axes said for every cell whose method has them, as by --set
	Seeds  []int          `json:"seeds,omitempty"`
	Limits results.Limits `json:"limits"`
	Jobs   int            `json:"jobs,omitempty"`

	Timeout time.Duration `json:"timeout_ns,omitempty"`
	Memory  int64         `json:"memory_bytes,omitempty"`
}

// profile finds a profile by name; "" is the suite as it stands.
func (s Suite) profile(name string) (Profile, error) {
	p, ok := s.Profiles[name]
	if !ok && name != "" {
		if len(s.Profiles) == 0 {
			return p, fmt.Errorf("suite %s has no profiles", s.Name)
		}
		return p, fmt.Errorf("suite %s: unknown profile %q%s", s.Name, name, nearest.HintOrAll(name, sortedKeys(s.Profiles)))
	}
	return p, nil
}

// check refuses what could not be run.
func (p Profile) check(c Catalogue) error {
	if _, err := results.NewFilter(p.Filter); err != nil {
		return err
	}
	return c.checkBlock(Block{Variants: []Cell{p.Set}})
}

// under puts what o says over the profile.
func (p Profile) under(o Options) Options {
	set := maps.Clone(p.Set)
	if set == nil {
		set = Cell{}
	}
	maps.Copy(set, o.Set)
	o.Set, o.Limits = set, override(p.Limits, o.Limits)
	if len(o.Seeds) == 0 {
		o.Seeds = slices.Clone(p.Seeds)
	}
	o.Filter = bothFilters(p.Filter, o.Filter)
	return o
}

// bothFilters keeps what both keep.
func bothFilters(a, b string) string {
	if a == "" || b == "" {
		return cmp.Or(a, b)
	}
	return "(" + a + ") (" + b + ")"
}
