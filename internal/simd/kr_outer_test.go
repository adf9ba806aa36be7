package simd

import (
	"testing"

	"pgregory.net/rapid"
)

var outerTwins = properties{
	"OuterSum": func(t *rapid.T) {
		m, n, c, extra := shape(t, "m"), shape(t, "n"), rapid.IntRange(1, 7).Draw(t, "c"), shape(t, "extra")
		twins(t, func(s *source) {
			ds, as := m+extra, Pad(n)+extra
			dst := s.raw(m*n + OuterSlack)
			OuterSum(m, n, c, s.slice(size(c, m, ds)), ds, s.matrix(c, n, as), as, dst)
			clear(dst[m*n:])
		})
	},
	"MulAcc": func(t *rapid.T) {
		n := shape(t, "n")
		twins(t, func(s *source) {
			MulAcc(s.slice(n), s.slice(n), s.slice(n))
		})
	},
}

func TestOuterTwins(t *testing.T) { checkAll(t, outerTwins) }

// TestOuterSum checks the definition with numbers that can be done by hand.
func TestOuterSum(t *testing.T) {
	d := []float64{1, 2, 10, 20}
	a := make([]float64, 2*Lanes)
	copy(a, []float64{1, 2, 3})
	copy(a[Lanes:], []float64{4, 5, 6})
	dst := make([]float64, 6+OuterSlack)
	OuterSum(2, 3, 2, d, 2, a, Lanes, dst)
	for i, want := range []float64{41, 52, 63, 82, 104, 126} {
		if dst[i] != want {
			t.Errorf("entry %d is %v, want %v", i, dst[i], want)
		}
	}
}

// BenchmarkOuterSum forms a tile of 12 rows of weights for 24 points of four channels.
func BenchmarkOuterSum(b *testing.B) {
	const w, n, m, c = 64, 24, 12, 4
	d, a, dst := normal(c*n*w), normal(c*n*w), make([]float64, n*m*w+OuterSlack)
	share(b, 2*c*n*m*w, func() {
		for i := range n {
			OuterSum(m, w, c, d[i*w:], n*w, a[i*w:], n*w, dst[i*m*w:])
		}
	})
}
