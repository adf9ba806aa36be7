package fem

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// System is a weak form between a trial space Q_k and a test space of as many functions, the hats on the mesh refined k
// times: r_i(α) = ∫ F₀(x,u,∇u) φ_i + F(x,u,∇u)·∇φ_i with u = Σ α_j ψ_j, for the nodes i where u is not prescribed. At the
// others, α has the prescribed value. For k = 1 it is Galerkin's method.
//
// It is immutable; a State does the computing.
//
// Source: Berrone, Canuto, Pintore (2022), arXiv 2109.02035; Badia, Li, Martín (2024), arXiv 2306.06304, section 3.
type System struct {
	Space *Space
	Free  []int // the nodes that are not prescribed, rising; test function i belongs to node Free[i]

	problem *problems.Problem
	rule    geometry.Rule
	sample  *linalg.CSR // (1+d)N × n: jets of the free part of u
	hats    *linalg.CSR // the same of the tests
	fixed   []float64   // jets of the prescribed part
	tests   *linalg.CSR // n × (1+d)N: weights times jets of the hats
	alpha   []float64   // all nodes: prescribed values, zeros elsewhere
	a       *linalg.CSR // of an affine form
	r0      []float64   // residual at α = 0 of an affine form
	points  int
}

// NewSystem discretises a problem with Q_order on the mesh; points is how many Gauss-Legendre points the quadrature has
// along each axis of a cell of the refined mesh, 0 meaning order+2.
func NewSystem(p *problems.Problem, mesh geometry.Lattice, order, points int) (*System, error) {
	if p.Weak == nil {
		return nil, fmt.Errorf("%s has no weak form", p.Name)
	}
	trial, err := NewSpace(mesh, order)
	if err != nil {
		return nil, err
	}
	if points == 0 {
		points = order + 2
	}
	if least := (order + 3) / 2; points < least {
		return nil, fmt.Errorf("%d quadrature points a cell: elements of order %d with linear tests need %d", points, order, least)
	}
	hats, err := NewSpace(trial.Fine(), 1)
	if err != nil {
		return nil, err
	}
	s := &System{Space: trial, problem: p, rule: trial.Fine().Rule(points), points: points, alpha: make([]float64, trial.Len())}
	s.divide()
	if len(s.Free) == 0 {
		return nil, fmt.Errorf("%s: the mesh has %d nodes, all with prescribed values", p.Name, trial.Len())
	}
	all := trial.Sampling(s.rule.X)
	s.fixed = make([]float64, all.Rows)
	all.Mul(s.fixed, s.alpha)
	s.sample = all.Select(s.Free)
	s.hats = hats.Sampling(s.rule.X).Select(s.Free)
	s.tests = s.testMatrix()
	s.assemble()
	return s, nil
}

// divide finds the nodes with prescribed values.
func (s *System) divide() {
	d, u := s.problem.Dim(), []float64{0}
	for j := range s.alpha {
		if s.Space.OnBoundary(j) && s.problem.Dirichlet != nil && s.problem.Dirichlet(s.Space.x[j*d:][:d], u) {
			s.alpha[j] = u[0]
			continue
		}
		s.Free = append(s.Free, j)
	}
}

// testMatrix is the transposed jets of the hats of the free nodes times the quadrature weights.
func (s *System) testMatrix() *linalg.CSR {
	m := s.hats.T()
	for k, q := range m.Col {
		m.Val[k] *= s.rule.W[q%len(s.rule.W)]
	}
	return m
}

// Order is n, the number of free nodes and of tests.
func (s *System) Order() int { return len(s.Free) }

// FreeNodes are the coordinates of the free nodes, n×d.
func (s *System) FreeNodes() []float64 {
	d := s.problem.Dim()
	out := make([]float64, 0, len(s.Free)*d)
	for _, j := range s.Free {
		out = append(out, s.Space.x[j*d:][:d]...)
	}
	return out
}

// Extend writes the values at all nodes for those at the free ones.
func (s *System) Extend(dst, free []float64) {
	copy(dst, s.alpha)
	for k, j := range s.Free {
		dst[j] = free[k]
	}
}

// Tests is the matrix that takes fluxes at the quadrature points, row f·N + i being functional f at point i, to the
// integrals against the tests: n × (1+d)N.
func (s *System) Tests() *linalg.CSR { return s.tests }

// Quadrature is the number of points along each axis of a cell of the refined mesh.
func (s *System) Quadrature() int { return s.points }

// Rule is the quadrature.
func (s *System) Rule() geometry.Rule { return s.rule }

