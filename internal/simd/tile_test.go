package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// tileMatrix is an m×n matrix inside guards: leading dimension ld, first element at a random place.
func tileMatrix(r *rand.Rand, m, n int) (a []float64, ld int) {
	ld = n + r.IntN(5)
	ld = max(ld, 1)
	all := make([]float64, m*ld+9)
	for i := range all {
		all[i] = r.NormFloat64()
	}
	return all[r.IntN(9):], ld
}

func onEachPath(t *testing.T, f func(t *testing.T)) {
	was := Path()
	defer func() { _ = Use(was) }()
	for _, p := range Paths() {
		if err := Use(p); err != nil {
			t.Fatal(err)
		}
		t.Run(p, f)
	}
}

// bitsEqual compares whole slices, gaps included, so that nothing outside the matrix may change.
func bitsEqual(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i := range want {
		if math.Float64bits(got[i]) != math.Float64bits(want[i]) && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

func TestTileIsOneChain(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for m := range 15 {
			for n := range 18 {
				for _, k := range []int{0, 1, 2, 3, 4, 5, 7, 8, 31} {
					checkTileChain(t, r, m, n, k)
				}
			}
		}
	})
}

func checkTileChain(t *testing.T, r *rand.Rand, m, n, k int) {
	a, lda := tileMatrix(r, m, k)
	b, ldb := tileMatrix(r, k, n)
	alpha := []float64{1, -1, 0.7}[r.IntN(3)]
	pa, pb := make([]float64, TileLenA(m, k)), make([]float64, TileLenB(k, n))
	TilePackA(pa, m, k, a, lda)
	TilePackB(pb, k, n, alpha, b, ldb)
	for _, fresh := range []bool{false, true} {
		c, ldc := tileMatrix(r, m, n)
		for i := range m {
			for j := range n {
				if fresh {
					c[i*ldc+j] = math.NaN()
				}
			}
		}
		want, direct := append([]float64(nil), c...), append([]float64(nil), c...)
		for i := range m {
			for j := range n {
				s := c[i*ldc+j]
				if fresh {
					s = 0
				}
				for l := range k {
					s = math.FMA(a[i*lda+l], alpha*b[l*ldb+j], s)
				}
				want[i*ldc+j] = s
			}
		}
		what := fmt.Sprint("m, n, k, fresh ", m, n, k, fresh)
		Tile(m, n, k, pa, pb, c, ldc, fresh)
		bitsEqual(t, "Tile: "+what, c, want)
		TileRows(m, n, k, a, lda, pb, direct, ldc, fresh)
		bitsEqual(t, "TileRows: "+what, direct, want)
	}
}

func TestTileSlicesOfK(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 2))
	const m, n, k, cut = 13, 19, 40, 17
	a, lda := tileMatrix(r, m, k)
	b, ldb := tileMatrix(r, k, n)
	whole, parts := make([]float64, m*n), make([]float64, m*n)
	pb := make([]float64, TileLenB(k, n))
	TilePackB(pb, k, n, 1, b, ldb)
	TileRows(m, n, k, a, lda, pb, whole, n, true)
	TilePackB(pb, cut, n, 1, b, ldb)
	TileRows(m, n, cut, a, lda, pb, parts, n, true)
	TilePackB(pb, k-cut, n, 1, b[cut*ldb:], ldb)
	TileRows(m, n, k-cut, a[cut:], lda, pb, parts, n, false)
	bitsEqual(t, "two slices", parts, whole)
}

func TestTilePacking(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for _, m := range []int{0, 1, 5, 6, 7, 8, 9, 23, 24, 33, 64, 67} {
		for _, k := range []int{0, 1, 2, 9} {
			a, lda := tileMatrix(r, m, k)
			at, ldt := tileMatrix(r, k, m)
			for i := range m {
				for l := range k {
					at[l*ldt+i] = a[i*lda+l]
				}
			}
			wantA, wantB := make([]float64, TileLenA(m, k)), make([]float64, TileLenB(k, m))
			for i := range m {
				for l := range k {
					wantA[(i/TileM*k+l)*TileM+i%TileM] = a[i*lda+l]
					wantB[(i/TileN*k+l)*TileN+i%TileN] = -2 * a[i*lda+l]
				}
			}
			got := func(n int) []float64 {
				x := make([]float64, n)
				for i := range x {
					x[i] = math.NaN() // padding must be written
				}
				return x
			}
			pa, pat, pb, pbt := got(len(wantA)), got(len(wantA)), got(len(wantB)), got(len(wantB))
			TilePackA(pa, m, k, a, lda)
			TilePackAT(pat, m, k, at, ldt)
			TilePackB(pb, k, m, -2, at, ldt)
			TilePackBT(pbt, k, m, -2, a, lda)
			for _, c := range []struct {
				name      string
				got, want []float64
			}{{"A", pa, wantA}, {"AT", pat, wantA}, {"B", pb, wantB}, {"BT", pbt, wantB}} {
				for i := range c.want {
					if c.got[i] != c.want[i] {
						t.Fatalf("%s %d×%d: element %d is %v, want %v", c.name, m, k, i, c.got[i], c.want[i])
					}
				}
			}
		}
	}
}

func TestTileSolve(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 2))
		for m := range 14 {
			for w := range TileN + 1 {
				for _, backward := range []bool{false, true} {
					checkTileSolve(t, r, m, w, backward)
				}
			}
		}
	})
}

// checkTileSolve compares with the recurrence; what lies outside the triangle is NaN.
func checkTileSolve(t *testing.T, r *rand.Rand, m, w int, backward bool) {
	var u [TileN * TileN]float64
	for i := range TileN {
		for j := range TileN {
			u[i*TileN+j] = math.NaN()
			if i == j || i < w && j < w && (j < i) == backward {
				u[i*TileN+j] = r.NormFloat64()
			}
		}
	}
	x, ld := tileMatrix(r, m, w)
	want := append([]float64(nil), x...)
	for i := range m {
		row := want[i*ld : i*ld+w]
		for q := range w {
			j := q
			if backward {
				j = w - 1 - q
			}
			for p := range q {
				l := p
				if backward {
					l = w - 1 - p
				}
				row[j] = math.FMA(row[l], u[l*TileN+j], row[j])
			}
			row[j] /= u[j*TileN+j]
		}
	}
	TileSolve(m, w, &u, x, ld, backward)
	bitsEqual(t, fmt.Sprint("m, w, backward ", m, w, backward), x, want)
}

func TestTileShortSlicesPanic(t *testing.T) {
	a := make([]float64, 48)
	for name, f := range map[string]func(){
		"A":      func() { Tile(7, 8, 6, a, a, make([]float64, 56), 8, true) },
		"B":      func() { Tile(6, 9, 6, a, a, make([]float64, 54), 9, true) },
		"C":      func() { Tile(6, 8, 6, a, a, a[:47], 8, true) },
		"ldc":    func() { Tile(6, 8, 6, a, a, a, 7, true) },
		"rows A": func() { TileRows(6, 8, 6, a, 9, a, a, 8, true) },
		"rows C": func() { TileRows(6, 8, 6, a, 8, a, a[:47], 8, true) },
		"solve":  func() { TileSolve(7, 8, new([64]float64), a, 8, false) },
		"width":  func() { TileSolve(1, 9, new([64]float64), a, 9, false) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error(name, "accepted a short slice")
				}
			}()
			f()
		}()
	}
}
