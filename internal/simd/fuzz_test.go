package simd

import (
	"encoding/binary"
	"math"
	"testing"
)

// FuzzTanhJet reads the channels of neurons from bytes, any bits: the paths must agree, |t| ≤ 1, and the first derivative
// lies between zero and its channel.
func FuzzTanhJet(f *testing.F) {
	var seed []byte
	for _, v := range specials {
		seed = binary.LittleEndian.AppendUint64(seed, math.Float64bits(v))
	}
	f.Add(uint8(0), false, seed)
	f.Add(uint8(2), true, append(seed, seed...))
	f.Fuzz(func(t *testing.T, dim uint8, lap bool, data []byte) {
		d := int(dim % 5)
		c := channels(d, lap)
		n := len(data) / 8 / c
		z := make([]float64, c*n)
		for i := range z {
			z[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
		}
		var want []float64
		for _, path := range append([]string{Scalar}, Paths()...) {
			a, g := make([]float64, c*n), make([]float64, c*n)
			for i := range g {
				g[i] = z[len(z)-1-i]
			}
			onPath(t, path, func() {
				TanhJet(n, d, lap, z, a, n)
				TanhJetAdjoint(n, d, lap, z, a, g, n)
			})
			got := append(a, g...)
			if want == nil {
				want = got
			}
			for i := range got {
				if !same(got[i], want[i]) {
					t.Fatalf("%s: element %d is %v, want %v", path, i, got[i], want[i])
				}
			}
		}
		for i := range n {
			if v := want[i]; math.Abs(v) > 1 || math.IsNaN(v) != math.IsNaN(z[i]) {
				t.Fatalf("tanh(%v) = %v", z[i], v)
			}
			if x := z[(c-1)*n+i]; d > 0 && !lap && math.Abs(want[(c-1)*n+i]) > math.Abs(x) {
				t.Fatalf("derivative %v became %v", x, want[(c-1)*n+i])
			}
		}
	})
}
