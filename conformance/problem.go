package conformance

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ngdbench/formulations"
	"ngdbench/networks"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// ProblemCheck says how a problem is checked. Its zero value is the usual check.
type ProblemCheck struct {
	// Points is how many random points each part of the domain is checked at; 0: 25.
	Points int
	// Tol is the largest difference allowed, relative to the size of the terms that cancel; 0: 1e-9, or 1e4 times the
	// accuracy of a solution that is no closed form, where that is more.
	Tol float64
	// Scale is the largest distance over which the solution is smooth enough for a polynomial of degree 8; it is also
	// how far outside of the domain Exact is asked. 0: the problem's Length, or half the domain's measure to the power 1/d.
	Scale float64
	// Clear, where not nil, reports whether the solution is smooth around x. Where it is not, no differences are taken;
	// nil: the problem's Rough says so.
	Clear func(x []float64) bool
}

// Problem applies the usual check to p. See ProblemCheck.Run.
func Problem(t testing.TB, p *problems.Problem) {
	t.Helper()
	ProblemCheck{}.Run(t, p)
}

// Run reports, as errors of t,
//
//   - missing data: no name, domain, field, or solution; a block on a part that the domain lacks; a suggested network or
//     number of points that does not fit;
//   - a gradient of Exact that is not the gradient of its value;
//   - a residual block, interior, boundary or other, that the exact solution does not annihilate. Its jet is made by
//     differences of order 8 of Exact's value alone; blocks of values, such as Dirichlet data, need none;
//   - a partial derivative of a Term that differs from differences, an entry that it leaves unwritten, a residual that
//     depends on whether partials are asked for;
//   - a Term called affine that is not;
//   - a weak form or an energy that the exact solution does not satisfy, a derivative of theirs that differs from
//     differences, a promise of theirs (Affine, Symmetric, Quadratic, Convex, Minimum) that does not hold;
//   - prescribed values (Dirichlet) that are not those of the solution; norms that a quadrature does not confirm;
//   - an ansatz (Hard) whose jets are not those of its values, or that leaves a residual where its φ vanishes, or whose φ
//     vanishes nowhere; a period that is none.
//
// Points are drawn from a fixed stream.
func (c ProblemCheck) Run(t testing.TB, p *problems.Problem) {
	t.Helper()
	if !c.complete(t, p) {
		return
	}
	c.defaults(p)
	d := p.Dim()
	r, imposed := rand.New(rand.NewPCG(1, 0)), p.Hard == nil
	for _, part := range p.Domain.Parts() {
		xs := make([]float64, c.Points*d)
		p.Domain.Draw(xs, part, r)
		for x := range slices.Chunk(xs, d) {
			imposed = c.at(t, p, part, x, r) || imposed
		}
	}
	c.norms(t, p)
	if !imposed {
		t.Errorf("%s: Hard imposes no block of values: its φ vanishes on no part", p.Name)
	}
}

func (c *ProblemCheck) defaults(p *problems.Problem) {
	if c.Points == 0 {
		c.Points = 25
	}
	if c.Tol == 0 {
		c.Tol = max(1e-9, 1e4*p.Accuracy)
	}
	if c.Scale == 0 {
		c.Scale = p.Length
	}
	if c.Scale == 0 {
		c.Scale = math.Pow(p.Domain.Measure(p.Domain.Parts()[0]), 1/float64(p.Dim())) / 2
	}
	if c.Clear == nil {
		c.Clear = func(x []float64) bool { return p.Rough == nil || !p.Rough(x) }
	}
}

// at checks a point of a part; imposed says whether the ansatz imposes values there.
func (c ProblemCheck) at(t testing.TB, p *problems.Problem, part geometry.Part, x []float64, r *rand.Rand) (imposed bool) {
	t.Helper()
	smooth := c.Clear(x)
	if smooth {
		c.gradient(t, p, x)
		c.periods(t, p, x)
	}
	imposed = c.ansatz(t, p, part, x)
	for _, s := range p.Strong {
		if s.Part != part {
			continue
		}
		c.partials(t, p, s, x, r)
		if smooth || s.Order == problems.Value {
			c.annihilated(t, p, s, x)
		}
	}
	if part != geometry.Interior {
		c.prescribed(t, p, x)
		return imposed
	}
	c.weak(t, p, x, r, smooth)
	c.energy(t, p, x, r, smooth)
	return imposed
}

