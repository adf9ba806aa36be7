package objective_test

import (
	"math"
	"slices"
	"testing"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
)

const all = objective.Loss | objective.Grad | objective.Residual | objective.Tangent

// model is r_i(θ) = tanh(a_i·θ) − b_i for the rows a_i of a small matrix: a least-squares problem with known derivatives
// that counts its calls.
type model struct{ residuals, jvps, vjps int }

var (
	rowsA = [][]float64{{1, 2}, {-1, 0.5}, {0.3, -0.7}}
	dataB = []float64{0.1, -0.2, 0.3}
)

func at(i int, theta []float64) float64 {
	return math.Tanh(rowsA[i][0]*theta[0] + rowsA[i][1]*theta[1])
}

func (m *model) residual(dst, theta []float64) {
	m.residuals++
	for i := range dst {
		dst[i] = at(i, theta) - dataB[i]
	}
}

func (m *model) jvp(dst, theta, v []float64) {
	m.jvps++
	for i := range dst {
		t := at(i, theta)
		dst[i] = (1 - t*t) * (rowsA[i][0]*v[0] + rowsA[i][1]*v[1])
	}
}

func (m *model) vjp(dst, theta, y []float64) {
	m.vjps++
	clear(dst)
	for i, yi := range y {
		t := at(i, theta)
		dst[0] += (1 - t*t) * rowsA[i][0] * yi
		dst[1] += (1 - t*t) * rowsA[i][1] * yi
	}
}

func (m *model) objective() objective.Objective {
	return objective.FromFuncs(objective.Funcs{N: 3, P: 2, Residual: m.residual, JVP: m.jvp, VJP: m.vjp})
}

// redrawn is an objective whose points the test claims to redraw.
type redrawn struct {
	objective.Objective
	version int
}

func (r *redrawn) Version() int { return r.version }

var theta = []float64{0.4, -0.3}

func TestEvalComputesOnlyWhatIsMissing(t *testing.T) {
	m, meter := &model{}, &cost.Meter{}
	p := objective.NewPoint(m.objective(), all, meter)
	p.Eval(theta, objective.Loss)
	p.Eval(theta, objective.Loss|objective.Residual) // came with the loss
	if m.residuals != 1 || m.vjps != 0 || meter.Counts != (cost.Counts{Losses: 1}) {
		t.Errorf("loss: %+v %+v", m, meter.Counts)
	}
	p.Eval(theta, all)
	p.Eval(theta, all)
	if m.residuals != 1 || m.vjps != 1 || meter.Counts != (cost.Counts{Losses: 1, Grads: 1, Tangents: 1, Joint: 1}) {
		t.Errorf("rest: %+v %+v", m, meter.Counts)
	}
	p.Eval([]float64{0.4, -0.31}, objective.Loss|objective.Grad)
	if m.residuals != 2 || m.vjps != 2 || p.Have != objective.Loss|objective.Grad|objective.Residual {
		t.Errorf("elsewhere: %+v, have %b", m, p.Have)
	}
}

// A linearisation with a gradient is one pass; one without, or in another metric, is a pass of its own.
func TestJointLinearisationsAreCounted(t *testing.T) {
	least := (&model{}).objective()
	for name, c := range map[string]struct {
		o     objective.Objective
		wants []objective.Quantity
		joint int
		work  float64 // gradient equivalents
	}{
		"together":       {least, []objective.Quantity{all}, 1, 1},
		"tangent behind": {least, []objective.Quantity{objective.Grad, all}, 0, 5. / 3},
		"other metric":   {objective.WithMetric(least, &scaled{}), []objective.Quantity{all}, 0, 5. / 3},
	} {
		m := &cost.Meter{}
		p := objective.NewPoint(c.o, all, m)
		for _, want := range c.wants {
			p.Eval(theta, want)
		}
		if got := m.Counts.GradientEquivalents(0); m.Counts.Joint != c.joint || math.Abs(got-c.work) > 1e-15 {
			t.Errorf("%s: %+v, %g gradients", name, m.Counts, got)
		}
	}
}

func TestValues(t *testing.T) {
	p := objective.NewPoint((&model{}).objective(), all, nil)
	p.Eval(theta, all)
	want := 0.0
	for i, b := range dataB {
		want += (at(i, theta) - b) * (at(i, theta) - b) / 2
	}
	if math.Abs(p.Loss-want) > 1e-16 {
		t.Errorf("loss %v, want %v", p.Loss, want)
	}
	g := make([]float64, 2)
	if p.T.ApplyT(g, p.Residual); !slices.Equal(g, p.Grad) {
		t.Errorf("∇L = %v, Tᵀr = %v", p.Grad, g)
	}
	if p.Offers() != all|objective.LeastSquares|objective.Nonnegative {
		t.Errorf("offers %b", p.Offers())
	}
}

// At is bit for bit: a point at 0 is not at −0, but one at NaN is at NaN, so that a divergence is not evaluated for ever.
func TestAtIsBitForBit(t *testing.T) {
	m := &model{}
	p := objective.NewPoint(m.objective(), all, nil)
	if p.At([]float64{0, 0}) {
		t.Error("a new point is somewhere")
	}
	for _, c := range []struct {
		at, ask []float64
		want    bool
	}{
		{[]float64{1, 2}, []float64{1, 2}, true},
		{[]float64{1, 2}, []float64{1, math.Nextafter(2, 3)}, false},
		{[]float64{0, 2}, []float64{math.Copysign(0, -1), 2}, false},
		{[]float64{math.NaN(), 2}, []float64{math.NaN(), 2}, true},
	} {
		if p.Eval(c.at, objective.Loss); p.At(c.ask) != c.want {
			t.Errorf("point at %v: At(%v) = %v", c.at, c.ask, !c.want)
		}
	}
}

