package simd

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// source makes the operands of a kernel call: slices of any alignment inside arrays with guard values around them.
type source struct {
	r       *rand.Rand
	special bool        // mixes in infinities, NaN, zeros and extreme numbers
	all     [][]float64 // the arrays, for comparison
}

const guard = 16

var guardValue = math.Float64frombits(0x7ff8dead0000beef)

var specials = []float64{0, math.Copysign(0, -1), 5e-324, -5e-324, 1e-200, -1e-200, 0.5, -0.5, 20, -20, 400, -400,
	1e308, -1e308, math.Inf(1), math.Inf(-1), math.NaN()}

func newSource(seed uint64, special bool) *source {
	return &source{r: rand.New(rand.NewPCG(seed, 1)), special: special}
}

func (s *source) value() float64 {
	if s.special && s.r.IntN(12) == 0 {
		return specials[s.r.IntN(len(specials))]
	}
	return s.r.NormFloat64()
}

// raw returns n elements that hold the guard value, a NaN.
func (s *source) raw(n int) []float64 {
	off := guard + s.r.IntN(Lanes)
	array := make([]float64, off+n+guard)
	for i := range array {
		array[i] = guardValue
	}
	s.all = append(s.all, array)
	return array[off : off+n : off+n]
}

// slice returns n random elements.
func (s *source) slice(n int) []float64 {
	x := s.raw(n)
	for i := range x {
		x[i] = s.value()
	}
	return x
}

// matrix returns m rows of w random elements at leading dimension ld ≥ Pad(w): zeros in the padding and guard values
// between rows. It ends with the last row's padding.
func (s *source) matrix(m, w, ld int) []float64 {
	x := s.raw(size(m, Pad(w), ld))
	for i := range m {
		for j := range Pad(w) {
			x[i*ld+j] = 0
			if j < w {
				x[i*ld+j] = s.value()
			}
		}
	}
	return x
}

// packed returns a random packed k×n matrix.
func (s *source) packed(k, n int) []float64 {
	x := s.raw(PackedLen(k, n))
	Pack(x, k, n, s.slice(k*n), n)
	return x
}

// size is the length of m rows of w elements at leading dimension ld.
func size(m, w, ld int) int {
	if m == 0 || w == 0 {
		return 0
	}
	return (m-1)*ld + w
}

// same says that two numbers have equal bits, or are both NaN.
func same(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}

// onPath runs f on a path and returns to the one before.
func onPath(t interface{ Fatal(...any) }, path string, f func()) {
	was := Path()
	if err := Use(path); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = Use(was) }()
	f()
}

// twins checks that a kernel leaves the same bits in every array, guards included, on all paths. call draws the operands
// from s, and the sizes once for all paths from the closure around it, and runs the kernel.
func twins(t *rapid.T, call func(s *source)) {
	seed, special := rapid.Uint64().Draw(t, "seed"), rapid.Bool().Draw(t, "special")
	var want *source
	onPath(t, Scalar, func() {
		want = newSource(seed, special)
		call(want)
	})
	for _, path := range Paths() {
		onPath(t, path, func() {
			got := newSource(seed, special)
			call(got)
			for i, x := range got.all {
				for j, v := range x {
					if w := want.all[i][j]; !same(v, w) {
						t.Fatalf("%s: array %d, element %d of %d: %v (%x), want %v (%x)", path, i, j-guard, len(x)-2*guard, v, v, w, w)
					}
				}
				checkGuards(t, x)
			}
		})
	}
}

func checkGuards(t *rapid.T, x []float64) {
	for _, g := range [][]float64{x[:guard], x[len(x)-guard:]} {
		for _, v := range g {
			if math.Float64bits(v) != math.Float64bits(guardValue) {
				t.Fatalf("guard overwritten with %v", v)
			}
		}
	}
}

// shape draws a size that is often small, odd or a whole number of tiles.
func shape(t *rapid.T, label string) int {
	return rapid.OneOf(rapid.IntRange(0, 19), rapid.SampledFrom([]int{24, 32, 48, 63, 64, 65})).Draw(t, label)
}

