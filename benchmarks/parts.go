package benchmarks

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ngdbench/harness"
	"ngdbench/internal/nearest"
)

// noParts refuses a value with parts on an axis whose entry has none.
func noParts(c harness.Cell, axis string) error {
	if name, part, more := strings.Cut(c[axis], "+"); more {
		return fmt.Errorf("%s=%s: %s has no part %q", axis, c[axis], name, part)
	}
	return nil
}

// readForm hands the parts of form to whoever knows them, by name; a name that ends in # takes a number, as w# does in
// w10. A part that is unknown, there twice, or wrong, is an error.
func readForm(c harness.Cell, known map[string]func(arg float64) error) error {
	name, parts := harness.Parts(c["form"])
	seen := map[string]bool{}
	for _, part := range parts {
		key, arg := part, 0.0
		if known[key] == nil {
			at := strings.IndexAny(part, "0123456789.")
			if v, err := strconv.ParseFloat(part[max(at, 0):], 64); err == nil && at > 0 {
				key, arg = part[:at]+"#", v
			}
		}
		take := known[key]
		switch {
		case take == nil:
			return fmt.Errorf("form=%s: %s has no part %q%s", c["form"], name, part, nearest.HintOrAll(part, shown(known)))
		case seen[key]:
			return fmt.Errorf("form=%s: the part %q twice", c["form"], part)
		}
		seen[key] = true
		if err := take(arg); err != nil {
			return fmt.Errorf("form=%s: %w", c["form"], err)
		}
	}
	return nil
}

// shown are the names of parts for a reader: kN takes a number.
func shown(known map[string]func(arg float64) error) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(known)) {
		names = append(names, strings.Replace(name, "#", "N", 1))
	}
	return names
}

// merged is a with b's entries put over its own.
func merged[M ~map[string]V, V any](a, b M) M {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// reader reads settings, each once; err is the first thing wrong.
type reader struct {
	s   harness.Settings
	err error
}

func (r *reader) float(name string) float64 {
	v, err := strconv.ParseFloat(r.s[name], 64)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("setting %s=%s: want a number", name, r.s[name])
	}
	return v
}

// nonzero is float for a setting that has a part for its own, which 0 would switch off.
func (r *reader) nonzero(name, want string) float64 {
	v := r.float(name)
	if v == 0 && r.err == nil {
		r.err = fmt.Errorf("setting %s=0: want a number %s", name, want)
	}
	return v
}

func (r *reader) int(name string) int {
	v, err := strconv.Atoi(r.s[name])
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("setting %s=%s: want an integer", name, r.s[name])
	}
	return v
}
