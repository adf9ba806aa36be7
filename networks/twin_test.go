package networks

import (
	"math"
	"math/rand/v2"
)

// The dumb twin: one point, one parameter at a time, in explicit loops over scalars. A number carries its jet in x and the
// derivative of that jet in the direction of one parameter.

// dual is a jet (value, gradient, Laplacian) and its derivative in one direction of θ.
type dual struct{ v, t []float64 }

func newDual(d int) dual { return dual{make([]float64, d+2), make([]float64, d+2)} }

// twinNet evaluates the jets of the outputs at x and their derivative in the direction dir.
func twinNet(n *Network, theta, dir, x []float64) []dual {
	d := n.Inputs()
	a := make([]dual, d)
	for i := range a {
		a[i] = newDual(d)
		a[i].v[0], a[i].v[1+i] = x[i], 1
	}
	layers := n.Layers()
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
				z = twinTanh(z)
			}
			out[o] = z
		}
		a = out
	}
	return a
}

// twinTanh is tanh of a jet with its derivative: f = (t, t'z_i, t'z_L + t”|∇z|²).
func twinTanh(z dual) dual {
	d := len(z.v) - 2
	t := math.Tanh(z.v[0])
	t1 := 1 - t*t
	t2 := -2 * t * t1
	t3 := -2*t1*t1 - 2*t*t2
	dz := z.t[0]
	a := newDual(d)
	a.v[0], a.t[0] = t, t1*dz
	q, dq := 0.0, 0.0
	for i := 1; i <= d; i++ {
		a.v[i], a.t[i] = t1*z.v[i], t2*dz*z.v[i]+t1*z.t[i]
		q += z.v[i] * z.v[i]
		dq += 2 * z.v[i] * z.t[i]
	}
	a.v[d+1] = t1*z.v[d+1] + t2*q
	a.t[d+1] = t2*dz*z.v[d+1] + t1*z.t[d+1] + t3*dz*q + t2*dq
	return a
}

// twinValue is u_o(x) alone, for finite differences in x.
func twinValue(n *Network, theta, x []float64, o int) float64 {
	a := append([]float64(nil), x...)
	layers := n.Layers()
	for li, l := range layers {
		out := make([]float64, l.Out)
		for j := range out {
			out[j] = theta[l.Bias+j]
			for i := range l.In {
				out[j] += theta[l.Weight+j*l.In+i] * a[i]
			}
			if li < len(layers)-1 {
				out[j] = math.Tanh(out[j])
			}
		}
		a = out
	}
	return a[o]
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
					copy(jet[o*c:][:c], u.v)
					copy(tan[o*c:][:c], u.t)
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
// that are not full, groups smaller than a block and empty ones.
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
		newSetting("5x40x40x1", part{Laplacian, 20, 1}, part{Value, 90, 2}), // TTᵀ partly by channels
	}
}
