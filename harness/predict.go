package harness

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"ngdbench/cost"
	"ngdbench/objective"
	"ngdbench/results"
	"ngdbench/solvers"
)

// preview is what plan knows of a cell: why it would be skipped, or what it should cost by the calibration table in use.
type preview struct {
	misfit string
	step   float64 // seconds of one step
	bytes  float64 // of workspace, as work-B counts it
	known  bool    // false where the solver or a part of it does not say
}

// seconds are those of a training within its limits.
func (p preview) seconds(l results.Limits) float64 {
	if !p.known || l.Steps == 0 {
		return l.Seconds
	}
	s := float64(l.Steps) * p.step
	if l.Seconds > 0 {
		s = math.Min(s, l.Seconds)
	}
	return s
}

// words is "  about 12 s, 240 MB", or the number of steps where seconds are the limit.
func (p preview) words(l results.Limits) string {
	if !p.known {
		return ""
	}
	if l.Steps == 0 {
		return fmt.Sprintf("  about %s steps, %s MB", rough(l.Seconds/p.step), rough(p.bytes/1e6))
	}
	return fmt.Sprintf("  about %s s, %s MB", rough(p.seconds(l)), rough(p.bytes/1e6))
}

// rough is a number to two digits, never in exponents.
func rough(v float64) string {
	if !(v > 0) {
		return "0"
	}
	unit := math.Pow(10, math.Floor(math.Log10(v))-1)
	return strconv.FormatFloat(math.Round(v/unit)*unit, 'f', max(0, -int(math.Round(math.Log10(unit)))), 64)
}

// previews looks at the cells of one suite, once for all seeds of one: there its name says the settings too.
type previews struct {
	Catalogue
	table *cost.Table
	known map[string]preview
}

func (c Catalogue) previews(t *cost.Table) previews { return previews{c, t, map[string]preview{}} }

// of makes the problem, the objective and the solver, for a rank above P shows only there. What Start refuses shows in the
// run alone.
func (p previews) of(s Spec) preview {
	if s.Skip != "" {
		return preview{misfit: s.Skip}
	}
	name, _, _ := strings.Cut(s.Cell.Name(), "/seed=") // which is last
	key := fmt.Sprintf("%s %s %d", s.Block, name, s.GOMAXPROCS)
	v, seen := p.known[key]
	if !seen {
		v = p.look(s)
		p.known[key] = v
	}
	return v
}

// seconds is a guess where the forecast knows nothing.
func (p previews) seconds(s Spec) float64 {
	if s.Limits.Steps == 0 {
		return s.Limits.Seconds
	}
	switch v := p.of(s); {
	case v.misfit != "":
		return 0
	case v.known:
		return v.seconds(s.Limits)
	}
	return cmp.Or(s.Limits.Seconds, 1)
}

func (p previews) look(s Spec) preview {
	t, err := p.Training(s)
	if err != nil {
		return preview{misfit: err.Error()}
	}
	f, ok := t.Solver.(solvers.Forecaster)
	if !ok {
		return preview{}
	}
	shape := objective.ShapeOf(t.Objective)
	w, floats, ok := f.Forecast(&shape)
	return preview{step: p.table.For(s.GOMAXPROCS).Seconds(&w), bytes: 8 * floats, known: ok}
}
