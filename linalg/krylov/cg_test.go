package krylov

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"ngdbench/cost"
)

// diag is a diagonal matrix, the dumbest Symmetric.
type diag []float64

func (d diag) Order() int { return len(d) }
func (d diag) Mul(dst, x []float64) {
	for i, v := range d {
		dst[i] = v * x[i]
	}
}

// jacobi is the diagonal preconditioner of d + μ, with a constant that must not matter.
type jacobi struct {
	d  diag
	mu float64
}

func (j jacobi) Precondition(dst, x []float64) {
	for i, v := range j.d {
		dst[i] = 3 * x[i] / (v + j.mu)
	}
}

func solver(t *testing.T, n int, c CG) *CG {
	t.Helper()
	if err := c.Start(n, nil); err != nil {
		t.Fatal(err)
	}
	return &c
}

func ones(n int) []float64 { return scaled(n, 1) }

func scaled(n int, v float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = v
	}
	return x
}

func equal(a, b []float64) bool {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			return false
		}
	}
	return true
}

func finite(x []float64) bool {
	for _, v := range x {
		if v*0 != 0 {
			return false
		}
	}
	return true
}

// The edges at which other implementations returned NaN or a false success, known by hand.
func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name   string
		a      diag
		b, x   []float64 // x nil: only finite
		status Status
		its    int
		reason string
	}{
		{"singular, inconsistent", diag{1, 0}, []float64{1, -1}, []float64{2, -2}, Breakdown, 2, ZeroCurvature},
		{"singular, consistent", diag{1, 0}, []float64{1, 0}, []float64{1, 0}, Converged, 1, ""},
		{"zero right-hand side", diag{1, -7}, []float64{0, 0}, []float64{0, 0}, Converged, 0, ""},
		{"zero curvature", diag{1, -1}, []float64{1, 1}, []float64{0, 0}, Breakdown, 1, ZeroCurvature},
		{"negative curvature", diag{1, -1}, []float64{0, 1}, []float64{0, 0}, Breakdown, 1, NegativeCurvature},
		{"infinite right-hand side", diag{1, 1}, []float64{0, math.Inf(1)}, []float64{0, 0}, Breakdown, 0, NotFinite},
		{"matrix with NaN", diag{1, math.NaN()}, []float64{1, 1}, []float64{0, 0}, Breakdown, 1, NotFinite},
		{"overflow", diag{1e-320, 1e-320}, []float64{1, 1}, []float64{0, 0}, Breakdown, 1, NotFinite},
	} {
		x := scaled(2, math.NaN())
		r := solver(t, 2, CG{}).Solve(x, c.a, 0, c.b, nil)
		if r.Status != c.status || r.Iterations != c.its || r.Reason != c.reason || !equal(x, c.x) {
			t.Errorf("%s: %v %+v, x = %v", c.name, r.Status, r, x)
		}
	}
}

// x scales with b by powers of two, bit for bit, far below where inner products of b underflow.
func TestScaling(t *testing.T) {
	a := diag{1, 2, 3}
	for _, m := range []Preconditioner{nil, jacobi{diag{2, 1, 5}, 0}} {
		c := solver(t, 3, CG{Tol: 1e-14})
		want := make([]float64, 3)
		r := c.Solve(want, a, 0, ones(3), m)
		if r.Status != Converged {
			t.Fatalf("%+v", r)
		}
		for _, e := range []int{-1000, -600, -200, 200, 900} {
			x := make([]float64, 3)
			q := c.Solve(x, a, 0, scaled(3, math.Ldexp(1, e)), m)
			for i := range x {
				x[i] = math.Ldexp(x[i], -e)
			}
			if q != r || !equal(x, want) {
				t.Errorf("scale 2^%d: %+v, x = %v; unscaled %+v, %v", e, q, x, r, want)
			}
		}
	}
	x := make([]float64, 3) // smaller than the smallest normal number
	if r := solver(t, 3, CG{Tol: 1e-10}).Solve(x, a, 0, scaled(3, 0x1p-1072), nil); r.Status != Converged || x[0] != 0x1p-1072 {
		t.Errorf("denormal right-hand side: %+v, x = %v", r, x)
	}
}

// The reported residual is that of x, also where the recurrence has long left the truth.
func TestHonestResidual(t *testing.T) {
	var a diag
	for i := range 13 {
		a = append(a, math.Pow(10, -float64(i)))
	}
	for _, tol := range []float64{1e-12, 1e-6, 0} {
		x := make([]float64, 13)
		r := solver(t, 13, CG{Tol: tol, Cap: 200}).Solve(x, a, 0, ones(13), nil)
		s := 0.0
		for i, v := range a {
			s += (1 - v*x[i]) * (1 - v*x[i])
		}
		if got := math.Sqrt(s / 13); !(r.Residual <= 10*got && got <= 10*r.Residual) {
			t.Errorf("tolerance %g: reported %g, true %g", tol, r.Residual, got)
		}
		if (r.Status == Converged) != (r.Residual <= tol) || !finite(x) {
			t.Errorf("tolerance %g: %v at residual %g", tol, r.Status, r.Residual)
		}
	}
}

