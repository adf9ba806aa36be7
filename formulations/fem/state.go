package fem

import (
	"slices"

	"ngdbench/cost"
	"ngdbench/linalg"
)

// State computes the residual of a System and its derivative A = ∂r/∂α. It owns what it writes; nothing allocates after
// NewState. An affine form is assembled once, and its residual is Aα + r(0).
type State struct {
	s                   *System
	a                   *linalg.CSR
	product             *product
	jets, flux, partial []float64
	point, out, slope   []float64 // of one point: jet, flux, derivative
}

// NewState makes a state, its workspace booked on m.
func (s *System) NewState(m *cost.Meter) *State {
	st := &State{s: s, a: s.a}
	if s.a != nil {
		return st
	}
	d, n := s.problem.Dim(), len(s.rule.W)
	st.jets, st.flux = m.Floats((d+1)*n), m.Floats((d+1)*n)
	st.partial = m.Floats((d + 1) * (d + 1) * n)
	st.point, st.out, st.slope = m.Floats(d+1), m.Floats(d+1), m.Floats((d+1)*(d+1))
	st.product = newProduct(s.tests, s.sample, d+1)
	st.a = st.product.c
	return st
}

// assemble computes A and r(0) of an affine form.
func (s *System) assemble() {
	if !s.problem.Weak.Affine {
		return
	}
	st := s.NewState(nil)
	zero := make([]float64, s.Order())
	s.r0 = make([]float64, s.Order())
	st.general(s.r0, zero)
	st.Linearise(zero)
	s.a = st.a
}

// A is the derivative at the α of the last Linearise.
func (st *State) A() *linalg.CSR { return st.a }

// Residual computes r(α), n numbers for the n free nodes.
func (st *State) Residual(r, alpha []float64) {
	if st.product != nil {
		st.general(r, alpha)
		return
	}
	st.a.Mul(r, alpha)
	for i, v := range st.s.r0 {
		r[i] += v
	}
}

// general integrates the flux.
func (st *State) general(r, alpha []float64) {
	st.evaluate(alpha, false)
	st.s.tests.Mul(r, st.flux)
}

// Linearise moves A to α.
func (st *State) Linearise(alpha []float64) {
	if st.product == nil {
		return
	}
	st.evaluate(alpha, true)
	st.product.fill(st.partial)
}

// evaluate computes the flux, or its derivative, at all quadrature points.
func (st *State) evaluate(alpha []float64, derivative bool) {
	s := st.s
	d, n := s.problem.Dim(), len(s.rule.W)
	s.sample.Mul(st.jets, alpha)
	for i := range n {
		for f := range st.point {
			st.point[f] = st.jets[f*n+i] + s.fixed[f*n+i]
		}
		var slope []float64
		if derivative {
			slope = st.partial[i*len(st.slope):][:len(st.slope)]
		}
		s.problem.Weak.Flux(s.rule.X[i*d:][:d], st.point, st.out, slope)
		for f, v := range st.out {
			st.flux[f*n+i] = v
		}
	}
}

// product is C = M·D·E for a test matrix M (n×cN), a block of c×c numbers D_i at each point, and a sampling E (cN×m).
type product struct {
	m, e, c *linalg.CSR
	width   int   // c
	place   []int // of each column in the present row of C, plus one
}

// newProduct finds the pattern of C.
func newProduct(m, e *linalg.CSR, width int) *product {
	p := &product{m: m, e: e, width: width, place: make([]int, e.Cols)}
	points := e.Rows / width
	p.c = &linalg.CSR{Rows: m.Rows, Cols: e.Cols, Start: make([]int, m.Rows+1)}
	for i := range m.Rows {
		cols, _ := m.Row(i)
		for _, q := range cols {
			for f := range width {
				js, _ := e.Row(f*points + q%points)
				for _, j := range js {
					if p.place[j] != i+1 {
						p.place[j] = i + 1
						p.c.Col = append(p.c.Col, j)
					}
				}
			}
		}
		p.c.Start[i+1] = len(p.c.Col)
		slices.Sort(p.c.Col[p.c.Start[i]:])
	}
	p.c.Val = make([]float64, len(p.c.Col))
	return p
}

// fill computes C for the blocks of all points, c×c each.
func (p *product) fill(blocks []float64) *linalg.CSR {
	points, w := p.e.Rows/p.width, p.width
	clear(p.c.Val)
	for i := range p.m.Rows {
		js, _ := p.c.Row(i)
		for k, j := range js {
			p.place[j] = p.c.Start[i] + k
		}
		cols, vals := p.m.Row(i)
		for k, q := range cols {
			f, point := q/points, q%points
			for g, v := range blocks[(point*w+f)*w:][:w] {
				if v *= vals[k]; v == 0 {
					continue
				}
				es, ev := p.e.Row(g*points + point)
				for l, j := range es {
					p.c.Val[p.place[j]] += float64(v * ev[l])
				}
			}
		}
	}
	return p.c
}
