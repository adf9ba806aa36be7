package conformance_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"ngdbench/conformance"
	"ngdbench/cost"
	"ngdbench/formulations"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
)

// The objectives below are the hard cases that the waist was made for, in their smallest form on real networks: another
// metric, tested residuals in a dual norm, an energy without residual, two networks in one θ.

// jetRows is a Functional with rows of one dimension, w_i times an affine function of the jet (outputs 1):
// r = w_i (Σ_c q[row][c]·jet_c − data_i).
type jetRows struct {
	q       [][]float64
	w, data []float64
}

func (f jetRows) Rows(_, lo, hi int, jets, r, seed []float64) {
	rows, c := len(f.q), len(f.q[0])
	for i := lo; i < hi; i++ {
		jet := jets[(i-lo)*c:][:c]
		for k, q := range f.q {
			at := (i-lo)*rows + k
			v := -f.data[i]
			for j := range q {
				v += q[j] * jet[j]
				if seed != nil {
					seed[at*c+j] = f.w[i] * q[j]
				}
			}
			r[at] = f.w[i] * v
		}
	}
}

func mustParse(s string) *networks.Network {
	n, err := networks.Parse(s)
	if err != nil {
		panic(err)
	}
	return n
}

func filled(n int, f func(i int) float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = f(i)
	}
	return x
}

// midpoints and equal weights on (0,1).
func midpoints(n int) []float64 {
	return filled(n, func(i int) float64 { return (float64(i) + 0.5) / float64(n) })
}

func begin(o objective.Objective) []float64 { return o.Params().Draw(rand.New(rand.NewPCG(4, 4))) }

// h1 is the H¹ metric on random points of the square.
type h1 struct{ net *networks.Network }

func (h h1) New(*cost.Meter) (operator.Operator, func([]float64)) {
	const n = 40
	x := make([]float64, 2*n)
	problems.Poisson2D().Domain.Draw(x, "interior", rand.New(rand.NewPCG(6, 6)))
	f := jetRows{q: [][]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, data: make([]float64, n),
		w: filled(n, func(int) float64 { return math.Sqrt(1. / n) })}
	t := networks.New(h.net, []networks.Group{{X: x, Order: networks.Gradient, Rows: 3}}, f, networks.Tangents, nil)
	r := make([]float64, 3*n)
	return t.Tangent(), func(theta []float64) { t.Linearise(theta, r) }
}

func TestAnotherMetric(t *testing.T) {
	net := mustParse("2x10x1")
	f, err := formulations.NewPINN(problems.Poisson2D(), net, []int{30, 10}, formulations.Weights{}, rand.New(rand.NewPCG(1, 3)))
	if err != nil {
		t.Fatal(err)
	}
	conformance.Objective(t, objective.WithMetric(f, h1{net}), begin(f))
}

// tested is ½‖L⁻¹ r‖² for r_k = ∫ u'φ_k' − ∫ f φ_k with sines φ_k, whose H¹ Gram matrix LLᵀ is diagonal: a robust VPINN
// in one dimension, its tangent map M T.
type tested struct {
	net  *networks.Network
	x    []float64
	rows jetRows
	m    operator.Matrix
}

func newTested(k, n int) *tested {
	x := midpoints(n)
	o := &tested{net: mustParse("1x9x1"), x: x, m: operator.Matrix{General: linalg.New(nil, k, n)}}
	o.rows = jetRows{q: [][]float64{{0, 1}}, w: filled(n, func(int) float64 { return 1 }),
		data: filled(n, func(i int) float64 { return math.Pi * math.Cos(math.Pi*x[i]) })} // u' of sin πx
	for i := range k { // φ' = πk cos πkx over its norm πk/√2, times the weight 1/n
		copy(linalg.Row(o.m.General, i), filled(n, func(j int) float64 {
			return math.Sqrt2 * math.Cos(math.Pi*float64(i+1)*x[j]) / float64(n)
		}))
	}
	return o
}

type testedWork struct {
	tape *networks.Tape
	raw  []float64
	t    operator.Operator
}

func (o *tested) Params() objective.Layout { return formulations.Params(o.net) }
func (o *tested) Version() int             { return 0 }
func (o *tested) Offers() objective.Quantity {
	return objective.Loss | objective.Grad | objective.Residual | objective.Tangent | objective.LeastSquares | objective.Nonnegative
}

