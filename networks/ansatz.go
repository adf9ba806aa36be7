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
	v, d := jet[0], s.Dim
	k := 1 + d // second derivatives first: they read the others
	switch s.Order {
	case Laplacian:
		q := 0.0
		for i := 1; i <= d; i++ {
			q += phi[i] * jet[i]
		}
		jet[k] = g[k] + phi[k]*v + 2*q + phi[0]*jet[k]
	case Diagonal:
		for i := 1; i <= d; i++ {
			jet[k] = g[k] + phi[k]*v + 2*phi[i]*jet[i] + phi[0]*jet[k]
			k++
		}
	case Hessian:
		for i := 1; i <= d; i++ {
			for j := i; j <= d; j++ {
				jet[k] = g[k] + phi[k]*v + (phi[i]*jet[j] + phi[j]*jet[i]) + phi[0]*jet[k]
				k++
			}
		}
	}
	for i := 1; i <= s.firsts(); i++ {
		jet[i] = g[i] + phi[i]*v + phi[0]*jet[i]
	}
	jet[0] = g[0] + phi[0]*v
}

// lower is the transposed derivative of lift: it turns derivatives with respect to the jet of u into those with respect to
// the jet of N.
func (s Shape) lower(seed, phi []float64) {
	d := s.Dim
	v := phi[0] * seed[0]
	for i := 1; i <= s.firsts(); i++ {
		v += phi[i] * seed[i]
		seed[i] *= phi[0]
	}
	k := 1 + d
	switch s.Order {
	case Laplacian:
		v += phi[k] * seed[k]
		for i := 1; i <= d; i++ {
			seed[i] += 2 * phi[i] * seed[k]
		}
		seed[k] *= phi[0]
	case Diagonal:
		for i := 1; i <= d; i++ {
			v += phi[k] * seed[k]
			seed[i] += 2 * phi[i] * seed[k]
			seed[k] *= phi[0]
			k++
		}
	case Hessian:
		for i := 1; i <= d; i++ {
			for j := i; j <= d; j++ {
				v += phi[k] * seed[k]
				seed[i] += phi[j] * seed[k]
				seed[j] += phi[i] * seed[k]
				seed[k] *= phi[0]
				k++
			}
		}
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