// panelTwins are the products of panels.
var panelTwins = properties{
	"MulPanels": func(t *rapid.T) {
		m, n, k, extra, init := shape(t, "m"), shape(t, "n"), shape(t, "k"), shape(t, "extra"), rapid.Bool().Draw(t, "init")
		twins(t, func(s *source) {
			lda, ldc := k+extra, Pad(n)+extra
			MulPanels(m, n, k, s.slice(size(m, k, lda)), lda, s.packed(k, n), s.init(init, n), s.raw(size(m, Pad(n), ldc)), ldc)
		})
	},
	"DotPanels": func(t *rapid.T) {
		m, n, k, extra, init := shape(t, "m"), shape(t, "n"), shape(t, "k"), shape(t, "extra"), rapid.Bool().Draw(t, "init")
		twins(t, func(s *source) {
			lda, ldd := k+extra, Pad(n)+extra
			a, b, ini, d, lanes := s.slice(size(m, k, lda)), s.packed(k, n), s.init(init, n), s.matrix(m, n, ldd), s.slice(Lanes*m)
			var pf Prefetch
			pf.Add(a)
			pf.Add(d)
			DotPanels(m, n, k, a, lda, b, ini, d, ldd, lanes, &pf)
			DotPanels(m, n, k, a, lda, b, nil, d, ldd, lanes, nil)
		})
	},
	"TransPanels": func(t *rapid.T) {
		m, n, k, extra := shape(t, "m"), shape(t, "n"), shape(t, "k"), shape(t, "extra")
		twins(t, func(s *source) {
			lda, ldc := m+extra, Pad(n)+extra
			a, b, c := s.slice(size(k, m, lda)), s.packed(k, n), s.matrix(m, n, ldc)
			var pf Prefetch
			pf.Add(a)
			TransPanels(m, n, k, a, lda, b, c, ldc, &pf)
			TransPanels(m, n, k, a, lda, b, c, ldc, nil)
		})
	},
	"several row blocks": func(t *rapid.T) {
		m, n, k := rapid.IntRange(90, 200).Draw(t, "m"), rapid.IntRange(1, 9).Draw(t, "n"), rapid.IntRange(300, 1200).Draw(t, "k")
		twins(t, func(s *source) {
			b, c, d, lanes := s.packed(k, n), s.raw(m*Pad(n)), s.matrix(m, n, Pad(n)), s.slice(Lanes*m)
			a := s.slice(m * k)
			MulPanels(m, n, k, a, k, b, nil, c, Pad(n))
			DotPanels(m, n, k, a, k, b, nil, d, Pad(n), lanes, nil)
			TransPanels(m, n, k, a, m, b, c, Pad(n), nil)
		})
	},
}

func TestPanelTwins(t *testing.T) { checkAll(t, panelTwins) }

// vectorTwins are the kernels that go by rows and by elements.
var vectorTwins = properties{
	"ScalePack": func(t *rapid.T) {
		n, w, extra, before, after := shape(t, "n"), shape(t, "w"), shape(t, "extra"), shape(t, "before"), shape(t, "after")
		twins(t, func(s *source) {
			k := before + n + after
			ScalePack(n, w, s.slice(n), s.matrix(n, w, Pad(w)+extra), Pad(w)+extra, s.raw(PackedLen(k, w)), k, before)
		})
	},
	"ScaleAcc": func(t *rapid.T) {
		n, w, extra := shape(t, "n"), shape(t, "w"), shape(t, "extra")
		twins(t, func(s *source) {
			ScaleAcc(n, w, s.slice(n), s.matrix(n, w, Pad(w)+extra), Pad(w)+extra, s.slice(w))
		})
	},
	"vectors": func(t *rapid.T) {
		n := shape(t, "n")
		twins(t, func(s *source) {
			x, y := s.slice(n), s.slice(n)
			copy(s.raw(1), []float64{Dot(x, y)})
			Add(y, x)
			Axpy(y, s.value(), x)
			SumLanes(s.raw(n), s.slice(Lanes*n))
		})
	},
	"Tanh": func(t *rapid.T) {
		n, scale := shape(t, "n"), rapid.SampledFrom([]float64{1e-9, 1e-3, 1, 10, 1000}).Draw(t, "scale")
		twins(t, func(s *source) {
			x := s.slice(n)
			for i := range x {
				x[i] *= scale
			}
			Tanh(s.raw(n), x)
			Tanh(x, x)
		})
	},
	"TanhJet": func(t *rapid.T) {
		n, d, lap, extra := shape(t, "n"), rapid.IntRange(0, 4).Draw(t, "d"), rapid.Bool().Draw(t, "lap"), shape(t, "extra")
		twins(t, func(s *source) {
			stride, c := n+extra, channels(d, lap)
			z, a, g := s.slice(size(c, n, stride)), s.raw(size(c, n, stride)), s.slice(size(c, n, stride))
			TanhJet(n, d, lap, z, a, stride)
			TanhJetAdjoint(n, d, lap, z, a, g, stride)
		})
	},
}

func TestVectorTwins(t *testing.T) { checkAll(t, vectorTwins) }

// properties say, by the name of a kernel, that every path gives the bits of the scalar one.
type properties map[string]func(t *rapid.T)

func checkAll(t *testing.T, properties properties) {
	for name, f := range properties {
		t.Run(name, rapid.MakeCheck(f))
	}
}

// init returns a padded bias, or nil.
func (s *source) init(some bool, n int) []float64 {
	if !some {
		return nil
	}
	return s.matrix(1, n, Pad(n))
}
