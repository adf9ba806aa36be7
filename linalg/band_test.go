package linalg

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"pgregory.net/rapid"
)

// randomBand has NaN wherever its storage holds no element of the matrix.
func randomBand(r *rand.Rand, rows, cols, kl, ku int) blas64.Band {
	a := NewBand(nil, rows, cols, kl, ku)
	a.Stride += r.IntN(3)
	a.Data = make([]float64, rows*a.Stride)
	for i := range a.Data {
		a.Data[i] = math.NaN()
	}
	for i := range rows {
		row, _ := BandRow(a, i)
		for j := range row {
			row[j] = r.NormFloat64()
		}
	}
	return a
}

// dense is the matrix with its zeros.
func dense(a blas64.Band) blas64.General {
	d := New(nil, a.Rows, a.Cols)
	for i := range a.Rows {
		for j := range a.Cols {
			if j-i >= -a.KL && j-i <= a.KU {
				d.Data[i*d.Stride+j] = a.Data[i*a.Stride+a.KL+j-i]
			}
		}
	}
	return d
}

// symmetricBand is positive definite: B·Bᵀ + I/10 with a lower triangular band matrix B, scaled; and its dense twin.
func symmetricBand(r *rand.Rand, n, b int, ul blas.Uplo) (blas64.SymmetricBand, blas64.General) {
	d := New(nil, n, n)
	Syrk(d, dense(randomBand(r, n, n, b, 0)))
	a := NewSymmetricBand(nil, n, b)
	a.Uplo = ul
	for i := range d.Data {
		d.Data[i] /= float64(b + 1)
	}
	for i := range a.Data {
		a.Data[i] = math.NaN()
	}
	for i := range n {
		d.Data[i*d.Stride+i] += 0.1
		for j := max(0, i-b); j <= i; j++ {
			if ul == blas.Lower {
				a.Data[i*a.Stride+b+j-i] = d.Data[i*d.Stride+j]
			} else {
				a.Data[j*a.Stride+i-j] = d.Data[i*d.Stride+j]
			}
		}
	}
	return a, d
}

// bandCase draws sizes around the blocks and the numbers of columns around the limits of the solves.
type bandCase struct {
	n, kl, ku, k int
	r            *rand.Rand
}

func drawBand(t *rapid.T) bandCase {
	n := rapid.OneOf(rapid.IntRange(0, 9), rapid.IntRange(10, 130)).Draw(t, "n")
	width := rapid.OneOf(rapid.IntRange(0, 3), rapid.IntRange(0, n+2))
	return bandCase{n, width.Draw(t, "kl"), width.Draw(t, "ku"), rapid.SampledFrom([]int{0, 1, 2, 7, 8, 9, 33, 70}).Draw(t, "k"),
		source(rapid.Uint64().Draw(t, "seed"))}
}

// closer fails where |got − want| > tol·(1 + max|want|).
func closer(t *rapid.T, what string, got, want blas64.General, tol float64) {
	big := 1.0
	for i := range want.Rows {
		for _, v := range Row(want, i) {
			big = max(big, math.Abs(v))
		}
	}
	for i := range want.Rows {
		for j, w := range Row(want, i) {
			if g := Row(got, i)[j]; !(math.Abs(g-w) <= tol*big) {
				t.Fatalf("%s: (%d, %d) of %d×%d is %v, want %v", what, i, j, want.Rows, want.Cols, g, w)
			}
		}
	}
}

// untouched fails where the gaps between rows have been written.
func untouched(t *rapid.T, a blas64.General) {
	for i, v := range a.Data {
		if (i%a.Stride >= a.Cols || i/a.Stride >= a.Rows) && v != guard {
			t.Fatalf("element %d outside the %d×%d matrix was written", i, a.Rows, a.Cols)
		}
	}
}

func TestBandMulAgainstDense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawBand(t)
		cols := rapid.IntRange(0, 140).Draw(t, "columns")
		a := randomBand(x.r, x.n, cols, x.kl, x.ku)
		d := dense(a)
		trans := rapid.Bool().Draw(t, "transposed")
		alpha, beta := rapid.SampledFrom([]float64{1, -0.5, 0}).Draw(t, "alpha"), rapid.SampledFrom([]float64{0, 1, -2}).Draw(t, "beta")
		rows, inner := x.n, cols
		if trans {
			rows, inner = cols, x.n
		}
		b, c := random(x.r, inner, x.k), random(x.r, rows, x.k)
		want := clone(c)
		Gemm(transpose(trans), blas.NoTrans, alpha, d, b, beta, want)
		if beta == 0 {
			c = filled(x.r, rows, x.k, math.NaN())
		}
		BandMul(transpose(trans), alpha, a, b, beta, c)
		closer(t, "band product", c, want, 1e-13)
		untouched(t, c)
	})
}

