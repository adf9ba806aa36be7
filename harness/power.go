package harness

import (
	"fmt"
	"strings"

	"ngdbench/results/stats"
)

// power says of a plan whether its seeds can decide anything, where they cannot: "" where every group of cells that are
// compared has seeds enough for a verdict on each pair. Of several groups it names the one that lacks most.
func power(specs []Spec) string {
	type group struct{ variants, seeds map[string]bool }
	groups := map[string]*group{}
	for _, s := range specs {
		if s.Skip != "" {
			continue
		}
		g := groups[s.section()]
		if g == nil {
			g = &group{map[string]bool{}, map[string]bool{}}
			groups[s.section()] = g
		}
		name, _, _ := strings.Cut(s.Cell.Name(), "/seed=")
		g.variants[name], g.seeds[s.Cell["seed"]] = true, true
	}
	most, text := 0, ""
	for _, where := range sortedKeys(groups) {
		v, n := len(groups[where].variants), len(groups[where].seeds)
		pairs := v * (v - 1) / 2
		if pairs == 0 {
			continue
		}
		if need := (stats.Rule{}).Seeds(pairs); need > n && need-n > most {
			most = need - n
			text = fmt.Sprintf("undecided whatever comes out: %s of %s (%s); a verdict on any of the %s takes %d seeds, on one pair alone %d",
				counted(n, "seed"), counted(v, "solver"), where, counted(pairs, "pair"), need, (stats.Rule{}).Seeds(1))
		}
	}
	return text
}
