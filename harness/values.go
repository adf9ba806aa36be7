package harness

import (
	"fmt"
	"strconv"
	"strings"

	"ngdbench/internal/nearest"
	"ngdbench/results"
	"ngdbench/solvers"
)

// absent is what an axis holds where the method has no such part.
var absent = Cell{"rank": "0", "damp": "none", "search": "none"}

// partNames are what the axes of absent are called in messages.
var partNames = map[string]string{"rank": "rank", "damp": "damping", "search": "step length rule"}

func (u Uses) reads(axis string) bool {
	return map[string]bool{"rank": u.Rank, "damp": u.Damp, "search": u.Search}[axis]
}

// fitUses makes the axes that the solver does not read absent, and refuses a cell that says something there.
func fitUses(e SolverEntry, r Cell) (refusal *Refusal) {
	for _, axis := range []string{"rank", "damp", "search"} {
		if e.Uses.reads(axis) {
			continue
		}
		if v, said := r[axis]; said && v != absent[axis] && refusal == nil {
			refusal = refuse("%s=%s: opt=%s has no %s", axis, v, r["opt"], partNames[axis])
			continue // the row keeps what was said
		}
		lendOne(r, axis, absent[axis])
	}
	return refusal
}

// checkWords refuses unknown axes and values that would break a name.
func checkWords(said Cell) error {
	for _, axis := range sortedKeys(said) {
		if !results.IsAxis(axis) {
			return fmt.Errorf("unknown axis %q%s", axis, nearest.HintOrAll(axis, results.AxisNames()))
		}
		if err := results.CheckValue(axis, said[axis]); err != nil {
			return err
		}
		if strings.HasPrefix(said[axis], "+") || strings.HasSuffix(said[axis], "+") || strings.Contains(said[axis], "++") {
			return fmt.Errorf("%s=%s: an empty part beside +", axis, said[axis])
		}
	}
	return nil
}

// checkValues checks the grammar of a complete cell. It reports malformed values first, then what does not fit.
func checkValues(e SolverEntry, r Cell) error {
	for _, axis := range []string{"net", "points"} {
		if r[axis] == "" {
			return fmt.Errorf("%s= must be said: problem=%s suggests none", axis, r["problem"])
		}
	}
	for _, check := range []func(Cell) error{checkSeed, checkNet, checkPoints, checkRank, checkDamp, checkSearch} {
		if err := check(r); err != nil {
			return err
		}
	}
	for _, axis := range []string{"rank", "damp", "search"} {
		if e.Uses.reads(axis) && r[axis] == absent[axis] {
			return refuse("%s=%s: opt=%s needs a %s", axis, r[axis], r["opt"], partNames[axis])
		}
	}
	return nil
}

func checkSeed(r Cell) error {
	if _, err := strconv.ParseUint(r["seed"], 10, 63); err != nil {
		return fmt.Errorf("seed=%s: want an integer ≥ 0", r["seed"])
	}
	return nil
}

func checkRank(r Cell) error {
	if r["rank"] == "auto" {
		return nil
	}
	if n, err := strconv.Atoi(r["rank"]); err != nil || n < 0 {
		return fmt.Errorf("rank=%s: want an integer ≥ 0 or auto", r["rank"])
	}
	return nil
}

func checkDamp(r Cell) error {
	if r["damp"] == absent["damp"] {
		return nil
	}
	_, err := solvers.ParseDamping(r["damp"])
	return err
}

func checkSearch(r Cell) error {
	if r["search"] == absent["search"] {
		return nil
	}
	_, err := solvers.ParseSearch(r["search"])
	return err
}

// checkNet refuses widths below one.
func checkNet(r Cell) error {
	shape := head(r["net"])
	if named(shape) {
		return nil
	}
	widths := strings.Split(shape, "x")
	for _, w := range widths {
		if n, err := strconv.Atoi(w); err != nil || n < 1 {
			return fmt.Errorf("net=%s: want widths ≥ 1 joined by x, as in 2x64x1", r["net"])
		}
	}
	if len(widths) < 2 {
		return fmt.Errorf("net=%s: want input and output widths, as in 2x64x1", r["net"])
	}
	return nil
}

// checkPoints wants a positive number of interior points, and numbers ≥ 0 of others. Parts that are no numbers are the
// formulation's to read.
func checkPoints(r Cell) error {
	for i, part := range strings.Split(r["points"], "+") {
		n, err := strconv.Atoi(part)
		if i == 0 && (err != nil || n < 1) {
			return fmt.Errorf("points=%s: want a number > 0 of interior points first, as in 900+120", r["points"])
		}
		if err == nil && n < 0 {
			return fmt.Errorf("points=%s: %d points", r["points"], n)
		}
	}
	return nil
}
