package main

import (
	"math"
	"testing"

	"ngdbench/problems"
)

// The initial coefficients are those of x² cos πx, by the trapezoidal rule on a periodic function with a kink.
func TestInitialCoefficients(t *testing.T) {
	const n = 200000
	for _, k := range []int{0, 1, 2, 5, 40} {
		sum := 0.0
		for i := range n {
			x := 2*float64(i)/n - 1
			sum += x * x * math.Cos(math.Pi*x) * math.Cos(math.Pi*float64(k)*x) * 2 / n
		}
		if k == 0 {
			sum /= 2
		}
		if math.Abs(sum-initial(k)) > 1e-9 {
			t.Errorf("coefficient %d is %v, by quadrature %v", k, initial(k), sum)
		}
	}
}

// ETDRK4 is of order four, and a quarter of the reference's resolution agrees with the embedded table.
func TestTableIsTheSolution(t *testing.T) {
	times := []float64{0.12, 0.4, 1}
	fine := solve(1024, 1./800, times)
	half, coarse := solve(1024, 1./200, times), solve(1024, 1./100, times)
	p := problems.AllenCahn()
	for i, c := range fine {
		if e := tableError(p, c, times[i]); !(e < 1e-9) {
			t.Errorf("t = %g: the table is %.1e from the solution", times[i], e)
		}
		if rate := math.Log2(distance(coarse[i], c) / distance(half[i], c)); !(rate > 3.5) {
			t.Errorf("t = %g: order %.2f in time", times[i], rate)
		}
	}
}

// The linear part alone is exact: with u tiny, modes grow by their rates.
func TestModesOfTheLinearEquation(t *testing.T) {
	s := newIntegrator(64)
	c := make([]float64, 33)
	c[0], c[3], c[32] = 1e-9, 2e-9, 1e-9
	s.advance(c, 0, 0.5, 0.01)
	for _, k := range []int{0, 3, 32} {
		want := map[int]float64{0: 1e-9, 3: 2e-9, 32: 1e-9}[k] * math.Exp(rate(k)*0.5)
		if math.Abs(c[k]-want) > 1e-12*want {
			t.Errorf("mode %d: %v, want %v", k, c[k], want)
		}
	}
}
