package conformance_test

import (
	"math"
	"strings"
	"testing"

	"ngdbench/conformance"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// sheared is −∂₁₁u − ½∂₁₂u − 2∂₂₂u + u·∂₂₂u = f in (0,1)² with u = sin 2πx cos y, of period 1 in x, and Dirichlet data,
// imposed by g = u and φ = x(1−x)y(1−y). With mixed off it has the order Diagonal, and no ∂₁₂.
func sheared(mixed bool) *problems.Problem {
	const w = 2 * math.Pi
	exact := func(x []float64) (u, ux, uy, uxy float64) {
		s, c := math.Sincos(w * x[0])
		r, d := math.Sincos(x[1])
		return s * d, w * c * d, -s * r, -w * c * r
	}
	order, shear := problems.Diagonal, 0.0
	if mixed {
		order, shear = problems.Hessian, 0.5
	}
	last := order.Channels(2) - 1
	return &problems.Problem{
		Name: "sheared", Doc: "a test", Source: "made up", Net: "2x8x1+periodic", Points: "10+10",
		Domain: geometry.Cube(2), Fields: []string{"u"}, Periods: []float64{1, 0},
		Exact: func(x, f, g []float64) {
			u, ux, uy, _ := exact(x)
			if f != nil {
				f[0] = u
			}
			if g != nil {
				g[0], g[1] = ux, uy
			}
		},
		Hard: func(x, g, phi []float64) {
			u, ux, uy, uxy := exact(x)
			copy(g, []float64{u, ux, uy, -w * w * u, uxy, -u})
			p, q := x[0]*(1-x[0]), x[1]*(1-x[1])
			dp, dq := 1-2*x[0], 1-2*x[1]
			copy(phi, []float64{p * q, dp * q, p * dq, -2 * q, dp * dq, -2 * p})
		},
		Strong: []problems.Strong{
			{Name: "interior", Part: geometry.Interior, Order: order, Term: func(x, j, q []float64) float64 {
				u, _, _, uxy := exact(x)
				if q != nil {
					clear(q)
					q[0], q[3], q[last] = j[last], -1, -2+j[0]
					if mixed {
						q[4] = -shear
					}
				}
				r := -j[3] - 2*j[last] + j[0]*j[last] - (w*w*u + 2*u - u*u - shear*uxy)
				if mixed {
					r -= shear * j[4]
				}
				return r
			}},
			{Name: "boundary", Part: geometry.Boundary, Order: problems.Value, Affine: true, Term: func(x, j, q []float64) float64 {
				u, _, _, _ := exact(x)
				if q != nil {
					q[0] = 1
				}
				return j[0] - u
			}},
		},
	}
}

func TestOrdersPeriodsAndAnsatz(t *testing.T) {
	conformance.Problem(t, sheared(false))
	conformance.Problem(t, sheared(true))
}

// Each defect of what only some networks use must be named.
func TestDefectsOfAnsatzAreFound(t *testing.T) {
	hard := func(change func(x, g, phi []float64)) func(p *problems.Problem) {
		return func(p *problems.Problem) {
			sound := p.Hard
			p.Hard = func(x, g, phi []float64) { sound(x, g, phi); change(x, g, phi) }
		}
	}
	for name, c := range map[string]struct {
		plant func(p *problems.Problem)
		want  string
	}{
		"slope of g":       {hard(func(_, g, _ []float64) { g[2] += 1e-6 }), "channel 2 of the g of Hard"},
		"mixed derivative": {hard(func(_, _, phi []float64) { phi[4] += 1e-4 }), "channel 4 of the φ of Hard"},
		"data":             {hard(func(_, g, _ []float64) { g[0] += 1e-6 }), "boundary: the g of Hard leaves a residual"},
		"no zero":          {hard(func(_, _, phi []float64) { phi[0] += 1 }), "vanishes on no part"},
		"unwritten":        {hard(func(_, _, phi []float64) { phi[5] = math.NaN() }), "channel 5 of the φ of Hard"},
		"period":           {func(p *problems.Problem) { p.Periods = []float64{0.75, 0} }, "a period of 0.75 further in coordinate 1"},
		"periods":          {func(p *problems.Problem) { p.Periods = []float64{1} }, "1 periods in 2 dimensions"},
		"term of order 12": {func(p *problems.Problem) {
			term := p.Strong[0].Term
			p.Strong[0].Term = func(x, j, q []float64) float64 { return term(x, j, q) + 1e-3*j[4] }
		}, "∂/∂jet[4]"},
	} {
		p := sheared(true)
		c.plant(p)
		r := &recorder{TB: t}
		conformance.ProblemCheck{}.Run(r, p)
		if all := strings.Join(r.errors, "\n"); !strings.Contains(all, c.want) {
			t.Errorf("%s: want %q among\n%s", name, c.want, all)
		}
	}
}
