package naturalgradient

import (
	"fmt"
	"math/rand/v2"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
)

// Stale keeps a preconditioner for Every points before it is built again: the set-up is saved, and the iterations grow by what TᵀT has
// changed meanwhile. It hides the preconditioner's bound of the error, which holds for the matrix it was built from alone.
type Stale struct {
	Preconditioner
	Every int // ≥ 1; 0: 1

	age int // points since it was built; 0: it must be built
}

// Start makes the workspace; the first Prepare builds the preconditioner.
func (s *Stale) Start(a operator.Symmetric, rng *rand.Rand, m *cost.Meter) error {
	if s.Every < 0 {
		return fmt.Errorf("preconditioner rebuilt every %d steps, outside [1, ∞)", s.Every)
	}
	s.age = 0
	return s.Preconditioner.Start(a, rng, m)
}

// Prepare builds the preconditioner, where it is due.
func (s *Stale) Prepare() {
	if s.age == 0 {
		s.Preconditioner.Prepare()
	}
	if s.age++; s.age >= s.Every {
		s.age = 0
	}
}

// Bill is the preconditioner's, its set-up spread over the points it serves.
func (s *Stale) Bill(shape *cost.Shape, order, rank int) (b cost.Bill) {
	full := billOf(s.Preconditioner, shape, order, rank)
	b = full
	b.Prepare = cost.Work{}
	b.Prepare.Add(1/float64(max(1, s.Every)), &full.Prepare)
	return b
}