func (o *tested) Start(p *objective.Point, want objective.Quantity) operator.Operator {
	w := &testedWork{raw: p.Floats(len(o.x))}
	w.tape = networks.New(o.net, []networks.Group{{X: o.x, Order: networks.Gradient}}, o.rows, networks.Tangents, p.Meter())
	w.t = operator.Compose(o.m, w.tape.Tangent())
	p.Work, p.Residual = w, p.Floats(o.m.Rows)
	if want&objective.Tangent == 0 {
		return nil
	}
	return w.t
}

func (o *tested) Eval(p *objective.Point, want objective.Quantity) {
	w := p.Work.(*testedWork)
	if want&(objective.Grad|objective.Tangent) != 0 {
		w.tape.Linearise(p.Theta, w.raw)
	} else {
		w.tape.Residual(p.Theta, w.raw)
	}
	o.m.Apply(p.Residual, w.raw)
	p.Loss = objective.HalfSquare(p.Residual)
	p.Have |= objective.Loss | objective.Residual
	if want&objective.Grad != 0 {
		w.t.ApplyT(p.Grad, p.Residual)
	}
}

func TestTestedResiduals(t *testing.T) {
	o := newTested(7, 60)
	conformance.Objective(t, o, begin(o))
}

// ritz is the energy Σ w (½u'² − f u) + ½β(u(0)² + u(1)²) with its second variation as metric. It has no residual, and is
// not bounded by zero.
type ritz struct {
	net  *networks.Network
	x    []float64
	beta float64
}

type ritzWork struct {
	grad, tan *networks.Tape
	e, r, one []float64
}

// energy writes the summands of E, and is square by square the metric's rows: group 0 is inside, group 1 the ends.
type energy struct{ *ritz }

func (o energy) Rows(group, lo, hi int, jets, r, seed []float64) {
	w, c := 1/float64(len(o.x)), 2-group
	for i := range hi - lo {
		u := jets[i*c]
		if group == 1 {
			r[i] = o.beta * u * u / 2
			if seed != nil {
				seed[i] = o.beta * u
			}
			continue
		}
		f, du := math.Pi*math.Pi*math.Sin(math.Pi*o.x[lo+i]), jets[i*c+1]
		r[i] = w * (du*du/2 - f*u)
		if seed != nil {
			seed[2*i], seed[2*i+1] = -w*f, w*du
		}
	}
}

func (o *ritz) variation() networks.Functional {
	n := len(o.x)
	inside := jetRows{q: [][]float64{{0, 1}}, data: make([]float64, n), w: filled(n, func(int) float64 { return 1 / math.Sqrt(float64(n)) })}
	ends := jetRows{q: [][]float64{{1}}, data: make([]float64, 2), w: filled(2, func(int) float64 { return math.Sqrt(o.beta) })}
	return byGroup{inside, ends}
}

// byGroup gives each group its own functional.
type byGroup []networks.Functional

func (b byGroup) Rows(group, lo, hi int, jets, r, seed []float64) {
	b[group].Rows(0, lo, hi, jets, r, seed)
}

func (o *ritz) Params() objective.Layout { return formulations.Params(o.net) }
func (o *ritz) Version() int             { return 0 }
func (o *ritz) Offers() objective.Quantity {
	return objective.Loss | objective.Grad | objective.Tangent | objective.Factors
}

func (o *ritz) Start(p *objective.Point, want objective.Quantity) operator.Operator {
	groups := []networks.Group{{X: o.x, Order: networks.Gradient}, {X: []float64{0, 1}}}
	n := len(o.x) + 2
	w := &ritzWork{grad: networks.New(o.net, groups, energy{o}, networks.Tangents, p.Meter()), e: p.Floats(n), r: p.Floats(n),
		one: filled(n, func(int) float64 { return 1 })}
	p.Work = w
	if want&objective.Tangent == 0 {
		return nil
	}
	w.tan = networks.New(o.net, groups, o.variation(), networks.Tangents, p.Meter())
	return w.tan.Tangent()
}

func (o *ritz) Eval(p *objective.Point, want objective.Quantity) {
	w := p.Work.(*ritzWork)
	if want&objective.Grad != 0 { // ∇E = Σ ∂e_i = (∂e)ᵀ1
		w.grad.Linearise(p.Theta, w.e)
		w.grad.Tangent().ApplyT(p.Grad, w.one)
	} else {
		w.grad.Residual(p.Theta, w.e)
	}
	p.Loss = 0
	for _, e := range w.e {
		p.Loss += e
	}
	p.Have |= objective.Loss
	if want&objective.Tangent != 0 {
		w.tan.Linearise(p.Theta, w.r)
	}
}

