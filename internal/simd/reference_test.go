package simd

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// eachPath runs f as a subtest on every path of this machine.
func eachPath(t *testing.T, f func(t *testing.T)) {
	for _, path := range Paths() {
		t.Run(path, func(t *testing.T) { onPath(t, path, func() { f(t) }) })
	}
}

// sum is Σ of products in plain float64, with the sum of their magnitudes to measure errors by.
type sum struct{ value, scale float64 }

func (s *sum) add(x float64) { s.value, s.scale = s.value+x, s.scale+math.Abs(x) }

func (s sum) check(t *rapid.T, what string, got float64) {
	if math.Abs(got-s.value) > 1e-14*s.scale {
		t.Fatalf("%s = %v, want %v", what, got, s.value)
	}
}

// productElement is (init + A·B)[i][j] from the unpacked B, k×n.
func productElement(i, j, n, k int, a []float64, lda int, b, init []float64) (s sum) {
	if init != nil {
		s.add(init[j])
	}
	for l := range k {
		s.add(a[i*lda+l] * b[l*n+j])
	}
	return s
}

// operands draws a product: A (m×k), B (k×n) and its panels, a bias or nil, and a matrix m×n on padded rows.
type operands struct {
	m, n, k, lda, ldd         int
	a, b, packed, init, other []float64
}

func drawOperands(t *rapid.T) (o operands, s *source) {
	o.m, o.n, o.k = shape(t, "m"), shape(t, "n"), shape(t, "k")
	s = newSource(rapid.Uint64().Draw(t, "seed"), false)
	o.lda, o.ldd = o.k+shape(t, "extra"), Pad(o.n)+shape(t, "extra")
	o.a, o.b = s.slice(size(o.m, o.k, o.lda)), s.slice(o.k*o.n)
	o.packed = make([]float64, PackedLen(o.k, o.n))
	Pack(o.packed, o.k, o.n, o.b, o.n)
	o.init = s.init(rapid.Bool().Draw(t, "init"), o.n)
	o.other = s.matrix(o.m, o.n, o.ldd)
	return o, s
}

func TestMulPanelsIsAProduct(t *testing.T) {
	eachPath(t, rapid.MakeCheck(func(t *rapid.T) {
		o, s := drawOperands(t)
		c := s.raw(size(o.m, Pad(o.n), o.ldd)) // NaN
		MulPanels(o.m, o.n, o.k, o.a, o.lda, o.packed, o.init, c, o.ldd)
		for i := range o.m {
			for j := range o.n {
				productElement(i, j, o.n, o.k, o.a, o.lda, o.b, o.init).check(t, "C", c[i*o.ldd+j])
			}
			for j := o.n; j < Pad(o.n); j++ {
				if c[i*o.ldd+j] != 0 {
					t.Fatalf("padding C[%d][%d] = %v", i, j, c[i*o.ldd+j])
				}
			}
		}
	}))
}

func TestDotPanelsIsARowProduct(t *testing.T) {
	eachPath(t, rapid.MakeCheck(func(t *rapid.T) {
		o, s := drawOperands(t)
		lanes, before := s.slice(Lanes*o.m), make([]float64, o.m)
		after := s.raw(o.m)
		SumLanes(before, lanes)
		DotPanels(o.m, o.n, o.k, o.a, o.lda, o.packed, o.init, o.other, o.ldd, lanes, nil)
		SumLanes(after, lanes)
		for i := range o.m {
			w := sum{before[i], 10 + math.Abs(before[i])}
			for j := range o.n {
				e := productElement(i, j, o.n, o.k, o.a, o.lda, o.b, o.init)
				d := o.other[i*o.ldd+j]
				w.value, w.scale = w.value+e.value*d, w.scale+e.scale*math.Abs(d)
			}
			w.check(t, "row product", after[i])
		}
	}))
}

func TestTransPanelsIsATransposedProduct(t *testing.T) {
	eachPath(t, rapid.MakeCheck(func(t *rapid.T) {
		o, _ := drawOperands(t)
		m := max(o.lda-o.k, 0) // A is k×m here, with leading dimension m
		a := newSource(7, false).slice(o.k * m)
		c := newSource(8, false).matrix(m, o.n, o.ldd)
		was := append([]float64(nil), c...)
		TransPanels(m, o.n, o.k, a, m, o.packed, c, o.ldd, nil)
		for i := range m {
			for j := range o.n {
				var w sum
				w.add(was[i*o.ldd+j])
				for l := range o.k {
					w.add(a[l*m+i] * o.b[l*o.n+j])
				}
				w.check(t, "C", c[i*o.ldd+j])
			}
		}
	}))
}

