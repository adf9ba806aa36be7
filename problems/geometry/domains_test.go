package geometry_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ngdbench/problems/geometry"
)

var heat = geometry.Cylinder{Space: geometry.Box{Lo: []float64{-1, 0}, Hi: []float64{1, 3}}, End: 2}

func TestCylinder(t *testing.T) {
	for part, want := range map[geometry.Part]float64{geometry.Interior: 12, geometry.Boundary: 20, geometry.Initial: 6} {
		if got := heat.Measure(part); got != want {
			t.Errorf("measure of the %s: %g, want %g", part, got, want)
		}
		x := make([]float64, 3*200)
		heat.Draw(x, part, rand.New(rand.NewPCG(1, 2)))
		late := 0
		for p := range slices.Chunk(x, 3) {
			side := p[0] == -1 || p[0] == 1 || p[1] == 0 || p[1] == 3
			if side != (part == geometry.Boundary) || (p[2] == 0) != (part == geometry.Initial) || p[2] > 2 || math.Abs(p[0]) > 1 || p[1] < 0 || p[1] > 3 {
				t.Fatalf("%s point %v", part, p)
			}
			if p[2] > 1 {
				late++
			}
		}
		if part != geometry.Initial {
			binomial(t, "later half of", 0, late, 200, 0.5)
		}
	}
}

func TestEndsTakeTurns(t *testing.T) {
	line := geometry.Box{Lo: []float64{-1}, Hi: []float64{3}}
	x := make([]float64, 3)
	line.Draw(x, geometry.Boundary, nil)
	if !slices.Equal(x, []float64{-1, 3, -1}) {
		t.Errorf("ends %v", x)
	}
	y := make([]float64, 4)
	geometry.Cylinder{Space: line, End: 1}.Draw(y, geometry.Boundary, rand.New(rand.NewPCG(1, 2)))
	if y[0] != -1 || y[2] != 3 {
		t.Errorf("ends in space-time %v", y)
	}
}

func TestLShape(t *testing.T) {
	l, r := geometry.LShape{}, rand.New(rand.NewPCG(1, 2))
	x := make([]float64, 2*3000)
	l.Draw(x, geometry.Interior, r)
	square := [3]int{}
	for p := range slices.Chunk(x, 2) {
		if p[0] > 0 && p[1] < 0 || math.Abs(p[0]) > 1 || math.Abs(p[1]) > 1 {
			t.Fatalf("interior point %v", p)
		}
		k := 0
		if p[1] > 0 {
			k = 1
		}
		if p[0] > 0 {
			k = 2
		}
		square[k]++
	}
	for k, n := range square {
		binomial(t, "square", k, n, 3000, 1./3)
	}
	l.Draw(x, geometry.Boundary, r)
	short := 0
	for p := range slices.Chunk(x, 2) {
		inner := p[1] == 0 && p[0] >= 0 || p[0] == 0 && p[1] <= 0
		if !inner && math.Max(math.Abs(p[0]), math.Abs(p[1])) != 1 {
			t.Fatalf("boundary point %v", p)
		}
		if inner {
			short++
		}
	}
	binomial(t, "inner edges", 0, short, 3000, 0.25)
	if l.Measure(geometry.Interior) != 3 || l.Measure(geometry.Boundary) != 8 {
		t.Error("measures")
	}
}

// The area of a lattice, coarse or refined, is that of the domain; its lines run through the corner.
func TestLattice(t *testing.T) {
	for _, d := range []geometry.Domain{geometry.LShape{}, geometry.Cube(3), heat, unequal} {
		for _, cells := range []int{1, 3, 4} {
			for _, n := range []int{1, 2, 3} {
				l := d.Lattice(cells).Refine(n)
				area, at := 0.0, make([]int, l.Dim())
				for ok := true; ok; ok = l.Next(at) {
					if l.Has(at) {
						area += l.Cell(at).Measure(geometry.Interior)
					}
				}
				if want := d.Measure(geometry.Interior); math.Abs(area-want) > 1e-12*want {
					t.Errorf("%v, %d cells refined %d times: area %g, want %g", d, cells, n, area, want)
				}
			}
		}
	}
	if l := unequal.Lattice(8); l.Cells(0) != 2 || l.Cells(1) != 4 || l.Cells(2) != 8 {
		t.Errorf("a box of sides 1, 2, 4 is divided into %d, %d, %d cells", l.Cells(0), l.Cells(1), l.Cells(2))
	}
	if l := geometry.Cube(2).Lattice(2); l.Has([]int{-1, 0}) || l.Has([]int{0, 2}) || !l.Has([]int{1, 1}) {
		t.Error("cells outside of the lattice")
	}
}

// n Gauss-Legendre points integrate x^(2n−1) and x^(2n−2) exactly, and x^(2n) not.
func TestGaussLegendreDegree(t *testing.T) {
	for _, n := range []int{1, 2, 5, 12} {
		x, w := geometry.GaussLegendre(n, 0, 2)
		for k := range 2*n + 1 {
			sum := 0.0
			for i := range x {
				sum += w[i] * math.Pow(x[i], float64(k))
			}
			want := math.Pow(2, float64(k+1)) / float64(k+1)
			if exact := math.Abs(sum-want) < 1e-13*want; exact != (k < 2*n) && n < 12 {
				t.Errorf("%d points, degree %d: %g, want %g", n, k, sum, want)
			}
		}
	}
}

// A polynomial over the three squares of the L-shape, by hand: ∫ x²y = 0 + 1/6 + 1/6 − 1/6.
func TestRule(t *testing.T) {
	r := geometry.LShape{}.Lattice(4).Rule(2)
	sum := 0.0
	for i, w := range r.W {
		sum += w * r.X[2*i] * r.X[2*i] * r.X[2*i+1]
	}
	if len(r.W) != 12*4 || math.Abs(sum-1./6) > 1e-15 {
		t.Errorf("%d points, ∫x²y = %v", len(r.W), sum)
	}
	x, w := geometry.Composite([]float64{0, 0.1, 1}, 3)
	sum = 0
	for i := range x {
		sum += w[i] * math.Pow(x[i], 5)
	}
	if len(x) != 6 || !slices.IsSorted(x) || math.Abs(sum-1./6) > 1e-16 {
		t.Errorf("composite rule %v %v", x, sum)
	}
}
