package naturalgradient

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/linalg"
	"ngdbench/linalg/lowrank"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/solvers"
)

func rnd(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 11)) }

// net is the network u(x) = c + Σ a_i tanh(w_i x + b_i) of width W, θ = (w, b, a, c), fitted to sin 3x at N points of
// [0, 1] in least squares, and counts how often each of its functions was called.
type net struct {
	width, n              int
	residuals, jvps, vjps int
	h                     []float64
}

func fit(n, width int) (objective.Objective, *net) {
	f := &net{width: width, n: n}
	return objective.FromFuncs(objective.Funcs{N: n, P: 3*width + 1,
		Residual: f.residual, JVP: f.jvp, VJP: f.vjp,
		Layout: objective.Layout{{Name: "w", Rows: width, Cols: 1}, {Name: "b", Rows: width, Cols: 1, Role: objective.Bias},
			{Name: "a", Rows: 1, Cols: width, Role: objective.Output}, {Name: "c", Rows: 1, Cols: 1, Role: objective.Bias}}}), f
}

func (f *net) x(i int) float64 { return float64(i) / float64(f.n-1) }
func (f *net) scale() float64  { return 1 / math.Sqrt(float64(f.n)) }
func (f *net) y(i int) float64 { return math.Sin(3 * f.x(i)) }
func (f *net) params(t []float64) (w, b, a []float64, c float64) {
	k := f.width
	return t[:k], t[k : 2*k], t[2*k : 3*k], t[3*k]
}

func (f *net) residual(dst, theta []float64) {
	f.residuals++
	w, b, a, c := f.params(theta)
	for i := range dst {
		u := c
		for j := range w {
			u += a[j] * math.Tanh(w[j]*f.x(i)+b[j])
		}
		dst[i] = (u - f.y(i)) * f.scale()
	}
}

func (f *net) row(dst, theta []float64, i int) {
	w, b, a, _ := f.params(theta)
	k := f.width
	for j := range w {
		t := math.Tanh(w[j]*f.x(i) + b[j])
		dst[k+j] = a[j] * (1 - t*t) * f.scale()
		dst[j] = dst[k+j] * f.x(i)
		dst[2*k+j] = t * f.scale()
	}
	dst[3*k] = f.scale()
}

func (f *net) jvp(dst, theta, v []float64) {
	f.jvps++
	row := f.buffer(len(v))
	for i := range dst {
		f.row(row, theta, i)
		dst[i] = simd.Dot(row, v)
	}
}

func (f *net) vjp(dst, theta, y []float64) {
	f.vjps++
	row := f.buffer(len(dst))
	clear(dst)
	for i, v := range y {
		f.row(row, theta, i)
		simd.Axpy(dst, v, row)
	}
}

func (f *net) buffer(n int) []float64 {
	if f.h == nil {
		f.h = make([]float64, n)
	}
	return f.h
}

// The toy's own derivatives, against differences.
func TestToyDerivatives(t *testing.T) {
	o, f := fit(7, 3)
	theta, v := o.Params().Draw(rnd(2)), o.Params().Draw(rnd(3))
	got, hi, lo := make([]float64, 7), make([]float64, 7), make([]float64, 7)
	f.jvp(got, theta, v)
	at := func(dst []float64, h float64) {
		x := append([]float64(nil), theta...)
		simd.Axpy(x, h, v)
		f.residual(dst, x)
	}
	at(hi, 1e-5)
	at(lo, -1e-5)
	for i := range got {
		if d := (hi[i] - lo[i]) / 2e-5; math.Abs(d-got[i]) > 1e-9 {
			t.Errorf("row %d: %g, by differences %g", i, got[i], d)
		}
	}
	y, g := make([]float64, 7), make([]float64, 10)
	y[0], y[5] = 1, -2
	f.vjp(g, theta, y)
	if a, b := simd.Dot(g, v), simd.Dot(y, got); math.Abs(a-b) > 1e-14 {
		t.Errorf("adjoint: %g, %g", a, b)
	}
}

