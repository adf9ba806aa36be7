package networks

import (
	"ngdbench/cost"
	"ngdbench/internal/par"
	"ngdbench/internal/simd"
)

// Functional maps the jets of the network at points to residuals.
type Functional interface {
	// Rows computes the residuals of the points lo … hi-1 of a group. jets has for each point outputs×C numbers, r takes
	// for each point the group's Rows residuals, and seed, where it is not nil, for each point Rows×outputs×C partial
	// derivatives ∂r/∂jet, every entry. The residuals must have the same bits with and without seed. Several workers
	// call it at the same time, for different points.
	Rows(group, lo, hi int, jets, r, seed []float64)
}

// Use says what a tape is made for, and so what memory it takes. Each use includes those before it.
type Use int

const (
	Values    Use = iota // Residual, Jets
	Gradients            // Gradient
	Tangents             // Linearise, Tangent
)

// Tape evaluates the residuals of a network at fixed points, their gradient, and their tangent map.
//
// Work goes by blocks of 12 to 48 points through the whole network, so that a block stays in cache; sums over points go
// over at most 16 fixed groups of blocks. Nothing is allocated after New, but where a method says so. A tape is not safe
// for concurrent use; its results have the same bits for any number of threads and any kernel path.
//
// Residual costs 2·C·N·P flops and the activations; Linearise and Gradient about twice and three times that.
type Tape struct {
	*plan
	fn     Functional
	use    Use
	m      *cost.Meter
	theta  *weights
	x      []float64 // input channels, block by block
	a      []float64 // a and δ, block by block
	unit   []float64 // the unit vectors of the inputs, d×Pad(d)
	jet    []float64 // scratch of features
	ansatz *ansatz   // nil without one
	sums   [][]float64
	total  []float64 // the sum of sums, in the padded layout
	work   [par.MaxWorkers]*scratch
	op     *KhatriRao
	job    job
	arg    arguments
}

// arguments are what the task that runs reads and writes.
type arguments struct {
	r, y, dst []float64
	ld        int // leading dimension of dst, where it is a matrix
	col       int
}

// New makes a tape for the points of the groups. The residuals are those of the groups, one after the other; in a group
// with several residuals a point, those of the first functional at all points come first. fn may be nil if only Jets is
// called. The points are copied; Move replaces them.
func New(net *Network, groups []Group, fn Functional, use Use, m *cost.Meter) *Tape {
	p := newPlan(net, groups)
	t := &Tape{plan: p, fn: fn, use: use, m: m}
	t.job.t = t
	t.theta = newWeights(p, m, use >= Gradients)
	t.x = m.Floats(p.inputs)
	d := Shape{Dim: net.Inputs()}
	if net.Embed != nil {
		t.jet = m.Floats(2 * d.all())
	}
	if net.Ansatz != nil {
		t.ansatz = &ansatz{values: m.Floats(p.lifts), all: m.Floats(2 * net.Outputs() * d.all())}
	}
	for i, g := range groups {
		t.Move(i, g.X)
	}
	if use >= Gradients {
		for range p.parts {
			t.sums = append(t.sums, m.Floats(p.padded))
		}
		t.total = m.Floats(p.padded)
	}
	if use >= Tangents {
		t.a = m.Floats(p.store)
		ld := p.layers[0].ldIn
		t.unit = m.Floats(p.layers[0].In * ld)
		for i := range p.layers[0].In {
			t.unit[i*ld+i] = 1
		}
		t.op = newKhatriRao(t)
	}
	t.prepare()
	return t
}

// Move replaces the points of a group by as many others. The tangent map is of no use then until the next Linearise.
func (t *Tape) Move(group int, x []float64) {
	g := &t.groups[group]
	d := t.net.Inputs()
	if len(x) != g.n*d {
		panic("networks: Move with another number of points")
	}
	for lo := 0; lo < g.n; lo += g.size {
		b := &t.blocks[g.first+lo/g.size]
		dst, ld, at := t.x[b.in:], t.layers[0].ldIn, x[lo*d:][:b.n*d]
		if e := t.net.Embed; e != nil {
			g.shape.features(e, dst, ld, at, t.jet)
		} else {
			g.shape.coordinates(dst, ld, at)
		}
		if t.ansatz != nil {
			t.ansatz.move(t, b, at)
		}
	}
}

// Dims returns the number of residuals and of parameters.
func (t *Tape) Dims() (rows, params int) { return t.rows, t.params }

// Residual computes r at θ.
func (t *Tape) Residual(theta, r []float64) {
	t.begin(Values, theta, r)
	t.evaluate(1, (*Tape).residualPart)
}

// Jets computes the jets of all outputs at all points: group by group, for each point outputs×C numbers.
func (t *Tape) Jets(theta, dst []float64) {
	t.begin(Values, theta, nil)
	t.arg.dst = dst
	t.evaluate(1, (*Tape).jetsPart)
}

