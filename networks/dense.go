package networks

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
)

// span is a run of columns of T: rows j0 … j1-1 of the weights of a layer and, if those are the last, its bias behind
// them, as in θ.
type span struct {
	layer, j0, j1 int
	col, n        int  // columns col … col+n-1
	bias          bool // the last Out of them are the bias
}

// columns cuts all columns into runs of about size, and at least one row of weights each.
func (p *plan) columns(size int) []span {
	var list []span
	for i, l := range p.layers {
		step := max(1, size/l.In)
		for j := 0; j < l.Out; j += step {
			s := span{layer: i, j0: j, j1: min(j+step, l.Out), col: l.Weight + j*l.In}
			s.n = (s.j1 - s.j0) * l.In
			if s.bias = s.j1 == l.Out; s.bias {
				s.n += l.Out
			}
			list = append(list, s)
		}
	}
	return list
}

// form writes the columns of a span of rows lo … hi-1 of a block, for functional f, at leading dimension ld. Behind each
// row it may overwrite OuterSlack numbers, before it writes the next row.
func (t *Tape) form(b *block, mem []float64, f int, c *span, lo, hi int, dst []float64, ld int) {
	q := &t.layers[c.layer]
	if c.layer == t.hidden {
		t.formOutput(b, mem, f, c, lo, hi, dst, ld)
		return
	}
	a, d := t.input(b, mem, c.layer), t.adjoint(b, mem, f, c.layer)
	channels, weights, ld0, stride, bias := t.groups[b.group].channels(c.layer), (c.j1-c.j0)*q.In, q.ldIn, b.n*q.ldIn, d
	if c.layer == 0 && t.groups[b.group].direct { // Σ_i t_i ⊗ (unit vector i), with the same vectors for all points
		d, bias = t.first(b, mem, f)
		a, channels, ld0, stride = t.unit, q.In, 0, q.ldIn
	}
	for i := lo; i < hi; i++ {
		row := dst[(i-lo)*ld:]
		simd.OuterSum(c.j1-c.j0, q.In, channels, d[i*q.ldOut+c.j0:], b.n*q.ldOut, a[i*ld0:], stride, row)
		if c.bias {
			copy(row[weights:], bias[i*q.ldOut:][:q.Out])
		}
	}
}

func (t *Tape) formOutput(b *block, mem []float64, f int, c *span, lo, hi int, dst []float64, ld int) {
	q := &t.layers[t.hidden]
	for o := c.j0; o < c.j1; o++ {
		e := t.collapsed(b, mem, f, o)
		for i := lo; i < hi; i++ {
			copy(dst[(i-lo)*ld+(o-c.j0)*q.In:], e[i*q.ldIn:][:q.In])
		}
	}
	if c.bias {
		s := t.valueSeeds(b, mem, f)
		for i := lo; i < hi; i++ {
			copy(dst[(i-lo)*ld+(c.j1-c.j0)*q.In:], s[i*q.ldOut:][:q.Out])
		}
	}
}

// Dense computes dst = T by outer products: 2·C·N·P flops, bound by the memory it writes.
func (k *KhatriRao) Dense(dst blas64.General) bool {
	if dst.Rows != k.t.rows || dst.Cols != k.t.params {
		panic("networks: Dense with a matrix of wrong size")
	}
	k.t.arg = arguments{dst: dst.Data, ld: dst.Stride}
	k.t.run(4, (*Tape).densePart)
	return true
}

func (t *Tape) densePart(part, _ int) {
	for _, b := range t.parts[part] {
		g := &t.groups[b.group]
		for f := range g.rows {
			for n := range b.n {
				t.row(b, f, n, t.arg.dst[(b.row+f*g.n+n)*t.arg.ld:][:t.params])
			}
		}
	}
}

// row writes the row of T of functional f at point i of a block.
func (t *Tape) row(b *block, f, i int, dst []float64) {
	mem := t.memory(b)
	for l := range t.whole {
		c := &t.whole[l]
		t.form(b, mem, f, c, i, i+1, dst[c.col:], 0)
	}
}

// Row computes dst = Tᵀ e_i, row i of T: 2·C·P flops.
func (k *KhatriRao) Row(dst []float64, i int) bool {
	if len(dst) != k.t.params {
		panic("networks: tangent map called with slices of wrong length")
	}
	b, f, point := k.t.locate(i)
	k.t.row(b, f, point, dst)
	return true
}