// TestScaledRows checks ScalePack and ScaleAcc by hand and against each other: a bias gradient has the bits of
// TransPanels with a column of ones.
func TestScaledRows(t *testing.T) {
	eachPath(t, rapid.MakeCheck(func(t *rapid.T) {
		n, w, k0, extra := shape(t, "n"), 1+shape(t, "w"), shape(t, "k0"), shape(t, "extra")
		s := newSource(rapid.Uint64().Draw(t, "seed"), false)
		k, ldd := k0+n+extra, Pad(w)+extra
		y, d, packed := s.slice(n), s.matrix(n, w, ldd), s.raw(PackedLen(k, w))
		ScalePack(n, w, y, d, ldd, packed, k, k0)
		for i := range k {
			for j := range Pad(w) {
				got := packed[j/Lanes*Lanes*k+i*Lanes+j%Lanes]
				if i < k0 || i >= k0+n {
					if math.Float64bits(got) != math.Float64bits(guardValue) {
						t.Fatalf("row %d outside %d…%d overwritten", i, k0, k0+n)
					}
				} else if want := y[i-k0] * d[(i-k0)*ldd+j]; got != want {
					t.Fatalf("packed[%d][%d] = %v, want %v", i, j, got, want)
				}
			}
		}
		out, c := s.slice(w), make([]float64, Pad(w))
		copy(c, out)
		ScaleAcc(n, w, y, d, ldd, out)
		dp := make([]float64, PackedLen(n, w))
		for i := range n {
			ScalePack(1, w, []float64{1}, d[i*ldd:], ldd, dp, n, i)
		}
		TransPanels(1, w, n, y, 1, dp, c, Pad(w), nil)
		for j := range w {
			if out[j] != c[j] {
				t.Fatalf("ScaleAcc[%d] = %v, TransPanels has %v", j, out[j], c[j])
			}
		}
	}))
}

func TestVectors(t *testing.T) {
	eachPath(t, rapid.MakeCheck(func(t *rapid.T) {
		n := shape(t, "n")
		s := newSource(rapid.Uint64().Draw(t, "seed"), false)
		x, y, alpha := s.slice(n), s.slice(n), s.value()
		var w sum
		for i := range x {
			w.add(x[i] * y[i])
		}
		w.check(t, "Dot", Dot(x, y))
		z, u := append([]float64(nil), y...), append([]float64(nil), y...)
		Add(z, x)
		Axpy(u, alpha, x)
		for i := range x {
			if z[i] != y[i]+x[i] || u[i] != math.FMA(alpha, x[i], y[i]) {
				t.Fatalf("element %d: Add %v, Axpy %v", i, z[i], u[i])
			}
		}
	}))
}

// TestPack packs both ways and reads every element back.
func TestPack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, n, extra := shape(t, "k"), shape(t, "n"), shape(t, "extra")
		s := newSource(rapid.Uint64().Draw(t, "seed"), false)
		ldb, ldt := n+extra, k+extra
		b, bt := s.slice(size(k, n, ldb)), s.slice(size(n, k, ldt))
		p, pt := s.raw(PackedLen(k, n)), s.raw(PackedLen(k, n))
		for i := range k {
			for j := range n {
				bt[j*ldt+i] = b[i*ldb+j]
			}
		}
		Pack(p, k, n, b, ldb)
		PackT(pt, k, n, bt, ldt)
		for i := range k {
			for j := range Pad(n) {
				want, at := 0.0, j/Lanes*Lanes*k+i*Lanes+j%Lanes
				if j < n {
					want = b[i*ldb+j]
				}
				if p[at] != want || pt[at] != want {
					t.Fatalf("[%d][%d]: Pack %v, PackT %v, want %v", i, j, p[at], pt[at], want)
				}
			}
		}
	})
}

// TestOldValuesDoNotMatter fills what a kernel overwrites with NaN and with zeros.
func TestOldValuesDoNotMatter(t *testing.T) {
	overwrite := func(n int, fill float64) [][]float64 {
		s := newSource(uint64(n), false)
		filled := func(n int) []float64 {
			x := make([]float64, n)
			for i := range x {
				x[i] = fill
			}
			return x
		}
		const k, m, d = 5, 7, 2
		w := Pad(n)
		a, b, z := s.slice(m*k), s.slice(k*n), s.slice((d+2)*n)
		packed, packedT, c, rows := filled(k*w), filled(n*Pad(k)), filled(m*w), filled(m*w)
		sums, t, jet := filled(n), filled(n), filled((d+2)*n)
		Pack(packed, k, n, b, n)
		PackT(packedT, n, k, b, n)
		MulPanels(m, n, k, a, k, packed, nil, c, w)
		ScalePack(m, n, a, c, w, rows, m, 0)
		SumLanes(sums, s.slice(Lanes*n))
		Tanh(t, z[:n])
		TanhJet(n, d, true, z, jet, n)
		sin, cos := filled(n), filled(n)
		SinCos(sin, cos, z[:n])
		s1, s2, s3, general := filled(n), filled(n), filled(n), filled((d+2)*n)
		TanhSlopes(s1, s2, s3, t)
		Jet(n, d, Laplace, s1, s2, z, general, n)
		outer, product := filled(m*n+OuterSlack), filled(m*n)
		OuterSum(m, n, 1, a, m, s.matrix(1, n, w), w, outer)
		Tile(m, n, 0, nil, nil, product, n, true)
		dots := filled(d * Pairs(m))
		PairDots(d, m, n, s.slice(m*d*n), n, d*n, dots)
		return [][]float64{dots, packed, packedT, c, rows, sums, t, jet, sin, cos, s1, s2, s3, general[n:], outer[:m*n], product}
	}
	eachPath(t, func(t *testing.T) {
		for n := 1; n <= 67; n++ {
			x, y := overwrite(n, math.NaN()), overwrite(n, 0)
			for i := range x {
				for j := range x[i] {
					if math.Float64bits(x[i][j]) != math.Float64bits(y[i][j]) {
						t.Fatalf("n = %d, result %d, element %d: %v over NaN, %v over 0", n, i, j, x[i][j], y[i][j])
					}
				}
			}
		}
	})
}

