package problems_test

import (
	"math"
	"testing"

	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// Values by hand at a point where all of them are simple, and the Pythagorean mean: RMS u over the square is ½.
func TestPoisson2D(t *testing.T) {
	p := problems.Poisson2D()
	x, u, g := []float64{0.25, 0.5}, []float64{0}, []float64{0, 0}
	p.Exact(x, u, g)
	h := math.Sqrt2 / 2
	for i, c := range [][2]float64{{u[0], h}, {g[0], math.Pi * h}, {g[1], 0}} {
		if math.Abs(c[0]-c[1]) > 1e-15 {
			t.Errorf("Exact %d: %v, want %v", i, c[0], c[1])
		}
	}
	q := []float64{9, 9, 9, 9}
	if r := p.Strong[0].Term(x, []float64{1, 2, 3, 4}, q); math.Abs(r-(-4-2*math.Pi*math.Pi*h)) > 1e-14 || q[0] != 0 || q[1] != 0 || q[2] != 0 || q[3] != -1 {
		t.Errorf("interior: %v %v", r, q)
	}
	if r := p.Strong[1].Term(x, []float64{7}, q[:1]); r != 7 || q[0] != 1 {
		t.Errorf("boundary: %v %v", r, q)
	}
	mean, n := 0.0, 64
	for i := range n * n {
		p.Exact([]float64{(float64(i%n) + 0.5) / float64(n), (float64(i/n) + 0.5) / float64(n)}, u, nil)
		mean += u[0] * u[0] / float64(n*n)
	}
	if math.Abs(mean-0.25) > 1e-14 {
		t.Errorf("mean of u² is %v, want 1/4", mean)
	}
	if p.Dim() != 2 || p.Domain.Measure(geometry.Boundary) != 4 {
		t.Error("not the unit square")
	}
}

func TestChannels(t *testing.T) {
	for o, want := range map[problems.Order][2]int{problems.Value: {1, 1}, problems.Gradient: {2, 4}, problems.Laplacian: {3, 5}} {
		if got := [2]int{o.Channels(1), o.Channels(3)}; got != want {
			t.Errorf("order %d: %v channels in 1 and 3 dimensions, want %v", o, got, want)
		}
	}
}