// Nothing of what the workspace and x held before comes through.
func TestWorkspaceMayHoldNaN(t *testing.T) {
	a := diag{1, 2, 4, 8}
	clean, dirty := solver(t, 4, CG{}), solver(t, 4, CG{})
	for _, v := range [][]float64{dirty.r, dirty.z, dirty.p, dirty.q, dirty.fall} {
		copy(v, scaled(len(v), math.NaN()))
	}
	x, y := make([]float64, 4), scaled(4, math.NaN())
	r, q := clean.Solve(x, a, 0.5, ones(4), nil), dirty.Solve(y, a, 0.5, ones(4), nil)
	if r != q || !equal(x, y) {
		t.Errorf("%+v %v, from NaN %+v %v", r, x, q, y)
	}
}

// CG agrees with the exact solution of a diagonal system, needs no more iterations than distinct eigenvalues, and a
// preconditioner that is the inverse needs one.
func TestSolves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		kinds := rapid.IntRange(1, 5).Draw(t, "kinds")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		a, b := make(diag, n), make([]float64, n)
		for i := range a {
			a[i], b[i] = math.Pow(4, float64(i%kinds)), rng.NormFloat64()
		}
		const mu = 0.25
		c := CG{Tol: 1e-12}
		if err := c.Start(n, nil); err != nil {
			t.Fatal(err)
		}
		x := make([]float64, n)
		for m, most := range map[Preconditioner]int{nil: kinds + 1, &jacobi{a, mu}: 1} {
			r := c.Solve(x, a, mu, b, m)
			if r.Status != Converged || r.Iterations > most {
				t.Fatalf("%d kinds: %+v", kinds, r)
			}
			for i := range x {
				if want := b[i] / (a[i] + mu); math.Abs(x[i]-want) > 1e-10*(1+math.Abs(want)) {
					t.Fatalf("x[%d] = %g, want %g", i, x[i], want)
				}
			}
		}
	})
}

// Martens 2010: the solve ends at the first j with fall(j) − fall(j−k) < k ε fall(j). The fall of the model
// that the test reads is the one computed from x.
func TestMartensProgress(t *testing.T) {
	const n, eps = 60, 5e-4
	a := make(diag, n)
	for i := range a {
		a[i] = math.Pow(0.7, float64(i))
	}
	run := func(c CG) (Result, []float64) {
		x := make([]float64, n)
		s := solver(t, n, c)
		return s.Solve(x, a, 1e-9, ones(n), nil), append(x, s.fall...)
	}
	r, _ := run(CG{Progress: eps, Cap: 1000})
	if r.Status != Progress {
		t.Fatalf("%+v", r)
	}
	fall := make([]float64, r.Iterations+1)
	for j := range fall {
		if j == 0 {
			continue
		}
		_, x := run(CG{Cap: j})
		for i, v := range a {
			fall[j] += x[i] - (v+1e-9)*x[i]*x[i]/2
		}
		if got := x[n+j]; math.Abs(got-fall[j]) > 1e-6*fall[j] {
			t.Errorf("fall after %d: %g, from x %g", j, got, fall[j])
		}
		k := max(10, j/10)
		if stop := j > k && fall[j]-fall[j-k] < float64(k)*eps*fall[j]; stop != (j == r.Iterations) {
			t.Errorf("stop after %d: %v, ended after %d", j, stop, r.Iterations)
		}
	}
}

func TestCap(t *testing.T) {
	x := make([]float64, 3)
	if r := solver(t, 3, CG{Cap: 2}).Solve(x, diag{1, 2, 3}, 0, ones(3), nil); r.Status != Capped || r.Iterations != 2 || r.Residual == 0 {
		t.Errorf("%+v", r)
	}
}

type wrong struct{ v float64 }

func (w wrong) Precondition(dst, x []float64) {
	for i := range dst {
		dst[i] = w.v * x[i]
	}
}

func TestBadPreconditioner(t *testing.T) {
	for v, want := range map[float64]string{-1: Indefinite, 0: Indefinite, math.Inf(1): NotFinite} {
		x := make([]float64, 2)
		if r := solver(t, 2, CG{}).Solve(x, diag{1, 2}, 0, ones(2), wrong{v}); r.Status != Breakdown || r.Reason != want {
			t.Errorf("times %g: %+v", v, r)
		}
	}
}

func TestSettings(t *testing.T) {
	for _, c := range []CG{{Tol: 1}, {Tol: -1}, {Tol: math.NaN()}, {Progress: 1}, {Progress: -1}, {Bound: 1}, {Bound: -1}, {Bound: math.NaN()}, {Cap: -1}} {
		if c.Start(3, nil) == nil {
			t.Errorf("accepted %+v", c)
		}
	}
	var m cost.Meter
	if err := (&CG{Cap: 5}).Start(10, &m); err != nil || m.Bytes != 8*(4*10+6) {
		t.Errorf("workspace %d bytes, %v", m.Bytes, err)
	}
}

func TestNoAllocations(t *testing.T) {
	c, x, b := solver(t, 3, CG{Tol: 1e-10}), make([]float64, 3), ones(3)
	a, m := diag{1, 2, 3}, Preconditioner(&jacobi{diag{1, 2, 3}, 0.1})
	if n := testing.AllocsPerRun(10, func() { c.Solve(x, &a, 0.1, b, m) }); n != 0 {
		t.Errorf("%g allocations per solve", n)
	}
}
