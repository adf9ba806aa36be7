package linalg

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"pgregory.net/rapid"

	"ngdbench/cost"
)

// dumbLU is Gaussian elimination with partial pivoting on a dense matrix and its right-hand sides; the first column
// without a pivot, or n. a and b are overwritten with U and the solution.
func dumbLU(a, b blas64.General) int {
	n := a.Rows
	for c := range n {
		p := c
		for i := c; i < n; i++ {
			if math.Abs(Row(a, i)[c]) > math.Abs(Row(a, p)[c]) {
				p = i
			}
		}
		if Row(a, p)[c] == 0 {
			return c
		}
		exchange(Row(a, c), Row(a, p))
		exchange(Row(b, c), Row(b, p))
		for i := c + 1; i < n; i++ {
			l := Row(a, i)[c] / Row(a, c)[c]
			for j := c; j < n; j++ {
				Row(a, i)[j] = math.FMA(-l, Row(a, c)[j], Row(a, i)[j])
			}
			for j := range b.Cols {
				Row(b, i)[j] = math.FMA(-l, Row(b, c)[j], Row(b, i)[j])
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		for j := range b.Cols {
			for l := i + 1; l < n; l++ {
				Row(b, i)[j] = math.FMA(-Row(a, i)[l], Row(b, l)[j], Row(b, i)[j])
			}
			Row(b, i)[j] /= Row(a, i)[i]
		}
	}
	return n
}

func turned(a blas64.General) blas64.General {
	t := New(nil, a.Cols, a.Rows)
	for i := range a.Rows {
		for j, v := range Row(a, i) {
			t.Data[j*t.Stride+i] = v
		}
	}
	return t
}

// TestBandLUAgainstDense draws matrices without any dominance, so that rows are exchanged all the time. U is compared
// with that of the dense elimination, whose chains are the same; the residual is compared with rounding errors, for
// these matrices may be badly conditioned.
func TestBandLUAgainstDense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawBand(t)
		a := randomBand(x.r, x.n, x.n, x.kl, x.ku)
		before := append([]float64(nil), a.Data...)
		var f BandLU
		f.Reset(x.n, x.kl+rapid.IntRange(0, 2).Draw(t, "wider"), x.ku+rapid.IntRange(0, 2).Draw(t, "higher"), nil)
		for range 2 {
			if err := f.Factor(a); err != nil {
				t.Fatal(err)
			}
		}
		for i, v := range a.Data {
			if v != before[i] && before[i] == before[i] {
				t.Fatal("A was changed")
			}
		}
		u := dense(a)
		dumbLU(u, New(nil, x.n, 0))
		for i := range x.n {
			for j := i; j < min(x.n, i+f.kl+f.ku+1); j++ {
				if g := f.a.at(i, j)[0]; g != Row(u, i)[j] {
					t.Fatalf("U(%d, %d) is %v, want %v", i, j, g, Row(u, i)[j])
				}
			}
		}
		for _, tA := range []blas.Transpose{blas.NoTrans, blas.Trans} {
			b := random(x.r, x.n, x.k)
			y := clone(b)
			if tA == blas.NoTrans {
				f.Solve(y)
			} else {
				f.SolveTrans(y)
			}
			untouched(t, y)
			BandMul(tA, -1, a, y, 1, b)
			scale := largest(dense(a)) * (1 + largest(y)) * float64(x.kl+x.ku+1)
			if e := largest(b) / max(scale, 1); !(e <= 1e-14*float64(x.kl+x.ku+1)) {
				t.Fatalf("op %c: residual %v", tA, e)
			}
		}
	})
}

// TestBandLUSolution compares solutions where the matrix is well conditioned but its rows are upside down within reach.
func TestBandLUSolution(t *testing.T) {
	r := source(110)
	for _, d := range [][4]int{{1, 0, 0, 1}, {9, 1, 0, 2}, {60, 3, 2, 8}, {200, 30, 11, 40}, {180, 100, 70, 9}, {20, 40, 40, 3}} {
		n, kl, ku, k := d[0], d[1], d[2], d[3]
		a := randomBand(r, n, n, kl, ku)
		for i := range n { // the large elements lie below the diagonal: position (c + shift) of column c
			row, first := BandRow(a, i)
			for j := range row {
				row[j] *= 0.3 / float64(kl+ku+1)
				if s := min(1, kl); first+j == i-s || i < s && first+j == n-1 {
					row[j] += 2
				}
			}
			if kl > 0 && i%2 == 0 {
				row[i-first] += 1
			}
		}
		for _, trans := range []bool{false, true} {
			m := dense(a)
			if trans {
				m = turned(m)
			}
			b := random(r, n, k)
			want := clone(b)
			dumbLU(m, want)
			var f BandLU
			f.Reset(n, kl, ku, nil)
			if err := f.Factor(a); err != nil {
				t.Fatal(err)
			}
			if trans {
				f.SolveTrans(b)
			} else {
				f.Solve(b)
			}
			near(t, fmt.Sprint(d, trans), b, want, 1e-9*(1+largest(want)))
			intact(t, b)
		}
	}
}

