package naturalgradient

import (
	"math"

	"ngdbench/cost"
	"ngdbench/solvers"
)

// passes are the vector updates of a step that belong to no direction, in iterations of conjugate gradients.
const passes = 4

// bill books what a solve cost with this damping: the set-up where it is the first at its point, the factor where the damping is new, and
// the solve.
func (m *Method) bill(r solvers.Report, mu float64) {
	if m.meter == nil {
		return
	}
	d, ok := m.Direction.(solvers.Billed)
	if !ok {
		m.meter.Unpriced = true
		return
	}
	b := d.Bill(&m.shape, r)
	m.meter.Unpriced = m.meter.Unpriced || b.Partial
	w := m.meter.Ledger()
	if math.IsNaN(m.billed) {
		w.Add(1, &b.Prepare)
		w.Iteration(float64(m.shape.Params), passes)
	}
	if mu != m.billed {
		w.Add(float64(1+r.Retries), &b.Factor)
	}
	w.Add(1, &b.Solve)
	m.billed = mu
}

// product books a product of the method's own.
func (m *Method) product(o cost.Operation) { m.meter.Ledger().Product(o, &m.shape, 1) }

// Forecast is a typical step: one linearisation, set-up, factorisation and solve, TypicalLosses trials.
func (m *Method) Forecast(s *cost.Shape) (w cost.Work, floats float64, ok bool) {
	d, ok := m.Direction.(solvers.Billed)
	if !ok {
		return w, 0, false
	}
	b := d.Bill(s, solvers.Report{Iterations: solvers.Typical})
	w.Network(cost.Linearised, s, 1)
	w.Network(cost.Loss, s, solvers.TypicalLosses)
	w.Iteration(float64(s.Params), passes)
	w.Add(1, &b.Prepare)
	w.Add(1, &b.Factor)
	w.Add(1, &b.Solve)
	if m.Geodesic != nil {
		w.Add(1, &b.Solve)
	}
	return w, b.Floats + s.Store() + s.Points() + 8*float64(s.Params), !b.Partial
}
