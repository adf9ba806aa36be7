package naturalgradient

import (
	"cmp"
	"fmt"
	"math"

	"ngdbench/cost"
	"ngdbench/linalg/lowrank"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Auto takes at each point the cheapest of three directions that solve the system well, by the prices of a calibration table:
//
//	Dense or Dual   whichever costs less
//	Nystrom         where a sketch of affordable rank captures TᵀT down to τμ
//
// The largest affordable rank is the last of first, 2 first, 4 first, … at which set-up and a solve of solvers.TypicalIterations cost less
// than the explicit direction; where the first one does not, nothing is sketched. A sketch grows until λ̂_k ≤ τμ. One that may not grow
// far enough is dropped, the explicit direction is taken, and no other sketch is tried for Rest points: the spectrum is what it was a
// step before. So it is where a solve with a sketch took so many iterations that it cost more than the explicit one. Conjugate gradients
// without preconditioner are not among the candidates: nothing that they count bounds the decrease that they miss. Prices, sizes, spectra
// and counts decide, never a clock; each choice is in the report.
//
// Where neither explicit direction fits into Memory, the sketch is taken whatever it captures; the dual one needs least squares.
//
// Cost: that of the direction taken, and of sketches dropped. Memory: of the explicit direction, and of sketches where they are affordable.
type Auto struct {
	Prices *cost.Column // nil: of the table in use, one thread
	Tau    float64      // τ > 0; 0: 10
	First  int          // rank ≥ 1; 0: 64
	Max    int          // rank ≥ First; 0: 1024
	Rest   int          // ≥ 1; 0: 20
	Memory float64      // bytes that an explicit direction may hold; 0: 4e9

	column   *cost.Column
	shape    cost.Shape
	meter    *cost.Meter
	explicit explicit // nil: none fits
	dear     float64  // its seconds
	sketch   *lowrank.Nystrom
	low      *CG
	most     int // largest affordable rank, 0: none
	wait     int // points until a sketch is tried again
	mu       float64
	now      explicit
	choice   choice
}

// explicit is a direction with a price.
type explicit interface {
	solvers.Direction
	solvers.Billed
}

// choice is what was taken and why, as text made once for as long as it stays.
type choice struct {
	why  string
	rank int
	text string
}

// Class is that of the direction taken last, and Automatic before the first.
func (a *Auto) Class() solvers.Class {
	if a.now == nil {
		return solvers.Automatic
	}
	return a.now.Class()
}

// Needs asks for the tangent map.
func (*Auto) Needs() objective.Quantity { return objective.Tangent }

// Space is that of the direction taken.
func (a *Auto) Space() solvers.Space { return a.now.Space() }

// Validate refuses settings out of range.
func (a *Auto) Validate() error {
	switch {
	case !(a.Tau >= 0) || math.IsInf(a.Tau, 1):
		return fmt.Errorf("naturalgradient: tau %g outside (0, ∞)", a.Tau)
	case a.First < 0:
		return fmt.Errorf("naturalgradient: first rank %d outside [1, ∞)", a.First)
	case a.Max < 0 || a.Max > 0 && a.Max < a.first():
		return fmt.Errorf("naturalgradient: largest rank %d below the first, %d", a.Max, a.first())
	case a.Rest < 0:
		return fmt.Errorf("naturalgradient: %d points between sketches, outside [1, ∞)", a.Rest)
	case !(a.Memory >= 0):
		return fmt.Errorf("naturalgradient: %g bytes for an explicit direction, outside (0, ∞)", a.Memory)
	}
	return nil
}

func (a *Auto) first() int { return cmp.Or(a.First, 64) }

func (a *Auto) rest() int { return cmp.Or(a.Rest, 20) }

// Start prices the directions and makes the workspace of those that may be taken.
func (a *Auto) Start(p *objective.Point, env solvers.Env) error {
	if err := a.Validate(); err != nil {
		return err
	}
	if a.column = a.Prices; a.column == nil {
		a.column = cost.Current().For(1)
	}
	a.shape, a.meter = p.Shape(), env.Meter
	a.now, a.choice, a.wait, a.mu = nil, choice{}, 0, math.NaN()
	a.explicit, a.dear = nil, math.Inf(1)
	a.offer(&Dense{})
	if p.Offers()&objective.LeastSquares != 0 {
		a.offer(&Dual{})
	}
	if a.explicit != nil {
		if err := a.explicit.Start(p, env); err != nil {
			return err
		}
	}
	if a.most = a.affordable(); a.most == 0 {
		return nil
	}
	a.sketch = &lowrank.Nystrom{Rank: min(a.first(), a.most), Tau: cmp.Or(a.Tau, 10), Max: a.most}
	a.low = &CG{Precond: a.sketch}
	return a.low.Start(p, env)
}

// offer takes d for the explicit direction where it fits and costs less.
func (a *Auto) offer(d explicit) {
	if b := d.Bill(&a.shape, solvers.Report{}); 8*b.Floats > cmp.Or(a.Memory, 4e9) {
		return
	}
	if v := a.price(d, solvers.Report{}); v < a.dear {
		a.explicit, a.dear = d, v
	}
}

// price is the seconds of one point with the direction.
func (a *Auto) price(d solvers.Billed, r solvers.Report) float64 {
	b := d.Bill(&a.shape, r)
	b.Prepare.Add(1, &b.Factor)
	b.Prepare.Add(1, &b.Solve)
	return a.column.Seconds(&b.Prepare)
}

// affordable is the largest rank at which a sketch costs less than the explicit direction, 0 for none.
func (a *Auto) affordable() (rank int) {
	most := min(cmp.Or(a.Max, 1024), a.shape.Params)
	for k := min(a.first(), most); k > rank; k = min(2*k, most) {
		if !(a.price(&CG{Precond: &lowrank.Nystrom{Rank: k}}, solvers.Report{Rank: k, Iterations: solvers.Typical}) < a.dear) {
			break
		}
		rank = k
	}
	return rank
}

// Expect is told the damping before Prepare.
func (a *Auto) Expect(mu float64) { a.mu = mu }

// Prepare chooses, and prepares what it chose.
func (a *Auto) Prepare(p *objective.Point) {
	a.wait = max(0, a.wait-1)
	switch {
	case a.most == 0:
		a.take(a.explicit, "no rank costs less", 0)
	case a.wait > 0:
		a.take(a.explicit, "the last sketch did not pay", 0)
	case a.sketched(p):
		return
	}
	a.explicit.Prepare(p)
}

// sketched makes a sketch and reports whether it is taken.
func (a *Auto) sketched(p *objective.Point) bool {
	a.low.Prepare(p)
	k := a.sketch.Set(a.mu)
	if a.explicit == nil || a.sketch.Captures() {
		a.take(a.low, "it captures the matrix", k)
		return true
	}
	a.wait = a.rest()
	a.take(a.explicit, "a sketch does not capture the matrix", k)
	b := a.low.Bill(&a.shape, solvers.Report{Rank: k})
	a.meter.Ledger().Add(1, &b.Prepare)
	return false
}

func (a *Auto) take(d explicit, why string, rank int) {
	if a.now == d && a.choice.why == why && a.choice.rank == rank {
		return
	}
	a.now, a.choice = d, choice{why: why, rank: rank}
	a.choice.text = fmt.Sprintf("%s: %s", a.name(), why)
	if rank > 0 {
		a.choice.text += fmt.Sprintf(", rank %d", rank)
	}
}

// Solve is that of the direction taken.
func (a *Auto) Solve(d, rhs []float64, damping float64) solvers.Report {
	r := a.now.Solve(d, rhs, damping)
	r.Choice = a.choice.text
	if a.now == a.low && a.price(a.low, r) > a.dear {
		a.wait = a.rest() + 1
	}
	return r
}

// name is the catalogue's name of the direction taken.
func (a *Auto) name() string {
	switch a.now.(type) {
	case *Dense:
		return "dense"
	case *Dual:
		return "dual"
	}
	return "nystrom"
}

// Bill is that of the direction taken; before the first, that of Dual.
func (a *Auto) Bill(s *cost.Shape, r solvers.Report) cost.Bill {
	if a.now != nil {
		return a.now.Bill(s, r)
	}
	return (&Dual{}).Bill(s, r)
}
