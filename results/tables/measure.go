package tables

import (
	"fmt"
	"strconv"
	"strings"

	"ngdbench/internal/nearest"
	"ngdbench/results"
	"ngdbench/results/stats"
)

// Measure is a quantity of a cell that tables and figures show.
type Measure struct {
	Name   string
	Doc    string
	Better int // -1 lower, +1 higher, 0 neither
	Of     func(Cell) stats.Quantity
	Format func(float64) string
}

// measureWords are the measures that are no unit of a record, for messages.
var measureWords = []string{"seconds", "ms/step", "time:TARGET", "steps:TARGET", "best:UNIT"}

// MeasureOf reads the name of a measure: a unit of records (the final value), seconds, ms/step, best:UNIT (the best of the
// trace), time:TARGET and steps:TARGET (to that relative L2 error, censored where it was missed).
func MeasureOf(name string) (Measure, error) {
	head, tail, parts := strings.Cut(name, ":")
	switch {
	case name == "seconds":
		return Measure{name, "Seconds of training, evaluation of errors left out.", -1, Cell.ownSeconds, Plain}, nil
	case name == "ms/step":
		return Measure{name, "Milliseconds of training by steps taken.", -1, timed(StepTime), Plain}, nil
	case parts && (head == "time" || head == "steps"):
		target, err := strconv.ParseFloat(tail, 64)
		if err != nil || !(target > 0) {
			return Measure{}, fmt.Errorf("unit %s: want a relative L2 error > 0 behind the colon, as in %s:1e-5", name, head)
		}
		if head == "steps" {
			return Measure{name, "Steps to the first trace row at that relative L2 error.", -1, func(c Cell) stats.Quantity { return c.StepsTo(target) }, Whole}, nil
		}
		return Measure{name, "Seconds to the first trace row at that relative L2 error.", -1, timed(func(c Cell) stats.Quantity { return c.TimeTo(target) }), Plain}, nil
	case parts && head == "best":
		u, ok := results.UnitOf(tail)
		if !ok {
			break
		}
		return Measure{name, "The best of the trace: " + u.Doc + ".", u.Better, func(c Cell) stats.Quantity { return known(c.Best[tail], hasUnit(c.Best, tail)) }, formatOf(tail)}, nil
	}
	u, ok := results.UnitOf(name)
	if !ok {
		list := append([]string{}, measureWords...)
		for _, u := range results.Units {
			list = append(list, u.Name)
		}
		return Measure{}, fmt.Errorf("unknown unit %q%s", name, nearest.HintOrAll(name, list))
	}
	return Measure{name, "At the end of the training: " + u.Doc + ".", u.Better, func(c Cell) stats.Quantity { return c.Metric(name) }, formatOf(name)}, nil
}

func hasUnit(m map[string]results.Float, unit string) bool {
	_, ok := m[unit]
	return ok
}

func known(v results.Float, ok bool) stats.Quantity {
	if !ok {
		return stats.Quantity{}
	}
	return stats.Known(float64(v))
}

// timed is absent for a cell whose clock was not its own.
func timed(f func(Cell) stats.Quantity) func(Cell) stats.Quantity {
	return func(c Cell) stats.Quantity {
		if !c.OwnTime() {
			return stats.Quantity{}
		}
		return f(c)
	}
}

// ownSeconds is the training time of a cell whose process came to its end.
func (c Cell) ownSeconds() stats.Quantity {
	if !c.OwnTime() || results.Failed(c.Status) {
		return stats.Quantity{}
	}
	return stats.Known(c.seconds())
}

// formatOf is how tables write a unit.
func formatOf(unit string) func(float64) string {
	switch unit {
	case "steps", "cg-iters", "products", "losses":
		return Whole
	case "peak-rss-B", "work-B":
		return Memory
	case "ns/op", "model-ns", "cpu-ns", "l2-digits", "grad-equivalents", "effectivity", "of-peak":
		return Plain
	}
	return Scientific
}
