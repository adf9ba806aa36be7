package conformance

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"ngdbench/internal/simd"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
)

const everything = objective.Loss | objective.Grad | objective.Residual | objective.Tangent

// Objective checks o at theta, a point where it is smooth. It reports, as errors of t,
//
//   - a loss whose bits depend on what else is asked for, on the point that is asked, on GOMAXPROCS or on the kernel path;
//     the same for gradient, residual and products with T, for the same question;
//   - a gradient that differs from differences of the loss;
//   - with LeastSquares: a loss other than ½‖r‖², a gradient other than Tᵀr, a T that is not the Jacobian of r (by
//     differences of order 8, and by a Taylor remainder that does not shrink with the square of the step);
//   - a T and Tᵀ that are not adjoint; with Factors, a T that its factors do not reproduce;
//   - two points that share what Eval writes, a room that Start gives unasked, an allocation in Eval.
func Objective(t testing.TB, o objective.Objective, theta []float64) {
	t.Helper()
	c := &objectiveCheck{TB: t, o: o, theta: theta, all: everything & o.Offers(), r: rand.New(rand.NewPCG(2, 0))}
	if n := o.Params().Size(); n != len(theta) {
		t.Fatalf("%d parameters in the layout, %d in θ", n, len(theta))
	}
	c.p = objective.NewPoint(o, c.all, nil)
	c.p.Eval(theta, c.all)
	if !c.p.Finite() {
		t.Fatalf("loss %v, or the gradient, is not finite", c.p.Loss)
	}
	c.layout()
	c.lossBits()
	c.gradient()
	if o.Offers()&objective.LeastSquares != 0 {
		c.leastSquares()
	}
	if c.p.T != nil {
		c.adjoint()
		c.factors()
		c.apart()
	}
	c.settings()
	c.allocations()
}

type objectiveCheck struct {
	testing.TB
	o     objective.Objective
	theta []float64
	all   objective.Quantity
	p     *objective.Point
	r     *rand.Rand
}

func (c *objectiveCheck) layout() {
	c.Helper()
	seen := map[string]bool{}
	for _, b := range c.o.Params() {
		if seen[b.Name] || b.Rows < 1 || b.Cols < 1 {
			c.Errorf("block %+v of the layout is empty, or its name is taken", b)
		}
		seen[b.Name] = true
	}
	if c.o.Offers()&objective.Nonnegative != 0 && c.p.Loss < 0 {
		c.Errorf("loss %v, and said not to be negative", c.p.Loss)
	}
	if q := objective.NewPoint(c.o, objective.Loss, nil); q.Grad != nil || q.T != nil {
		c.Errorf("a point that wants the loss alone has room for more")
	}
}

// lossBits asks for the loss in every company, at a fresh point and at one that was elsewhere.
func (c *objectiveCheck) lossBits() {
	c.Helper()
	q := objective.NewPoint(c.o, c.all, nil)
	for want := objective.Loss; want <= everything; want += 2 {
		if want&^c.all != 0 {
			continue
		}
		q.Eval(c.along(1e-3, c.direction())(1), c.all)
		if q.Eval(c.theta, want); q.Loss != c.p.Loss {
			c.Errorf("loss %v with %b asked for, %v with %b", q.Loss, want, c.p.Loss, c.all)
		}
		q.Eval(c.theta, c.all) // the rest, now that the loss is known
		if q.Loss != c.p.Loss || !slices.Equal(q.Residual, c.p.Residual) {
			c.Errorf("the loss changes from %v to %v when the rest is asked for later", c.p.Loss, q.Loss)
		}
	}
	// A tangent map alone, as after Take, and then what belongs to it.
	if c.p.T != nil {
		fresh := objective.NewPoint(c.o, c.all, nil)
		trial := objective.NewPoint(c.o, c.all&^objective.Tangent, nil)
		trial.Eval(c.theta, objective.Loss)
		fresh.Take(trial)
		fresh.Eval(c.theta, c.all)
		v := c.direction()
		if fresh.Loss != c.p.Loss || !slices.Equal(fresh.Grad, c.p.Grad) || !slices.Equal(c.apply(fresh, v), c.apply(c.p, v)) {
			c.Errorf("a point that took a trial differs from one that was evaluated at once")
		}
	}
}

