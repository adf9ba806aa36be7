package solvers

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"ngdbench/objective"
)

// curve is a Line by functions; it counts.
type curve struct {
	f, g         func(s float64) float64
	losses, both int
	last         float64 // where it was last evaluated
}

func (c *curve) Loss(s float64) float64 { c.losses++; c.last = s; return c.f(s) }
func (c *curve) LossSlope(s float64) (float64, float64) {
	c.both++
	c.last = s
	return c.f(s), c.g(s)
}

func parabola(at float64) *curve {
	return &curve{f: func(s float64) float64 { return (s - at) * (s - at) }, g: func(s float64) float64 { return 2 * (s - at) }}
}

// searches lists every search.
func searches() map[string]Search {
	return map[string]Search{"full": Full{}, "grid": Grid{}, "grid31": Grid{Whole: true}, "kfac": KFACGrid{},
		"armijo": Armijo{}, "wolfe": Wolfe{}}
}

func TestGrids(t *testing.T) {
	for _, c := range []struct {
		name  string
		s     Search
		scale float64
		evals int
	}{
		{"grid", Grid{}, 0.125, 6}, {"grid31", Grid{Whole: true}, 0.125, 31}, {"kfac", KFACGrid{}, 0.125, 31}, {"engd", ENGDGrid{}, 0.125, 31},
		{"full", Full{}, 0, 1}, {"armijo", Armijo{}, 0.25, 3},
	} {
		f := parabola(0.13)
		if o := c.s.Find(f.f(0), f.g(0), f); o.Scale != c.scale || o.Evals != c.evals || f.losses != c.evals {
			t.Errorf("%s: %+v, %d losses", c.name, o, f.losses)
		}
	}
	// a second dip beyond two rises: only the whole grids see it
	dips := &curve{f: func(s float64) float64 {
		switch s {
		case 0.5:
			return -1
		case 0x1p-20:
			return -2
		}
		return 1
	}}
	for s, want := range map[Search]float64{Grid{}: 0.5, Grid{Whole: true}: 0x1p-20, KFACGrid{}: 0x1p-20, ENGDGrid{}: 0x1p-20} {
		if o := s.Find(0, -1, dips); o.Scale != want {
			t.Errorf("%#v: scale %g, want %g", s, o.Scale, want)
		}
	}
	// among equals: from the top the largest, from the bottom the smallest
	flat := &curve{f: func(float64) float64 { return -1 }}
	for s, want := range map[Search]float64{Grid{}: 1, Grid{Whole: true}: 1, KFACGrid{}: 0x1p-30, ENGDGrid{}: 1} {
		if o := s.Find(0, -1, flat); o.Scale != want {
			t.Errorf("%#v: scale %g, want %g", s, o.Scale, want)
		}
	}
}

// Müller, Zeinhofer 2023: the argmin of the grid is taken where every trial lies above φ(0) too; no number, no step.
func TestENGDGridClimbs(t *testing.T) {
	up := &curve{f: func(s float64) float64 { return s }}
	if o := (ENGDGrid{}).Find(0, 1, up); o.Scale != 0x1p-30 || o.Loss != 0x1p-30 {
		t.Errorf("%+v", o)
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if o := (ENGDGrid{}).Find(1, -1, &curve{f: func(float64) float64 { return v }}); o.Scale != 0 || o.Loss != 1 {
			t.Errorf("%g: %+v", v, o)
		}
	}
}

// The strong Wolfe conditions hold on functions whose interval must be found by expanding, by zooming, across a region
// that is not finite, and through a hump; the accepted trial is the last one evaluated.
func TestWolfe(t *testing.T) {
	log := math.Log
	for name, f := range map[string]*curve{
		"near":      parabola(1e-4),
		"far":       parabola(1e4),
		"barrier":   {f: func(s float64) float64 { return -1e4*s - log(1e-3-s) }, g: func(s float64) float64 { return -1e4 + 1/(1e-3-s) }},
		"wall":      {f: func(s float64) float64 { return -100*s - log(50-s) }, g: func(s float64) float64 { return -100 + 1/(50-s) }},
		"oscillate": {f: func(s float64) float64 { return math.Cos(20*s+1) - 3*s + s*s }, g: func(s float64) float64 { return -20*math.Sin(20*s+1) - 3 + 2*s }},
		"quartic":   {f: func(s float64) float64 { return math.Pow(s-3, 4) }, g: func(s float64) float64 { return 4 * math.Pow(s-3, 3) }},
		"kink":      {f: func(s float64) float64 { return math.Abs(s-0.3) + 1e-3*s*s }, g: func(s float64) float64 { return math.Copysign(1, s-0.3) + 2e-3*s }},
		"steep":     {f: func(s float64) float64 { return math.Exp(30*s) - 60*s }, g: func(s float64) float64 { return 30*math.Exp(30*s) - 60 }},
	} {
		for _, c2 := range []float64{0.9, 0.1} {
			f.both = 0
			f0, g0 := f.f(0), f.g(0)
			o := Wolfe{C2: c2}.Find(f0, g0, f)
			if o.Evals != f.both || f.losses != 0 || o.Evals > 40 {
				t.Errorf("%s: %d trials, %d counted", name, f.both, o.Evals)
			}
			if !(o.Loss == f.f(o.Scale) && o.Loss <= f0+1e-4*o.Scale*g0 && o.Loss < f0) {
				t.Errorf("%s: no sufficient decrease: %+v from %g, slope %g", name, o, f0, g0)
			}
			if name == "kink" {
				continue // no point has a small slope: the best one is taken
			}
			if math.Abs(f.g(o.Scale)) > -c2*g0 {
				t.Errorf("%s: slope %g of %g at %+v", name, f.g(o.Scale), g0, o)
			}
			if f.last != o.Scale {
				t.Errorf("%s: accepted %g, last evaluated %g", name, o.Scale, f.last)
			}
		}
	}
}

