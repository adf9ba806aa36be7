package networks

import (
	"math"
	"math/rand/v2"
)

// The dumb twin: one point, one parameter at a time, in explicit loops over scalars. A number carries its jet in x and the
// derivative of that jet in the direction of one parameter.

// dual is a jet with all derivatives (value, gradient, ∂_ij for i ≤ j) and its derivative in one direction of θ.
type dual struct{ v, t []float64 }

func newDual(d int) dual {
	n := 1 + d + d*(d+1)/2
	return dual{make([]float64, n), make([]float64, n)}
}

// pairs calls f for the second derivatives of a jet, in their order.
func pairs(d int, f func(k, i, j int)) {
	k := 1 + d
	for i := range d {
		for j := i; j < d; j++ {
			f(k, i, j)
			k++
		}
	}
}

// channels is a jet with all derivatives, in those of an order alone.
func channels(d int, o Order, all []float64) []float64 {
	switch o {
	case Value:
		return all[:1]
	case Gradient:
		return all[:1+d]
	case Hessian:
		return all
	}
	out, lap := append([]float64(nil), all[:1+d]...), 0.0
	pairs(d, func(k, i, j int) {
		if i == j {
			lap += all[k]
			if o == Diagonal {
				out = append(out, all[k])
			}
		}
	})
	if o == Laplacian {
		out = append(out, lap)
	}
	return out
}

// twinNet evaluates the jets of the outputs at x and their derivative in the direction dir.
func twinNet(n *Network, theta, dir, x []float64) []dual {
	d := n.Inputs()
	layers := n.Layers()
	a := make([]dual, layers[0].In)
	for i := range a {
		a[i] = newDual(d)
		if n.Embed != nil {
			n.Embed.Jet(i, x, a[i].v)
		} else {
			a[i].v[0], a[i].v[1+i] = x[i], 1
		}
	}
	for li, l := range layers {
		out := make([]dual, l.Out)
		for o := range out {
			z := newDual(d)
			z.v[0], z.t[0] = theta[l.Bias+o], dir[l.Bias+o]
			for i := range l.In {
				w, dw := theta[l.Weight+o*l.In+i], dir[l.Weight+o*l.In+i]
				for c := range z.v {
					z.v[c] += w * a[i].v[c]
					z.t[c] += w*a[i].t[c] + dw*a[i].v[c]
				}
			}
			if li < len(layers)-1 {
				z = twinActivation(n.act(), d, z)
			}
			out[o] = z
		}
		a = out
	}
	if n.Ansatz != nil {
		g, phi := make([]float64, len(a)*len(a[0].v)), make([]float64, len(a)*len(a[0].v))
		n.Ansatz.At(x, g, phi)
		for o := range a {
			m := len(a[o].v)
			twinProduct(d, phi[o*m:][:m], a[o].v)
			twinProduct(d, phi[o*m:][:m], a[o].t)
			for c := range m {
				a[o].v[c] += g[o*m+c]
			}
		}
	}
	return a
}

// twinProduct replaces the jet u by that of phi·u.
func twinProduct(d int, phi, u []float64) {
	v := append([]float64(nil), u...)
	u[0] = phi[0] * v[0]
	for i := 1; i <= d; i++ {
		u[i] = phi[i]*v[0] + phi[0]*v[i]
	}
	pairs(d, func(k, i, j int) { u[k] = phi[k]*v[0] + phi[1+i]*v[1+j] + phi[1+j]*v[1+i] + phi[0]*v[k] })
}

// twinActivation is σ of a jet with its derivative: f = (σ, σ'z_i, σ'z_ij + σ”z_i z_j).
func twinActivation(act Activation, d int, z dual) dual {
	f := slopesOf(act, z.v[0])
	dz := z.t[0]
	a := newDual(d)
	a.v[0], a.t[0] = f[0], f[1]*dz
	for i := 1; i <= d; i++ {
		a.v[i], a.t[i] = f[1]*z.v[i], f[2]*dz*z.v[i]+f[1]*z.t[i]
	}
	pairs(d, func(k, i, j int) {
		q, dq := z.v[1+i]*z.v[1+j], z.t[1+i]*z.v[1+j]+z.v[1+i]*z.t[1+j]
		a.v[k] = f[1]*z.v[k] + f[2]*q
		a.t[k] = f[2]*dz*z.v[k] + f[1]*z.t[k] + f[3]*dz*q + f[2]*dq
	})
	return a
}

// slopesOf is σ with its first three derivatives.
func slopesOf(act Activation, z float64) [4]float64 {
	if act.Name() == "sine" {
		s, c := math.Sincos(z)
		return [4]float64{s, c, -s, -c}
	}
	t := math.Tanh(z)
	t1 := 1 - t*t
	return [4]float64{t, t1, -2 * t * t1, -2*t1*t1 + 4*t*t*t1}
}

