package networks

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSmooth: the sine by its slopes has the jets and the gradient of Sine, but for the last digits of its slopes.
func TestSmooth(t *testing.T) {
	own := Smooth{Title: "own", Slopes: func(z float64) (s0, s1, s2, s3 float64) {
		sin, cos := math.Sincos(z)
		return sin, cos, -sin, -cos
	}}
	r := rand.New(rand.NewPCG(1, 2))
	for _, order := range []Order{Value, Gradient, Laplacian, Diagonal, Hessian} {
		x := make([]float64, 20*2)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		var theta []float64
		var jets, grads [2][]float64
		for k, act := range []Activation{Sine{}, own} {
			net := &Network{Widths: []int{2, 300, 5, 1}, Act: act}
			if theta == nil {
				for range net.Size() {
					theta = append(theta, r.NormFloat64()/4)
				}
			}
			c := Shape{Dim: 2, Order: order}.Channels()
			tape := New(net, []Group{{X: x, Order: order}}, sumOf{c}, Gradients, nil)
			jets[k], grads[k] = make([]float64, 20*c), make([]float64, net.Size())
			tape.Jets(theta, jets[k])
			r := make([]float64, 20)
			tape.Gradient(theta, r, grads[k])
			if n := testing.AllocsPerRun(3, func() { tape.Gradient(theta, r, grads[k]) }); n > 0 {
				t.Errorf("order %d: %g allocations", order, n)
			}
		}
		for _, pair := range [][2][]float64{jets, grads} {
			size := slices.Max(pair[0])
			for i, v := range pair[0] {
				if math.Abs(v-pair[1][i]) > 1e-13*math.Max(1, size) {
					t.Fatalf("order %d: %g and %g", order, v, pair[1][i])
				}
			}
		}
	}
}

// sumOf is the sum of all c channels.
type sumOf struct{ c int }

func (f sumOf) Rows(_, lo, hi int, jets, r, seed []float64) {
	for i := range hi - lo {
		r[i] = 0
		for k := range f.c {
			r[i] += jets[i*f.c+k]
			if seed != nil {
				seed[i*f.c+k] = 1
			}
		}
	}
}