func TestShortSlicesPanic(t *testing.T) {
	x := make([]float64, 64)
	for name, f := range map[string]func(){
		"simd: Pack: short slice":           func() { Pack(x, 9, 8, x, 8) },
		"simd: PackT: short slice":          func() { PackT(x, 8, 8, x[:63], 8) },
		"simd: MulPanels: short slice":      func() { MulPanels(2, 3, 1, x, 1, x, x[:3], x, 8) },
		"simd: DotPanels: short slice":      func() { DotPanels(2, 3, 1, x, 1, x, nil, x, 8, x[:15], nil) },
		"simd: TransPanels: short slice":    func() { TransPanels(2, 3, 2, x, 1, x, x, 8, nil) },
		"simd: ScalePack: short slice":      func() { ScalePack(2, 3, x, x, 8, x, 2, 1) },
		"simd: ScaleAcc: short slice":       func() { ScaleAcc(2, 3, x, x, 8, x[:2]) },
		"simd: SumLanes: short slice":       func() { SumLanes(x[:2], x[:15]) },
		"simd: Dot: lengths differ":         func() { Dot(x, x[1:]) },
		"simd: Tanh: lengths differ":        func() { Tanh(x, x[1:]) },
		"simd: TanhJet: short slice":        func() { TanhJet(22, 1, true, x, x, 22) },
		"simd: TanhJetAdjoint: short slice": func() { TanhJetAdjoint(16, 2, true, x, x[:15], x, 16) },
		"simd: OuterSum: short slice":       func() { OuterSum(4, 8, 1, x, 4, x, 8, x[:32]) },
		"simd: MulAcc: lengths differ":      func() { MulAcc(x, x, x[1:]) },
		"simd: PairDots: short slice":       func() { PairDots(3, 3, 5, x, 7, 21, x[:17]) },
		"simd: OuterSquares: short slice":   func() { OuterSquares(2, 3, 9, 1, x, 3, 3, x[:31], 0, 16, x) },
		"simd: SinCos: lengths differ":      func() { SinCos(x, x[1:], x) },
		"simd: TanhSlopes: lengths differ":  func() { TanhSlopes(x, x, x[1:], x) },
		"simd: Jet: short slice":            func() { Jet(16, 2, Laplace, x, x[:15], x, x, 16) },
		"simd: Jet: negative dimension":     func() { Jet(1, -1, Laplace, x, x, x, x, 16) },
		"simd: JetAdjoint: short slice":     func() { JetAdjoint(16, 1, Diagonal, x, x, x[:15], x, x, 16) },
		"simd: Seconds: no such value":      func() { Seconds(4).Channels(2) },
	} {
		func() {
			defer func() {
				if r := recover(); r != name {
					t.Errorf("recovered %v, want %q", r, name)
				}
			}()
			f()
		}()
	}
}

func TestNoAllocation(t *testing.T) {
	const w, m = 20, 13
	x, y, b := make([]float64, 4*m*24), make([]float64, 4*m*24), make([]float64, PackedLen(m*4, w))
	z := make([]float64, len(x))
	var pf Prefetch
	eachPath(t, func(t *testing.T) {
		if n := testing.AllocsPerRun(10, func() {
			pf.Reset()
			pf.Add(x)
			MulPanels(m, w, w, x, 24, b, nil, y, 24)
			DotPanels(m, w, w, x, 24, b, nil, y, 24, x, &pf)
			ScalePack(m, w, x, y, 24, b, 4*m, 0)
			ScaleAcc(m, w, x, y, 24, y)
			TransPanels(w, w, m, x, 24, b, y, 24, &pf)
			SumLanes(y[:m], x)
			Add(x, y)
			Axpy(x, 2, y)
			_ = Dot(x, y)
			Tanh(x, y)
			TanhJet(m*24, 2, true, x, y, m*24)
			TanhJetAdjoint(m*24, 2, true, x, x, y, m*24)
			SinCos(y, z, x)
			PairDots(m, 4, w, x, 24, m*24, z)
			OuterSquares(m, 4, w, 4, x, m*24, 24, x, m*24, 24, y)
			var s1, s2, s3 [m]float64 // as networks hold them: they must stay on the stack
			TanhSlopes(s1[:], s2[:], s3[:], y[:m])
			for _, sec := range allSeconds {
				Jet(m, 2, sec, s1[:], s2[:], x, y, m)
				JetAdjoint(m, 2, sec, s1[:], s2[:], s3[:], x, y, m)
			}
		}); n != 0 {
			t.Fatalf("%v allocations", n)
		}
	})
}