// linear is ½‖Ax − b‖² with A (n×p) Gaussian.
func linear(n, p int, seed uint64) (objective.Objective, operator.Matrix, []float64) {
	rng := rnd(seed)
	a := operator.Matrix{General: linalg.New(nil, n, p)}
	for i := range a.Data {
		a.Data[i] = rng.NormFloat64()
	}
	b := make([]float64, n)
	for i := range b {
		b[i] = rng.NormFloat64()
	}
	return objective.FromFuncs(objective.Funcs{N: n, P: p,
		Residual: func(dst, theta []float64) {
			a.Apply(dst, theta)
			simd.Axpy(dst, -1, b)
		},
		JVP: func(dst, _, v []float64) { a.Apply(dst, v) },
		VJP: func(dst, _, y []float64) { a.ApplyT(dst, y) }}), a, b
}

// scalar is the objective ½r(x)² of one parameter with derivative r' = dr; NaN and infinity are up to r.
func scalar(r, dr func(x float64) float64) objective.Objective {
	return objective.FromFuncs(objective.Funcs{N: 1, P: 1,
		Residual: func(dst, x []float64) { dst[0] = r(x[0]) },
		JVP:      func(dst, x, v []float64) { dst[0] = dr(x[0]) * v[0] },
		VJP:      func(dst, x, y []float64) { dst[0] = dr(x[0]) * y[0] }})
}

// run does up to steps steps and returns θ, each Info and the meter.
func run(t *testing.T, o objective.Objective, s solvers.Solver, theta []float64, steps int) ([]float64, []solvers.Info, *cost.Meter) {
	t.Helper()
	m := &cost.Meter{Clock: ticks()}
	if err := s.Start(o, solvers.Env{Rand: rnd(3), Meter: m}); err != nil {
		t.Fatal(err)
	}
	theta = append([]float64(nil), theta...)
	var infos []solvers.Info
	for range steps {
		infos = append(infos, s.Step(theta))
		if infos[len(infos)-1].Status != solvers.Running {
			break
		}
	}
	return theta, infos, m
}

// ticks is a clock that moves on by a second whenever it is read, so that a phase that was entered took time.
func ticks() func() time.Duration {
	now := time.Duration(0)
	return func() time.Duration {
		now += time.Second
		return now
	}
}

func start(o objective.Objective) []float64 { return o.Params().Draw(rnd(2)) }

func distance(a, b []float64) float64 {
	s, n := 0.0, 0.0
	for i := range a {
		s += (a[i] - b[i]) * (a[i] - b[i])
		n += b[i] * b[i]
	}
	return math.Sqrt(s / n)
}

func same(a, b []float64) bool {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			return false
		}
	}
	return true
}

// directions lists one value of every direction, iterative ones to convergence.
func directions(rank int) map[string]solvers.Direction {
	tight := func(c *CG) *CG {
		c.Tol, c.Cap = 1e-13, 2000
		return c
	}
	paired := func(r lowrank.Ritz) *SampleCG {
		return &SampleCG{CG: CG{Tol: 1e-9, Precond: &lowrank.Paired{From: r}}}
	}
	return map[string]solvers.Direction{
		"dense": &Dense{}, "dual": &Dual{}, "svd": &SVD{}, "cg": tight(&CG{}), "jacobi": tight(&CG{Precond: &Jacobi{}}),
		"nystrom": tight(Nystrom(rank)), "rpchol": tight(RPChol(rank)), "pchol": tight(PChol(rank)),
		"adaptive": tight(&CG{Precond: &lowrank.Nystrom{Rank: 2, Tau: 1}}),
		"warm":     tight(&CG{Warm: 0.5}),
		"stale":    tight(&CG{Precond: &Stale{Preconditioner: &lowrank.Nystrom{Rank: rank}, Every: 3}}),
		"sample":   &SampleCG{CG: CG{Tol: 1e-9}}, "sample nystrom": paired(&lowrank.Nystrom{Rank: rank}), "sample rpchol": paired(&lowrank.PivotedCholesky{Rank: rank}),
	}
}

// fixed takes the scale that it is.
type fixed float64

func (fixed) Needs() objective.Quantity { return 0 }
func (f fixed) Find(_, _ float64, l solvers.Line) solvers.Outcome {
	return solvers.Outcome{Scale: float64(f), Loss: l.Loss(float64(f)), Evals: 1}
}
