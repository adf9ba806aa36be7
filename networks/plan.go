package networks

import (
	"math"
	"slices"

	"ngdbench/internal/simd"
)

// Group is a set of points that carry the same channels and the same number of residuals.
type Group struct {
	X     []float64 // n×d, row-major
	Order Order
	Rows  int // residuals (functionals) of each point; 0 means 1
}

// maxParts is the number of reduction groups: fixed, since it decides the order of sums.
const maxParts = 16

// jetFlops is about the time of an activation, for one channel of a neuron at a point, in flops of a product.
const jetFlops = 25

// plan is how the work is cut: layers, groups, blocks of points, reduction groups, and where the numbers of a block lie.
// It depends on the network and the groups only, never on the machine or on what the tape is for, since it decides bits.
type plan struct {
	net    *Network
	layers []geometry // hidden layers, then the output layer
	hidden int        // H
	params int        // P
	padded int        // length of the padded parameter layout
	rows   int        // residuals of all groups
	groups []group
	blocks []block
	parts  [][]*block // the blocks of each reduction group, a run of blocks
	whole  []span     // the columns of T, a layer each
	spans  []span     // the same, cut to what a tile holds
	store  int        // numbers of all blocks' a and δ
	inputs int        // numbers of all blocks' input channels
	lifts  int        // numbers of all blocks' jets of an ansatz
	flops  float64    // of T v; Tᵀ y has as many
	jets   float64    // time of all activations, as flops
}

// geometry is a Layer with its padded widths. In the padded parameter layout, from pad on, a hidden layer has its weights
// transposed, In×Pad(Out), and its bias behind; the output layer has Out×Pad(In), and its bias behind.
type geometry struct {
	Layer
	ldIn, ldOut int
	pad         int
}

func (l *geometry) size() int { return l.In*l.Out + l.Out }

// group is a Group with its layout. The numbers of a block of n points start at its store offset and are, each n times
// the offsets below: the inputs a of the layers 1 … H-1, [channel][point][Pad(In)]; then for each functional the adjoints
// δ of the layers 0 … H-1, [channel][point][Pad(Out)], the rows e of the output layer, [output][point][Pad(In)],
//
//	e_o = Σ_c (∂r/∂u_{o,c})·a_c,
//
// (the whole derivative with respect to the weights of output o), and s = ∂r/∂u_{o,0}, [point][Pad(outputs)], that with
// respect to its bias. The output layer is always kept as such rows, and so is the input layer where that takes no more
// memory than δ does and no embedding is in front (direct): there it is, for each input i, [input][point][Pad(Out)], and
// δ_0 behind,
//
//	t_i = Σ_c a_c[i]·δ_c = δ_i + x_i·δ_0.
type group struct {
	shape      Shape
	c, c0      int // channels; channels of the input that are not zero
	n, rows    int // points; residuals of each
	row        int // first residual; functional f of point i is row + f·n + i
	first      int // first block
	size       int // points of a full block
	a, d       []int
	e, s       int
	direct     bool // the input layer is kept as rows of T
	functional int  // numbers of one functional at one point
	point      int  // numbers of one point
}

// block is a range of points of one group.
type block struct {
	index        int // place in the list
	group, lo, n int
	row          int  // residual of functional 0 of point lo
	store        int  // where its a and δ are
	in           int  // where its input channels are
	lift         int  // where its jets of an ansatz are
	final        bool // no block of its part follows
}

// channels is the number of input channels of layer l that are not zero.
func (g *group) channels(l int) int {
	if l == 0 {
		return g.c0
	}
	return g.c
}

// adjoints is the number of rows that hidden layer l, with in inputs, keeps for one functional at one point.
func (g *group) adjoints(l, in int) int {
	if l == 0 && g.direct {
		return in + 1
	}
	return g.channels(l)
}

func newPlan(net *Network, groups []Group) *plan {
	net.check()
	p := &plan{net: net, hidden: len(net.Widths) - 2, params: net.Size()}
	for _, l := range net.Layers() {
		q := geometry{Layer: l, ldIn: simd.Pad(l.In), ldOut: simd.Pad(l.Out), pad: p.padded}
		p.layers = append(p.layers, q)
		if len(p.layers) <= p.hidden {
			p.padded += (l.In + 1) * q.ldOut
		} else {
			p.padded += l.Out*q.ldIn + q.ldOut
		}
	}
	for _, g := range groups {
		p.addGroup(g)
	}
	p.cut()
	p.whole, p.spans = p.columns(math.MaxInt), p.columns(tileColumns)
	return p
}

