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
		t.run(2, (*Tape).linearisePart)
	}
	return k.export.list
}

// exportBlock copies the a and δ of functional f of a block into its factors.
func (t *Tape) exportBlock(b *block, s *scratch, mem, last []float64, f int) {
	at := 0
	for l := range t.layers {
		for id := range t.groups {
			if id == b.group {
				t.exportLayer(&t.op.export.list[at+f], b, s, mem, last, l, f)
			}
			at += t.groups[id].rows
		}
	}
}

func (t *Tape) exportLayer(dst *operator.Factor, b *block, s *scratch, mem, last []float64, l, f int) {
	q := &t.layers[l]
	a, d, ldOut := last, s.seeds, q.Out
	if l < t.hidden {
		a, d, ldOut = t.input(b, mem, l), t.adjoint(b, mem, f, l), q.ldOut
	}
	for i := range b.n {
		for c := range dst.Chan {
			at := (b.lo+i)*dst.Chan + c
			copy(dst.A[at*q.In:], a[(c*b.n+i)*q.ldIn:][:q.In])
			copy(dst.Delta[at*q.Out:], d[(c*b.n+i)*ldOut:][:q.Out])
		}
	}
}