// TestBandLUNeedsPivots: without exchanges the first pivot is zero, or so small that nothing is left of the rest.
func TestBandLUNeedsPivots(t *testing.T) {
	for _, small := range []float64{0, 1e-20} {
		const n = 101
		a := NewBand(nil, n, n, 1, 1)
		for i := range n {
			row, first := BandRow(a, i)
			for j := range row {
				row[j] = 1
				if first+j == i && i < n-1 {
					row[j] = small
				}
			}
		}
		var f BandLU
		f.Reset(n, 1, 1, nil)
		if err := f.Factor(a); err != nil {
			t.Fatal(err)
		}
		for _, k := range []int{1, 10} {
			x := random(source(111), n, k)
			b := New(nil, n, k)
			BandMul(blas.NoTrans, 1, a, x, 0, b)
			f.Solve(b)
			near(t, "solution", b, x, 1e-12)
			BandMul(blas.Trans, 1, a, x, 0, b)
			f.SolveTrans(b)
			near(t, "transposed", b, x, 1e-12)
		}
	}
}

func TestBandLUNamesTheColumn(t *testing.T) {
	r := source(112)
	const n = 130
	for _, d := range [][2]int{{0, 0}, {1, 2}, {9, 4}, {30, 60}, {70, 5}} {
		for _, col := range []int{0, 8, 77, n - 1} {
			a := randomBand(r, n, n, d[0], d[1])
			for i := max(0, col-d[1]); i <= min(n-1, col+d[0]); i++ {
				a.Data[i*a.Stride+a.KL+col-i] = 0
			}
			var f BandLU
			f.Reset(n, d[0], d[1], nil)
			err := f.Factor(a)
			if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("column %d of %d", col, n)) {
				t.Fatalf("band %v, column %d zero: %v", d, col, err)
			}
			if err := f.Factor(randomBand(r, n, n, d[0], d[1])); err != nil {
				t.Fatal("a good matrix after a bad one: ", err)
			}
		}
	}
}

// TestBandLUNotFinite puts NaN and Inf anywhere: an error, or a solution that is not finite.
func TestBandLUNotFinite(t *testing.T) {
	r := source(113)
	for trial := range 100 {
		n, kl, ku := 1+r.IntN(120), r.IntN(40), r.IntN(40)
		a := randomBand(r, n, n, kl, ku)
		row, _ := BandRow(a, r.IntN(n))
		row[r.IntN(len(row))] = []float64{math.NaN(), math.Inf(1)}[trial%2]
		var f BandLU
		f.Reset(n, kl, ku, nil)
		if f.Factor(a) != nil {
			continue
		}
		x := random(r, n, 1+9*(trial%3))
		f.Solve(x)
		finite := true
		for _, v := range x.Data {
			finite = finite && v-v == 0
		}
		if finite && trial%2 == 0 {
			t.Fatalf("trial %d: NaN in A, but a finite solution", trial)
		}
	}
}

func TestBandLUBitsEverywhere(t *testing.T) {
	r := source(114)
	for _, d := range [][4]int{{700, 2, 3, 40}, {700, 40, 20, 70}, {900, 310, 300, 70}} {
		n, k := d[0], d[3]
		a, x := randomBand(r, n, n, d[1], d[2]), random(r, n, k)
		var all, trans, one blas64.General
		everywhere(t, func(t *testing.T) {
			var f BandLU
			m := &cost.Meter{}
			f.Reset(n, d[1], d[2], m)
			if m.Bytes < int64(8*n*(2*d[1]+d[2]+2)) {
				t.Fatal("workspace not booked")
			}
			if err := f.Factor(a); err != nil {
				t.Fatal(err)
			}
			y, z, w := clone(x), clone(x), clone(Block(x, 0, 0, n, 1))
			f.Solve(y)
			f.SolveTrans(z)
			f.Solve(w)
			if all.Data == nil {
				all, trans, one = y, z, w
			}
			same(t, "columns", y, all)
			same(t, "transposed", z, trans)
			same(t, "column", w, one)
		})
	}
}

// TestBandSolvesSideBySide shares two factorisations among goroutines.
func TestBandSolvesSideBySide(t *testing.T) {
	r := source(115)
	const n, workers = 400, 4
	s, _ := symmetricBand(r, n, 70, blas.Lower)
	var c BandCholesky
	var f BandLU
	c.Reset(n, 70, nil)
	f.Reset(n, 20, 30, nil)
	must(t, c.Factor(s))
	must(t, f.Factor(randomBand(r, n, n, 20, 30)))
	for _, k := range []int{1, 2, 5, 40} {
		b := random(r, n, k)
		solve := func() (x [3]blas64.General) {
			for i := range x {
				x[i] = clone(b)
			}
			c.Solve(x[0])
			f.Solve(x[1])
			f.SolveTrans(x[2])
			return x
		}
		want := solve()
		var all sync.WaitGroup
		got := make([][3]blas64.General, workers)
		for i := range got {
			all.Go(func() { got[i] = solve() })
		}
		all.Wait()
		for _, x := range got {
			for i := range x {
				same(t, "solution", x[i], want[i])
			}
		}
	}
}

// TestBandLUTinyPivots has pivots whose reciprocals overflow.
func TestBandLUTinyPivots(t *testing.T) {
	const n, tiny = 20, 0x1p-1070
	a := NewBand(nil, n, n, 0, 0)
	for i := range a.Data {
		a.Data[i] = tiny
	}
	var f BandLU
	f.Reset(n, 0, 0, nil)
	must(t, f.Factor(a))
	for _, k := range []int{1, 8} {
		b, want := New(nil, n, k), New(nil, n, k)
		for i := range b.Data {
			b.Data[i], want.Data[i] = 3*tiny, 3
		}
		f.Solve(b)
		same(t, "solution", b, want)
	}
}