// On random cubics with a local minimiser ahead the conditions hold within a few trials.
func TestWolfeRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := math.Exp(rapid.Float64Range(-12, 12).Draw(t, "log at"))
		c := rapid.Float64Range(0, 1).Draw(t, "cubic")
		f := &curve{ // minimum at at; falls all the way from 0
			f: func(s float64) float64 { u := s/at - 1; return u*u + c*u*u*u/2 },
			g: func(s float64) float64 { u := s/at - 1; return (2*u + 1.5*c*u*u) / at },
		}
		o := Wolfe{}.Find(f.f(0), f.g(0), f)
		if !(o.Loss <= f.f(0)+1e-4*o.Scale*f.g(0)) || math.Abs(f.g(o.Scale)) > -0.9*f.g(0) || o.Evals > 25 {
			t.Fatalf("at %g, c %g: %+v, slope %g of %g", at, c, o, f.g(o.Scale), f.g(0))
		}
	})
}

// No search accepts what is not finite, or walks uphill; each ends within 100 evaluations.
func TestSearchesRefuse(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	constant := func(v float64) func(float64) float64 { return func(float64) float64 { return v } }
	for name, c := range map[string]struct {
		slope float64
		f     *curve
	}{
		"c: NaN everywhere":   {-1, &curve{f: constant(nan), g: constant(nan)}},
		"+Inf everywhere":     {-1, &curve{f: constant(inf), g: constant(inf)}},
		"-Inf everywhere":     {-1, &curve{f: constant(-inf), g: constant(nan)}},
		"d: uphill":           {1, &curve{f: func(s float64) float64 { return s }, g: constant(1)}},
		"uphill, said down":   {-1, &curve{f: func(s float64) float64 { return s }, g: constant(1)}},
		"flat":                {-1, &curve{f: constant(0), g: constant(0)}},
		"slope zero":          {0, &curve{f: func(s float64) float64 { return s * s }, g: func(s float64) float64 { return 2 * s }}},
		"slope NaN":           {nan, &curve{f: constant(1), g: constant(nan)}},
		"slope -Inf":          {-inf, &curve{f: constant(1), g: constant(-inf)}},
		"rise at every trial": {-1, &curve{f: constant(1), g: constant(-1)}},
	} {
		for kind, s := range searches() {
			c.f.losses, c.f.both = 0, 0
			o := s.Find(0, c.slope, c.f)
			if o.Scale != 0 || o.Loss != 0 || o.Evals != c.f.losses+c.f.both || o.Evals > 50 {
				t.Errorf("%s, %s: %+v", name, kind, o)
			}
		}
	}
}

// A loss that falls but too little for Armijo's condition is still a step for the strong Wolfe search, once it gives up.
func TestWolfeTakesAnyDecrease(t *testing.T) {
	f := &curve{f: func(s float64) float64 { return -1e-6 * s }, g: func(float64) float64 { return -1 }}
	if o := (Wolfe{Evals: 10}).Find(0, -1, f); !(o.Scale > 0 && o.Loss < 0) || o.Evals > 10 {
		t.Errorf("%+v", o)
	}
}

func TestParseSearch(t *testing.T) {
	for name, want := range searches() {
		got, err := ParseSearch(name)
		if err != nil || got != want {
			t.Errorf("%s: %#v, %v", name, got, err)
		}
	}
	if _, err := ParseSearch("gird"); err == nil {
		t.Error("gird accepted")
	}
	for kind, s := range searches() {
		if grad := s.Needs()&objective.Grad != 0; grad != (kind == "wolfe") {
			t.Errorf("%s asks for gradients: %v", kind, grad)
		}
	}
	for _, s := range []any{Armijo{C1: 1}, Armijo{C1: -1}, Wolfe{C1: 0.9, C2: 0.1}, Wolfe{C2: 1}, Wolfe{Evals: 51}, Wolfe{Evals: -1}} {
		if Validate(s) == nil {
			t.Errorf("accepted %+v", s)
		}
	}
	if err := Validate(Wolfe{}, Armijo{}, Grid{}, Full{}, Constant(0), MinLoss{}, &Marquardt{}, nil); err != nil {
		t.Error(err)
	}
}
