package naturalgradient

import (
	"encoding/json"
	"strings"
	"testing"

	"ngdbench/cost"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// prices are those of the embedded table with those of some operations multiplied.
func prices(t *testing.T, scale float64, names ...string) *cost.Column {
	t.Helper()
	var table cost.Table
	if err := json.Unmarshal(cost.Default().Encode(), &table); err != nil {
		t.Fatal(err)
	}
	for _, c := range table.Columns {
		for _, name := range names {
			for i := range c.Prices[name].Seconds {
				c.Prices[name].Seconds[i] *= scale
			}
		}
	}
	again, err := cost.ParseTable(table.Encode())
	if err != nil {
		t.Fatal(err)
	}
	return again.For(1)
}

// factoring is what explicit directions pay for and sketches do not.
var factoring = []string{"cholesky", "form", "kernel", "syrk"}

// Where the table makes sketches dear, auto is the cheaper explicit direction, bit for bit; where it makes explicit ones dear, and a sketch
// captures the matrix, it is nystrom. The table alone decides.
func TestAutoFollowsTheTable(t *testing.T) {
	const mu = 1e-6
	for _, c := range []struct {
		name   string
		n, w   int
		prices *cost.Column
		want   solvers.Direction // nil: a sketch
		choice string
	}{
		{"tall", 1000, 6, prices(t, 1e6, "sketch"), &Dense{}, "dense: no rank costs less"},
		{"wide", 10, 200, prices(t, 1e6, "sketch"), &Dual{}, "dual: no rank costs less"},
		{"explicit is dear", 60, 6, prices(t, 1e6, factoring...), nil, "nystrom: it captures the matrix"},
	} {
		o, _ := fit(c.n, c.w)
		m := &Method{Direction: &Auto{Prices: c.prices, First: 8}, Damping: solvers.Constant(mu)}
		got, infos, _ := run(t, o, m, start(o), 5)
		for i, info := range infos {
			if !strings.HasPrefix(info.Choice, c.choice) {
				t.Errorf("%s: step %d took %q", c.name, i, info.Choice)
			}
		}
		if c.want == nil {
			if m.Class() != solvers.Preconditioned || infos[0].Rank < 8 {
				t.Errorf("%s: class %s, rank %d", c.name, m.Class(), infos[0].Rank)
			}
			continue
		}
		want, _, _ := run(t, o, &Method{Direction: c.want, Damping: solvers.Constant(mu)}, start(o), 5)
		if e := distance(got, want); e != 0 || m.Class() != solvers.Explicit {
			t.Errorf("%s: off by %g, class %s", c.name, e, m.Class())
		}
	}
}

// A sketch that may not grow to what the damping asks for is dropped, and not tried again for Rest points; with a damping that
// it suffices for it is kept.
func TestAutoDropsSmallSketches(t *testing.T) {
	o, theta := spectral(geometric(60))
	for _, c := range []struct {
		mu      float64
		sketch  bool
		solves  int
		choices string
	}{
		{1, true, 3, "nystrom nystrom nystrom"},
		{1e-14, false, 5, "dense dense dense dense dense"},
	} {
		a := &Auto{Prices: prices(t, 1e6, factoring...), First: 8, Max: 8, Rest: 3}
		p := objective.NewPoint(o, inSamples|objective.Grad, nil)
		p.Eval(theta, inSamples|objective.Grad)
		if err := a.Start(p, solvers.Env{Rand: rnd(1)}); err != nil {
			t.Fatal(err)
		}
		var took, why []string
		for range c.solves {
			a.Expect(c.mu)
			a.Prepare(p)
			d, rhs := make([]float64, 60), p.Grad
			if a.Space() == solvers.Sample {
				rhs = p.Residual
			}
			r := a.Solve(d, rhs, c.mu)
			name, reason, _ := strings.Cut(r.Choice, ": ")
			took, why = append(took, strings.Replace(name, "dual", "dense", 1)), append(why, reason)
		}
		if got := strings.Join(took, " "); got != c.choices {
			t.Errorf("μ = %g: %s", c.mu, got)
		}
		if !c.sketch && (why[0] != why[3] || why[0] == why[1] || why[1] != why[2]) {
			t.Errorf("μ = %g: %q, want a sketch at the first and the fourth point", c.mu, why)
		}
	}
}

// Where no explicit direction fits into memory, the sketch is taken whatever it captures.
func TestAutoWithoutMemory(t *testing.T) {
	o, _ := fit(60, 6)
	m := &Method{Direction: &Auto{Prices: prices(t, 1, "sketch"), First: 4, Max: 4, Memory: 1}, Damping: solvers.Constant(1e-10)}
	_, infos, _ := run(t, o, m, start(o), 3)
	for _, info := range infos {
		if !strings.HasPrefix(info.Choice, "nystrom") || info.Rank != 4 {
			t.Errorf("%+v", info)
		}
	}
}

// Settings out of range are refused.
func TestAutoRefuses(t *testing.T) {
	o, _ := fit(10, 2)
	for _, a := range []*Auto{{Tau: -1}, {First: -1}, {Max: 8}, {Rest: -1}, {Memory: -1}} {
		if err := (&Method{Direction: a}).Start(o, solvers.Env{}); err == nil {
			t.Errorf("%+v is taken", a)
		}
	}
}

// Every direction has a price once it has trained.
func TestBillsAreBooked(t *testing.T) {
	o, _ := fit(40, 6)
	for name, d := range directions(8) {
		_, _, m := run(t, o, &Method{Direction: d, Damping: solvers.Constant(1e-3)}, start(o), 3)
		if w, ok := m.Priced(&cost.Shape{}); !ok || !(cost.Default().For(1).Seconds(&w) > 0) {
			t.Errorf("%s: no price", name)
		}
	}
}

// silent is a preconditioner that does not say what it costs.
type silent struct{ Preconditioner }

// A part without a bill leaves the training without a price, and without a forecast; it is not free.
func TestPartsWithoutBill(t *testing.T) {
	o, _ := fit(40, 6)
	for name, p := range map[string]Preconditioner{
		"alone": silent{&Jacobi{}}, "stale": &Stale{Preconditioner: silent{&Jacobi{}}, Every: 2}, "with one": &Jacobi{},
	} {
		m := &Method{Direction: &CG{Precond: p}}
		_, _, meter := run(t, o, m, start(o), 1)
		shape := objective.ShapeOf(o)
		_, priced := meter.Priced(&shape)
		if _, _, forecast := m.Forecast(&shape); priced != (name == "with one") || forecast != priced {
			t.Errorf("%s: priced %v, forecast %v", name, priced, forecast)
		}
	}
}
