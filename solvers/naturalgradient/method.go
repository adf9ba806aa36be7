// Package naturalgradient holds the natural-gradient method and its directions.
//
// A step from θ with loss L, gradient ∇L and whitened tangent map T (n×P) is θ ← θ + s d with
//
//	(TᵀT + μI) d = −∇L,
//
// μ from a damping rule, s from a search. With least squares, L = ½‖r‖² and ∇L = Tᵀr, this is damped Gauss-Newton, and
// d = −Tᵀ(TTᵀ + μI)⁻¹r. The directions differ in how they solve the system:
//
//	Dense              TᵀT formed and factored         explicit
//	Dual               TTᵀ formed and factored         explicit
//	SVD                T decomposed and cut off        explicit
//	Block, Diagonal    blocks of TᵀT, or its diagonal  explicit
//	CG, SampleCG       products TᵀT v, or TTᵀ v        matrix-free
//	the same with a    Jacobi, lowrank.Nystrom,        preconditioned
//	Preconditioner     PivotedCholesky; Stale ones;
//	                   short: Nystrom, RPChol, PChol
//	Sketch             a low-rank inverse applied      preconditioned
//	Auto               the cheapest that will do       of the one taken
package naturalgradient

import (
	"fmt"
	"math"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Method is the natural-gradient method: direction × damping × search × momentum.
//
// A step linearises once, prepares the direction once, and then solves, searches and asks the damping rule until it is
// content, at most 20 times and within 100 losses. A right-hand side shifted by momentum has its own slope: where ∇Lᵀd ≥ 0
// the momentum is dropped for that step and Info says so.
//
// A step that does not move has Stalled only where the next one would be the same: the damping rule asks for nothing
// more, momentum was absent or dropped, and the solve used no random numbers.
type Method struct {
	Direction solvers.Direction
	Damping   solvers.Damping  // nil: Constant(1e-10)
	Search    solvers.Search   // nil: Grid{}
	Momentum  solvers.Momentum // zero: none
	Geodesic  *Geodesic        // nil: none

	ray    *solvers.Ray
	want   objective.Quantity
	meter  *cost.Meter
	shape  cost.Shape
	billed float64   // damping whose factor is billed at this point; NaN: not even the set-up is
	model  bool      // the damping rule reads the curvature
	ready  bool      // the direction is prepared for where ray.At is
	pushed bool      // phi is not zero
	steps  int       // with momentum, since phi was zero
	factor float64   // by which scale multiplied ray.D
	phi    []float64 // last direction
	rhs    []float64 // right-hand side, in either space
	tmp    []float64
}

const (
	maxRetries = 20
	maxLosses  = 98 // of the searches of one step, so that with its own loss it stays below 100
)

// Class is the direction's.
func (m *Method) Class() solvers.Class { return m.Direction.Class() }

// Needs is the union of the parts' needs.
func (m *Method) Needs() objective.Quantity {
	needs := objective.Loss | objective.Grad | objective.Tangent |
		m.Direction.Needs() | m.damping().Needs() | m.search().Needs()
	if m.Geodesic != nil {
		needs |= objective.Residual | objective.LeastSquares
	}
	return needs
}

func (m *Method) damping() solvers.Damping {
	if m.Damping == nil {
		return defaultDamping
	}
	return m.Damping
}

func (m *Method) search() solvers.Search {
	if m.Search == nil {
		return defaultSearch
	}
	return m.Search
}

// The defaults are interface values made once, so that asking for one does not allocate.
var (
	defaultDamping solvers.Damping = solvers.Constant(1e-10)
	defaultSearch  solvers.Search  = solvers.Grid{}
)

// Start makes the points and the workspace: 3P + 2 max(n, P) numbers (d, the trial θ and φ; a right-hand side and a
// product) beside those of the points, the objective and the direction.
func (m *Method) Start(o objective.Objective, env solvers.Env) error {
	if m.Direction == nil {
		return fmt.Errorf("naturalgradient: method without a direction")
	}
	if err := solvers.Validate(m.damping(), m.search(), m.Momentum); err != nil {
		return err
	}
	m.meter = env.Meter
	m.want = m.Needs() | o.Offers()&objective.Residual // it comes with the loss, and a direction may choose its space as it goes
	m.ray = solvers.NewRay(o, m.want, env)
	rows, cols := m.ray.At.T.Dims()
	m.shape = m.ray.At.Shape()
	m.phi = env.Meter.Floats(cols)
	m.rhs, m.tmp = env.Meter.Floats(max(rows, cols)), env.Meter.Floats(max(rows, cols))
	if m.Geodesic != nil {
		if err := m.Geodesic.Validate(); err != nil {
			return err
		}
		m.Geodesic.start(rows, cols, env.Meter)
	}
	m.ready, m.pushed, m.steps = false, false, 0
	m.model = m.damping().Needs()&objective.Tangent != 0
	m.damping().Start()
	return m.Direction.Start(m.ray.At, env)
}

// Step does one step.
func (m *Method) Step(theta []float64) solvers.Info {
	p := m.ray.At
	m.ready = m.ready && p.At(theta) && p.Have&objective.Tangent != 0 // an accepted trial's point has no tangent map yet
	p.Eval(theta, m.want)
	info := solvers.Info{Loss: p.Loss}
	if !p.Finite() {
		info.Status = solvers.Diverged
		return info
	}
	if zero(p.Grad) {
		info.Status = solvers.Converged
		return info
	}
	m.prepare(p)
	if m.advance(p, &info); info.Status == solvers.Breakdown {
		return info
	}
	m.ray.Accept(theta, info.Scale)
	m.remember(info)
	return info
}

// remember keeps the direction of a step that moved as φ of the next. A step that dropped its momentum is the first again.
func (m *Method) remember(info solvers.Info) {
	if m.pushed = info.Scale > 0 && m.Momentum.Beta != 0; !m.pushed {
		clear(m.phi)
		m.steps = 0
		return
	}
	if info.Plain {
		m.steps = 0
	}
	m.steps++
	copy(m.phi, m.ray.D)
	if m.Momentum.Correct == solvers.CodeCorrected {
		for j := range m.phi {
			m.phi[j] /= m.factor
		}
	}
}

// prepare books the set-up of the direction, which a point needs once.
func (m *Method) prepare(p *objective.Point) {
	if m.ready {
		return
	}
	defer m.meter.Enter(m.meter.Enter(cost.Setup))
	if e, ok := m.Direction.(solvers.Expecter); ok {
		e.Expect(m.damping().Value(p))
	}
	m.Direction.Prepare(p)
	m.ready, m.billed = true, math.NaN()
}

// advance solves and searches until the damping rule is content.
func (m *Method) advance(p *objective.Point, info *solvers.Info) {
	for try, losses := 0, 0; ; try++ {
		r := m.direct(p, info)
		m.ready = m.ready && !r.Random // the next step from here deserves another sketch
		if r.Status != solvers.Running {
			info.Status = r.Status
			return
		}
		model := m.along(p, r)
		out := m.ray.Find(m.search(), model.Slope)
		if out.Scale == 0 && m.Geodesic.straighten(m.ray.D) {
			model, losses = m.along(p, r), losses+out.Evals
			out = m.ray.Find(m.search(), model.Slope)
		}
		model.Outcome = out
		info.Scale, info.Damping, info.Slope, info.Norm = out.Scale, r.Damping, model.Slope, model.Norm
		again := m.damping().Judge(model)
		if losses += out.Evals; again && try < maxRetries && losses+out.Evals <= maxLosses {
			info.Retries++
			continue
		}
		if info.Scale == 0 && !again && !r.Random && (!m.pushed || info.Plain) {
			info.Status = solvers.Stalled
		}
		return
	}
}

// direct fills ray.D, without momentum where that would climb.
func (m *Method) direct(p *objective.Point, info *solvers.Info) solvers.Report {
	defer m.meter.Enter(m.meter.Enter(cost.Inner))
	mu := m.damping().Value(p)
	r := m.solve(p, mu, m.pushed)
	info.Plain = false
	if m.pushed && r.Status == solvers.Running && !(simd.Dot(p.Grad, m.ray.D) < 0) {
		again := m.solve(p, mu, false)
		again.Iterations += r.Iterations
		again.Retries += r.Retries
		r, info.Plain = again, true
	}
	if m.Geodesic != nil {
		m.bend(p, &r, mu)
	}
	if m.Momentum.Beta != 0 {
		m.scale(info.Plain)
	}
	info.Iterations += r.Iterations
	info.Retries += r.Retries
	info.Rank, info.Choice = r.Rank, r.Choice
	return r
}

// scale corrects the bias of ray.D and clips it.
func (m *Method) scale(plain bool) {
	k := m.steps + 1
	if plain {
		k = 1
	}
	m.factor = m.Momentum.Factor(k)
	if c := m.Momentum.Clip; c > 0 {
		m.factor = math.Min(m.factor, c/math.Sqrt(simd.Dot(m.ray.D, m.ray.D)))
	}
	if m.factor != 1 {
		for j := range m.ray.D {
			m.ray.D[j] *= m.factor
		}
	}
}

// solve computes the minimiser of ‖Td + r‖² + μ‖d − βφ‖², or its counterpart with ∇L in place of Tᵀr.
func (m *Method) solve(p *objective.Point, mu float64, push bool) solvers.Report {
	r := m.Direction.Solve(m.ray.D, m.target(p, push), mu)
	m.bill(r, mu)
	if push {
		simd.Axpy(m.ray.D, m.Momentum.Beta, m.phi)
	}
	if r.Status == solvers.Running && !finite(m.ray.D) {
		r.Status = solvers.Breakdown
	}
	return r
}

// target is the right-hand side −(r + βTφ) or −(∇L + βTᵀTφ).
func (m *Method) target(p *objective.Point, push bool) []float64 {
	rows, cols := p.T.Dims()
	sample := m.Direction.Space() == solvers.Sample
	g, n := p.Grad, cols
	if sample {
		g, n = p.Residual, rows
	}
	rhs, tmp := m.rhs[:n], m.tmp[:n]
	for i, v := range g {
		rhs[i] = -v
	}
	if !push {
		return rhs
	}
	if sample {
		p.T.Apply(tmp, m.phi)
		m.product(cost.Apply)
	} else {
		p.T.Gram(tmp, m.phi)
		m.product(cost.Gram)
	}
	simd.Axpy(rhs, -m.Momentum.Beta, tmp)
	return rhs
}

// along is the quadratic model along ray.D, its curvature only where the damping rule reads it.
func (m *Method) along(p *objective.Point, r solvers.Report) solvers.Model {
	d := m.ray.D
	model := solvers.Model{Loss: p.Loss, Slope: simd.Dot(p.Grad, d), Norm: math.Sqrt(simd.Dot(d, d)), Damping: r.Damping}
	if m.model {
		defer m.meter.Enter(m.meter.Enter(cost.Inner))
		rows, _ := p.T.Dims()
		p.T.Apply(m.tmp[:rows], d)
		m.product(cost.Apply)
		model.Curvature = simd.Dot(m.tmp[:rows], m.tmp[:rows])
	}
	return model
}

// zero is exact: a norm would underflow.
func zero(x []float64) bool {
	for _, v := range x {
		if v != 0 {
			return false
		}
	}
	return true
}

func finite(x []float64) bool {
	s := 0.0
	for _, v := range x {
		s += v * 0
	}
	return s == 0
}
