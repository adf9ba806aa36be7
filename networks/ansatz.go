package networks

// Ansatz imposes boundary conditions on the outputs: u_o = g_o + φ_o·N_o for each output o, where g carries the data, φ
// vanishes where they hold, and N is the network. Its part in the grammar is hard, and the functions are the problem's.
//
// They are evaluated once for all points that stay; at each evaluation the jets of N become those of u by the product
// rule, about 2C flops for each output at a point.
type Ansatz struct {
	// At writes the jets of g and φ at x, for each output, with all derivatives as in Hessian; see problems.Problem.Hard.
	At func(x, g, phi []float64)
}

// lift turns the jet of N at a point into that of g + φ·N.
func (s Shape) lift(jet, g, phi []float64) {
	v, first := jet[0], 1+s.firsts()
	for k := first; k < s.Channels(); k++ {
		jet[k] = g[k] + phi[k]*v + phi[0]*jet[k]
	}
	for i := 1; i <= s.Dim; i++ { // before the first derivatives, which they read, are replaced
		for j := i; j <= s.Dim; j++ {
			if k, ok := s.second(i, j); ok {
				jet[k] += phi[i]*jet[j] + phi[j]*jet[i]
			}
		}
	}
	for k := 1; k < first; k++ {
		jet[k] = g[k] + phi[k]*v + phi[0]*jet[k]
	}
	jet[0] = g[0] + phi[0]*v
}

// lower is the transposed derivative of lift: it turns derivatives with respect to the jet of u into those with respect to
// the jet of N.
func (s Shape) lower(seed, phi []float64) {
	v, first := 0.0, 1+s.firsts()
	for k := range s.Channels() {
		v += phi[k] * seed[k]
	}
	for k := 1; k < first; k++ {
		seed[k] *= phi[0]
	}
	for i := 1; i <= s.Dim; i++ {
		for j := i; j <= s.Dim; j++ {
			if k, ok := s.second(i, j); ok {
				seed[i] += phi[j] * seed[k]
				seed[j] += phi[i] * seed[k]
			}
		}
	}
	for k := first; k < s.Channels(); k++ {
		seed[k] *= phi[0]
	}
	seed[0] = v
}

// ansatz holds the jets of g and φ at all points: for each block, point and output those of g, then those of φ, C each.
type ansatz struct {
	values []float64
	all    []float64 // scratch for one point: g, then φ, of all outputs with all derivatives
}

// move evaluates g and φ at the points x of a block.
func (a *ansatz) move(t *Tape, b *block, x []float64) {
	s, outs := t.groups[b.group].shape, t.net.Outputs()
	c, all := s.Channels(), s.all()
	g, phi := a.all[:outs*all], a.all[outs*all:]
	for i := range b.n {
		t.net.Ansatz.At(x[i*s.Dim:][:s.Dim], g, phi)
		for o := range outs {
			at := a.values[b.lift+(i*outs+o)*2*c:]
			s.reduce(at[:c], g[o*all:][:all])
			s.reduce(at[c:2*c], phi[o*all:][:all])
		}
	}
}

// liftBlock applies lift to the jets of a block, and lowerBlock lower to its seeds, each of rows·outputs at a point.
func (t *Tape) liftBlock(b *block, jets []float64) {
	s, outs := t.groups[b.group].shape, t.net.Outputs()
	c := s.Channels()
	for k := range b.n * outs {
		at := t.ansatz.values[b.lift+k*2*c:]
		s.lift(jets[k*c:][:c], at[:c], at[c:2*c])
	}
}

func (t *Tape) lowerBlock(b *block, seed []float64) {
	g, outs := &t.groups[b.group], t.net.Outputs()
	for i := range b.n {
		for f := range g.rows {
			for o := range outs {
				phi := t.ansatz.values[b.lift+((i*outs+o)*2+1)*g.c:][:g.c]
				g.shape.lower(seed[((i*g.rows+f)*outs+o)*g.c:][:g.c], phi)
			}
		}
	}
}
