package diff

import (
	"fmt"

	"ngdbench/results/regimes"
	"ngdbench/results/tables"
)

// conclusion is who leads in a setting for a target, in both runs.
type conclusion struct {
	where, a, b string
	decided     bool // both leaders with a verdict, and they are not the same
}

// conclusions lists the settings and targets in which another class leads.
func (d *Diff) conclusions() (list []conclusion) {
	a, b := leaders(d.A), leaders(d.B)
	for _, x := range a.order {
		y, ok := b.of[x]
		if !ok || word(a.of[x]) == word(y) {
			continue
		}
		list = append(list, conclusion{x, word(a.of[x]), word(y), a.of[x].Decided() && y.Decided()})
	}
	return list
}

// changed says whether a conclusion that both runs are sure of is another one.
func (d *Diff) changed() bool {
	for _, c := range d.conclusions() {
		if c.decided {
			return true
		}
	}
	return false
}

type decisions struct {
	order []string
	of    map[string]*regimes.Decision
}

func leaders(r *tables.Run) decisions {
	d := decisions{of: map[string]*regimes.Decision{}}
	for _, x := range regimes.DecideAll(regimes.Settings(r), []float64{0}) {
		key := fmt.Sprintf("%s, to %s", x.Setting.Label(), tables.Power(x.Target))
		d.order = append(d.order, key)
		d.of[key] = x
	}
	return d
}

func word(d *regimes.Decision) string {
	if l := d.Leader(); l != nil {
		return l.Class
	}
	return "nobody"
}