func (c ProblemCheck) complete(t testing.TB, p *problems.Problem) bool {
	t.Helper()
	ok := true
	need := func(have bool, what string) {
		if !have {
			t.Errorf("%q: %s", p.Name, what)
			ok = false
		}
	}
	need(p.Name != "" && p.Doc != "" && p.Source != "", "a problem needs Name, Doc and Source")
	need(p.Net != "" && p.Points != "", "a problem suggests Net and Points")
	need(p.Domain != nil && len(p.Fields) > 0, "a problem needs Domain and Fields")
	need(p.Exact != nil, "a problem needs Exact")
	for _, s := range p.Strong {
		need(s.Name != "" && s.Term != nil, "a block needs Name and Term")
		need(p.Domain == nil || slices.Contains(p.Domain.Parts(), s.Part), "block "+s.Name+" is on a part that the domain lacks")
	}
	if ok {
		need(suggestionsFit(p), "the suggested Net "+p.Net+" or Points "+p.Points+" do not fit")
	}
	return ok
}

// suggestionsFit reports whether the suggested network maps the coordinates to the fields, and the suggested points
// count every part with a block.
func suggestionsFit(p *problems.Problem) bool {
	net, err := networks.Parse(p.Net)
	if err != nil || net.Inputs() != p.Dim() || net.Outputs() != len(p.Fields) {
		return false
	}
	_, err = formulations.ParsePoints(p, p.Points)
	return err == nil
}

// gradient compares the gradient of Exact with differences of its value.
func (c ProblemCheck) gradient(t testing.TB, p *problems.Problem, x []float64) {
	t.Helper()
	f, d := len(p.Fields), p.Dim()
	u, grad := nans(f), nans(f*d)
	p.Exact(x, u, nil)
	p.Exact(x, nil, grad)
	both, same := nans(f), nans(f*d)
	p.Exact(x, both, same)
	if !slices.Equal(u, both) || !slices.Equal(grad, same) {
		t.Errorf("%s: Exact at %v gives %v %v alone and %v %v together", p.Name, x, u, grad, both, same)
	}
	for k := range f {
		for i := range d {
			want, noise := derivative(along(field(p, k), x, i), 1, c.Scale)
			if got := grad[k*d+i]; !near(got, want, noise, c.Tol*(1+math.Abs(want)+math.Abs(u[k]))) {
				t.Errorf("%s: ∂%d of field %s at %v is %.12g by Exact and %.12g ± %.1g by differences",
					p.Name, i+1, p.Fields[k], x, got, want, noise)
			}
		}
	}
}

// annihilated checks that the residual of the exact solution is zero against the terms that it is made of.
func (c ProblemCheck) annihilated(t testing.TB, p *problems.Problem, s problems.Strong, x []float64) {
	t.Helper()
	jet, noise := c.jet(p, s.Order, x)
	partial := nans(len(jet))
	r := s.Term(x, jet, partial)
	size, doubt := math.Abs(s.Term(x, make([]float64, len(jet)), nil)), 0.0
	for i, q := range partial {
		size += math.Abs(q * jet[i])
		doubt += math.Abs(q) * noise[i]
	}
	if !near(r, 0, doubt, c.Tol*(1+size)) {
		t.Errorf("%s/%s: the exact solution leaves a residual of %.3g at %v, where terms of size %.3g cancel",
			p.Name, s.Name, r, x, size)
	}
}

// jet makes the jets of the exact solution at x from its values, with estimates of their errors.
func (c ProblemCheck) jet(p *problems.Problem, o problems.Order, x []float64) (jet, noise []float64) {
	f, n := len(p.Fields), o.Channels(p.Dim())
	jet, noise = make([]float64, f*n), make([]float64, f*n)
	for k := range f {
		c.jetOf(field(p, k), o, x, jet[k*n:(k+1)*n], noise[k*n:(k+1)*n])
	}
	return jet, noise
}