// twinValue is u_o(x) alone, for finite differences in x.
func twinValue(n *Network, theta, x []float64, o int) float64 {
	a := twinFeatures(n, x)
	layers := n.Layers()
	for li, l := range layers {
		out := make([]float64, l.Out)
		for j := range out {
			out[j] = theta[l.Bias+j]
			for i := range l.In {
				out[j] += theta[l.Weight+j*l.In+i] * a[i]
			}
			if li < len(layers)-1 {
				out[j] = slopesOf(n.act(), out[j])[0]
			}
		}
		a = out
	}
	if n.Ansatz == nil {
		return a[o]
	}
	m := len(newDual(len(x)).v)
	g, phi := make([]float64, len(a)*m), make([]float64, len(a)*m)
	n.Ansatz.At(x, g, phi)
	return g[o*m] + phi[o*m]*a[o]
}

// twinFeatures is the values of the embedding.
func twinFeatures(n *Network, x []float64) []float64 {
	var a []float64
	switch e := n.Embed.(type) {
	case nil:
		a = append(a, x...)
	case *Fourier:
		for i := range e.k {
			z := 0.0
			for j, v := range x {
				z += e.b[i*len(x)+j] * v
			}
			a = append(a, math.Cos(z), math.Sin(z))
		}
	case *Periodic:
		for i, v := range x {
			if l := e.Periods[i]; l == 0 {
				a = append(a, v)
			} else {
				a = append(a, math.Cos(2*math.Pi*v/l), math.Sin(2*math.Pi*v/l))
			}
		}
	}
	return a
}

// lifted is an ansatz for tests: g = sin(b·x + o) and φ = 1.3 + cos(b·x − o) for output o, b_i = 1 + i/3.
func lifted(outs int) func(x, g, phi []float64) {
	return func(x, g, phi []float64) {
		d, z := len(x), 0.0
		b := make([]float64, d)
		for i := range b {
			b[i] = 1 + float64(i)/3
			z += b[i] * x[i]
		}
		m := 1 + d + d*(d+1)/2
		for o := range outs {
			s, c := math.Sincos(z + float64(o))
			fill(d, b, s, c, -s, g[o*m:])
			s, c = math.Sincos(z - float64(o))
			fill(d, b, 1.3+c, -s, -c, phi[o*m:])
		}
	}
}

// fill writes the jet of a function of b·x with the given value and derivatives.
func fill(d int, b []float64, f, f1, f2 float64, jet []float64) {
	jet[0] = f
	for i, v := range b {
		jet[1+i] = f1 * v
	}
	pairs(d, func(k, i, j int) { jet[k] = f2 * b[i] * b[j] })
}

// mixed is a functional that is nonlinear in every jet entry and couples them: for coefficients of functional f at point i,
//
//	r = Σ_k (α_k J_k + ½β_k J_k²) + J_first·J_last.
type mixed struct {
	net    *Network
	groups []Group
}

func coefficient(group, f, i, k int) (alpha, beta float64) {
	s := float64(1+group)*0.37 + float64(f)*0.71 + float64(i)*0.013 + float64(k)*0.29
	return math.Sin(3 * s), math.Cos(5*s) / 2
}

func (m mixed) Rows(group, lo, hi int, jets, r, seed []float64) {
	g := m.groups[group]
	k := m.net.Outputs() * Shape{m.net.Inputs(), g.Order}.Channels()
	rows := max(g.Rows, 1)
	for i := lo; i < hi; i++ {
		j := jets[(i-lo)*k:][:k]
		for f := range rows {
			at := (i-lo)*rows + f
			var part []float64
			if seed != nil {
				part = seed[at*k:][:k]
			}
			r[at] = mixedRow(group, f, i, j, part)
		}
	}
}

func mixedRow(group, f, i int, j, part []float64) float64 {
	last := len(j) - 1
	sum := j[0] * j[last]
	for k, v := range j {
		alpha, beta := coefficient(group, f, i, k)
		sum += alpha*v + beta*v*v/2
		if part != nil {
			part[k] = alpha + beta*v
		}
	}
	if part != nil {
		first := j[0]
		part[0] += j[last]
		part[last] += first
	}
	return sum
}

