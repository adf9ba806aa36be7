package cost_test

import (
	"math"
	"testing"

	"ngdbench/cost"
)

// net is 2x64x64x1 with 4000 + 400 points: 2D Laplacian, and values.
var net = cost.Shape{Params: 4417, Rows: 4400, Groups: []cost.PointGroup{{4000, 4, 1}, {400, 1, 1}}, Layers: [][2]int{{2, 64}, {64, 64}, {64, 1}}}

// The flops of each operation are the textbook's.
func TestFlops(t *testing.T) {
	const cnp = 16400 * 4417.0
	for name, c := range map[string]struct {
		bill func(w *cost.Work)
		want float64
	}{
		"apply":    {func(w *cost.Work) { w.Product(cost.Apply, &net, 1) }, 2 * cnp},
		"gram":     {func(w *cost.Work) { w.Product(cost.Gram, &net, 3) }, 12 * cnp},
		"block":    {func(w *cost.Work) { w.Block(&net, 64, 1) }, 4*cnp + 4*64*4400*4417},
		"form":     {func(w *cost.Work) { w.Form(cost.Form, &net, 1) }, 2 * cnp},
		"norms":    {func(w *cost.Work) { w.Form(cost.Norms, &net, 1) }, 2*cnp + 2*4400*4417},
		"cholesky": {func(w *cost.Work) { w.Cholesky(300, 1, 0) }, 9e6},
		"solve":    {func(w *cost.Work) { w.Cholesky(300, 0, 1) }, 2*9e4 + 600},
		"syrk":     {func(w *cost.Work) { w.Syrk(10, 300, 1) }, 9e5},
		"lowrank":  {func(w *cost.Work) { w.LowRank(10, 300, 2) }, 2*4*3000 + 2*2*300},
	} {
		var w cost.Work
		if c.bill(&w); math.Abs(w.Flops()/c.want-1) > 1e-12 {
			t.Errorf("%s: %g flops, want %g", name, w.Flops(), c.want)
		}
	}
}

// TTᵀ takes the hidden layer by channels where they are cheaper: 16·128 < 64·65 for two interior points, 1·128 for two on the boundary.
func TestKernelFlops(t *testing.T) {
	var w cost.Work
	w.Kernel(&net, 1)
	rows := 4400.0 * 4400 * (2*64 + 64 + 64 + 1) // first and last layer
	channels := (4000*4000*16 + 2*4000*400*4 + 400*400) * 128.0
	if a := w.Amounts(cost.Kernel); a[0] != channels || a[1] != rows {
		t.Errorf("channels %g, rows %g; want %g, %g", a[0], a[1], channels, rows)
	}
}

// Seconds are linear in the work, and every operation costs something.
func TestSecondsAreLinear(t *testing.T) {
	var a, b, sum cost.Work
	a.Kernel(&net, 1)
	b.Approximate(cost.Sketch, 4417, 128, 1)
	sum.Add(2, &a)
	sum.Add(3, &b)
	c := cost.Default().For(1)
	if got, want := c.Seconds(&sum), 2*c.Seconds(&a)+3*c.Seconds(&b); math.Abs(got/want-1) > 1e-12 || !(want > 0) {
		t.Errorf("%g s, want %g", got, want)
	}
	if a.Bytes() != 16*4400*4400 {
		t.Errorf("%g bytes", a.Bytes())
	}
}

// The meter's counts are passes through the network, each once.
func TestMeterIsPriced(t *testing.T) {
	m := &cost.Meter{Counts: cost.Counts{Losses: 5, Grads: 3, Tangents: 2, Joint: 2}}
	var want cost.Work
	want.Network(cost.Loss, &net, 5)
	want.Network(cost.Linearised, &net, 2)
	want.Network(cost.Gradient, &net, 1)
	if got, ok := m.Priced(&net); !ok || got != want {
		t.Errorf("%v, %v", got, ok)
	}
	m.Unpriced = true
	if _, ok := m.Priced(&net); ok {
		t.Error("a part without a price was priced")
	}
}

// The shape of a matrix has its products.
func TestDenseShape(t *testing.T) {
	s := cost.Dense(30, 20)
	var w cost.Work
	w.Product(cost.Gram, &s, 1)
	if w.Flops() != 4*30*20 {
		t.Errorf("%g flops", w.Flops())
	}
}
