package geometry

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"
)

// Rule is a quadrature rule: ∫ f ≈ Σ W_i f(x_i).
type Rule struct {
	X []float64 // n×d, row-major
	W []float64
}

// GaussLegendre returns the n nodes in (lo, hi), rising, and the weights of the Gauss-Legendre rule, exact for
// polynomials of degree 2n−1.
func GaussLegendre(n int, lo, hi float64) (x, w []float64) {
	if n < 1 {
		panic(fmt.Sprintf("geometry: Gauss-Legendre rule of %d points", n))
	}
	x, w = make([]float64, n), make([]float64, n)
	quad.Legendre{}.FixedLocations(x, w, lo, hi)
	slices.Reverse(x) // they come falling
	slices.Reverse(w)
	return x, w
}

// Composite is the Gauss-Legendre rule of n points on each interval between neighbours of lines.
func Composite(lines []float64, n int) (x, w []float64) {
	for i, hi := range lines[1:] {
		a, b := GaussLegendre(n, lines[i], hi)
		x, w = append(x, a...), append(w, b...)
	}
	return x, w
}

// Tensor is the tensor product of rules, one for each axis, the last coordinate fastest.
func Tensor(x, w [][]float64) Rule {
	r := Rule{W: []float64{1}}
	pts := [][]float64{{}}
	for a := range x {
		var next [][]float64
		var weights []float64
		for i, p := range pts {
			for j, v := range x[a] {
				next = append(next, append(append(make([]float64, 0, len(x)), p...), v))
				weights = append(weights, r.W[i]*w[a][j])
			}
		}
		pts, r.W = next, weights
	}
	for _, p := range pts {
		r.X = append(r.X, p...)
	}
	return r
}

// Rule is the rule with n Gauss-Legendre points along each axis of each cell, cell after cell.
func (l Lattice) Rule(n int) Rule {
	d := l.Dim()
	x, w := make([][][]float64, d), make([][][]float64, d) // axis, cell
	for a, lines := range l.Lines {
		for i, hi := range lines[1:] {
			p, q := GaussLegendre(n, lines[i], hi)
			x[a], w[a] = append(x[a], p), append(w[a], q)
		}
	}
	var r Rule
	at := make([]int, d)
	px, pw := make([][]float64, d), make([][]float64, d)
	for ok := true; ok; ok = l.Next(at) {
		if !l.Has(at) {
			continue
		}
		for a, i := range at {
			px[a], pw[a] = x[a][i], w[a][i]
		}
		c := Tensor(px, pw)
		r.X, r.W = append(r.X, c.X...), append(r.W, c.W...)
	}
	return r
}
