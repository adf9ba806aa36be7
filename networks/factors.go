package networks

import "ngdbench/linalg/operator"

// factors are the a and δ of every layer, copied out point by point for methods that work with them one layer at a time.
type factors struct {
	list []operator.Factor
}

// Factors returns a and δ of every layer, group and functional: layers in order; for each its groups in order; for each its
// functionals. They take as much memory again as T, made by the first call, which linearises once more to fill them; every
// later Linearise fills them too.
func (k *KhatriRao) Factors() []operator.Factor {
	t := k.t
	if k.export != nil {
		return k.export.list
	}
	k.export = &factors{}
	for l, q := range t.layers {
		for id := range t.groups {
			g := &t.groups[id]
			c := g.channels(l)
			a := t.m.Floats(g.n * c * q.In)
			for f := range g.rows {
				k.export.list = append(k.export.list, operator.Factor{
					Layer: l, Group: id, Row: g.row + f*g.n, Weight: q.Weight, Bias: q.Bias,
					Points: g.n, Chan: c, In: q.In, Out: q.Out, A: a, Delta: t.m.Floats(g.n * c * q.Out),
				})
			}
		}
	}
	if k.valid {
		t.theta.set(t.plan, k.theta)
		t.arg = arguments{r: t.m.Floats(t.rows)}
		t.evaluate(2, (*Tape).linearisePart)
	}
	return k.export.list
}

// exportLayer copies the a and δ of layer l and functional f of a block into its factor.
func (t *Tape) exportLayer(b *block, a, d []float64, ldOut, l, f int) {
	q, at := &t.layers[l], f
	for id := range t.groups {
		if id < b.group {
			at += (l + 1) * t.groups[id].rows
		} else {
			at += l * t.groups[id].rows
		}
	}
	dst := &t.op.export.list[at]
	for i := range b.n {
		for c := range dst.Chan {
			at := (b.lo+i)*dst.Chan + c
			copy(dst.A[at*q.In:], a[(c*b.n+i)*q.ldIn:][:q.In])
			copy(dst.Delta[at*q.Out:], d[(c*b.n+i)*ldOut:][:q.Out])
		}
	}
}
