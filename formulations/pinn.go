package formulations

import (
	"fmt"
	"math/rand/v2"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// PINN is the least-squares problem of the strong residuals R_b at random points of their parts,
//
//	L(θ) = Σ_b ½ mean_i R_b(u_θ)(x_i)² = ½‖r(θ)‖²,   r = (R_b(u_θ)(x_i) / √N_b),
//
// b running over the blocks of the problem and i over the N_b points of the block's part: every block weighs the same,
// whatever its number of points, unless Weights says otherwise. Its metric is Gauss-Newton: T = ∂r/∂θ, one Khatri-Rao
// operator for all blocks.
//
// Rows come part by part in the order of the domain; within a part, block by block; within a block, point by point. Blocks
// of one part share its points, and one pass through the network.
//
// Points are drawn once and fixed, until Resample is called. A PINN is not safe for concurrent use.
//
// Source: Raissi, Perdikaris, Karniadakis (2019), Physics-informed neural networks, section 3; the scaling is that of
// Dangel, Müller, Zeinhofer (2024), arXiv 2405.15603.
type PINN struct {
	problem *problems.Problem
	net     *networks.Network
	layout  objective.Layout
	parts   []collocation
	weights Weights
	rows    int // n
	version int
	refiner *refiner    // nil: Resample draws uniformly
	booked  *cost.Meter // which knows of the points and of what belongs to them
}

var (
	_ objective.Objective = (*PINN)(nil)
	_ objective.Resampler = (*PINN)(nil)
)

// NewPINN makes the objective with counts[k] points on part k of Parts(p), drawn from r; the network is made to fit the
// problem (see Fit). A network whose ansatz has the boundary data built in may do without points on a part, as in 900+0;
// where it has some, it has blocks of zeros there. The error says which of network and points does not fit the problem.
func NewPINN(p *problems.Problem, net *networks.Network, counts []int, w Weights, r *rand.Rand) (*PINN, error) {
	if !hasBlock(p, geometry.Interior) {
		return nil, fmt.Errorf("form \"pinn\": %s has no strong residual in the interior", p.Name)
	}
	net, err := Fit(p, net)
	if err != nil {
		return nil, err
	}
	if err := checkPoints(p, counts, net.Ansatz != nil); err != nil {
		return nil, err
	}
	parts, err := collocations(p, Parts(p), counts, w)
	if err != nil {
		return nil, err
	}
	f := &PINN{problem: p, net: net, layout: Params(net), weights: w, parts: parts, rows: rowsOf(parts)}
	drawAll(f.parts, f.problem.Domain, r)
	return f, nil
}

// Params is the network's layout.
func (f *PINN) Params() objective.Layout { return f.layout }

// Offers everything: the loss is ½‖r‖², and T is a Khatri-Rao operator.
func (f *PINN) Offers() objective.Quantity {
	return objective.Loss | objective.Grad | objective.Residual | objective.Tangent |
		objective.LeastSquares | objective.Nonnegative | objective.Factors
}

// Version counts the redraws.
func (f *PINN) Version() int { return f.version }

// Shape is the points of each part with the channels of its highest block, and the layers of the network.
func (f *PINN) Shape() cost.Shape {
	s := cost.Shape{Params: f.layout.Size(), Rows: f.rows}
	return networkShape(s, f.net, groups(f.parts))
}

// networkShape is s with the point groups and the layers of a network.
func networkShape(s cost.Shape, net *networks.Network, groups []networks.Group) cost.Shape {
	for _, g := range groups {
		shape := networks.Shape{Dim: net.Inputs(), Order: g.Order}
		s.Groups = append(s.Groups, cost.PointGroup{Points: len(g.X) / net.Inputs(), Channels: shape.Channels(), Rows: max(1, g.Rows)})
	}
	for _, l := range net.Layers() {
		s.Layers = append(s.Layers, [2]int{l.In, l.Out})
	}
	return s
}

// Resample draws as many points again, on all parts: uniformly, or where the residual is large, after Adaptive.
func (f *PINN) Resample(theta []float64, r *rand.Rand) {
	if f.refiner != nil {
		f.refiner.draw(f, theta, r)
	} else {
		drawAll(f.parts, f.problem.Domain, r)
	}
	f.version++
}

// pinnWork is what a Point keeps: a tape at the points of a version.
type pinnWork struct {
	tape    *networks.Tape
	version int
}

// Start makes the point's tape, of a size that fits want: a loss needs no memory for adjoints, a gradient none for T.
func (f *PINN) Start(p *objective.Point, want objective.Quantity) operator.Operator {
	use := useOf(want)
	f.book(p.Meter())
	p.Residual = p.Floats(f.rows)
	w := &pinnWork{tape: networks.New(f.net, groups(f.parts), newStrong(f.parts, p.Meter()), use, p.Meter()), version: f.version}
	p.Work = w
	if use != networks.Tangents {
		return nil
	}
	return w.tape.Tangent()
}

// useOf is what a tape is for at a point that wants something.
func useOf(want objective.Quantity) networks.Use {
	switch {
	case want&objective.Tangent != 0:
		return networks.Tangents
	case want&objective.Grad != 0:
		return networks.Gradients
	}
	return networks.Values
}

// book books the points on the meter of a training, once, for all points of the training share them.
func (f *PINN) book(m *cost.Meter) {
	if m == nil || m == f.booked {
		return
	}
	f.booked = m
	for k := range f.parts {
		m.Book(f.parts[k].floats())
	}
}

// groups describes the points to a tape: one group for each part, with the highest order of its blocks.
func groups(parts []collocation) []networks.Group {
	groups := make([]networks.Group, len(parts))
	for k, c := range parts {
		groups[k] = networks.Group{X: c.x, Order: order(c.order), Rows: len(c.blocks)}
	}
	return groups
}

// Eval computes the residual and the loss always, for all else contains them: 2CNP flops alone, about twice that with the
// tangent map, three times with a gradient.
func (f *PINN) Eval(p *objective.Point, want objective.Quantity) {
	w := p.Work.(*pinnWork)
	if w.version != f.version {
		for k, c := range f.parts {
			w.tape.Move(k, c.x)
		}
		w.version = f.version
	}
	switch {
	case want&objective.Tangent != 0:
		w.tape.Linearise(p.Theta, p.Residual)
		if want&objective.Grad != 0 {
			w.tape.Tangent().ApplyT(p.Grad, p.Residual)
		}
	case want&objective.Grad != 0:
		w.tape.Gradient(p.Theta, p.Residual, p.Grad)
	default:
		w.tape.Residual(p.Theta, p.Residual)
	}
	p.Loss = objective.HalfSquare(p.Residual)
	p.Have |= objective.Loss | objective.Residual
}