// field is field k of the exact solution.
func field(p *problems.Problem, k int) func(x []float64) float64 {
	u := make([]float64, len(p.Fields))
	return func(x []float64) float64 { p.Exact(x, u, nil); return u[k] }
}

// jetOf makes the jet of u at x, with estimates of its errors.
func (c ProblemCheck) jetOf(u func([]float64) float64, o problems.Order, x, j, e []float64) {
	j[0] = u(x)
	for i := 0; o >= problems.Gradient && i < len(x); i++ {
		j[1+i], e[1+i] = derivative(along(u, x, i), 1, c.Scale)
	}
	if o > problems.Gradient {
		c.seconds(u, o, x, j[1+len(x):], e[1+len(x):])
	}
}

// seconds makes the second derivatives of an order. A mixed one is half of what the derivative along the sum of two
// directions has over theirs.
func (c ProblemCheck) seconds(u func([]float64) float64, o problems.Order, x, j, e []float64) {
	at := 0
	second := func(dirs ...int) (v, err float64) { return derivative(along(u, x, dirs...), 2, c.Scale) }
	for i := range x {
		v, err := second(i)
		j[at], e[at] = j[at]+v, e[at]+err
		if o != problems.Laplacian {
			at++
		}
		for m := i + 1; o == problems.Hessian && m < len(x); m++ {
			w, errW := second(m)
			both, errBoth := second(i, m)
			j[at], e[at] = (both-v-w)/2, (errBoth+err+errW)/2
			at++
		}
	}
}

// along is u on the line through x in a coordinate direction, or the sum of several.
func along(u func([]float64) float64, x []float64, dirs ...int) func(float64) float64 {
	y := slices.Clone(x)
	return func(s float64) float64 {
		for _, i := range dirs {
			y[i] = x[i] + s
		}
		return u(y)
	}
}

// partials checks a Term's derivatives at a random jet, and its promise to be affine.
func (c ProblemCheck) partials(t testing.TB, p *problems.Problem, s problems.Strong, x []float64, r *rand.Rand) {
	t.Helper()
	jet := make([]float64, len(p.Fields)*s.Order.Channels(p.Dim()))
	for i := range jet {
		jet[i] = r.NormFloat64()
	}
	partial := nans(len(jet))
	value := s.Term(x, jet, partial)
	if alone := s.Term(x, jet, nil); alone != value {
		t.Errorf("%s/%s: the residual at %v is %v alone and %v with partials", p.Name, s.Name, x, alone, value)
	}
	for i, got := range partial {
		moved := slices.Clone(jet)
		want, noise := derivative(func(h float64) float64 { moved[i] = jet[i] + h; return s.Term(x, moved, nil) }, 1, 1)
		if !near(got, want, noise, c.Tol*(1+math.Abs(want)+math.Abs(value))) {
			t.Errorf("%s/%s: ∂/∂jet[%d] at %v is %.12g by Term and %.12g ± %.1g by differences",
				p.Name, s.Name, i, x, got, want, noise)
		}
	}
	if s.Affine {
		c.affine(t, p, s, x, jet, partial)
	}
}

func (c ProblemCheck) affine(t testing.TB, p *problems.Problem, s problems.Strong, x, jet, partial []float64) {
	t.Helper()
	zero, at0 := make([]float64, len(jet)), nans(len(jet))
	want := s.Term(x, zero, at0)
	size := math.Abs(want)
	for i, q := range partial {
		want += q * jet[i]
		size += math.Abs(q * jet[i])
	}
	if got := s.Term(x, jet, nil); !slices.Equal(partial, at0) || math.Abs(got-want) > 1e-13*(1+size) {
		t.Errorf("%s/%s: called affine, but at %v its partials are %v at one jet and %v at zero, its residual %g where %g is affine",
			p.Name, s.Name, x, partial, at0, got, want)
	}
}

// near reports whether got is want within tol, or within what the differences themselves are unsure of where that is
// small enough to mean something.
func near(got, want, noise, tol float64) bool {
	return math.Abs(got-want) <= tol+min(10*noise, 1e3*tol)
}

func nans(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.NaN()
	}
	return x
}
