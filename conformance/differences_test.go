package conformance_test

import (
	"math"
	"testing"

	"ngdbench/conformance"
)

// The estimate bounds the true error (up to a small factor), and the value is good to many digits, on functions of very
// different scales.
func TestDerivative(t *testing.T) {
	for _, c := range []struct {
		name          string
		f             func(float64) float64
		first, second float64
		tol           float64 // relative
	}{
		{"exp", math.Exp, 1, 1, 1e-11},
		{"sine", func(x float64) float64 { return math.Sin(8*math.Pi*x + 1) },
			8 * math.Pi * math.Cos(1), -64 * math.Pi * math.Pi * math.Sin(1), 1e-9},
		{"tanh 80x", func(x float64) float64 { return math.Tanh(80 * (x + 0.01)) },
			80 * (1 - sq(math.Tanh(0.8))), -2 * 6400 * math.Tanh(0.8) * (1 - sq(math.Tanh(0.8))), 1e-7},
		{"x⁸", func(x float64) float64 { return x * x * x * x * x * x * x * x }, 0, 0, 1e-30},
	} {
		for order, want := range map[int]float64{1: c.first, 2: c.second} {
			got, err := conformance.Derivative(c.f, order, 1)
			if off := math.Abs(got - want); off > c.tol*(1+math.Abs(want)) || off > 10*err+1e-14*math.Abs(want) {
				t.Errorf("%s, order %d: %.15g ± %.1g, want %.15g (off by %.1g)", c.name, order, got, err, want, off)
			}
		}
	}
}

func sq(x float64) float64 { return x * x }