// direction is a random unit vector.
func (c *objectiveCheck) direction() []float64 { return unit(c.r, len(c.theta)) }

func unit(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	s := math.Sqrt(dot(v, v))
	for i := range v {
		v[i] /= s
	}
	return v
}

// along is s ↦ θ + s·h·v, in one buffer.
func (c *objectiveCheck) along(h float64, v []float64) func(s float64) []float64 {
	x := make([]float64, len(v))
	return func(s float64) []float64 {
		for i := range x {
			x[i] = c.theta[i] + s*h*v[i]
		}
		return x
	}
}

func (c *objectiveCheck) apply(p *objective.Point, v []float64) []float64 {
	n, _ := p.T.Dims()
	d := nans(n)
	p.T.Apply(d, v)
	return d
}

func (c *objectiveCheck) applyT(p *objective.Point, y []float64) []float64 {
	d := nans(len(c.theta))
	p.T.ApplyT(d, y)
	return d
}

func (c *objectiveCheck) gradient() {
	c.Helper()
	q := objective.NewPoint(c.o, objective.Loss, nil)
	for range 5 {
		v := c.direction()
		x := c.along(1, v)
		want, noise := derivative(func(s float64) float64 { q.Eval(x(s), objective.Loss); return q.Loss }, 1, 1)
		if got := dot(c.p.Grad, v); !near(got, want, noise, 1e-9*(1+math.Abs(want)+math.Abs(c.p.Loss))) {
			c.Errorf("∇L·v = %.12g, by differences %.12g ± %.1g", got, want, noise)
		}
	}
}

func (c *objectiveCheck) leastSquares() {
	c.Helper()
	if l := objective.HalfSquare(c.p.Residual); l != c.p.Loss {
		c.Errorf("loss %v, ½‖r‖² = %v", c.p.Loss, l)
	}
	if d := distance(c.applyT(c.p, c.p.Residual), c.p.Grad); !(d < 1e-12) {
		c.Errorf("∇L and Tᵀr differ by %.2g of their norm", d)
	}
	q := objective.NewPoint(c.o, objective.Residual, nil)
	for range 5 {
		v, w := c.direction(), unit(c.r, len(c.p.Residual))
		tv, x := c.apply(c.p, v), c.along(1, v)
		at := func(s float64) []float64 { q.Eval(x(s), objective.Residual); return q.Residual }
		want, noise := derivative(func(s float64) float64 { return dot(w, at(s)) }, 1, 1)
		if got := dot(w, tv); !near(got, want, noise, 1e-9*(1+math.Sqrt(dot(tv, tv)))) {
			c.Errorf("wᵀTv = %.12g, by differences %.12g ± %.1g", got, want, noise)
		}
		if s := slope(func(h float64) float64 {
			r, e := at(h), 0.0
			for i := range r {
				d := r[i] - c.p.Residual[i] - h*tv[i]
				e += d * d
			}
			return math.Sqrt(e)
		}); !(s > 1.9 && s < 2.1) {
			c.Errorf("the remainder r(θ+hv) − r − hTv falls with the power %.3f of h, want 2", s)
		}
	}
}

// slope is the power of h with which f falls between two steps that are small, and large enough for rounding. A remainder
// that is rounding altogether (an affine residual) counts as 2.
func slope(f func(h float64) float64) float64 {
	const h = 1e-3
	big, small := f(h), f(h/4)
	if big < 1e-12 {
		return 2
	}
	return math.Log(big/small) / math.Log(4)
}

