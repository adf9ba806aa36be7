package naturalgradient

import (
	"math"
	"testing"

	"ngdbench/internal/simd"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// quadratic is r(θ) = Aθ − b + ½ c (vᵀθ)², c and v fixed: r_dd = c (vᵀd)² everywhere, so the acceleration is known exactly.
func quadratic(n, p int) (o objective.Objective, a operator.Matrix, c, v []float64) {
	rng := rnd(8)
	a = operator.Matrix{General: linalg.New(nil, n, p)}
	for i := range a.Data {
		a.Data[i] = rng.NormFloat64()
	}
	c, v = make([]float64, n), make([]float64, p)
	b := make([]float64, n)
	for i := range c {
		c[i], b[i] = 0.02*rng.NormFloat64(), rng.NormFloat64()
	}
	for j := range v {
		v[j] = rng.NormFloat64()
	}
	return objective.FromFuncs(objective.Funcs{N: n, P: p,
		Residual: func(dst, x []float64) {
			a.Apply(dst, x)
			s := simd.Dot(v, x)
			for i := range dst {
				dst[i] += s*s*c[i]/2 - b[i]
			}
		},
		JVP: func(dst, x, d []float64) {
			a.Apply(dst, d)
			simd.Axpy(dst, simd.Dot(v, x)*simd.Dot(v, d), c)
		},
		VJP: func(dst, x, y []float64) {
			a.ApplyT(dst, y)
			simd.Axpy(dst, simd.Dot(v, x)*simd.Dot(c, y), v)
		}}), a, c, v
}

// Transtrum, Sethna 2012: the step is d + a with a = −½ (TᵀT + μI)⁻¹Tᵀ r_dd, in either space, where a is short enough.
func TestGeodesicAcceleration(t *testing.T) {
	const mu = 1e-3
	o, _, c, v := quadratic(20, 6)
	theta := start(o)
	for name, d := range directions(6) {
		x, _, _ := run(t, o, &Method{Direction: d, Damping: solvers.Constant(mu), Search: fixed(1), Geodesic: &Geodesic{Reach: 100}}, theta, 1)
		plain, _, _ := run(t, o, &Method{Direction: d, Damping: solvers.Constant(mu), Search: fixed(1)}, theta, 1)
		step := make([]float64, len(x))
		for j := range step {
			step[j] = plain[j] - theta[j]
		}
		along := simd.Dot(v, step)
		p := objective.NewPoint(o, objective.Loss|objective.Residual|objective.Tangent, nil)
		p.Eval(theta, objective.Residual|objective.Tangent)
		rdd := make([]float64, 20)
		simd.Axpy(rdd, along*along, c)
		want := make([]float64, len(x))
		p.T.ApplyT(want, rdd)
		g := &Dense{}
		if err := g.Start(p, solvers.Env{}); err != nil {
			t.Fatal(err)
		}
		g.Prepare(p)
		a := make([]float64, len(x))
		g.Solve(a, want, mu)
		for j := range want {
			want[j], a[j] = -a[j]/2, x[j]-plain[j]
		}
		if e := distance(a, want); e > 1e-5 {
			t.Errorf("%s: acceleration off by %g", name, e)
		}
	}
}

// A reach that the acceleration exceeds leaves the direction as it was, bit for bit, and costs two losses.
func TestGeodesicReach(t *testing.T) {
	o, _, _, _ := quadratic(20, 6)
	theta := start(o)
	method := func(g *Geodesic) *Method { return &Method{Direction: &Dual{}, Search: fixed(1), Geodesic: g} }
	want, _, plain := run(t, o, method(nil), theta, 1)
	got, _, m := run(t, o, method(&Geodesic{Reach: 1e-9}), theta, 1)
	if !same(got, want) {
		t.Error("beyond its reach the acceleration moved the step")
	}
	if d := m.Counts.Losses - plain.Counts.Losses; d != 2 {
		t.Errorf("%d losses more, want 2", d)
	}
	bent, _, _ := run(t, o, method(&Geodesic{Reach: 100}), theta, 1)
	if same(bent, want) {
		t.Error("within its reach the acceleration did nothing")
	}
	for _, r := range []float64{-1, math.NaN(), math.Inf(1)} {
		if method(&Geodesic{Reach: r}).Start(o, solvers.Env{}) == nil {
			t.Errorf("reach %g accepted", r)
		}
	}
}

// Where no step along d + a lowers the loss, d alone is searched: acceleration never stalls a training that goes on without.
func TestGeodesicFallsBack(t *testing.T) {
	o, _, _, _ := quadratic(20, 6)
	theta := start(o)
	second := &rising{}
	_, infos, _ := run(t, o, &Method{Direction: &Dense{}, Search: second, Geodesic: &Geodesic{Reach: 100}}, theta, 1)
	if infos[0].Scale != 1 || second.n != 2 {
		t.Errorf("%d searches, %+v", second.n, infos[0])
	}
}

// rising refuses its first line.
type rising struct{ n int }

func (*rising) Needs() objective.Quantity { return 0 }
func (r *rising) Find(loss, _ float64, l solvers.Line) solvers.Outcome {
	if r.n++; r.n == 1 {
		return solvers.Outcome{Loss: loss, Evals: 1}
	}
	return solvers.Outcome{Scale: 1, Loss: l.Loss(1), Evals: 1}
}