// Gram is the matrix of the inner product ε∫∇φ_i·∇φ_j of the tests, ε being the weak form's weight.
func (s *System) Gram() *linalg.CSR {
	d, n := s.problem.Dim(), len(s.rule.W)
	partial := make([]float64, n*(d+1)*(d+1))
	for i := range n {
		for a := 1; a <= d; a++ {
			partial[i*(d+1)*(d+1)+a*(d+1)+a] = s.problem.Weak.Weight()
		}
	}
	return newProduct(s.tests, s.hats, d+1).fill(partial)
}

// GramCholesky factors Gram; the error says that it is singular, which it is where no value is prescribed.
func (s *System) GramCholesky(m *cost.Meter) (*linalg.BandCholesky, error) {
	return Cholesky(s.Gram(), "the Gram matrix of the tests", m)
}

// Cholesky factors a symmetric positive definite sparse matrix in band form.
func Cholesky(a *linalg.CSR, what string, m *cost.Meter) (*linalg.BandCholesky, error) {
	kl, _ := a.Bandwidth()
	band := linalg.NewSymmetricBand(nil, a.Rows, kl)
	a.FillSymmetricBand(band)
	c := &linalg.BandCholesky{}
	c.Reset(a.Rows, kl, m)
	if constants(a) {
		return nil, fmt.Errorf("%s is singular: constants are in its null space, for no value is prescribed", what)
	}
	if err := c.Factor(band); err != nil {
		return nil, fmt.Errorf("%s is singular: %w", what, err)
	}
	return c, nil
}

// constants reports whether all rows add up to nothing: Cholesky's last pivot is then positive by rounding, or not.
func constants(a *linalg.CSR) bool {
	worst, size := 0.0, 0.0
	for i := range a.Rows {
		_, vals := a.Row(i)
		sum := 0.0
		for _, v := range vals {
			sum += v
			size = max(size, math.Abs(v))
		}
		worst = max(worst, math.Abs(sum))
	}
	return worst <= 1e-12*size
}

// newtonSteps bounds the Newton iteration of Solve.
const newtonSteps = 50

// Solve returns the nodal values, at all nodes, of the finite element solution r(α) = 0, by band LU and, for a nonlinear
// form, Newton's method with halved steps, from the interpolant of the exact solution where there is one.
func (s *System) Solve() ([]float64, error) {
	n := s.Order()
	st := s.NewState(nil)
	alpha, r, trial, tr := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	if !s.problem.Weak.Affine && s.problem.Exact != nil {
		s.interpolate(alpha)
	}
	st.Residual(r, alpha)
	var lu linalg.BandLU
	for range newtonSteps {
		before := norm(r)
		if err := s.step(st, &lu, alpha, r); err != nil {
			return nil, err
		}
		size, scale := norm(r), 1.0 // r is now the step
		for ; scale > 1e-6; scale /= 2 {
			for i := range trial {
				trial[i] = alpha[i] - scale*r[i]
			}
			if st.Residual(tr, trial); norm(tr) < before || norm(tr) == 0 {
				break
			}
		}
		if scale <= 1e-6 { // rounding
			break
		}
		copy(alpha, trial)
		copy(r, tr)
		if s.problem.Weak.Affine || size <= 1e-14*(1+norm(alpha)) {
			break
		}
	}
	all := make([]float64, s.Space.Len())
	s.Extend(all, alpha)
	return all, nil
}

// interpolate writes the exact solution at the free nodes.
func (s *System) interpolate(alpha []float64) {
	x, d := s.FreeNodes(), s.problem.Dim()
	for i := range alpha {
		s.problem.Exact(x[i*d:][:d], alpha[i:][:1], nil)
	}
}

// step overwrites the residual at α by A(α)⁻¹r.
func (s *System) step(st *State, lu *linalg.BandLU, alpha, r []float64) error {
	st.Linearise(alpha)
	a := st.A()
	kl, ku := a.Bandwidth()
	band := linalg.NewBand(nil, a.Rows, a.Cols, kl, ku)
	a.FillBand(band)
	lu.Reset(a.Rows, kl, ku, nil)
	if err := lu.Factor(band); err != nil {
		return fmt.Errorf("%s: the finite element matrix: %w", s.problem.Name, err)
	}
	lu.Solve(linalg.Column(r))
	return nil
}

func norm(x []float64) float64 { return math.Sqrt(blas64.Dot(vector(x), vector(x))) }

func vector(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Data: x, Inc: 1} }
