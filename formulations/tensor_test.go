package formulations

import (
	"math"
	"testing"

	"ngdbench/linalg"
	"ngdbench/linalg/operator/operatortest"
	"ngdbench/problems"
)

// Every question to a tensor-product test matrix has the answer of its rows, robust or not, in one to three dimensions.
func TestTensorMaps(t *testing.T) {
	for _, p := range []*problems.Problem{problems.AdvDiff(0.1), problems.Poisson2D(), problems.Poisson3D()} {
		for _, tests := range []Tests{{PerAxis: 2}, {PerAxis: 2, Elements: 2}, {Family: Sines, PerAxis: 3}} {
			s, err := NewTestSpace(p, tests, 700)
			if err != nil {
				t.Fatal(err)
			}
			for _, robust := range []bool{false, true} {
				newMap, err := s.Map(robust)
				if err != nil {
					t.Fatal(err)
				}
				m := newMap(nil).(*tensor)
				rows, cols := m.Dims()
				a, x := linalg.New(nil, rows, cols), linalg.New(nil, cols, 5)
				m.Dense(a)
				operatortest.Adjoint(t, m, 1e-13)
				for i, v := range operatortest.Explicit(m).Data {
					if math.Abs(a.Data[i]-v) > 1e-13 {
						t.Fatalf("%s %+v: Dense has %v, columns by Apply %v", p.Name, tests, a.Data[i], v)
					}
				}
				for i := range x.Data {
					x.Data[i] = math.Sin(float64(i))
				}
				got, want := linalg.New(nil, rows, 5), linalg.New(nil, rows, 5)
				m.LeftMul(got, x)
				for i := range rows {
					for k, v := range linalg.Row(a, i) {
						for j := range 5 {
							want.Data[i*want.Stride+j] += v * x.Data[k*x.Stride+j]
						}
					}
				}
				for i, w := range want.Data {
					if math.Abs(got.Data[i]-w) > 1e-11 {
						t.Fatalf("%s %+v: LeftMul is %v, want %v", p.Name, tests, got.Data[i], w)
					}
				}
			}
		}
	}
}