func TestSymmetricBandMulAgainstDense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawBand(t)
		a, d := symmetricBand(x.r, x.n, x.kl, rapid.SampledFrom([]blas.Uplo{blas.Lower, blas.Upper}).Draw(t, "uplo"))
		b, c := random(x.r, x.n, x.k), random(x.r, x.n, x.k)
		want := clone(c)
		Gemm(blas.NoTrans, blas.NoTrans, 2, d, b, -1, want)
		SymmetricBandMul(2, a, b, -1, c)
		closer(t, "symmetric band product", c, want, 1e-13)
		untouched(t, c)
	})
}

// TestBandMulBitsEverywhere has enough rows for several groups and enough work for several workers.
func TestBandMulBitsEverywhere(t *testing.T) {
	r := source(90)
	const n = 3000
	a, s := randomBand(r, n, n, 70, 41), randomBand(r, n, n, 150, 0)
	sym := blas64.SymmetricBand{N: n, K: s.KL, Stride: s.Stride, Data: s.Data, Uplo: blas.Lower}
	for _, k := range []int{1, 3, 20} {
		b := random(r, n, k)
		var first [3]blas64.General
		everywhere(t, func(t *testing.T) {
			for i := range first {
				c := filled(r, n, k, 1)
				switch i {
				case 0:
					BandMul(blas.NoTrans, 2, a, b, 1, c)
				case 1:
					BandMul(blas.Trans, 2, a, b, 1, c)
				case 2:
					SymmetricBandMul(2, sym, b, 1, c)
				}
				if first[i].Data == nil {
					first[i] = c
				}
				same(t, fmt.Sprint("product ", i, " of columns ", k), c, first[i])
			}
		})
	}
}

func TestBandMulIsAdjoint(t *testing.T) {
	r := source(91)
	a := randomBand(r, 300, 280, 13, 30)
	x, y := random(r, 1, 280), random(r, 1, 300)
	ax, aty := New(nil, 300, 1), New(nil, 280, 1)
	BandMul(blas.NoTrans, 1, a, Column(Row(x, 0)), 0, ax)
	BandMul(blas.Trans, 1, a, Column(Row(y, 0)), 0, aty)
	var left, right, size float64
	for i, v := range ax.Data {
		left += v * Row(y, 0)[i]
		size += math.Abs(v * Row(y, 0)[i])
	}
	for i, v := range aty.Data {
		right += v * Row(x, 0)[i]
	}
	if !(math.Abs(left-right) <= 1e-13*size) {
		t.Fatalf("⟨Ax, y⟩ = %v, ⟨x, Aᵀy⟩ = %v", left, right)
	}
}

// A sparse matrix in band form multiplies as it does by rows.
func TestCSRFillsBands(t *testing.T) {
	r := source(95)
	const n = 40
	var entries []Entry
	for i := range n {
		for _, j := range []int{i - 7, i - 1, i, i + 3} {
			if j >= 0 && j < n {
				entries = append(entries, Entry{i, j, r.NormFloat64()})
			}
		}
	}
	a := NewCSR(n, n, entries)
	kl, ku := a.Bandwidth()
	if kl != 7 || ku != 3 {
		t.Fatalf("bandwidth %d, %d", kl, ku)
	}
	b := NewBand(nil, n, n, kl, ku)
	a.FillBand(b)
	x, got, want := Row(random(r, 1, n), 0), make([]float64, n), make([]float64, n)
	a.Mul(want, x)
	BandMul(blas.NoTrans, 1, b, Column(x), 0, Column(got))
	lower := NewSymmetricBand(nil, n, 7)
	a.FillSymmetricBand(lower)
	for i := range n {
		if math.Abs(got[i]-want[i]) > 1e-13 {
			t.Errorf("row %d: %v, want %v", i, got[i], want[i])
		}
		if lower.Data[i*lower.Stride+7] != b.Data[i*b.Stride+7] {
			t.Errorf("row %d of the lower triangle", i)
		}
	}
}
