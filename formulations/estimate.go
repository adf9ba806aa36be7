package formulations

import (
	"fmt"
	"math"

	"ngdbench/linalg"
	"ngdbench/linalg/operator"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// WeakJudge measures beside a Judge's errors how well the dual norm of the residual estimates the error,
//
//	estimator    ‖r‖_{G⁻¹}, over the test space alone, without the data
//	energy-err   √ε ‖∇(u_θ − u*)‖ in L², by a quadrature of four times as many points
//	energy-rel   the same over that of u*, the relative error in the H¹ seminorm
//	effectivity  estimator over energy-err
//
// For −εΔu = f with prescribed values built in, the estimator tends to the error as the test space grows.
type WeakJudge struct {
	*Judge
	tape   *networks.Tape
	m      operator.Operator
	f, r   []float64
	energy *energyError
}

// NewWeakJudge adds to the measures of a Judge of the same problem.
func NewWeakJudge(f *Weak, j *Judge) (*WeakJudge, error) {
	newMap, err := f.space.Map(true)
	if err != nil {
		return nil, err
	}
	n := f.space.Points() * (f.problem.Dim() + 1)
	return &WeakJudge{
		Judge: j, m: newMap(nil), f: make([]float64, n), r: make([]float64, f.space.n),
		tape:   networks.New(f.net, []networks.Group{f.own}, f.measure(), networks.Values, nil),
		energy: newEnergyError(f.problem, f.net, volumeRule(f.problem, 4*f.space.Points())),
	}, nil
}

// Measures lists those of the Judge, then estimator, energy-err, energy-rel, effectivity.
func (j *WeakJudge) Measures() []string {
	return append(j.Judge.Measures(), "estimator", "energy-err", "energy-rel", "effectivity")
}

// Errors writes the measures at θ.
func (j *WeakJudge) Errors(dst, theta []float64) {
	n := len(j.Judge.Measures())
	j.Judge.Errors(dst[:n], theta)
	j.tape.Residual(theta, j.f)
	j.m.Apply(j.r, j.f)
	dst[n] = math.Sqrt(2 * objective.HalfSquare(j.r))
	dst[n+1] = j.energy.at(theta)
	dst[n+2] = dst[n+1] / j.energy.norm
	dst[n+3] = dst[n] / dst[n+1]
}

// energyError is √ε ‖∇(u_θ − u*)‖ by a quadrature.
type energyError struct {
	tape       *networks.Tape
	weight     float64 // ε
	norm       float64 // √ε ‖∇u*‖
	d          int
	w          []float64
	jets, grad []float64
}

func newEnergyError(p *problems.Problem, net *networks.Network, rule geometry.Rule) *energyError {
	d, n := p.Dim(), len(rule.W)
	e := &energyError{weight: p.Weak.Weight(), d: d, w: rule.W, jets: make([]float64, n*(d+1)), grad: make([]float64, n*d)}
	for i, w := range rule.W {
		grad := e.grad[i*d:][:d]
		p.Exact(rule.X[i*d:][:d], nil, grad)
		for _, g := range grad {
			e.norm += e.weight * w * g * g
		}
	}
	e.norm = math.Sqrt(e.norm)
	e.tape = networks.New(net, []networks.Group{{X: rule.X, Order: networks.Gradient}}, nil, networks.Values, nil)
	return e
}

func (e *energyError) at(theta []float64) float64 {
	e.tape.Jets(theta, e.jets)
	sum := 0.0
	for i, w := range e.w {
		for a := range e.d {
			v := e.jets[i*(e.d+1)+1+a] - e.grad[i*e.d+a]
			sum += float64(w * v * v)
		}
	}
	return math.Sqrt(e.weight * sum)
}

// FEINNJudge measures beside a Judge's errors of the raw network those of three finite element functions, relative to the
// exact solution, in L² and in H¹ as the Judge does, by quadrature on the mesh:
//
//	l2-interp, h1-interp  the interpolated network, which is what is trained
//	l2-fe, h1-fe          the finite element solution of the same equations
//	l2-nodal, h1-nodal    the interpolant of the exact solution
//
// and nodes-fe, the relative RMS error of the finite element solution at the nodes, which is all that a FEINN is told: the
// network between them can be no better.
type FEINNJudge struct {
	*Judge
	f        *FEINN
	tape     *networks.Tape
	e        meshError
	free     []float64
	nodes    []float64
	constant [5]float64 // what does not depend on θ
}

// NewFEINNJudge solves the finite element equations, and adds to the measures of a Judge of the same problem.
func NewFEINNJudge(f *FEINN, j *Judge) (*FEINNJudge, error) {
	s := f.system
	solution, err := s.Solve()
	if err != nil {
		return nil, fmt.Errorf("form \"feinn\": %w", err)
	}
	q := &FEINNJudge{Judge: j, f: f, e: newMeshError(f), free: make([]float64, s.Order()), nodes: make([]float64, s.Space.Len())}
	q.tape = networks.New(f.net, []networks.Group{f.own}, nodal{}, networks.Values, nil)
	q.constant[0], q.constant[1] = q.e.of(solution)
	d, x := f.problem.Dim(), s.Space.Nodes()
	for i := range q.nodes {
		f.problem.Exact(x[i*d:][:d], q.nodes[i:][:1], nil)
	}
	q.constant[2], q.constant[3] = q.e.of(q.nodes)
	q.constant[4] = distance(solution, q.nodes)
	return q, nil
}

// Measures lists those of the Judge, then the seven.
func (j *FEINNJudge) Measures() []string {
	return append(j.Judge.Measures(), "l2-interp", "h1-interp", "l2-fe", "h1-fe", "l2-nodal", "h1-nodal", "nodes-fe")
}

// distance is ‖a − b‖/‖b‖.
func distance(a, b []float64) float64 {
	e, n := 0.0, 0.0
	for i, v := range b {
		e += (a[i] - v) * (a[i] - v)
		n += v * v
	}
	return math.Sqrt(e / n)
}

// Errors writes the measures at θ.
func (j *FEINNJudge) Errors(dst, theta []float64) {
	n := len(j.Judge.Measures())
	j.Judge.Errors(dst[:n], theta)
	j.tape.Residual(theta, j.free)
	j.f.system.Extend(j.nodes, j.free)
	dst[n], dst[n+1] = j.e.of(j.nodes)
	copy(dst[n+2:], j.constant[:])
}

// meshError is the error of nodal values.
type meshError struct {
	w           []float64
	jets, exact []float64 // functional f of point i at f·N + i
	sample      *linalg.CSR
	norm, slope float64
}

func newMeshError(f *FEINN) meshError {
	s, d := f.system.Space, f.problem.Dim()
	rule := s.Fine().Rule(f.system.Quadrature() + 1)
	n := len(rule.W)
	m := meshError{w: rule.W, sample: s.Sampling(rule.X), jets: make([]float64, n*(d+1)), exact: make([]float64, n*(d+1))}
	u, grad := make([]float64, 1), make([]float64, d)
	for i, w := range rule.W {
		f.problem.Exact(rule.X[i*d:][:d], u, grad)
		m.exact[i] = u[0]
		m.norm += w * u[0] * u[0]
		for a, g := range grad {
			m.exact[(a+1)*n+i] = g
			m.slope += w * g * g
		}
	}
	return m
}

// of returns the relative errors in L² and H¹.
func (m *meshError) of(alpha []float64) (l2, h1 float64) {
	m.sample.Mul(m.jets, alpha)
	n := len(m.w)
	for k, v := range m.jets {
		e := v - m.exact[k]
		s := float64(m.w[k%n] * e * e)
		h1 += s
		if k < n {
			l2 += s
		}
	}
	return math.Sqrt(l2 / m.norm), math.Sqrt(h1 / (m.norm + m.slope))
}