// Linearise computes r at θ, with the bits of Residual, and moves the tangent map there.
func (t *Tape) Linearise(theta, r []float64) {
	t.begin(Tangents, theta, r)
	t.op.at(theta)
	t.evaluate(2, (*Tape).linearisePart)
}

// Gradient computes r at θ, with the bits of Residual, and grad = Tᵀr, with the bits of Linearise and Tᵀ. It does not
// touch the tangent map: a and δ live for one block only.
func (t *Tape) Gradient(theta, r, grad []float64) { t.Pull(theta, r, r, grad) }

// Pull computes r at θ and grad = Tᵀy, as Gradient does for y = r. y may be r itself, or be known before.
func (t *Tape) Pull(theta, r, y, grad []float64) {
	t.begin(Gradients, theta, r)
	if len(y) != t.rows {
		panic("networks: tape called with slices of wrong length")
	}
	t.arg.y = y
	t.evaluate(3, (*Tape).gradientPart)
	t.reduce(grad)
}

// Tangent is T at the θ of the last Linearise. It is one value for the life of the tape.
func (t *Tape) Tangent() *KhatriRao { return t.op }

func (t *Tape) begin(use Use, theta, r []float64) {
	if t.use < use {
		panic("networks: tape was not made for this")
	}
	if len(theta) != t.params || r != nil && len(r) != t.rows {
		panic("networks: tape called with slices of wrong length")
	}
	t.arg = arguments{r: r}
	t.theta.set(t.plan, theta)
}

func (t *Tape) residualPart(part, worker int) {
	s := t.work[worker]
	for _, b := range t.parts[part] {
		t.residuals(b, s, t.forward(b, s, nil), t.arg.r, nil)
	}
}

func (t *Tape) jetsPart(part, worker int) {
	s := t.work[worker]
	for _, b := range t.parts[part] {
		at := 0
		for _, g := range t.groups[:b.group] {
			at += g.n * g.c
		}
		c := t.groups[b.group].c
		t.outputs(b, s, t.forward(b, s, nil), t.arg.dst[(at+b.lo*c)*t.net.Outputs():])
	}
}

func (t *Tape) linearisePart(part, worker int) {
	for _, b := range t.parts[part] {
		t.linearise(b, t.work[worker], t.memory(b), true)
	}
}

func (t *Tape) gradientPart(part, worker int) {
	s := t.work[worker]
	clear(t.sums[part])
	for _, b := range t.parts[part] {
		t.linearise(b, s, s.memory, false)
		g := &t.groups[b.group]
		for f := range g.rows {
			t.pull(b, s, s.memory, f, t.arg.y[b.row+f*g.n:][:b.n], t.sums[part], false)
		}
	}
}

// linearise computes the residuals of a block and writes its a and δ to mem, which belongs to the tangent map if keep.
func (t *Tape) linearise(b *block, s *scratch, mem []float64, keep bool) {
	last := t.forward(b, s, mem)
	s.export = keep && t.op.export != nil
	t.residuals(b, s, last, t.arg.r, s.seed)
	for f := range t.groups[b.group].rows {
		t.backward(b, s, mem, last, f)
	}
}

// memory is where the tangent map keeps the a and δ of a block.
func (t *Tape) memory(b *block) []float64 { return t.a[b.store:][:t.plan.work(*b)] }

// job is the task handed to par: one method of the tape over all parts.
type job struct {
	t  *Tape
	do func(t *Tape, part, worker int)
}

func (j *job) Run(part, worker int) { j.do(j.t, part, worker) }

// evaluate calls do for every part; its work is about times evaluations of the network.
func (t *Tape) evaluate(times float64, do func(t *Tape, part, worker int)) {
	t.fork(len(t.parts), times*(t.flops+t.jets), do)
}

// run calls do for every part; its work is about times products T v.
func (t *Tape) run(times float64, do func(t *Tape, part, worker int)) {
	t.fork(len(t.parts), times*t.flops, do)
}

func (t *Tape) fork(n int, flops float64, do func(t *Tape, part, worker int)) {
	t.prepare()
	t.job.do = do
	par.Run(n, flops, &t.job)
}

// reduceWidth is the number of parameters that one task of a reduction sums.
const reduceWidth = 1024

// reduce computes dst as the sum of all parts, in their order.
func (t *Tape) reduce(dst []float64) {
	t.reduceColumns()
	t.unpad(dst, t.total)
}

// reduceColumns sums the parts into total. The work is counted fourfold: memory, not arithmetic, bounds it.
func (t *Tape) reduceColumns() {
	t.fork((t.padded+reduceWidth-1)/reduceWidth, float64(4*len(t.sums)*t.padded), (*Tape).reducePart)
}

func (t *Tape) reducePart(part, _ int) {
	lo := part * reduceWidth
	hi := min(lo+reduceWidth, t.padded)
	dst := t.total[lo:hi]
	if len(t.sums) == 0 {
		clear(dst)
		return
	}
	copy(dst, t.sums[0][lo:hi])
	for _, s := range t.sums[1:] {
		simd.Add(dst, s[lo:hi])
	}
}
