package benchmarks

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"ngdbench/cost"
	"ngdbench/linalg/lowrank"
	"ngdbench/results/regimes"
	"ngdbench/solvers"
	ng "ngdbench/solvers/naturalgradient"
)

// Prices is a regimes.Model: it prices a typical step of each class by the calibration table in use, the cheapest method of
// a class first.
func Prices(q regimes.Query, rank int) (list []regimes.Priced) {
	shape := typicalShape(q)
	column := cost.Current().For(max(1, q.Threads))
	k := min(rank, shape.Params)
	for _, m := range []struct {
		name      string
		direction solvers.Direction
	}{
		{"dense", &ng.Dense{}}, {"dual", &ng.Dual{}}, {"cg", &ng.CG{}},
		{fmt.Sprintf("nystrom rank=%d", k), &ng.CG{Precond: &lowrank.Nystrom{Rank: k}}},
	} {
		method := &ng.Method{Direction: m.direction}
		w, floats, ok := method.Forecast(&shape)
		if !ok {
			continue
		}
		list = append(list, regimes.Priced{Class: string(m.direction.Class()), Method: m.name, Step: column.Seconds(&w), Bytes: 8 * floats})
	}
	slices.SortStableFunc(list, func(a, b regimes.Priced) int { return cmp.Compare(a.Step, b.Step) })
	return list
}

// typicalShape is a PINN with a second-order equation (value, gradient and Laplacian: d + 2 channels) on nine tenths of the
// points and boundary values on the others, and a network of three equal hidden layers with about P parameters.
func typicalShape(q regimes.Query) cost.Shape {
	d, p := float64(q.Dim), float64(q.Params)
	// P = w(d+1) + 2w(w+1) + w + 1
	w := max(1, int(math.Round((-(d+4)+math.Sqrt((d+4)*(d+4)+8*(p-1)))/4)))
	inside := max(1, q.Points*9/10)
	return cost.Shape{
		Params: q.Params, Rows: q.Points,
		Groups: []cost.PointGroup{{Points: inside, Channels: q.Dim + 2, Rows: 1}, {Points: q.Points - inside, Channels: 1, Rows: 1}},
		Layers: [][2]int{{q.Dim, w}, {w, w}, {w, w}, {w, 1}},
	}
}
