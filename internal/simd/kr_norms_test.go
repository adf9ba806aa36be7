package simd

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// normTwins are the kernels of the squared norms of rows and columns.
var normTwins = properties{
	"PairDots": func(t *rapid.T) {
		n, c, w, apart, extra := shape(t, "n"), rapid.IntRange(0, 13).Draw(t, "c"), shape(t, "w"), shape(t, "apart"), shape(t, "extra")
		twins(t, func(s *source) {
			ld := w + apart
			cs := n*ld + extra
			PairDots(n, c, w, s.slice(reach(c, cs, n, ld, w)), ld, cs, s.raw(n*Pairs(c)))
		})
	},
	"PairDots of many rows": func(t *rapid.T) {
		n, c, w := rapid.IntRange(50, 140).Draw(t, "n"), rapid.IntRange(1, 5).Draw(t, "c"), rapid.IntRange(900, 1400).Draw(t, "w")
		twins(t, func(s *source) { PairDots(n, c, w, s.slice(c*n*w), w, n*w, s.raw(n*Pairs(c))) })
	},
	"OuterSquares": func(t *rapid.T) {
		n, m, w, c := shape(t, "n"), shape(t, "m"), shape(t, "w"), rapid.IntRange(1, 7).Draw(t, "c")
		apart, extra, still := shape(t, "apart"), shape(t, "extra"), rapid.Bool().Draw(t, "still")
		twins(t, func(s *source) {
			dp, ap := m+apart, Pad(w)+apart
			ds, as := n*dp+extra, n*ap+extra
			if still { // the same a for all matrices, as in a direct input layer
				ap = 0
			}
			OuterSquares(n, m, w, c, s.slice(reach(c, ds, n, dp, m)), ds, dp, s.slice(reach(c, as, n, ap, Pad(w))), as, ap, s.slice(m*w))
		})
	},
	"OuterSquares of many rows": func(t *rapid.T) {
		n, m, w, c := rapid.IntRange(40, 60).Draw(t, "n"), rapid.IntRange(60, 200).Draw(t, "m"), rapid.IntRange(1, 17).Draw(t, "w"), rapid.IntRange(15, 25).Draw(t, "c")
		twins(t, func(s *source) {
			OuterSquares(n, m, w, c, s.slice(c*n*m), n*m, m, s.slice(c*n*Pad(w)), n*Pad(w), Pad(w), s.slice(m*w))
		})
	},
}

// reach is the length of a slice with w numbers from r·rs + p·ps on for r < c and p < n.
func reach(c, rs, n, ps, w int) int {
	if c == 0 || n == 0 || w == 0 {
		return 0
	}
	return (c-1)*rs + (n-1)*ps + w
}

func TestNormTwins(t *testing.T) { checkAll(t, normTwins) }

// TestPairDots compares every product with a plain sum, up to as many channels as all second derivatives in ten dimensions
// have.
func TestPairDots(t *testing.T) {
	eachPath(t, rapid.MakeCheck(func(t *rapid.T) {
		n, w, c := rapid.IntRange(0, 3).Draw(t, "n"), shape(t, "w"), rapid.IntRange(0, 66).Draw(t, "c")
		x, dst := newSource(rapid.Uint64().Draw(t, "seed"), false).slice(c*n*w), make([]float64, n*Pairs(c))
		PairDots(n, c, w, x, w, n*w, dst)
		at := 0
		for i := range n {
			for r := range c {
				for s := range r + 1 {
					var want sum
					for q := range w {
						want.add(x[(r*n+i)*w+q] * x[(s*n+i)*w+q])
					}
					want.check(t, fmt.Sprintf("point %d, channels %d and %d", i, r, s), dst[at])
					at++
				}
			}
		}
	}))
}

// TestOuterSquares compares with OuterSum and MulAcc, which write every matrix: the same bits.
func TestOuterSquares(t *testing.T) {
	eachPath(t, rapid.MakeCheck(func(t *rapid.T) {
		n, m, w, c := shape(t, "n"), shape(t, "m"), shape(t, "w"), rapid.IntRange(1, 7).Draw(t, "c")
		s := newSource(rapid.Uint64().Draw(t, "seed"), false)
		d, a, got := s.slice(c*n*m), s.matrix(c*n, w, Pad(w)), s.slice(m*w)
		want, matrix := append([]float64(nil), got...), make([]float64, m*w+OuterSlack)
		OuterSquares(n, m, w, c, d, n*m, m, a, n*Pad(w), Pad(w), got)
		for p := range n {
			if m > 0 && w > 0 {
				OuterSum(m, w, c, d[p*m:], n*m, a[p*Pad(w):], n*Pad(w), matrix)
			}
			MulAcc(want, matrix[:m*w], matrix[:m*w])
		}
		for i := range want {
			if !same(got[i], want[i]) {
				t.Fatalf("entry %d is %v, want %v", i, got[i], want[i])
			}
		}
	}))
}

// BenchmarkPairDots takes 24 points of four channels.
func BenchmarkPairDots(b *testing.B) {
	const n, c = 24, 4
	for _, w := range widths {
		b.Run(fmt.Sprintf("w=%d", w), func(b *testing.B) {
			x, dst := normal(c*n*w), make([]float64, n*Pairs(c))
			share(b, float64(2*n*w*Pairs(c)), func() { PairDots(n, c, w, x, w, n*w, dst) })
		})
	}
}

// BenchmarkOuterSquares takes a square layer, 24 points of four channels.
func BenchmarkOuterSquares(b *testing.B) {
	const n, c = 24, 4
	for _, w := range widths {
		b.Run(fmt.Sprintf("w=%d", w), func(b *testing.B) {
			d, a, dst := normal(c*n*w), normal(c*n*w), make([]float64, w*w)
			share(b, float64(2*(c+1)*n*w*w), func() { OuterSquares(n, w, w, c, d, n*w, w, a, n*w, w, dst) })
		})
	}
}
