package formulations

import (
	"math"
	"math/rand/v2"
	"slices"

	"ngdbench/objective"
	"ngdbench/problems/geometry"
)

// adaptiveCandidates is how many candidates are drawn for each point.
const adaptiveCandidates = 10

// refiner draws points where the residual is large.
type refiner struct {
	candidates *PINN
	point      *objective.Point
	mass       []float64 // cumulative, of one part
}

// Adaptive makes Resample take the new points of each part among ten times as many candidates, uniform on the part, with
// the probability ∝ ε/mean(ε) + 1, ε being the root of a candidate's summed squares over the blocks of the part.
//
// Source: Wu, Zhu, Tan, Kartha, Lu (2023), A comprehensive study of non-adaptive and residual-based adaptive sampling for
// physics-informed neural networks, arXiv 2207.10289, residual-based adaptive distribution with k = c = 1.
func (f *PINN) Adaptive() { f.refiner = &refiner{} }

// draw moves the points of f.
func (a *refiner) draw(f *PINN, theta []float64, r *rand.Rand) {
	if a.candidates == nil {
		a.start(f)
	}
	a.candidates.Resample(theta, r)
	a.point.Eval(theta, objective.Residual)
	rest := a.point.Residual
	for k := range f.parts {
		from, c := &a.candidates.parts[k], &f.parts[k]
		n := from.n * len(from.blocks)
		a.weigh(rest[:n], from.n, len(from.blocks))
		rest = rest[n:]
		for i := range c.n {
			at := r.Float64() * a.mass[from.n-1]
			j, _ := slices.BinarySearch(a.mass[:from.n], at)
			copy(c.point(i), from.point(min(j, from.n-1)))
		}
		c.moved()
	}
}

// start makes the candidates: a PINN of its own, evaluated at a point of its own.
func (a *refiner) start(f *PINN) {
	var parts []geometry.Part
	var counts []int
	for _, c := range f.parts {
		parts, counts = append(parts, c.part), append(counts, adaptiveCandidates*c.n)
	}
	all, err := collocations(f.problem, parts, counts, f.weights)
	if err != nil {
		panic("formulations: " + err.Error()) // f has the same blocks
	}
	a.candidates = &PINN{problem: f.problem, net: f.net, layout: f.layout, weights: f.weights, parts: all, rows: rowsOf(all)}
	a.mass = make([]float64, slices.Max(counts))
	a.point = objective.NewPoint(a.candidates, objective.Residual, nil)
}

// weigh fills mass with the cumulative sums of ε_i/mean(ε) + 1 for n candidates with the residuals r of some blocks.
func (a *refiner) weigh(r []float64, n, blocks int) {
	mean := 0.0
	for i := range n {
		s := 0.0
		for b := range blocks {
			s += float64(r[b*n+i] * r[b*n+i])
		}
		a.mass[i] = math.Sqrt(s)
		mean += a.mass[i] / float64(n)
	}
	sum := 0.0
	for i := range n {
		if mean > 0 {
			sum += a.mass[i] / mean
		}
		sum++
		a.mass[i] = sum
	}
}
