package harness

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"ngdbench/internal/nearest"
	"ngdbench/results"
)

// limitNames are the words that stand beside axes and are none.
var limitNames = []string{"steps", "seconds", "target"}

// ParseCell reads words such as opt=nystrom, seed=1, steps=50: the axes that were said, nothing filled in, and the
// limits. A word that is no AXIS=VALUE, an unknown key, a key said twice and a value outside the grammar are errors.
func ParseCell(words []string) (Cell, results.Limits, error) {
	cell, limits, said := Cell{}, results.Limits{}, map[string]bool{}
	for _, w := range words {
		key, value, ok := strings.Cut(w, "=")
		if !ok {
			return nil, limits, fmt.Errorf("%q is not KEY=VALUE%s", w, nearest.Hint(w, cellKeys()))
		}
		if said[key] {
			return nil, limits, fmt.Errorf("%s= is said twice", key)
		}
		said[key] = true
		var err error
		if results.IsAxis(key) {
			cell[key], err = value, results.CheckValue(key, value)
		} else {
			err = setLimit(&limits, key, value)
		}
		if err != nil {
			return nil, limits, err
		}
	}
	return cell, limits, nil
}

func cellKeys() []string { return append(results.AxisNames(), limitNames...) }

// setLimit reads one limit. All are positive: a budget of nothing trains nothing.
func setLimit(l *results.Limits, key, value string) (err error) {
	switch key {
	case "steps":
		l.Steps, err = strconv.Atoi(value)
		if err != nil || l.Steps <= 0 {
			return fmt.Errorf("steps=%s: want an integer > 0", value)
		}
	case "seconds":
		l.Seconds, err = positive(key, value)
	case "target":
		l.Target, err = positive(key, value)
	default:
		return fmt.Errorf("unknown key %q%s", key, nearest.HintOrAll(key, cellKeys()))
	}
	return err
}

func positive(key, value string) (float64, error) {
	v, err := strconv.ParseFloat(value, 64)
	if err != nil || !(v > 0) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%s=%s: want a number > 0", key, value)
	}
	return v, nil
}

// override puts what was said over l. Steps and seconds are one budget: saying either replaces both.
func override(l, said results.Limits) results.Limits {
	if said.Steps > 0 || said.Seconds > 0 {
		l.Steps, l.Seconds = said.Steps, said.Seconds
	}
	if said.Target > 0 {
		l.Target = said.Target
	}
	return l
}

// Parts splits a value at each +: "dual+spring" is dual and [spring].
func Parts(value string) (string, []string) {
	words := strings.Split(value, "+")
	return words[0], words[1:]
}

// head is a value up to its first +.
func head(value string) string { h, _ := Parts(value); return h }
