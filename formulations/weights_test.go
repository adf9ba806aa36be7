package formulations_test

import (
	"math"
	"testing"

	"ngdbench/formulations"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// The scalings differ from a mean per block by known factors of the loss: the number of points, the measure of the part,
// the weight of the data.
func TestScalings(t *testing.T) {
	p := problems.Heat1D()
	counts := []int{40, 12, 8}
	sums := func(w formulations.Weights) (loss [3]float64) { // ½ sums of squares by part
		f, err := formulations.NewPINN(p, parse(t, "2x7x1"), counts, w, stream(1))
		if err != nil {
			t.Fatal(err)
		}
		q, _ := at(f)
		row := 0
		for k, n := range counts {
			loss[k] = objective.HalfSquare(q.Residual[row : row+n])
			row += n
		}
		return loss
	}
	mean := sums(formulations.Weights{})
	for _, c := range []struct {
		name    string
		weights formulations.Weights
		factor  [3]float64
	}{
		{"one mean", formulations.Weights{Scaling: formulations.OneMean}, [3]float64{40. / 60, 12. / 60, 8. / 60}},
		{"measured", formulations.Weights{Scaling: formulations.Measured}, [3]float64{1, 2, 1}}, // area 1, two sides of length 1, one slice
		{"weighted data", formulations.Weights{Data: 7}, [3]float64{1, 7, 7}},
		{"weighted parts", formulations.Weights{Data: 2, Boundary: 3, Initial: 5}, [3]float64{1, 6, 10}},
	} {
		got := sums(c.weights)
		for k := range got {
			near(t, c.name, got[k], c.factor[k]*mean[k], 1e-12)
		}
	}
}

// layered is a residual that is large in a strip alone.
func layered() *problems.Problem {
	p := problems.Poisson2D()
	p.Strong = []problems.Strong{{Name: "strip", Part: geometry.Interior, Order: problems.Value, Affine: true,
		Term: func(x, _, partial []float64) float64 {
			if partial != nil {
				partial[0] = 0
			}
			if x[0] > 0.9 {
				return 1
			}
			return 0
		}}}
	return p
}

// Adaptive points have the density ε/mean(ε) + 1 over the domain: a strip of a tenth of the square that carries all of the
// residual gets (1 + 0.1)/2 = 55 % of them (Wu et al. 2023, k = c = 1). The stream decides, and a plain redraw is uniform.
func TestAdaptivePoints(t *testing.T) {
	share := func(adaptive bool, seed uint64) (in float64, first float64) {
		f, err := formulations.NewPINN(layered(), parse(t, "2x3x1"), []int{4000}, formulations.Weights{}, stream(1))
		if err != nil {
			t.Fatal(err)
		}
		if adaptive {
			f.Adaptive()
		}
		q := objective.NewPoint(f, objective.Loss, nil)
		theta := f.Params().Draw(stream(2))
		q.Eval(theta, objective.Loss)
		before := f.Version()
		f.Resample(theta, stream(seed))
		if f.Version() == before {
			t.Error("the version stays")
		}
		q.Eval(theta, objective.Loss)
		x := f.Points(geometry.Interior)
		for i := 0; i < len(x); i += 2 {
			if x[i] > 0.9 {
				in += 1. / 4000
			}
		}
		near(t, "loss at the new points", q.Loss, in/2, 1e-12)
		return in, x[0]
	}
	got, first := share(true, 5)
	if math.Abs(got-0.55) > 0.03 {
		t.Errorf("%.3f of the points are where the residual is, want 0.55", got)
	}
	if _, again := share(true, 5); again != first {
		t.Error("the same stream draws other points")
	}
	if got, _ := share(false, 5); math.Abs(got-0.1) > 0.02 {
		t.Errorf("a plain redraw puts %.3f of the points into a tenth of the square", got)
	}
}

// The tests of too coarse a quadrature, and meshes without elements, are refused with the number that is needed; those
// that are just enough are taken. Benchmarks repeat it through the catalogue.
func TestJustEnoughPoints(t *testing.T) {
	p := problems.Poisson2D()
	for _, c := range []struct {
		tests  formulations.Tests
		points int
		fits   bool
	}{
		{formulations.Tests{PerAxis: 8}, 100, true},
		{formulations.Tests{PerAxis: 9}, 100, false},
		{formulations.Tests{PerAxis: 8, Elements: 2}, 400, true},
		{formulations.Tests{PerAxis: 8, Elements: 2}, 324, false},
		{formulations.Tests{PerAxis: 5, Family: formulations.Sines}, 100, true},
		{formulations.Tests{PerAxis: 6, Family: formulations.Sines}, 100, false},
		{formulations.Tests{PerAxis: 6, Hats: true}, 100, true},
		{formulations.Tests{PerAxis: 10, Hats: true}, 100, false},
		{formulations.Tests{PerAxis: -1}, 100, false},
	} {
		if _, err := formulations.NewTestSpace(p, c.tests, c.points); (err == nil) != c.fits {
			t.Errorf("%+v with %d points: %v", c.tests, c.points, err)
		}
	}
}