func (c *objectiveCheck) adjoint() {
	c.Helper()
	n, _ := c.p.T.Dims()
	for range 3 {
		v, y := c.direction(), unit(c.r, n)
		tv, ty := c.apply(c.p, v), c.applyT(c.p, y)
		if a, b := dot(tv, y), dot(v, ty); math.Abs(a-b) > 1e-12*(math.Sqrt(dot(tv, tv))+math.Sqrt(dot(ty, ty))) {
			c.Errorf("⟨Tv, y⟩ = %.15g, ⟨v, Tᵀy⟩ = %.15g", a, b)
		}
	}
}

// factors applies the factors in the plainest way, and compares with T.
func (c *objectiveCheck) factors() {
	c.Helper()
	fs := c.p.T.Factors()
	if fs == nil && c.o.Offers()&objective.Factors != 0 {
		c.Errorf("layer factors are promised, and there are none")
	}
	if fs == nil {
		return
	}
	v := c.direction()
	n, _ := c.p.T.Dims()
	got := make([]float64, n)
	for _, f := range fs {
		addFactor(got, v, f)
	}
	if d := distance(got, c.apply(c.p, v)); !(d < 1e-12) {
		c.Errorf("T v and its factors differ by %.2g of the norm", d)
	}
}

// addFactor adds the part of T x that f holds, by the definition of a Factor.
func addFactor(dst, x []float64, f operator.Factor) {
	for i := range f.Points * f.Chan {
		n, c := i/f.Chan, i%f.Chan
		a, delta := f.A[i*f.In:(i+1)*f.In], f.Delta[i*f.Out:(i+1)*f.Out]
		for o, d := range delta {
			dst[f.Row+n] += d * dot(a, x[f.Weight+o*f.In:][:f.In])
			if c == 0 && f.Bias >= 0 {
				dst[f.Row+n] += d * x[f.Bias+o]
			}
		}
	}
}

// apart evaluates a second point elsewhere: the first one's tangent map must not move.
func (c *objectiveCheck) apart() {
	c.Helper()
	v := c.direction()
	before := c.apply(c.p, v)
	q := objective.NewPoint(c.o, c.all, nil)
	q.Eval(c.along(0.1, v)(1), c.all)
	if !slices.Equal(before, c.apply(c.p, v)) {
		c.Errorf("evaluating one point changes the tangent map of another")
	}
}

// settings repeats everything under other numbers of threads and the other kernel paths.
func (c *objectiveCheck) settings() {
	c.Helper()
	v, path, procs := c.direction(), simd.Path(), runtime.GOMAXPROCS(0)
	defer func() { runtime.GOMAXPROCS(procs); _ = simd.Use(path) }()
	var want [][]float64
	for _, k := range simd.Paths() {
		if err := simd.Use(k); err != nil {
			c.Fatalf("kernel path %s: %v", k, err)
		}
		for _, n := range []int{1, 2, 4} {
			runtime.GOMAXPROCS(n)
			q := objective.NewPoint(c.o, c.all, nil)
			q.Eval(c.theta, c.all)
			got := [][]float64{{q.Loss}, q.Grad, q.Residual}
			if q.T != nil {
				tv := c.apply(q, v)
				got = append(got, tv, c.applyT(q, tv))
			}
			if want == nil {
				want = got
			}
			if !slices.EqualFunc(got, want, slices.Equal) {
				c.Errorf("bits differ for GOMAXPROCS %d on kernel path %s", n, k)
			}
		}
	}
}

func (c *objectiveCheck) allocations() {
	c.Helper()
	s, x := 0.0, c.along(1e-3, c.direction())
	if n := testing.AllocsPerRun(3, func() { s++; c.p.Eval(x(s), c.all) }); n != 0 {
		c.Errorf("Eval makes %g allocations", n)
	}
}

func dot(x, y []float64) float64 {
	s := 0.0
	for i, v := range x {
		s += v * y[i]
	}
	return s
}

// distance is ‖a−b‖ / ‖b‖.
func distance(a, b []float64) float64 {
	s := 0.0
	for i := range a {
		s += (a[i] - b[i]) * (a[i] - b[i])
	}
	return math.Sqrt(s / (1e-300 + dot(b, b)))
}