// twinTangent is the given columns of T, row-major, by the twin.
func twinTangent(n *Network, groups []Group, theta []float64, cols []int) []float64 {
	d, p := n.Inputs(), len(cols)
	var t []float64
	for gi, g := range groups {
		c := Shape{d, g.Order}.Channels()
		k, points := n.Outputs()*c, len(g.X)/d
		block := make([]float64, max(g.Rows, 1)*points*p)
		dir, jet, tan, part := make([]float64, len(theta)), make([]float64, k), make([]float64, k), make([]float64, k)
		for i := range points {
			for at, col := range cols {
				dir[col] = 1
				for o, u := range twinNet(n, theta, dir, g.X[i*d:][:d]) {
					copy(jet[o*c:][:c], channels(d, g.Order, u.v))
					copy(tan[o*c:][:c], channels(d, g.Order, u.t))
				}
				dir[col] = 0
				for f := range max(g.Rows, 1) {
					mixedRow(gi, f, i, jet, part)
					s := 0.0
					for q := range part {
						s += part[q] * tan[q]
					}
					block[(f*points+i)*p+at] = s
				}
			}
		}
		t = append(t, block...)
	}
	return t
}

// setting is a network with groups of points, for tests.
type setting struct {
	name   string
	net    *Network
	groups []Group
	theta  []float64
}

type part struct {
	order Order
	n     int
	rows  int
}

func newSetting(name string, parts ...part) setting {
	net, err := Parse(name)
	if err != nil {
		panic(err)
	}
	if p, ok := net.Embed.(*Periodic); ok {
		p.Periods = make([]float64, net.Inputs())
		p.Periods[0], p.Periods[len(p.Periods)-1] = 4, 3
	}
	if net.Ansatz != nil {
		net.Ansatz.At = lifted(net.Outputs())
	}
	rng := rand.New(rand.NewPCG(11, 12))
	s := setting{name: name, net: net, theta: make([]float64, net.Size())}
	for i := range s.theta {
		s.theta[i] = rng.NormFloat64() / 2
	}
	for _, l := range net.Layers() {
		for i := l.Weight; i < l.Bias; i++ {
			s.theta[i] *= 2 / math.Sqrt(float64(l.In))
		}
	}
	for _, p := range parts {
		x := make([]float64, p.n*net.Inputs())
		for i := range x {
			x[i] = rng.Float64()
		}
		s.groups = append(s.groups, Group{X: x, Order: p.order, Rows: p.rows})
	}
	return s
}

func (s setting) tape(use Use) *Tape {
	return New(s.net, s.groups, mixed{s.net, s.groups}, use, nil)
}

// settings cover widths that are no multiple of 8, depths 0 to 3, d = 1, 2, 3, 5, several outputs and functionals, blocks
// that are not full, groups smaller than a block and empty ones, every order, activation and embedding, and an ansatz.
func settings() []setting {
	return []setting{
		newSetting("2x64x1", part{Laplacian, 50, 1}, part{Value, 13, 1}),
		newSetting("2x33x48x1", part{Laplacian, 97, 1}, part{Value, 3, 1}),
		newSetting("1x5x1", part{Laplacian, 48, 1}, part{Gradient, 7, 2}),
		newSetting("3x32x32x1", part{Laplacian, 49, 1}, part{Value, 60, 1}),
		newSetting("5x7x1x5x2", part{Value, 30, 2}, part{Laplacian, 30, 1}, part{Value, 0, 1}, part{Gradient, 5, 3}),
		newSetting("3x1x2", part{Gradient, 20, 1}, part{Value, 0, 1}),
		newSetting("2x3", part{Laplacian, 20, 2}, part{Value, 9, 1}),
		newSetting("2x130x9x1", part{Laplacian, 27, 1}),
		newSetting("5x40x40x1", part{Laplacian, 20, 1}, part{Value, 90, 2}),               // TTᵀ partly by channels
		newSetting("1x1x1", part{Laplacian, 1, 1}, part{Value, 49, 2}, part{Value, 1, 1}), // fewer functionals behind more
		newSetting("2x33x17x1", part{Diagonal, 30, 1}, part{Hessian, 25, 2}),
		newSetting("3x9x2+sine", part{Hessian, 20, 1}, part{Laplacian, 11, 1}, part{Diagonal, 13, 1}, part{Value, 5, 1}),
		newSetting("2x40x40x1+sine", part{Laplacian, 50, 1}, part{Gradient, 9, 1}),
		newSetting("2x21x16x1+fourier5s0.3", part{Laplacian, 50, 1}, part{Value, 13, 1}, part{Hessian, 7, 1}),
		newSetting("3x12x1+sine+periodic", part{Diagonal, 21, 1}, part{Gradient, 13, 1}),
		newSetting("1x6x1+periodic+hard", part{Laplacian, 21, 1}, part{Value, 4, 1}),
		newSetting("2x11x7x2+hard", part{Laplacian, 31, 1}, part{Hessian, 14, 2}, part{Diagonal, 9, 1}, part{Gradient, 6, 1}, part{Value, 5, 2}),
		newSetting("2x2+fourier2s0.5+hard", part{Laplacian, 19, 1}), // linear in θ
	}
}
