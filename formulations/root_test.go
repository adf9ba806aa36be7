package formulations

import (
	"math"
	"math/rand/v2"
	"testing"
)

// root gives back H as CCᵀ, its positive part where it is indefinite, and refuses that for the whole.
func TestRoot(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		n := 1 + r.IntN(5)
		b, h := make([]float64, n*n), make([]float64, n*n)
		for i := range b {
			b[i] = r.NormFloat64()
		}
		if r.IntN(3) == 0 { // rank one less
			clear(b[:n])
		}
		for i := range n {
			for j := range n {
				for k := range n {
					h[i*n+j] += b[k*n+i] * b[k*n+j]
				}
			}
		}
		c := append([]float64(nil), h...)
		if err := root(c, n, Whole); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			for j := range n {
				s := 0.0
				for k := range n {
					s += c[k*n+i] * c[k*n+j]
				}
				if math.Abs(s-h[i*n+j]) > 1e-12*(1+math.Abs(h[i*n+j])) {
					t.Fatalf("element %d, %d of CCᵀ is %v, want %v", i, j, s, h[i*n+j])
				}
			}
		}
	}
	indefinite := []float64{-2, 0, 0, 3}
	if err := root(append([]float64(nil), indefinite...), 2, Whole); err == nil {
		t.Error("an indefinite matrix has a root")
	}
	if err := root(indefinite, 2, Positive); err != nil || indefinite[0] != 0 || math.Abs(math.Abs(indefinite[3])-math.Sqrt(3)) > 1e-15 {
		t.Errorf("positive part %v (%v)", indefinite, err)
	}
}
