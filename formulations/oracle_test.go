package formulations_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"ngdbench/formulations"
	"ngdbench/linalg"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

func weakly(t testing.TB, p *problems.Problem, net string, s formulations.WeakSetup, counts ...int) *formulations.Weak {
	t.Helper()
	f, err := formulations.NewWeak(p, parse(t, net), counts, s, stream(1))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func interpolated(t testing.TB, p *problems.Problem, net string, s formulations.FEINNSetup, count int) *formulations.FEINN {
	t.Helper()
	f, err := formulations.NewFEINN(p, parse(t, net), count, s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// at evaluates an objective at a random θ.
func at(o objective.Objective) (*objective.Point, []float64) {
	theta := o.Params().Draw(stream(2))
	p := objective.NewPoint(o, all&o.Offers(), nil)
	p.Eval(theta, all&o.Offers())
	return p, theta
}

// legendre is P_k by Bonnet's recurrence, derivative by (1−z²)P′ = k(P_{k−1} − zP_k).
func legendre(k int, z float64) (p, dp float64) {
	a, b := 1.0, z
	if k == 0 {
		return 1, 0
	}
	for n := 1; n < k; n++ {
		a, b = b, (float64(2*n+1)*z*b-float64(n)*a)/float64(n+1)
	}
	return b, float64(k) * (a - z*b) / (1 - z*z)
}

// bubble is test k on (0,1), P_{k+1} − P_{k−1}, with its derivative.
func bubble(k int, x float64) (v, dv float64) {
	z := 2*x - 1
	p, dp := legendre(k+1, z)
	q, dq := legendre(k-1, z)
	return p - q, 2 * (dp - dq)
}

// A variational PINN's residuals are the integrals of F₀v + F·∇v by a quadrature of their own; a robust one's loss is
// ½rᵀG⁻¹r for their Gram matrix, both by loops over everything (Rojas et al. 2024, section 3; facts: a VPINN in L⁻¹r).
func TestWeakResidualsAndDualNorm(t *testing.T) {
	p, net, k := problems.CDR(), "2x9x1+hard", 4
	p.Hard = problems.Poisson2D().Hard // of no use to this problem, but there is no data then
	setup := formulations.WeakSetup{Tests: formulations.Tests{PerAxis: k}}
	plain := weakly(t, p, net, setup, 400, 0)
	setup.Robust = true
	robust := weakly(t, p, net, setup, 400, 0)
	q, theta := at(plain)
	w, _ := at(robust)

	x, weight := geometry.GaussLegendre(24, 0, 1)
	n := k * k
	r, gram := make([]float64, n), mat.NewSymDense(n, nil)
	fit, err := formulations.Fit(p, parse(t, net))
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range x {
		for j, b := range x {
			jet := make([]float64, 3)
			networks.New(fit, []networks.Group{{X: []float64{a, b}, Order: networks.Gradient}}, nil, networks.Values, nil).Jets(theta, jet)
			flux := make([]float64, 3)
			p.Weak.Flux([]float64{a, b}, jet, flux, nil)
			v := make([][3]float64, n)
			for m := range n {
				f, df := bubble(m/k+1, a)
				g, dg := bubble(m%k+1, b)
				v[m] = [3]float64{f * g, df * g, f * dg}
				r[m] += weight[i] * weight[j] * (flux[0]*v[m][0] + flux[1]*v[m][1] + flux[2]*v[m][2])
			}
			for m := range n {
				for l := range m + 1 {
					gram.SetSym(m, l, gram.At(m, l)+weight[i]*weight[j]*(v[m][1]*v[l][1]+v[m][2]*v[l][2]))
				}
			}
		}
	}
	for m, want := range r {
		near(t, "test", q.Residual[m]*math.Sqrt(float64(n)), want, 1e-9)
	}
	var c mat.Cholesky
	c.Factorize(gram)
	var z mat.VecDense
	if err := c.SolveVecTo(&z, mat.NewVecDense(n, r)); err != nil {
		t.Fatal(err)
	}
	near(t, "½rᵀG⁻¹r", w.Loss, mat.Dot(&z, mat.NewVecDense(n, r))/2, 1e-9)
}

// On one element the H¹ Gram matrix of the bubbles is diagonal, 2(2k+1)·2/h (facts 3.1): robustness in one dimension
// only rescales the residuals.
func TestRobustRescalesInOneDimension(t *testing.T) {
	p := problems.Poisson1D()
	setup := formulations.WeakSetup{Tests: formulations.Tests{PerAxis: 6}}
	q, _ := at(weakly(t, p, "1x8x1+hard", setup, 40, 0))
	setup.Robust = true
	w, _ := at(weakly(t, p, "1x8x1+hard", setup, 40, 0))
	want := 0.0
	for k, r := range q.Residual {
		want += r * r * 6 / (2 * float64(2*k+3)) // k from 0, h = 2
	}
	near(t, "½Σr²/(2(2k+1)·2/h)", w.Loss, want/2, 1e-10)
}

// dense is the tangent map as a matrix.
func dense(p *objective.Point) blas64.General {
	n, m := p.T.Dims()
	a := linalg.New(nil, n, m)
	p.T.Dense(a)
	return a
}

// gramian is TᵀT.
func gramian(a blas64.General) *mat.Dense {
	var g mat.Dense
	m := mat.NewDense(a.Rows, a.Cols, nil)
	for i := range a.Rows {
		m.SetRow(i, linalg.Row(a, i))
	}
	g.Mul(m.T(), m)
	return &g
}

// far is the distance of two matrices relative to the second.
func far(a, b mat.Matrix) float64 {
	var d mat.Dense
	d.Sub(a, b)
	return mat.Norm(&d, 2) / mat.Norm(b, 2)
}

// values is a functional: the network's value.
type values struct{}

func (values) Rows(_, _, _ int, jets, r, seed []float64) {
	copy(r, jets[:len(r)])
	for i := range seed {
		seed[i] = 1
	}
}

// nodal returns α(θ) and J₀ at the free nodes of a FEINN.
func nodal(t testing.TB, p *problems.Problem, net string, f *formulations.FEINN, theta []float64) (alpha []float64, j *mat.Dense) {
	t.Helper()
	fit, err := formulations.Fit(p, parse(t, net))
	if err != nil {
		t.Fatal(err)
	}
	n := f.System().Order()
	tape := networks.New(fit, []networks.Group{{X: f.System().FreeNodes(), Order: networks.Value}}, values{}, networks.Tangents, nil)
	alpha = make([]float64, n)
	tape.Linearise(theta, alpha)
	a := linalg.New(nil, n, len(theta))
	tape.Tangent().Dense(a)
	j = mat.NewDense(n, len(theta), nil)
	for i := range n {
		j.SetRow(i, linalg.Row(a, i))
	}
	return alpha, j
}

// stiffness is A of a FEINN at α as a dense matrix.
func stiffness(f *formulations.FEINN, alpha []float64) *mat.Dense {
	st, n := f.System().NewState(nil), f.System().Order()
	st.Linearise(alpha)
	a := mat.NewDense(n, n, nil)
	for i := range n {
		cols, vals := st.A().Row(i)
		for k, j := range cols {
			a.Set(i, j, vals[k])
		}
	}
	return a
}

// With B = A, rᵀB⁻¹r is the squared energy distance of the interpolated network to the finite element solution, its
// Gramian is J₀ᵀA J₀, and the energy of nodal values is the same loss up to a constant, with the same metric and the same
// gradient (facts 1, identity 3). For −Δ the Gram matrix of the tests is A.
func TestFEINNWithItsOwnMatrix(t *testing.T) {
	p, net := problems.Poisson2D(), "2x9x1"
	f := interpolated(t, p, net, formulations.FEINNSetup{Norm: formulations.DualNorm}, 100)
	e := interpolated(t, p, net, formulations.FEINNSetup{Norm: formulations.EnergyNorm}, 100)
	q, theta := at(f)
	w, _ := at(e)
	alpha, j := nodal(t, p, net, f, theta)
	a := stiffness(f, alpha)
	solution, err := f.System().Solve()
	if err != nil {
		t.Fatal(err)
	}
	d, distance := mat.NewVecDense(len(alpha), nil), 0.0
	minimum := 0.0 // of ½αᵀAα − bᵀα, −½ of αᵀAα at the solution
	for i, v := range alpha {
		d.SetVec(i, v-solution[f.System().Free[i]])
	}
	distance = mat.Inner(d, a, d) / 2
	for i := range alpha {
		d.SetVec(i, solution[f.System().Free[i]])
	}
	minimum = -mat.Inner(d, a, d) / 2
	near(t, "loss", q.Loss, distance, 1e-10)
	near(t, "energy", w.Loss, minimum+distance, 1e-10)
	var ja, want mat.Dense
	ja.Mul(a, j)
	want.Mul(j.T(), &ja)
	if e := far(gramian(dense(q)), &want); e > 1e-10 {
		t.Errorf("the Gramian of the dual norm differs from J₀ᵀAJ₀ by %.2g", e)
	}
	if e := far(gramian(dense(w)), &want); e > 1e-10 {
		t.Errorf("the Gramian of the energy differs from J₀ᵀAJ₀ by %.2g", e)
	}
	for i, g := range q.Grad {
		near(t, "gradient", w.Grad[i], g, 1e-10)
	}
}

// The Gramian of the Euclidean norm is J₀ᵀAᵀA J₀ (Berrone, Canuto, Pintore 2022), A being neither symmetric nor that of
// Galerkin's method here.
func TestFEINNGramianOfEuclideanNorm(t *testing.T) {
	p, net := problems.CDR(), "2x9x1"
	f := interpolated(t, p, net, formulations.FEINNSetup{Order: 2}, 100)
	q, theta := at(f)
	alpha, j := nodal(t, p, net, f, theta)
	var ja, want mat.Dense
	ja.Mul(stiffness(f, alpha), j)
	want.Mul(ja.T(), &ja)
	if e := far(gramian(dense(q)), &want); e > 1e-10 {
		t.Errorf("the Gramian differs from J₀ᵀAᵀAJ₀ by %.2g", e)
	}
}

// As the test space grows, the robust Gramian tends to that of the energy, and the robust loss to the energy distance
// (facts 1, identity 2): each by at least a third from one space to the next.
func TestRobustTendsToEnergy(t *testing.T) {
	p, net := problems.Poisson2D(), "2x7x1+hard"
	ritz, err := formulations.NewRitz(p, parse(t, net), 900)
	if err != nil {
		t.Fatal(err)
	}
	m, err := formulations.Energy(p, parse(t, net), 900, formulations.Whole, formulations.Data{})
	if err != nil {
		t.Fatal(err)
	}
	w, _ := at(objective.WithMetric(ritz, m))
	want := gramian(dense(w))
	distance, last := w.Loss-p.Energy.Minimum, math.Inf(1)
	for _, k := range []int{2, 4, 7, 11} {
		q, _ := at(weakly(t, p, net, formulations.WeakSetup{Robust: true, Tests: formulations.Tests{PerAxis: k}}, 900, 0))
		e := far(gramian(dense(q)), want)
		if !(e < last/1.5) {
			t.Errorf("%d tests an axis: the Gramian is %.2g from that of the energy, %.2g with fewer tests", k, e, last)
		}
		if q.Loss > distance*(1+1e-9) {
			t.Errorf("%d tests an axis: the robust loss %.6g is above the energy distance %.6g", k, q.Loss, distance)
		}
		last = e
		if k == 11 {
			near(t, "robust loss", q.Loss, distance, 2e-3)
			if e > 2e-2 {
				t.Errorf("the Gramian is %.2g from that of the energy", e)
			}
		}
	}
}

// The dual norm depends on the test space, not on its basis: many sines, many bubbles, bubbles on elements with the hats
// between them all give about the same.
func TestDualNormIsAboutTheSameInAnyBasis(t *testing.T) {
	p, net := problems.Poisson1D(), "1x8x1+hard"
	var losses []float64
	for _, tests := range []formulations.Tests{
		{PerAxis: 40}, {PerAxis: 8, Elements: 6}, {Family: formulations.Sines, PerAxis: 150}, {Hats: true, PerAxis: 399},
	} {
		q, _ := at(weakly(t, p, net, formulations.WeakSetup{Robust: true, Tests: tests}, 1200, 0))
		losses = append(losses, q.Loss)
	}
	for _, l := range losses {
		near(t, "robust loss", l, losses[0], 1e-3*losses[0])
	}
}

// The estimator over the error in the energy norm tends to one as the test space grows, at any fixed θ (Rojas et al.
// 2024, theorem 3).
func TestEstimatorTendsToTheError(t *testing.T) {
	for _, c := range []struct {
		p   *problems.Problem
		net string
	}{{problems.Poisson2D(), "2x9x1+hard"}, {problems.Poisson1D(), "1x9x9x1+hard"}, {problems.Tanh80(), "1x9x1+hard"}} {
		last := math.Inf(1)
		for _, k := range []int{3, 6, 12} {
			f := weakly(t, c.p, c.net, formulations.WeakSetup{Robust: true, Tests: formulations.Tests{PerAxis: k}}, 900, 0)
			j, err := formulations.NewJudge(c.p, parse(t, c.net), 10, stream(3))
			if err != nil {
				t.Fatal(err)
			}
			w, err := formulations.NewWeakJudge(f, j)
			if err != nil {
				t.Fatal(err)
			}
			e := make([]float64, len(w.Measures()))
			w.Errors(e, f.Params().Draw(stream(2)))
			effectivity := e[len(e)-1]
			if off := math.Abs(effectivity - 1); effectivity > 1+1e-6 || off > last {
				t.Errorf("%s: effectivity %.8f with %d tests an axis, off by %.2g with fewer", c.p.Name, effectivity, k, last)
			} else {
				last = off
			}
		}
		if c.p.Name != "tanh80" && last > 1e-2 || last > 0.1 {
			t.Errorf("%s: effectivity off by %.2g", c.p.Name, last)
		}
	}
}

// The energy of a network with its prescribed values is above the minimum by half the squared energy error, for
// quadratic energies.
func TestRitzIsAboveTheMinimum(t *testing.T) {
	p, net := problems.Poisson2D(), "2x9x1+hard"
	f, err := formulations.NewRitz(p, parse(t, net), 900)
	if err != nil {
		t.Fatal(err)
	}
	q, theta := at(f)
	judge, err := formulations.NewJudge(p, parse(t, net), 10, stream(3))
	if err != nil {
		t.Fatal(err)
	}
	w, err := formulations.NewWeakJudge(weakly(t, p, net, formulations.WeakSetup{}, 900, 0), judge)
	if err != nil {
		t.Fatal(err)
	}
	e := make([]float64, len(w.Measures()))
	w.Errors(e, theta)
	near(t, "E(u_θ) − E(u)", q.Loss-p.Energy.Minimum, e[len(e)-3]*e[len(e)-3]/2, 1e-9)
}
