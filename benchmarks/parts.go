package benchmarks

import (
	"fmt"
	"strconv"
	"strings"

	"ngdbench/harness"
)

// noParts refuses a value with parts on an axis whose entry has none.
func noParts(c harness.Cell, axis string) error {
	if name, part, more := strings.Cut(c[axis], "+"); more {
		return fmt.Errorf("%s=%s: %s has no part %q", axis, c[axis], name, part)
	}
	return nil
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

func (r *reader) int(name string) int {
	v, err := strconv.Atoi(r.s[name])
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("setting %s=%s: want an integer", name, r.s[name])
	}
	return v
}
