package conformance

import (
	"math"
	"slices"
	"testing"

	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// ansatz compares the jets of g and φ at a point of a part with differences of their values. Where φ vanishes, as it does
// where data are imposed, g alone must satisfy the blocks of values of that part; it reports whether it found such a block.
func (c ProblemCheck) ansatz(t testing.TB, p *problems.Problem, part geometry.Part, x []float64) (imposed bool) {
	t.Helper()
	if p.Hard == nil {
		return false
	}
	n := problems.Hessian.Channels(p.Dim())
	g, phi := nans(len(p.Fields)*n), nans(len(p.Fields)*n)
	p.Hard(x, g, phi)
	c.hardJets(t, p, x, g, phi)
	data := make([]float64, len(p.Fields))
	for k := range data {
		if math.Abs(phi[k*n]) > 1e-14 {
			return false
		}
		data[k] = g[k*n]
	}
	for _, s := range p.Strong {
		if s.Part != part || s.Order != problems.Value {
			continue
		}
		imposed = true
		if r := s.Term(x, data, nil); !near(r, 0, 0, c.Tol*(1+math.Abs(s.Term(x, make([]float64, len(data)), nil)))) {
			t.Errorf("%s/%s: the g of Hard leaves a residual of %.3g at %v, where its φ is zero", p.Name, s.Name, r, x)
		}
	}
	return imposed
}

// hardJets checks the derivatives of g and φ at x.
func (c ProblemCheck) hardJets(t testing.TB, p *problems.Problem, x, g, phi []float64) {
	t.Helper()
	n := problems.Hessian.Channels(p.Dim())
	values := [2][]float64{slices.Clone(g), slices.Clone(phi)}
	want, noise := make([]float64, n), make([]float64, n)
	for i, got := range [2][]float64{g, phi} {
		for k, name := range p.Fields {
			at := func(y []float64) float64 { p.Hard(y, values[0], values[1]); return values[i][k*n] }
			clear(want)
			clear(noise)
			c.jetOf(at, problems.Hessian, x, want, noise)
			for e, v := range got[k*n : (k+1)*n] {
				if !near(v, want[e], noise[e], c.Tol*(1+math.Abs(want[e])+math.Abs(want[0]))) {
					t.Errorf("%s: channel %d of the %s of Hard for field %s at %v is %.12g, and %.12g ± %.1g by differences",
						p.Name, e, [2]string{"g", "φ"}[i], name, x, v, want[e], noise[e])
				}
			}
		}
	}
}

// periods checks that the solution has the periods it is said to have. It asks Exact a period outside of the domain.
func (c ProblemCheck) periods(t testing.TB, p *problems.Problem, x []float64) {
	t.Helper()
	if p.Periods != nil && len(p.Periods) != p.Dim() {
		t.Errorf("%s: %d periods in %d dimensions", p.Name, len(p.Periods), p.Dim())
		return
	}
	for i, l := range p.Periods {
		for k, name := range p.Fields {
			u := along(field(p, k), x, i)
			if here, there := u(0), u(l); !near(there, here, 0, c.Tol*(1+math.Abs(here))) {
				t.Errorf("%s: field %s at %v is %.12g and %.12g a period of %g further in coordinate %d", p.Name, name, x, here, there, l, i+1)
			}
		}
	}
}
