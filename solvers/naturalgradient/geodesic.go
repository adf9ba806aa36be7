package naturalgradient

import (
	"cmp"
	"fmt"
	"math"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Geodesic is geodesic acceleration: to the direction d it adds the second-order correction of the curve that the linear
// model follows,
//
//	a = −½ (TᵀT + μI)⁻¹ Tᵀ r_dd,   r_dd = ∂²/∂s² r(θ + s d) at s = 0,
//
// where 4‖a‖ ≤ Reach ‖d‖, and nothing otherwise: a large a says that the quadratic model does not reach that far. r_dd is a
// central difference, (r(θ + hd) − 2r(θ) + r(θ − hd))/h² with h‖d‖ = 2⁻¹² max(1, ‖θ‖), whose rounding and truncation are then of
// equal size, about √ε. Where no step along d + a lowers the loss, d alone is searched. Least squares with T = ∂r/∂θ only.
//
// Cost: two losses and one more solve with the same factor or preconditioner; memory 2P + n.
//
// Source: Transtrum, Sethna (2012), where the criterion is 2‖a‖/‖v‖ ≤ α for the acceleration a that enters with ½; for
// neural networks: Jnini, Vella (2025).
type Geodesic struct {
	Reach float64 // > 0; 0: 0.75

	a, x, rhs []float64
	bent      bool // ray.D holds d + a, and x holds d
}

// Validate refuses a negative reach.
func (g *Geodesic) Validate() error {
	if !(g.Reach >= 0) || math.IsInf(g.Reach, 1) {
		return fmt.Errorf("naturalgradient: reach of the geodesic acceleration %g outside (0, ∞)", g.Reach)
	}
	return nil
}

func (g *Geodesic) start(rows, cols int, m *cost.Meter) {
	g.a, g.x, g.rhs = m.Floats(cols), m.Floats(cols), m.Floats(max(rows, cols))
}

// bend adds the acceleration to ray.D, which direct has just solved for with the damping of r.
func (m *Method) bend(p *objective.Point, r *solvers.Report, mu float64) {
	g, d := m.Geodesic, m.ray.D
	g.bent = false
	norm := math.Sqrt(simd.Dot(d, d))
	if norm == 0 || r.Status != solvers.Running {
		return
	}
	rows, _ := p.T.Dims()
	rdd := m.tmp[:rows]
	h := 0x1p-12 * math.Max(1, math.Sqrt(simd.Dot(p.Theta, p.Theta))) / norm
	m.secondDifference(rdd, p, h)
	rhs := g.rhs[:rows]
	for i, v := range rdd {
		rhs[i] = -v / 2
	}
	if m.Direction.Space() == solvers.Parameter {
		rhs = g.rhs[:len(d)]
		p.T.ApplyT(rhs, rdd)
		m.product(cost.ApplyT)
		for j := range rhs {
			rhs[j] /= -2
		}
	}
	again := m.Direction.Solve(g.a, rhs, mu)
	m.bill(again, mu)
	r.Iterations += again.Iterations
	r.Retries += again.Retries
	if size := math.Sqrt(simd.Dot(g.a, g.a)); again.Status == solvers.Running && 4*size <= cmp.Or(g.Reach, 0.75)*norm {
		copy(g.x, d)
		simd.Axpy(d, 1, g.a)
		g.bent = true
	}
}

// straighten goes back to the direction without acceleration; false where it had none.
func (g *Geodesic) straighten(d []float64) bool {
	if g == nil || !g.bent {
		return false
	}
	copy(d, g.x)
	g.bent = false
	return true
}

// secondDifference computes dst = (r(θ + hd) − 2r(θ) + r(θ − hd))/h².
func (m *Method) secondDifference(dst []float64, p *objective.Point, h float64) {
	x, trial := m.Geodesic.x, m.ray.Trial
	for i, v := range p.Residual {
		dst[i] = -2 * v
	}
	for _, s := range [2]float64{h, -h} {
		for j, v := range p.Theta {
			x[j] = v + s*m.ray.D[j]
		}
		trial.Eval(x, objective.Residual)
		simd.Axpy(dst, 1, trial.Residual)
	}
	for i := range dst {
		dst[i] /= h * h
	}
}
