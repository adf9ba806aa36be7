package networks

import "ngdbench/internal/simd"

// SquaredNorms computes the squared norms of the rows of T, the diagonal of TTᵀ, from products of channels, and those of
// its columns, the diagonal of TᵀT, by squaring tiles of T that stay in registers. Either may be nil. C·(C+1)·N·(sum of
// the widths) and (2C+2)·N·P flops. The first call for rows makes workspace for the products.
func (k *KhatriRao) SquaredNorms(rows, cols []float64) bool {
	t := k.t
	if rows != nil && len(rows) != t.rows || cols != nil && len(cols) != t.params {
		panic("networks: tangent map called with slices of wrong length")
	}
	if rows != nil {
		if k.pairs == nil {
			k.pairs = newPairs(t)
		}
		t.prepare()
		k.pairs.room(t)
		t.arg = arguments{dst: rows}
		t.run(0.5, (*Tape).rowNormsPart)
	}
	if cols != nil {
		t.run(2, (*Tape).columnNormsPart)
		t.reduceColumns()
		copy(cols, t.total)
	}
	return true
}

// pairNumbers is how many products of channels are formed at once, where one point has no more: both kinds stay in the
// first level of cache.
const pairNumbers = 1024

// pairProducts is the scratch for products of channels: of each worker, those of a and those of δ at some points.
type pairProducts struct {
	size   int
	worker [][2][]float64
}

func newPairs(t *Tape) *pairProducts {
	return &pairProducts{size: max(pairNumbers, t.maximum(func(g *group) int { return simd.Pairs(g.c) }))}
}

// room makes the scratch of workers that have none yet.
func (p *pairProducts) room(t *Tape) {
	for len(p.worker) < t.workers() {
		m := t.booked(len(p.worker))
		p.worker = append(p.worker, [2][]float64{m.Floats(p.size), m.Floats(p.size)})
	}
}

func (t *Tape) rowNormsPart(part, worker int) {
	for _, b := range t.parts[part] {
		g := &t.groups[b.group]
		for f := range g.rows {
			t.rowNorms(b, worker, f, t.arg.dst[b.row+f*g.n:][:b.n])
		}
	}
}

// rowNorms computes Σ_l Σ_{c,c'} (δ_c·δ_c')(a_c·a_c' + [c = c' = 0]) for hidden layers, plus the squares of direct rows.
func (t *Tape) rowNorms(b *block, worker, f int, sum []float64) {
	mem, s := t.memory(b), &t.op.pairs.worker[worker]
	clear(sum)
	for l := range t.hidden {
		q, d := &t.layers[l], t.adjoint(b, mem, f, l)
		if l == 0 && t.groups[b.group].direct {
			for k := range q.In + 1 {
				addSquares(sum, q.Out, d[k*b.n*q.ldOut:], q.ldOut, s[0])
			}
			continue
		}
		t.addPairs(sum, t.groups[b.group].channels(l), q, t.input(b, mem, l), d, s)
	}
	q := &t.layers[t.hidden]
	for o := range q.Out {
		addSquares(sum, q.In, t.collapsed(b, mem, f, o), q.ldIn, s[0])
	}
	addSquares(sum, q.Out, t.valueSeeds(b, mem, f), q.ldOut, s[0])
}

// addSquares adds the squared norms of rows of w numbers.
func addSquares(sum []float64, w int, x []float64, ld int, squares []float64) {
	squares = squares[:len(sum)]
	simd.PairDots(len(sum), 1, w, x, ld, 0, squares)
	simd.Add(sum, squares)
}

// addPairs adds the squared norms of the rows of one layer from the products of c channels, a few points at a time.
func (t *Tape) addPairs(sum []float64, c int, q *geometry, a, d []float64, s *[2][]float64) {
	n, p := len(sum), simd.Pairs(c)
	step := t.op.pairs.size / p
	for lo := 0; lo < n; lo += step {
		m := min(step, n-lo)
		simd.PairDots(m, c, q.In, a[lo*q.ldIn:], q.ldIn, n*q.ldIn, s[0])
		simd.PairDots(m, c, q.Out, d[lo*q.ldOut:], q.ldOut, n*q.ldOut, s[1])
		for i := range m {
			sum[lo+i] = meetPairs(sum[lo+i], c, s[0][i*p:][:p], s[1][i*p:][:p])
		}
	}
}

// meetPairs adds the products of c channels of a point to sum, one by one: those of different channels count twice.
func meetPairs(sum float64, c int, a, d []float64) float64 {
	one := 1.0 // the value channel alone meets the bias
	for r := range c {
		x, y := a[:r+1], d[:r+1]
		for e := range r {
			sum += 2 * float64(x[e]*y[e])
		}
		sum += float64((x[r] + one) * y[r])
		a, d, one = a[r+1:], d[r+1:], 0
	}
	return sum
}

// columnNormsPart adds the squares of one row of T after the other, in the layout of θ.
func (t *Tape) columnNormsPart(part, _ int) {
	sum := t.sums[part][:t.params]
	clear(sum)
	for _, b := range t.parts[part] {
		for f := range t.groups[b.group].rows {
			for l := range t.hidden {
				t.columnNorms(b, f, l, sum)
			}
			t.outputColumnNorms(b, f, sum)
		}
	}
}

// columnNorms adds the squares of the rows of a block in the columns of hidden layer l.
func (t *Tape) columnNorms(b *block, f, l int, sum []float64) {
	mem, q := t.memory(b), &t.layers[l]
	a, d := t.input(b, mem, l), t.adjoint(b, mem, f, l)
	c, as, ap, bias := t.groups[b.group].channels(l), b.n*q.ldIn, q.ldIn, d
	if l == 0 && t.groups[b.group].direct { // as in form
		d, bias = t.first(b, mem, f)
		a, c, as, ap = t.unit, q.In, q.ldIn, 0
	}
	simd.OuterSquares(b.n, q.Out, q.In, c, d, b.n*q.ldOut, q.ldOut, a, as, ap, sum[q.Weight:][:q.Out*q.In])
	t.addColumnSquares(b.n, q.Out, bias, q.ldOut, sum[q.Bias:])
}

// outputColumnNorms adds the squares of the rows of a block in the columns of the output layer.
func (t *Tape) outputColumnNorms(b *block, f int, sum []float64) {
	mem, q := t.memory(b), &t.layers[t.hidden]
	for o := range q.Out {
		t.addColumnSquares(b.n, q.In, t.collapsed(b, mem, f, o), q.ldIn, sum[q.Weight+o*q.In:])
	}
	t.addColumnSquares(b.n, q.Out, t.valueSeeds(b, mem, f), q.ldOut, sum[q.Bias:])
}

// addColumnSquares adds the squares of the columns of an n×w matrix on padded rows: as outer products with 1.
func (t *Tape) addColumnSquares(n, w int, x []float64, ld int, sum []float64) {
	simd.OuterSquares(n, 1, w, 1, t.unit[:1], 0, 0, x, 0, ld, sum[:w])
}
