package benchmarks

import (
	"fmt"
	"math"
	"sync"

	"ngdbench/linalg"
	"ngdbench/networks"
)

// coreNet is a network with its points: the Laplacian of the output at interior ones, its value at boundary ones.
type coreNet struct {
	name, points       string // as on the axes net and points
	interior, boundary int
	net                *networks.Network
	short              int // threads of the rows that are shown without -full; 0: no rows
	made               func() *linearised
}

// linearised is a coreNet with its tape, made when a row first needs it, and its tangent map at θ.
type linearised struct {
	tape    *networks.Tape
	op      *networks.KhatriRao
	theta   []float64
	r, y    []float64 // n
	grad, x []float64 // P
}

func newCoreNet(name string, interior, boundary, short int) *coreNet {
	net, err := networks.Parse(name)
	if err != nil {
		panic(err)
	}
	c := &coreNet{name: name, points: fmt.Sprint(interior), interior: interior, boundary: boundary, net: net, short: short}
	if boundary > 0 {
		c.points = fmt.Sprintf("%d+%d", interior, boundary)
	}
	c.made = sync.OnceValue(c.make)
	return c
}

func (c *coreNet) make() *linearised {
	d := c.net.Inputs()
	groups := []networks.Group{{X: normal(c.interior * d), Order: networks.Laplacian}}
	if c.boundary > 0 {
		groups = append(groups, networks.Group{X: normal(c.boundary * d), Order: networks.Value})
	}
	t := networks.New(c.net, groups, newPoisson(d, groups), networks.Tangents, nil)
	rows, cols := t.Dims()
	l := &linearised{tape: t, op: t.Tangent(), theta: normal(cols), r: make([]float64, rows), y: normal(rows),
		grad: make([]float64, cols), x: normal(cols)}
	for _, q := range c.net.Layers() {
		for i := q.Weight; i < q.Bias; i++ {
			l.theta[i] /= math.Sqrt(float64(q.In))
		}
	}
	t.Linearise(l.theta, l.r)
	return l
}

// cnp is C·N·P, summed over the groups: the unit of nominal flops. np is N·P.
func (c *coreNet) cnp() float64 {
	channels := networks.Shape{Dim: c.net.Inputs(), Order: networks.Laplacian}.Channels()
	return float64((channels*c.interior + c.boundary) * c.net.Size())
}

func (c *coreNet) rows() float64 { return float64(c.interior + c.boundary) }
func (c *coreNet) np() float64   { return c.rows() * float64(c.net.Size()) }

// row is the row of a unit on this network.
func (c *coreNet) row(u netUnit, threads int) coreRow {
	bar := 0.0
	if u.name == "gram_product" && c.name == barNet {
		bar = []float64{1.20, 1.00}[threads-1]
	}
	t := timed{threads: threads, flops: u.flops(c), bar: bar, prepare: func() func() { return u.run(c.made()) }}
	short := bar > 0 || u.short && threads == c.short
	return t.row(fmt.Sprintf("unit=%s/net=%s/n=%s%s/threads=%d", u.name, c.name, c.points, u.suffix, threads), short)
}

// poisson is −Δu − f inside and u − g on the boundary, with f = 1 and g = 0.
type poisson struct{ channels []int } // of each group

func newPoisson(d int, groups []networks.Group) poisson {
	var p poisson
	for _, g := range groups {
		p.channels = append(p.channels, networks.Shape{Dim: d, Order: g.Order}.Channels())
	}
	return p
}

func (p poisson) Rows(group, lo, hi int, jets, r, seed []float64) {
	c := p.channels[group]
	sign, f := 1.0, 0.0
	if c > 1 {
		sign, f = -1, 1
	}
	for i := range hi - lo {
		r[i] = sign*jets[i*c+c-1] - f
		if seed != nil {
			s := seed[i*c:][:c]
			clear(s)
			s[c-1] = sign
		}
	}
}

// netUnit is something that a tape or its tangent map computes, with its nominal flops: what it takes if T is never
// stored, each product with it differentiating the network again, or if T is explicit.
type netUnit struct {
	name, suffix string
	short        bool // on two threads
	flops        func(c *coreNet) float64
	run          func(l *linearised) func()
}

func timesCNP(k float64) func(c *coreNet) float64 {
	return func(c *coreNet) float64 { return k * c.cnp() }
}

// vectors is the number of vectors of a sketch.
const vectors = 64

func sketchFlops(c *coreNet) float64 { return 2 * vectors * c.np() }

func kernelFlops(c *coreNet) float64 { return c.rows() * c.np() }

// diagonalFlops form T and square its entries.
func diagonalFlops(c *coreNet) float64 { return 2*c.cnp() + 2*c.np() }

