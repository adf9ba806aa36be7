package networks

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"pgregory.net/rapid"

	"ngdbench/linalg"
	"ngdbench/linalg/operator/operatortest"
)

// TestAdjointIdentity checks ⟨Tv, y⟩ = ⟨v, Tᵀy⟩ to 1e-13·‖Tv‖‖y‖, on networks of the sizes that are trained too.
func TestAdjointIdentity(t *testing.T) {
	for _, s := range append(settings(), newSetting("2x64x64x64x1", part{Laplacian, 501, 1}, part{Value, 70, 1})) {
		tape := s.tape(Tangents)
		rows, cols := tape.Dims()
		tape.Linearise(s.theta, make([]float64, rows))
		op := tape.Tangent()
		for k := range 3 {
			v, y := pattern(cols + k)[k:], pattern(rows + k)[k:]
			tv, ty := make([]float64, rows), make([]float64, cols)
			op.Apply(tv, v)
			op.ApplyT(ty, y)
			left, right := inner(tv, y), inner(v, ty)
			if d, bound := math.Abs(left-right), 1e-13*length(tv)*length(y); !(d <= bound) {
				t.Errorf("%s: ⟨Tv,y⟩ = %v and ⟨v,Tᵀy⟩ = %v differ by %.3g, more than %.3g", s.name, left, right, d, bound)
			}
		}
	}
}

func inner(x, y []float64) float64 {
	return blas64.Dot(blas64.Vector{N: len(x), Inc: 1, Data: x}, blas64.Vector{N: len(y), Inc: 1, Data: y})
}

func length(x []float64) float64 { return math.Sqrt(inner(x, x)) }

// TestCrossKernels compares the block of TTᵀ for two groups of points with T_a T_bᵀ of two tapes with one group each,
// explicit and entry by entry, and so the rows of TTᵀ across groups.
func TestCrossKernels(t *testing.T) {
	for _, s := range append(settings(), newSetting("2x40x40x1", part{Laplacian, 70, 1}, part{Value, 31, 2}, part{Gradient, 9, 1})) {
		tape := s.tape(Tangents)
		rows, cols := tape.Dims()
		tape.Linearise(s.theta, make([]float64, rows))
		joint := linalg.New(nil, rows, rows)
		tape.Tangent().Kernel(joint)
		var parts []blas64.General
		for i := range s.groups {
			parts = append(parts, explicitGroup(s, i, cols))
		}
		at := 0
		for i, a := range parts {
			under := 0
			for j, b := range parts {
				want := linalg.New(nil, a.Rows, b.Rows)
				if a.Rows*b.Rows > 0 {
					blas64.Gemm(blas.NoTrans, blas.Trans, 1, a, b, 0, want)
				}
				compareBlock(t, fmt.Sprintf("%s: groups %d and %d", s.name, i, j), linalg.Block(joint, at, under, a.Rows, b.Rows), want)
				under += b.Rows
			}
			at += a.Rows
		}
		row := make([]float64, rows)
		for i := 0; i < rows; i += 1 + rows/11 {
			tape.Tangent().KernelRow(row, i)
			compareBlock(t, fmt.Sprintf("%s: row %d", s.name, i), blas64.General{Rows: 1, Cols: rows, Stride: rows, Data: row},
				linalg.Block(joint, i, 0, 1, rows))
		}
	}
}

// explicitGroup is the explicit T of one group by a tape of its own; mixed knows a group by its index, so that the
// others stay, without points.
func explicitGroup(s setting, group, cols int) blas64.General {
	alone := setting{name: s.name, net: s.net, theta: s.theta}
	for i, g := range s.groups {
		if i != group {
			g.X = nil
		}
		alone.groups = append(alone.groups, g)
	}
	tape := alone.tape(Tangents)
	rows, _ := tape.Dims()
	if rows == 0 {
		return linalg.New(nil, 0, cols)
	}
	tape.Linearise(alone.theta, make([]float64, rows))
	return operatortest.Explicit(tape.Tangent())
}

func compareBlock(t *testing.T, what string, got, want blas64.General) {
	t.Helper()
	scale := 0.0
	for i := range want.Rows {
		for _, v := range linalg.Row(want, i) {
			scale = max(scale, math.Abs(v))
		}
	}
	for i := range want.Rows {
		for j, v := range linalg.Row(want, i) {
			if x := got.Data[i*got.Stride+j]; !(math.Abs(x-v) <= 1e-12*scale) {
				t.Errorf("%s: entry (%d,%d) is %v, want %v", what, i, j, x, v)
				return
			}
		}
	}
}

// drawSetting draws a network with its groups: odd widths, every order, empty groups and single points among them.
func drawSetting(t *rapid.T) (setting, []part) {
	widths := []int{rapid.IntRange(1, 4).Draw(t, "d")}
	widths = append(widths, rapid.SliceOfN(rapid.IntRange(1, 19), 0, 3).Draw(t, "hidden")...)
	widths = append(widths, rapid.IntRange(1, 3).Draw(t, "outputs"))
	name := (&Network{Widths: widths}).String() + rapid.SampledFrom([]string{"", "+sine"}).Draw(t, "activation")
	parts := []part{{Laplacian, rapid.SampledFrom([]int{1, 3, 30}).Draw(t, "points inside"), 1}}
	for range rapid.IntRange(0, 2).Draw(t, "groups") {
		parts = append(parts, part{Order(rapid.IntRange(int(Value), int(Hessian)).Draw(t, "order")),
			rapid.SampledFrom([]int{0, 1, 2, 5, 17, 49}).Draw(t, "points"), rapid.IntRange(1, 3).Draw(t, "functionals")})
	}
	slices.SortStableFunc(parts, func(a, b part) int { return a.rows - b.rows })
	return newSetting(name, parts...), parts
}

// TestRandomNetworks compares T of a drawn network with the twin, and every capability with the explicit T and with the
// generic fallback.
func TestRandomNetworks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, parts := drawSetting(rt)
		tape := s.tape(Tangents)
		rows, cols := tape.Dims()
		tape.Linearise(s.theta, make([]float64, rows))
		all := make([]int, cols)
		for j := range all {
			all[j] = j
		}
		want := blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: twinTangent(s.net, s.groups, s.theta, all)}
		compareBlock(t, fmt.Sprintf("T of %s with groups %v", s.name, parts), operatortest.Explicit(tape.Tangent()), want)
		operatortest.Capabilities(t, tape.Tangent(), everything, 1e-12)
		if t.Failed() {
			rt.Fatalf("%s with groups %v", s.name, parts)
		}
	})
}