func TestRedrawnPointsMakeAPointStale(t *testing.T) {
	m := &model{}
	o := &redrawn{Objective: m.objective()}
	p, q := objective.NewPoint(o, all, nil), objective.NewPoint(o, all, nil)
	p.Eval(theta, objective.Loss)
	o.version++
	if p.At(theta) {
		t.Error("a stale point claims to be at θ")
	}
	if q.Take(p); q.At(theta) {
		t.Error("what is taken from a stale point is fresh")
	}
	if p.Eval(theta, objective.Loss); m.residuals != 2 || !p.At(theta) {
		t.Errorf("%d evaluations", m.residuals)
	}
}

func TestTakeKeepsWhatThereIsRoomFor(t *testing.T) {
	for _, c := range []struct{ evaluated, room, want objective.Quantity }{
		{all, all, objective.Loss | objective.Grad | objective.Residual}, // never the tangent map
		{objective.Loss, all, objective.Loss | objective.Residual},       // the residual came with the loss
		{objective.Loss | objective.Grad, objective.Loss, objective.Loss | objective.Residual},
		{0, all, 0},
	} {
		m := &model{}
		o := m.objective()
		p, q := objective.NewPoint(o, c.room, nil), objective.NewPoint(o, all, nil)
		p.Eval([]float64{7, 7}, c.room)
		q.Eval(theta, c.evaluated)
		p.Take(q)
		if p.Have != c.want || !p.At(theta) || (p.Have&objective.Loss != 0 && p.Loss != q.Loss) {
			t.Errorf("%+v: have %b, loss %v", c, p.Have, p.Loss)
		}
		if p.Have&objective.Grad != 0 && (!slices.Equal(p.Grad, q.Grad) || &p.Grad[0] == &q.Grad[0]) {
			t.Error("gradient not copied")
		}
		before := *m
		p.Eval(theta, c.want)
		if *m != before {
			t.Errorf("%+v: what was taken is computed again", c)
		}
	}
}

func TestFinite(t *testing.T) {
	p := objective.NewPoint((&model{}).objective(), all, nil)
	p.Eval(theta, all)
	good := p.Loss
	if !p.Finite() {
		t.Error("finite point called infinite")
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		p.Loss = v
		if p.Finite() {
			t.Errorf("loss %v", v)
		}
		p.Loss = good
		g := p.Grad[1]
		if p.Grad[1] = v; p.Finite() {
			t.Errorf("gradient %v", v)
		}
		p.Grad[1] = g
	}
	if p.Have, p.Loss = 0, math.NaN(); !p.Finite() {
		t.Error("what was not computed counts")
	}
}

func TestMemoryIsBooked(t *testing.T) {
	m := &cost.Meter{}
	objective.NewPoint((&model{}).objective(), all, m) // θ, ∇L, r, and the map's scratch 3+3+2
	if m.Bytes != 8*(2+2+3+8) {
		t.Errorf("%d bytes", m.Bytes)
	}
	p := objective.NewPoint((&model{}).objective(), objective.Loss, nil)
	if p.Grad != nil || p.T != nil {
		t.Error("room for what was not wanted")
	}
}

func TestPointAllocatesNothing(t *testing.T) {
	p, q := objective.NewPoint((&model{}).objective(), all, &cost.Meter{}), objective.NewPoint((&model{}).objective(), all, nil)
	x := []float64{0, 0}
	if n := testing.AllocsPerRun(10, func() { x[0]++; p.Eval(x, all); q.Take(p) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}

// The closures answer two questions; the others are answered by fallbacks, and flagged.
func TestFallbacksOfFuncsAreFlagged(t *testing.T) {
	m := &cost.Meter{}
	p := objective.NewPoint((&model{}).objective(), all, m)
	p.Eval(theta, all)
	if m.Fallbacks != 0 {
		t.Errorf("%v before any question", operator.Capability(m.Fallbacks).Names())
	}
	p.T.Dense(linalg.New(nil, 3, 2))
	if m.Fallbacks != uint32(operator.CanDense|operator.CanRow) {
		t.Errorf("%v", operator.Capability(m.Fallbacks).Names())
	}
}

func TestFuncsNeedTheirLayout(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	objective.FromFuncs(objective.Funcs{P: 3, Layout: objective.Layout{{Rows: 2, Cols: 2}}})
}

// The sum is in a fixed order: the same bits wherever the slice lies, and exact where the sum is.
func TestHalfSquare(t *testing.T) {
	x := make([]float64, 64)
	for i := range x {
		x[i] = math.Sin(float64(i))
	}
	for n := range 40 {
		want := objective.HalfSquare(x[:n])
		for shift := range 8 {
			y := append(make([]float64, shift), x[:n]...)[shift:]
			if got := objective.HalfSquare(y); got != want {
				t.Errorf("n = %d, shift %d: %v, want %v", n, shift, got, want)
			}
		}
		plain := 0.0
		for _, v := range x[:n] {
			plain += v * v / 2
		}
		if math.Abs(plain-want) > 1e-15*(1+plain) {
			t.Errorf("n = %d: %v, want %v", n, want, plain)
		}
	}
}