// mainUnits are those whose time decides a step.
var mainUnits = []netUnit{
	{name: "loss", flops: timesCNP(2), run: func(l *linearised) func() {
		return func() { l.tape.Residual(l.theta, l.r) }
	}},
	{name: "gradient", flops: timesCNP(6), short: true, run: func(l *linearised) func() {
		return func() { l.tape.Gradient(l.theta, l.r, l.grad) }
	}},
	{name: "linearise", flops: timesCNP(4), short: true, run: func(l *linearised) func() {
		return func() { l.tape.Linearise(l.theta, l.r) }
	}},
	{name: "linearise_gradient", flops: timesCNP(6), run: func(l *linearised) func() {
		return func() {
			l.tape.Linearise(l.theta, l.r)
			l.op.ApplyT(l.grad, l.r)
		}
	}},
	{name: "gram_product", flops: timesCNP(8), short: true, run: func(l *linearised) func() {
		return func() { l.op.Gram(l.grad, l.x) }
	}},
	{name: "sketch", suffix: "/k=64", flops: sketchFlops, run: func(l *linearised) func() {
		omega, y := random(vectors, len(l.x)), linalg.New(nil, vectors, len(l.r))
		return func() { l.op.ApplyBlock(y, omega) }
	}},
	{name: "sketch_transposed", suffix: "/k=64", flops: sketchFlops, run: func(l *linearised) func() {
		y, z := random(vectors, len(l.r)), linalg.New(nil, vectors, len(l.x))
		return func() { l.op.ApplyTBlock(z, y) }
	}},
}

// kernelUnit is TTᵀ in the form that the tangent map chooses.
var kernelUnit = netUnit{name: "kernel", flops: kernelFlops, run: func(l *linearised) func() {
	k := linalg.New(nil, len(l.r), len(l.r))
	return func() { l.op.Kernel(k) }
}}

// otherUnits are the remaining capabilities, and for the kernel its dense form: the product of a T that is there.
var otherUnits = []netUnit{
	{name: "apply", flops: timesCNP(4), run: func(l *linearised) func() {
		return func() { l.op.Apply(l.r, l.x) }
	}},
	{name: "apply_transposed", flops: timesCNP(4), run: func(l *linearised) func() {
		return func() { l.op.ApplyT(l.grad, l.y) }
	}},
	{name: "dense", flops: timesCNP(2), run: func(l *linearised) func() {
		t := linalg.New(nil, len(l.r), len(l.x))
		return func() { l.op.Dense(t) }
	}},
	kernelUnit,
	{name: "kernel_dense", flops: kernelFlops, run: func(l *linearised) func() {
		t, k := linalg.New(nil, len(l.r), len(l.x)), linalg.New(nil, len(l.r), len(l.r))
		l.op.Dense(t)
		return func() { linalg.Syrk(k, t) }
	}},
	{name: "gramian", flops: func(c *coreNet) float64 { return float64(c.net.Size()) * c.np() }, run: func(l *linearised) func() {
		t, g := linalg.New(nil, len(l.r), len(l.x)), linalg.New(nil, len(l.x), len(l.x))
		return func() { // with forming T, as a step of the method dense
			l.op.Dense(t)
			linalg.SyrkT(g, t)
		}
	}},
	{name: "kernel_row", flops: timesCNP(4), run: func(l *linearised) func() {
		return func() { l.op.KernelRow(l.y, len(l.y)/2) }
	}},
	{name: "gram_column", flops: timesCNP(4), run: func(l *linearised) func() {
		return func() { l.op.GramColumn(l.grad, len(l.grad)/2) }
	}},
	{name: "row_norms", flops: diagonalFlops, run: func(l *linearised) func() {
		return func() { l.op.SquaredNorms(l.r, nil) }
	}},
	{name: "column_norms", flops: diagonalFlops, run: func(l *linearised) func() {
		return func() { l.op.SquaredNorms(nil, l.grad) }
	}},
}

// barNet is the network of the bars, with 4000 points.
const barNet = "2x64x64x64x1"

// networkRows has every unit on the network of the bars and on the quick suite's, and on other widths and dimensions the
// main ones, on two threads.
func networkRows() []coreRow {
	var rows []coreRow
	for _, c := range []*coreNet{newCoreNet(barNet, 4000, 0, 2), newCoreNet("2x64x1", 900, 120, 1)} {
		for _, u := range append(mainUnits[:len(mainUnits):len(mainUnits)], otherUnits...) {
			rows = append(rows, c.row(u, 1), c.row(u, 2))
		}
	}
	for _, c := range []*coreNet{
		newCoreNet("2x64x64x64x1+sine", 4000, 0, 0), newCoreNet("2x32x32x32x1", 4000, 0, 0), newCoreNet("2x128x128x128x1", 4000, 0, 0), newCoreNet("2x256x256x256x256x1", 2000, 0, 0),
		newCoreNet("5x64x64x64x1", 4000, 0, 0), newCoreNet("10x64x64x64x1", 4000, 0, 0),
	} {
		for _, u := range append(mainUnits[:len(mainUnits):len(mainUnits)], kernelUnit) {
			rows = append(rows, c.row(u, 2))
		}
	}
	return rows
}