func (p *plan) addGroup(g Group) {
	d := p.net.Inputs()
	if len(g.X)%d != 0 {
		panic("networks: points are not n×d")
	}
	shape := Shape{Dim: d, Order: g.Order}
	q := group{shape: shape, c: shape.Channels(), c0: 1 + shape.firsts(), n: len(g.X) / d, rows: max(g.Rows, 1), row: p.rows, first: len(p.blocks)}
	q.direct = p.hidden > 0 && d < q.c0
	if p.net.Embed != nil { // its second derivatives are not zero, and its first ones no unit vectors
		q.c0, q.direct = q.c, false
	}
	q.layout(p.layers)
	q.size = blockSize(q.point + q.c0*p.layers[0].ldIn)
	id := len(p.groups)
	for lo := 0; lo < q.n; lo += q.size {
		n := min(q.size, q.n-lo)
		p.blocks = append(p.blocks, block{index: len(p.blocks), group: id, lo: lo, n: n, row: q.row + lo, store: p.store, in: p.inputs, lift: p.lifts})
		p.store += n * q.point
		p.inputs += n * q.c0 * p.layers[0].ldIn
		p.lifts += n * 2 * q.c * p.net.Outputs()
	}
	for i, l := range p.layers {
		p.flops += 2 * float64(q.n*q.rows) * float64(q.channels(i)*l.size())
	}
	for _, l := range p.layers[:p.hidden] {
		p.jets += jetFlops * float64(q.n*q.c*l.Out)
	}
	p.rows += q.n * q.rows
	p.groups = append(p.groups, q)
}

func (g *group) layout(layers []geometry) {
	last := len(layers) - 1
	g.a, g.d = make([]int, last+1), make([]int, last)
	for l := 1; l < last; l++ {
		g.a[l] = g.point
		g.point += g.c * layers[l].ldIn
	}
	for l := range last {
		g.d[l] = g.functional
		g.functional += g.adjoints(l, layers[l].In) * layers[l].ldOut
	}
	g.e = g.functional
	g.functional += layers[last].Out * layers[last].ldIn
	g.s = g.functional
	g.functional += layers[last].ldOut
	for l := range g.d {
		g.d[l] += g.point
	}
	g.e, g.s = g.e+g.point, g.s+g.point
	g.point += g.rows * g.functional
}

// blockSize is the number of points of a block, for a and δ of floats numbers a point: the larger ones gain nothing above
// 48, and a block must stay in an L2 cache of 512 KB, together with the packed weights of a layer, from T v to Tᵀy.
// All are multiples of the six rows of a register tile.
func blockSize(floats int) int {
	for _, b := range []int{48, 36, 24} {
		if b*floats*8 <= 320<<10 {
			return b
		}
	}
	return 12
}

// cut divides the blocks into at most maxParts runs of about the same work.
func (p *plan) cut() {
	total := 0
	for _, b := range p.blocks {
		total += p.work(b)
	}
	before, was := 0, -1
	for i := range p.blocks {
		b := &p.blocks[i]
		w := p.work(*b)
		part := min(maxParts-1, (2*before+w)*maxParts/(2*total))
		if part != was {
			p.parts = append(p.parts, nil)
			was = part
		}
		last := len(p.parts) - 1
		p.parts[last] = append(p.parts[last], b)
		before += w
	}
	for _, blocks := range p.parts {
		blocks[len(blocks)-1].final = true
	}
}

func (p *plan) work(b block) int { return b.n * p.groups[b.group].point }

// locate finds residual row i: its block, its functional, and its point within the block.
func (p *plan) locate(i int) (b *block, f, point int) {
	if i < 0 || i >= p.rows {
		panic("networks: row out of range")
	}
	k, found := slices.BinarySearchFunc(p.groups, i, func(g group, i int) int { return g.row - i })
	if !found {
		k--
	}
	for p.groups[k].n == 0 { // an empty group shares its first row with the next one
		k++
	}
	g := &p.groups[k]
	f, i = (i-g.row)/g.n, (i-g.row)%g.n
	return &p.blocks[g.first+i/g.size], f, i % g.size
}

// maximum returns the largest value of f over the groups.
func (p *plan) maximum(f func(g *group) int) int {
	m := 0
	for i := range p.groups {
		m = max(m, f(&p.groups[i]))
	}
	return m
}
