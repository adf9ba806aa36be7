package networks

import "ngdbench/internal/simd"

// SquaredNorms computes the squared norms of the rows of T, the diagonal of TTᵀ, from products of channels, and those of
// its columns, the diagonal of TᵀT, by squaring rows of tiles. Either may be nil. C·(C+1)·N·(sum of the widths) and (2C+2)·N·P
// flops. The first call for columns makes the workspace of ApplyBlock for eight vectors.
func (k *KhatriRao) SquaredNorms(rows, cols []float64) bool {
	t := k.t
	if rows != nil && len(rows) != t.rows || cols != nil && len(cols) != t.params {
		panic("networks: tangent map called with slices of wrong length")
	}
	if rows != nil {
		t.arg = arguments{dst: rows}
		t.run(0.5, (*Tape).rowNormsPart)
	}
	if cols != nil {
		k.room(1)
		t.run(2, (*Tape).columnNormsPart)
		t.reduceColumns()
		copy(cols, t.total)
	}
	return true
}

func (t *Tape) rowNormsPart(part, _ int) {
	for _, b := range t.parts[part] {
		g := &t.groups[b.group]
		for f := range g.rows {
			for n := range b.n {
				t.arg.dst[b.row+f*g.n+n] = t.rowNorm(b, f, n)
			}
		}
	}
}

// rowNorm is Σ_l Σ_{c,c'} (δ_c·δ_c')(a_c·a_c' + [c = c' = 0]) for hidden layers, plus the squares of direct rows.
func (t *Tape) rowNorm(b *block, f, i int) float64 {
	mem, sum := t.memory(b), 0.0
	for l := range t.hidden {
		q := &t.layers[l]
		if l == 0 && t.groups[b.group].direct {
			d := t.adjoint(b, mem, f, 0)
			for k := range q.In + 1 {
				row := d[(k*b.n+i)*q.ldOut:][:q.Out]
				sum += simd.Dot(row, row)
			}
			continue
		}
		a, d := t.input(b, mem, l), t.adjoint(b, mem, f, l)
		for c := range t.groups[b.group].channels(l) {
			ac, dc := a[(c*b.n+i)*q.ldIn:][:q.In], d[(c*b.n+i)*q.ldOut:][:q.Out]
			for e := range c {
				ae, de := a[(e*b.n+i)*q.ldIn:][:q.In], d[(e*b.n+i)*q.ldOut:][:q.Out]
				sum += 2 * float64(simd.Dot(ac, ae)*simd.Dot(dc, de))
			}
			one := 0.0
			if c == 0 {
				one = 1
			}
			sum += float64((simd.Dot(ac, ac) + one) * simd.Dot(dc, dc))
		}
	}
	q := &t.layers[t.hidden]
	for o := range q.Out {
		e := t.collapsed(b, mem, f, o)[i*q.ldIn:][:q.In]
		sum += simd.Dot(e, e)
	}
	s := t.valueSeeds(b, mem, f)[i*q.ldOut:][:q.Out]
	return sum + simd.Dot(s, s)
}

// columnNormsPart squares one row of a tile after the other, in the layout of θ.
func (t *Tape) columnNormsPart(part, worker int) {
	row, sum := t.op.panels.worker[worker][0], t.sums[part]
	clear(sum[:t.params])
	for _, b := range t.parts[part] {
		for f := range t.groups[b.group].rows {
			for j := range t.spans {
				c := &t.spans[j]
				dst := sum[c.col:][:c.n]
				for n := range b.n {
					t.form(b, t.memory(b), f, c, n, n+1, row, 0)
					simd.MulAcc(dst, row[:c.n], row[:c.n])
				}
			}
		}
	}
}
