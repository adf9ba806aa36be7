package naturalgradient

import (
	"math/rand/v2"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
)

// Jacobi is the diagonal preconditioner M⁻¹x = x/(diag A + μ), 1 in place of 1/0.
//
// Cost: the diagonal, (2C + 2)NP flops per point, and P per iteration; memory P.
type Jacobi struct {
	a  operator.Pivotable
	g  []float64
	mu float64
}

// Start makes the diagonal. a is TᵀT or TTᵀ.
func (j *Jacobi) Start(a operator.Symmetric, _ *rand.Rand, m *cost.Meter) error {
	j.a, j.g = a.(operator.Pivotable), m.Floats(a.Order())
	return nil
}

// Random is false.
func (*Jacobi) Random() bool { return false }

// Prepare forms the diagonal.
func (j *Jacobi) Prepare() { j.a.Diagonal(j.g) }

// Set chooses μ; there is no rank.
func (j *Jacobi) Set(mu float64) (rank int) {
	j.mu = mu
	return 0
}

// Precondition computes dst = M⁻¹x.
func (j *Jacobi) Precondition(dst, x []float64) {
	for i, v := range x {
		w := j.g[i] + j.mu
		if w == 0 {
			w = 1
		}
		dst[i] = v / w
	}
}

// Bill is the diagonal, and P divisions for each vector.
func (*Jacobi) Bill(s *cost.Shape, _, _ int) (b cost.Bill) {
	b.Prepare.Form(cost.Norms, s, 1)
	b.Solve.Iteration(float64(s.Params), 0.5)
	b.Floats = float64(s.Params)
	return b
}
