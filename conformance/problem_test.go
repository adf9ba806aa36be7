package conformance_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"ngdbench/conformance"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

func TestPoisson2D(t *testing.T) { conformance.Problem(t, problems.Poisson2D()) }

// recorder is a test that notes its failures instead of failing.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

// Each defect is planted in a sound problem and must be named.
func TestDefectsAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		plant func(p *problems.Problem)
		want  string
	}{
		"source": {func(p *problems.Problem) {
			term := p.Strong[0].Term
			p.Strong[0].Term = func(x, j, q []float64) float64 { return term(x, j, q) + 1e-6 }
		}, "poisson2d/interior: the exact solution leaves"},
		"boundary data": {func(p *problems.Problem) {
			p.Strong[1].Term = func(x, j, q []float64) float64 {
				if q != nil {
					q[0] = 1
				}
				return j[0] - 1e-7*x[0]
			}
		}, "poisson2d/boundary: the exact solution leaves"},
		"gradient": {func(p *problems.Problem) {
			exact := p.Exact
			p.Exact = func(x, u, g []float64) {
				if exact(x, u, g); g != nil {
					g[1] *= 1 + 1e-6
				}
			}
		}, "∂2 of field u"},
		"partial": {func(p *problems.Problem) {
			term := p.Strong[0].Term
			p.Strong[0].Affine = false
			p.Strong[0].Term = func(x, j, q []float64) float64 {
				r := term(x, j, q)
				if q != nil {
					q[1] = 1e-5
				}
				return r
			}
		}, "∂/∂jet[1]"},
		"unwritten partial": {func(p *problems.Problem) {
			p.Strong[1].Term = func(x, j, q []float64) float64 { return j[0] }
		}, "∂/∂jet[0]"},
		"two residuals": {func(p *problems.Problem) {
			term := p.Strong[1].Term
			p.Strong[1].Term = func(x, j, q []float64) float64 {
				if r := term(x, j, q); q == nil {
					return r * (1 + 1e-15)
				} else {
					return r
				}
			}
		}, "alone"},
		"not affine": {func(p *problems.Problem) {
			p.Strong[1].Term = func(x, j, q []float64) float64 {
				if q != nil {
					q[0] = 1 + 2*j[0]
				}
				return j[0] + j[0]*j[0]
			}
		}, "called affine"},
		"part":   {func(p *problems.Problem) { p.Strong[1].Part = "initial" }, "a part that the domain lacks"},
		"name":   {func(p *problems.Problem) { p.Source = "" }, "Source"},
		"net":    {func(p *problems.Problem) { p.Net = "" }, "suggests"},
		"inputs": {func(p *problems.Problem) { p.Net = "3x64x1" }, "do not fit"},
		"points": {func(p *problems.Problem) { p.Points = "900" }, "do not fit"},
	} {
		t.Run(name, func(t *testing.T) {
			p := problems.Poisson2D()
			c.plant(p)
			r := &recorder{TB: t}
			conformance.Problem(r, p)
			if !strings.Contains(strings.Join(r.errors, "\n"), c.want) {
				t.Errorf("no report of %q in %q", c.want, r.errors)
			}
		})
	}
}

// A nonlinear system with a steep layer: u = tanh 20(x−y), v = u², with the blocks −Δu + u·v − f and ∇u·∇v − g.
func steep() *problems.Problem {
	jets := func(x []float64) (u, s float64) {
		u = math.Tanh(20 * (x[0] - x[1]))
		return u, 1 - u*u
	}
	return &problems.Problem{
		Name: "steep", Doc: "a test", Source: "made up", Net: "2x8x2", Points: "10+10",
		Domain: geometry.Cube(2), Fields: []string{"u", "v"},
		Exact: func(x, f, g []float64) {
			u, s := jets(x)
			if f != nil {
				f[0], f[1] = u, u*u
			}
			if g != nil {
				g[0], g[1], g[2], g[3] = 20*s, -20*s, 40*u*s, -40*u*s
			}
		},
		Strong: []problems.Strong{
			{Name: "reaction", Part: geometry.Interior, Order: problems.Laplacian, Term: func(x, j, q []float64) float64 {
				u, s := jets(x)
				if q != nil {
					copy(q, []float64{j[4], 0, 0, -1, j[0], 0, 0, 0})
				}
				return -j[3] + j[0]*j[4] - (2*800*u*s + u*u*u)
			}},
			{Name: "product", Part: geometry.Interior, Order: problems.Gradient, Term: func(x, j, q []float64) float64 {
				u, s := jets(x)
				if q != nil {
					copy(q, []float64{0, j[4], j[5], 0, j[1], j[2]})
				}
				return j[1]*j[4] + j[2]*j[5] - 2*800*u*s*s
			}},
			{Name: "v", Part: geometry.Boundary, Order: problems.Value, Term: func(x, j, q []float64) float64 {
				u, _ := jets(x)
				if q != nil {
					q[0], q[1] = 0, 1
				}
				return j[1] - u*u
			}},
		},
	}
}

func TestNonlinearSystem(t *testing.T) {
	conformance.ProblemCheck{Tol: 1e-8}.Run(t, steep())
	away := conformance.ProblemCheck{Clear: func(x []float64) bool { return math.Abs(x[0]-x[1]) > 0.5 }}
	away.Run(t, steep())
	p := steep()
	p.Strong[0].Term = func(x, j, q []float64) float64 { return math.NaN() }
	r := &recorder{TB: t}
	conformance.Problem(r, p)
	if len(r.errors) == 0 {
		t.Error("a residual that is not a number passed")
	}
}
