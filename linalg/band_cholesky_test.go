package linalg

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"pgregory.net/rapid"

	"ngdbench/cost"
)

// lower writes the factor out in full.
func (c *BandCholesky) lower() blas64.General {
	l := New(nil, c.n, c.n)
	for i := range c.n {
		lo := max(0, i-c.b)
		copy(Row(l, i)[lo:], c.l.row(i, lo, i+1))
	}
	return l
}

// equal fails where two matrices differ in any bit but the sign of a zero.
func equal(t *rapid.T, what string, got, want blas64.General) {
	for i := range want.Rows {
		for j, w := range Row(want, i) {
			if g := Row(got, i)[j]; g != w {
				t.Fatalf("%s: (%d, %d) of %d×%d is %v, want %v", what, i, j, want.Rows, want.Cols, g, w)
			}
		}
	}
}

// TestBandCholeskyIsTheDenseOne: the same recurrence, so the same numbers; solves are compared with the dense ones.
func TestBandCholeskyIsTheDenseOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawBand(t)
		a, d := symmetricBand(x.r, x.n, x.kl, rapid.SampledFrom([]blas.Uplo{blas.Lower, blas.Upper}).Draw(t, "uplo"))
		before := append([]float64(nil), a.Data...)
		var c BandCholesky
		c.Reset(x.n, x.kl+rapid.IntRange(0, 3).Draw(t, "wider"), nil)
		for range 2 { // again: what an earlier factor left must not matter
			if err := c.Factor(a); err != nil {
				t.Fatal(err)
			}
		}
		for i, v := range a.Data {
			if v != before[i] && before[i] == before[i] {
				t.Fatal("A was changed")
			}
		}
		want, _ := dumbCholesky(d, 0)
		equal(t, "L", c.lower(), want)
		for op, solve := range []func(b blas64.General){c.SolveL, c.SolveLT, c.Solve} {
			b := random(x.r, x.n, x.k)
			y := clone(b)
			if op != 1 {
				Trsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, 1, want, y)
			}
			if op != 0 {
				Trsm(blas.Left, blas.Lower, blas.Trans, blas.NonUnit, 1, want, y)
			}
			solve(b)
			closer(t, fmt.Sprint("solve ", op), b, y, 1e-12)
			untouched(t, b)
		}
	})
}

func TestBandCholeskyAgainstLapack(t *testing.T) {
	r := source(100)
	for _, d := range [][3]int{{1, 0, 1}, {40, 1, 3}, {300, 30, 9}, {500, 140, 40}} {
		n, b, k := d[0], d[1], d[2]
		a, _ := symmetricBand(r, n, b, blas.Lower)
		x := random(r, n, k)
		want := clone(x)
		var c BandCholesky
		c.Reset(n, b, nil)
		if err := c.Factor(a); err != nil {
			t.Fatal(err)
		}
		c.Solve(x)
		l, ok := lapack64.Pbtrf(a) // overwrites a
		if !ok {
			t.Fatal("reference failed")
		}
		lapack64.Pbtrs(l, want)
		near(t, fmt.Sprint(d), x, want, 1e-11)
		intact(t, x)
	}
}

// laplacian is the five-point stencil on m×m points, h² left out: condition number about m²/5.
func laplacian(m int) blas64.SymmetricBand {
	a := NewSymmetricBand(nil, m*m, m)
	for i := range m * m {
		row := a.Data[i*a.Stride:]
		row[m] = 4
		if i%m > 0 {
			row[m-1] = -1
		}
		if i >= m {
			row[0] = -1
		}
	}
	return a
}

// TestBandCholeskyBackwardError asks for ‖b − Ax‖ ≤ c·ε·‖A‖‖x‖, in the maximum norm, whatever the condition number.
func TestBandCholeskyBackwardError(t *testing.T) {
	const m = 70
	a := laplacian(m)
	var c BandCholesky
	c.Reset(m*m, m, nil)
	if err := c.Factor(a); err != nil {
		t.Fatal(err)
	}
	for _, k := range []int{1, 12} {
		b := random(source(101), m*m, k)
		x := clone(b)
		c.Solve(x)
		SymmetricBandMul(-1, a, x, 1, b)
		if e := largest(b) / (8 * largest(x)); e > 20*0x1p-53 {
			t.Errorf("%d columns: backward error %v", k, e)
		}
	}
}

func largest(a blas64.General) float64 {
	big := 0.0
	for i := range a.Rows {
		for _, v := range Row(a, i) {
			big = max(big, math.Abs(v))
		}
	}
	return big
}

func TestBandCholeskyNamesTheRow(t *testing.T) {
	r := source(102)
	for _, b := range []int{0, 1, 9, 30, 80} {
		const n = 150
		for _, row := range []int{0, 7, 8, 77, n - 1} {
			for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1)} {
				a, _ := symmetricBand(r, n, b, blas.Lower)
				if bad == 0 || bad == -1 { // an unknown without others: its pivot is what stands there
					for i := row; i <= min(n-1, row+b); i++ {
						a.Data[i*a.Stride+b+row-i] = 0
					}
					for j := max(0, row-b); j < row; j++ {
						a.Data[row*a.Stride+b+j-row] = 0
					}
				}
				a.Data[row*a.Stride+b] = bad
				var c BandCholesky
				c.Reset(n, b, nil)
				err := c.Factor(a)
				if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("row %d of %d", row, n)) {
					t.Fatalf("b %d, %v at row %d: %v", b, bad, row, err)
				}
				good, d := symmetricBand(r, n, b, blas.Lower)
				if err := c.Factor(good); err != nil {
					t.Fatal(err)
				}
				want, _ := dumbCholesky(d, 0)
				near(t, "L after a breakdown", c.lower(), want, 0)
			}
		}
	}
}

// TestBandCholeskyNotFinite puts NaN anywhere.
func TestBandCholeskyNotFinite(t *testing.T) {
	r := source(103)
	for range 50 {
		n, b := 1+r.IntN(120), r.IntN(40)
		a, _ := symmetricBand(r, n, b, blas.Lower)
		i := r.IntN(n)
		a.Data[i*a.Stride+b-r.IntN(min(i, b)+1)] = math.NaN()
		var c BandCholesky
		c.Reset(n, b, nil)
		if c.Factor(a) == nil {
			t.Fatalf("order %d, half-bandwidth %d, NaN in row %d: factored", n, b, i)
		}
	}
}

func TestBandCholeskyBitsEverywhere(t *testing.T) {
	r := source(104)
	for _, d := range [][3]int{{700, 3, 40}, {700, 40, 70}, {900, 320, 70}} {
		n, b, k := d[0], d[1], d[2]
		a, _ := symmetricBand(r, n, b, blas.Lower)
		x := random(r, n, k)
		var l, all, one blas64.General
		everywhere(t, func(t *testing.T) {
			var c BandCholesky
			m := &cost.Meter{}
			c.Reset(n, b, m)
			if m.Bytes < int64(8*n*(b+1)) {
				t.Fatal("workspace not booked")
			}
			if err := c.Factor(a); err != nil {
				t.Fatal(err)
			}
			y, z := clone(x), clone(Block(x, 0, 0, n, 1))
			c.Solve(y)
			c.Solve(z)
			if l.Data == nil {
				l, all, one = c.lower(), y, z
			}
			same(t, "L", c.lower(), l)
			same(t, "columns", y, all)
			same(t, "column", z, one)
		})
	}
}