func TestEnergy(t *testing.T) {
	o := &ritz{net: mustParse("1x8x1"), x: midpoints(30), beta: 100}
	theta := begin(o)
	conformance.Objective(t, o, theta)
	if got := objective.Missing(objective.Residual|objective.LeastSquares|objective.Nonnegative, o.Offers()); got != "residual, least squares, non-negative loss" {
		t.Errorf("misses %q", got)
	}
	// The metric is the second variation: E is quadratic in the output bias c, so ∂²E/∂c² = ‖T e_c‖² exactly.
	p := objective.NewPoint(o, objective.Loss|objective.Tangent, nil)
	n, k := 32, len(theta)
	e, y := make([]float64, k), make([]float64, n)
	e[k-1] = 1
	p.Eval(theta, objective.Loss|objective.Tangent)
	p.T.Apply(y, e)
	want, got := 0.0, -2*p.Loss
	for _, v := range y {
		want += v * v
	}
	for _, h := range []float64{1, -1} {
		theta[k-1] += h
		p.Eval(theta, objective.Loss)
		got += p.Loss
		theta[k-1] -= h
	}
	if math.Abs(got-want) > 1e-10*want {
		t.Errorf("second variation %g, ‖Te‖² %g", got, want)
	}
}

// two fits a(x) + x b'(x) to data, a and b networks with their own parameters in one θ.
type two struct {
	a, b    *networks.Network
	x, data []float64
	layout  objective.Layout
}

func named(prefix string, l objective.Layout) objective.Layout {
	for i := range l {
		l[i].Name = prefix + l[i].Name
	}
	return l
}

type twoWork struct {
	a, b *networks.Tape
	rb   []float64
	t    operator.Operator
}

func (o *two) Params() objective.Layout {
	return o.layout
}
func (o *two) Version() int { return 0 }
func (o *two) Offers() objective.Quantity {
	return objective.Loss | objective.Grad | objective.Residual | objective.Tangent | objective.LeastSquares | objective.Nonnegative | objective.Factors
}

func (o *two) Start(p *objective.Point, want objective.Quantity) operator.Operator {
	n := len(o.x)
	value := jetRows{q: [][]float64{{1}}, w: filled(n, func(int) float64 { return 1 }), data: o.data}
	slope := jetRows{q: [][]float64{{0, 1}}, w: o.x, data: make([]float64, n)}
	w := &twoWork{rb: p.Floats(n),
		a: networks.New(o.a, []networks.Group{{X: o.x}}, value, networks.Tangents, p.Meter()),
		b: networks.New(o.b, []networks.Group{{X: o.x, Order: networks.Gradient}}, slope, networks.Tangents, p.Meter())}
	w.t = operator.HStack(w.a.Tangent(), w.b.Tangent())
	p.Work, p.Residual = w, p.Floats(n)
	if want&objective.Tangent == 0 {
		return nil
	}
	return w.t
}

func (o *two) Eval(p *objective.Point, want objective.Quantity) {
	w := p.Work.(*twoWork)
	_, k := w.a.Dims()
	w.a.Linearise(p.Theta[:k], p.Residual)
	w.b.Linearise(p.Theta[k:], w.rb)
	for i, v := range w.rb {
		p.Residual[i] += v
	}
	p.Loss = objective.HalfSquare(p.Residual)
	p.Have |= objective.Loss | objective.Residual
	if want&objective.Grad != 0 {
		w.t.ApplyT(p.Grad, p.Residual)
	}
}

func TestTwoNetworks(t *testing.T) {
	o := &two{a: mustParse("1x5x1"), b: mustParse("1x4x6x1"), x: midpoints(50),
		data: filled(50, func(i int) float64 { return math.Sin(float64(i) / 17) })}
	o.layout = named("a.", formulations.Params(o.a)).Join(named("b.", formulations.Params(o.b)))
	conformance.Objective(t, o, begin(o))
	p := objective.NewPoint(o, objective.Tangent, nil)
	f := p.T.Factors()
	if len(f) != 5 || f[2].Layer != 2 || f[4].Layer != 4 || f[2].Weight != o.a.Size() || f[2].Row != 0 {
		t.Errorf("factors of the second network: %+v", f[2:])
	}
}
