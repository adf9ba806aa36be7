package geometry_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ngdbench/problems/geometry"
)

// unequal has faces of the measures 8 (normal to x), 4 (y) and 2 (z), so 2·14 = 28 in all.
var unequal = geometry.Box{Lo: []float64{-1, 2, 0}, Hi: []float64{0, 4, 4}}

func TestMeasure(t *testing.T) {
	for _, c := range []struct {
		b            geometry.Box
		inner, outer float64
	}{
		{geometry.Cube(1), 1, 2},
		{geometry.Cube(2), 1, 4},
		{geometry.Cube(3), 1, 6},
		{unequal, 8, 28},
		{geometry.Box{Lo: []float64{-3}, Hi: []float64{4}}, 7, 2},
	} {
		if m := c.b.Measure(geometry.Interior); m != c.inner {
			t.Errorf("%v: volume %g, want %g", c.b, m, c.inner)
		}
		if m := c.b.Measure(geometry.Boundary); m != c.outer {
			t.Errorf("%v: surface %g, want %g", c.b, m, c.outer)
		}
	}
}

// facesOf lists the faces that x lies on, 2i for Lo_i and 2i+1 for Hi_i, and whether x is in the closed box.
func facesOf(b geometry.Box, x []float64) (faces []int, in bool) {
	in = true
	for i, v := range x {
		in = in && v >= b.Lo[i] && v <= b.Hi[i]
		if v == b.Lo[i] {
			faces = append(faces, 2*i)
		}
		if v == b.Hi[i] {
			faces = append(faces, 2*i+1)
		}
	}
	return faces, in
}

func TestPointsLieOnTheirPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 6).Draw(t, "d")
		b := geometry.Box{}
		for range d {
			lo := rapid.Float64Range(-10, 10).Draw(t, "lo")
			b.Lo, b.Hi = append(b.Lo, lo), append(b.Hi, lo+rapid.Float64Range(0.1, 10).Draw(t, "side"))
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		x := make([]float64, 20*d)
		for _, part := range b.Parts() {
			b.Draw(x, part, r)
			for p := range slices.Chunk(x, d) {
				faces, in := facesOf(b, p)
				if on := len(faces) > 0; !in || on != (part == geometry.Boundary) {
					t.Fatalf("%s point %v of %v", part, p, b)
				}
			}
		}
	})
}

// The mean of n uniform points on a side of length s is normal with deviation s/√(12 n), the count on a face of share q
// with √(n q (1−q)): both stay within four deviations for this seed.
func TestUniform(t *testing.T) {
	const n = 40000
	b, r := unequal, rand.New(rand.NewPCG(1, 2))
	x := make([]float64, n*3)

	b.Draw(x, geometry.Interior, r)
	for i := range 3 {
		mean, side := 0.0, b.Hi[i]-b.Lo[i]
		quarters := [4]int{}
		for p := range slices.Chunk(x, 3) {
			mean += p[i] / n
			quarters[min(3, int(4*(p[i]-b.Lo[i])/side))]++
		}
		if off := math.Abs(mean - (b.Lo[i]+b.Hi[i])/2); off > 4*side/math.Sqrt(12*n) {
			t.Errorf("axis %d: mean off by %g", i, off)
		}
		for q, c := range quarters {
			binomial(t, "quarter", q, c, n, 0.25)
		}
	}

	b.Draw(x, geometry.Boundary, r)
	counts := [6]int{}
	for p := range slices.Chunk(x, 3) {
		faces, _ := facesOf(b, p)
		counts[faces[0]]++
	}
	for f, c := range counts {
		binomial(t, "face", f, c, n, []float64{8, 4, 2}[f/2]/28)
	}
}

func binomial(t *testing.T, what string, i, got, n int, q float64) {
	t.Helper()
	if want, dev := q*float64(n), math.Sqrt(float64(n)*q*(1-q)); math.Abs(float64(got)-want) > 4*dev {
		t.Errorf("%s %d: %d of %d points, want %.0f ± %.0f", what, i, got, n, want, dev)
	}
}

func TestDrawIsItsStream(t *testing.T) {
	for _, part := range unequal.Parts() {
		a, b := make([]float64, 30), make([]float64, 15)
		unequal.Draw(a, part, rand.New(rand.NewPCG(5, 6)))
		unequal.Draw(b, part, rand.New(rand.NewPCG(5, 6)))
		if !slices.Equal(a[:15], b) {
			t.Errorf("%s: the first five of ten points are not the five points of the same stream", part)
		}
		unequal.Draw(b, part, rand.New(rand.NewPCG(7, 6)))
		if slices.Equal(a[:15], b) {
			t.Errorf("%s: another stream, the same points", part)
		}
	}
}

func TestProgrammerErrorsPanic(t *testing.T) {
	x := make([]float64, 4)
	r := rand.New(rand.NewPCG(1, 1))
	for name, f := range map[string]func(){
		"part":    func() { geometry.Cube(2).Draw(x, "initial", r) },
		"measure": func() { geometry.Cube(2).Measure("initial") },
		"length":  func() { geometry.Cube(3).Draw(x, geometry.Interior, r) },
		"empty":   func() { geometry.Box{}.Dim() },
		"ends":    func() { geometry.Box{Lo: []float64{0, 0}, Hi: []float64{1}}.Dim() },
		"flat":    func() { geometry.Box{Lo: []float64{0}, Hi: []float64{0}}.Measure(geometry.Interior) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}
