package solvers

import (
	"math"
	"testing"

	"ngdbench/objective"
)

func at(loss float64) *objective.Point { return &objective.Point{Loss: loss} }

func TestParseDamping(t *testing.T) {
	for s, want := range map[string]Damping{"0": Constant(0), "1e-10": Constant(1e-10), "2.5": Constant(2.5), "loss": MinLoss{}} {
		if got, err := ParseDamping(s); err != nil || got != want {
			t.Errorf("%s: %#v, %v", s, got, err)
		}
	}
	if d, err := ParseDamping("lm"); err != nil || d.(*Marquardt) == nil {
		t.Errorf("lm: %v, %v", d, err)
	}
	if d, err := ParseDamping("trust"); err != nil || d.(*Trust) == nil {
		t.Errorf("trust: %v, %v", d, err)
	}
	for _, s := range []string{"", "-1", "nan", "inf", "+Inf", "1e400", "trst", "los", "none"} {
		if d, err := ParseDamping(s); err == nil {
			t.Errorf("%q gave %v", s, d)
		}
	}
}

func TestConstantAndMinLoss(t *testing.T) {
	for _, c := range []struct {
		d    Damping
		loss float64
		want float64
	}{{Constant(1e-3), 5, 1e-3}, {Constant(0), 5, 0}, {MinLoss{}, 5, 1e-5}, {MinLoss{}, 1e-7, 1e-7}, {MinLoss{Cap: 2}, 1, 1}, {MinLoss{Cap: 2}, 3, 2}} {
		c.d.Start()
		if got := c.d.Value(at(c.loss)); got != c.want || c.d.Judge(Model{}) {
			t.Errorf("%#v at loss %g: %g, want %g", c.d, c.loss, got, c.want)
		}
	}
	for _, d := range []Damping{Constant(-1), Constant(math.NaN()), Constant(math.Inf(1)), MinLoss{Cap: -1}, &Marquardt{First: -1},
		&Trust{First: -1}, &Marquardt{Factor: 1}, &Marquardt{Factor: math.NaN()}} {
		if Validate(d) == nil {
			t.Errorf("accepted %#v", d)
		}
	}
}

// The ratio rule on a model with slope −1 and curvature 1: the whole step is predicted to gain ½.
func TestMarquardt(t *testing.T) {
	l := &Marquardt{}
	model := func(scale, loss float64, evals int) Model {
		return Model{Loss: 1, Slope: -1, Curvature: 1, Damping: l.Value(nil), Outcome: Outcome{Scale: scale, Loss: loss, Evals: evals}}
	}
	for _, c := range []struct {
		name        string
		scale, loss float64
		evals       int
		factor      float64
		retry       bool
	}{
		{"as predicted", 1, 0.5, 1, 1.0 / 3, false},
		{"half as much", 1, 0.75, 1, 1, false},
		{"a fifth", 1, 0.9, 1, 3, false},
		{"refused", 0, 1, 1, 3, true},
		{"refused again", 0, 1, 1, 3, true},
		{"refused after a grid", 0, 1, 4, 81, true},
		{"accepted at last", 1, 0.5, 1, 1.0 / 3, false},
		{"refused after a grid, for the first time", 0, 1, 4, 3, true},
		{"not a number", 1, math.NaN(), 1, 3, false},
	} {
		if c.name == "as predicted" {
			l.Start()
		}
		before := l.Value(nil)
		retry := l.Judge(model(c.scale, c.loss, c.evals))
		if got := l.Value(nil) / before; math.Abs(got-c.factor) > 1e-12*c.factor || retry != c.retry {
			t.Errorf("%s: μ times %g, retry %v", c.name, got, retry)
		}
	}
	l.Start()
	if l.Value(nil) != 1e-3 {
		t.Errorf("first μ %g", l.Value(nil))
	}
	for range 100 { // at the top it asks for nothing more, and at the bottom it stays
		l.Judge(model(0, 1, 31))
	}
	if l.Judge(model(0, 1, 1)) || l.Value(nil) != 1e12 {
		t.Errorf("μ = %g", l.Value(nil))
	}
	for range 100 {
		l.Judge(model(1, 0.5, 1))
	}
	if l.Value(nil) != 1e-15 {
		t.Errorf("μ = %g", l.Value(nil))
	}
}

// A factorisation that raised μ has its say: the rule scales the damping used.
func TestMarquardtScalesWhatWasUsed(t *testing.T) {
	l := &Marquardt{First: 1e-12}
	l.Start()
	l.Judge(Model{Loss: 1, Slope: -1, Damping: 1e-6, Outcome: Outcome{Evals: 1}})
	if got := l.Value(nil); math.Abs(got-3e-6) > 1e-18 {
		t.Errorf("μ = %g", got)
	}
}

// The trust radius on a model with slope −1 and curvature 1: a step of scale s is predicted to gain s − s²/2.
func TestTrust(t *testing.T) {
	r := &Trust{First: 1}
	r.Start()
	for _, c := range []struct {
		name              string
		norm, scale, loss float64
		radius, mu        float64
		retry             bool
	}{
		{"the first direction makes the radius; as predicted", 2, 1, 0.5, 4, 0.5, false},
		{"half as much: as it was, and μ for a longer step", 2, 1, 0.75, 4, 0.25, false},
		{"a fifth: half the step", 2, 1, 0.9, 1, 0.5, false},
		{"too long: again, before anything else", 3, 1, 0, 1, 1.5, true},
		{"a bit too long: μ at least doubles", 1.75, 1, 0, 1, 3, true},
		{"short enough, refused", 1, 0, 1, 0.25, 12, true},
		{"not a number", 0.25, 1, math.NaN(), 0.125, 24, false},
	} {
		retry := r.Judge(Model{Loss: 1, Slope: -1, Curvature: 1, Norm: c.norm, Damping: r.Value(nil), Outcome: Outcome{Scale: c.scale, Loss: c.loss, Evals: 1}})
		if r.radius != c.radius || math.Abs(r.mu-c.mu) > 1e-15*c.mu || retry != c.retry {
			t.Errorf("%s: radius %g, μ %g, retry %v", c.name, r.radius, r.mu, retry)
		}
	}
	for range 100 {
		r.Judge(Model{Loss: 1, Norm: 1, Damping: r.Value(nil)})
	}
	if r.Value(nil) != dampingCeiling || r.Judge(Model{Loss: 1, Norm: 1, Damping: r.Value(nil)}) {
		t.Errorf("μ = %g at the top, and more is asked for", r.Value(nil))
	}
	if r.Start(); r.Value(nil) != 1 || !math.IsInf(r.radius, 1) {
		t.Errorf("Start left μ = %g, radius %g", r.mu, r.radius)
	}
}
