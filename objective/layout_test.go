package objective_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ngdbench/objective"
)

func TestMissing(t *testing.T) {
	for _, c := range []struct {
		need, offer objective.Quantity
		want        string
	}{
		{0, 0, ""},
		{all, all, ""},
		{all | objective.LeastSquares, all, "least squares"},
		{objective.Residual | objective.LeastSquares, objective.Loss | objective.Grad, "residual, least squares"},
		{all | objective.LeastSquares | objective.Nonnegative | objective.Factors, 0,
			"loss, gradient, residual, tangent map, least squares, non-negative loss, layer factors"},
	} {
		if got := objective.Missing(c.need, c.offer); got != c.want {
			t.Errorf("need %b of %b: %q, want %q", c.need, c.offer, got, c.want)
		}
	}
}

var net = objective.Layout{
	{Name: "0.weight", Rows: 16, Cols: 4, Role: objective.Hidden},
	{Name: "0.bias", Rows: 16, Cols: 1, Role: objective.Bias},
	{Name: "1.weight", Rows: 2, Cols: 16, Role: objective.Output, Layer: 1},
	{Name: "1.bias", Rows: 2, Cols: 1, Role: objective.Bias, Layer: 1},
}

func TestJoin(t *testing.T) {
	two := net.Join(net)
	if two.Size() != 2*(64+16+32+2) {
		t.Errorf("P = %d", two.Size())
	}
	for i, b := range two[4:] {
		if want := net[i]; b.Layer != want.Layer+2 || b.Name != want.Name {
			t.Errorf("block %d: %+v", i, b)
		}
	}
	if net[2].Layer != 1 || len(net) != 4 {
		t.Error("the first layout was changed")
	}
}

// Uniform in ±1/√fan_in: 1/2 for the first layer and its bias, 1/4 for the second.
func TestDraw(t *testing.T) {
	theta := net.Draw(rand.New(rand.NewPCG(1, 2)))
	if len(theta) != net.Size() {
		t.Fatalf("%d numbers", len(theta))
	}
	for _, part := range []struct {
		x     []float64
		bound float64
	}{{theta[:80], 0.5}, {theta[80:], 0.25}} {
		largest, mean := 0.0, 0.0
		for _, v := range part.x {
			largest, mean = max(largest, math.Abs(v)), mean+v/float64(len(part.x))
		}
		if largest > part.bound || largest < 0.9*part.bound {
			t.Errorf("largest is %g of %g", largest, part.bound)
		}
		if dev := part.bound / math.Sqrt(3*float64(len(part.x))); math.Abs(mean) > 4*dev {
			t.Errorf("mean %g, deviation %g", mean, dev)
		}
	}
	if !slices.Equal(theta, net.Draw(rand.New(rand.NewPCG(1, 2)))) || slices.Equal(theta, net.Draw(rand.New(rand.NewPCG(2, 2)))) {
		t.Error("the start is not a function of its stream")
	}
}
