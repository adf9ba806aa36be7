package harness

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ngdbench/results"
)

func mustCell(t testing.TB, words string) Cell {
	t.Helper()
	c, _, err := ParseCell(strings.Fields(words))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParseCell(t *testing.T) {
	c, l, err := ParseCell([]string{"opt=nystrom", "rank=64", "steps=50", "seconds=0.5", "target=1e-4"})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(Cell{"opt": "nystrom", "rank": "64"}, c); d != "" {
		t.Error(d)
	}
	if want := (results.Limits{Steps: 50, Seconds: 0.5, Target: 1e-4}); l != want {
		t.Errorf("limits %+v", l)
	}
	for words, want := range map[string]string{
		"optt=dense":          `unknown key "optt" (nearest: "opt")`,
		"step=5":              `unknown key "step" (nearest: "steps")`,
		"dense":               `"dense" is not KEY=VALUE`,
		"opt=Dense":           `opt=Dense: values are lower case from [a-z0-9_.+-], not 'D'`,
		"opt=":                `opt=: empty value`,
		"opt=dense opt=dual":  `opt= is said twice`,
		"steps=-5":            `steps=-5: want an integer > 0`,
		"steps=0":             `steps=0: want an integer > 0`,
		"seconds=-1":          `seconds=-1: want a number > 0`,
		"seconds=nan":         `seconds=nan: want a number > 0`,
		"seconds=inf":         `seconds=inf: want a number > 0`,
		"target=1e-4 steps=x": `steps=x: want an integer > 0`,
	} {
		if _, _, err := ParseCell(strings.Fields(words)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", words, err, want)
		}
	}
}

// A shape with a name is looked up, takes parts, and has one key in whatever order they are said.
func TestNamedNetworks(t *testing.T) {
	c := toyCatalogue()
	_, net, err := c.Model(Cell{"net": "funnel+sine+fourier4", "opt": "sgd"})
	if err != nil || net.String() != "2x4x2x1+sine+fourier4" {
		t.Errorf("%v, %v", net, err)
	}
	r, err := c.Resolve(Cell{"net": "funnel+sine+fourier4"})
	if err != nil || r["net"] != "funnel+fourier4+sine" {
		t.Errorf("%v, %v", r["net"], err)
	}
	if _, err := c.Resolve(Cell{"net": "funel"}); err == nil || err.Error() != `unknown net "funel" (nearest: "funnel")` {
		t.Errorf("error %v", err)
	}
}

func TestResolveDefaults(t *testing.T) {
	for said, want := range map[string]string{
		"": "problem=poisson2d/form=pinn/metric=gn/net=2x1/points=5+1/opt=dense/rank=0/damp=1e-10/search=grid/set=default/seed=1",
		// the solver's points come before the problem's, the formulation's damping before the problem's entry's
		"problem=lent form=ritz opt=nystrom rank=3":   "problem=lent/form=ritz/metric=gn/net=2x2/points=8/opt=nystrom/rank=3/damp=1e-2/search=none/set=default/seed=1",
		"problem=lent seed=007 opt=sgd":               "problem=lent/form=pinn/metric=gn/net=2x2/points=7/opt=sgd/rank=0/damp=none/search=none/set=default/seed=7",
		"problem=lent":                                "problem=lent/form=pinn/metric=gn/net=2x2/points=7/opt=dense/rank=0/damp=1e-3/search=grid/set=default/seed=1",
		"opt=nystrom rank=auto points=9 metric=twice": "problem=poisson2d/form=pinn/metric=twice/net=2x1/points=9/opt=nystrom/rank=auto/damp=1e-10/search=none/set=default/seed=1",
		"opt=short":                            "problem=poisson2d/form=pinn/metric=gn/net=2x1/points=5+1/opt=dense+quick/rank=0/damp=1e-10/search=grid/set=default/seed=1",
		"opt=short+geo damp=loss search=wolfe": "problem=poisson2d/form=pinn/metric=gn/net=2x1/points=5+1/opt=dense+geo+quick/rank=0/damp=loss/search=wolfe/set=default/seed=1",
	} {
		got, err := toyCatalogue().Resolve(mustCell(t, said))
		if err != nil || got.Name() != want {
			t.Errorf("%s:\n got %s, %v\nwant %s", said, got.Name(), err, want)
		}
	}
}

func TestResolveErrors(t *testing.T) {
	for said, want := range map[string]string{
		"opt=nystrim":                `unknown opt "nystrim" (nearest: "nystrom")`,
		"problem=poison2d":           `unknown problem "poison2d" (nearest: "poisson2d")`,
		"form=pin":                   `unknown form "pin" (nearest: "pinn")`,
		"metric=twise":               `unknown metric "twise" (nearest: "twice")`,
		"rank=-3 opt=nystrom":        `rank=-3: want an integer ≥ 0 or auto`,
		"rank=many opt=nystrom":      `rank=many: want an integer ≥ 0 or auto`,
		"damp=-1":                    `damp=-1: want a number ≥ 0, loss, lm or trust`,
		"search=gird":                `search=gird: want grid, grid31, kfac, engd, armijo, wolfe or full`,
		"seed=-1":                    `seed=-1: want an integer ≥ 0`,
		"seed=one":                   `seed=one: want an integer ≥ 0`,
		"net=2x0x1":                  `net=2x0x1: want widths ≥ 1 joined by x, as in 2x64x1`,
		"net=2":                      `net=2: want input and output widths, as in 2x64x1`,
		"points=0+120":               `points=0+120: want a number > 0 of interior points first, as in 900+120`,
		"points=many":                `points=many: want a number > 0 of interior points first, as in 900+120`,
		"problem=bare":               `net= must be said: problem=bare suggests none`,
		"problem=bare net=2x1":       `points= must be said: problem=bare suggests none`,
		"opt=dense+":                 `opt=dense+: an empty part beside +`,
		"opt=sgd rank=5":             `refused: rank=5: opt=sgd has no rank`,
		"opt=sgd damp=1e-3":          `refused: damp=1e-3: opt=sgd has no damping`,
		"opt=sgd search=grid":        `refused: search=grid: opt=sgd has no step length rule`,
		"opt=nystrom":                `refused: rank=0: opt=nystrom needs a rank`,
		"opt=nystrom rank=0":         `refused: rank=0: opt=nystrom needs a rank`,
		"opt=dense damp=none":        `refused: damp=none: opt=dense needs a damping`,
		"opt=dense search=none":      `refused: search=none: opt=dense needs a step length rule`,
		"opt=sgd damp=-1":            `damp=-1: want a number ≥ 0, loss, lm or trust`, // malformed comes before misfitting
		"opt=sgd rank=5 damp=none":   `refused: rank=5: opt=sgd has no rank`,
		"opt=sgd rank=0 search=none": ``,
	} {
		got, err := toyCatalogue().Resolve(mustCell(t, said))
		msg := ""
		if err != nil {
			msg = err.Error()
		}
		if isRefusal(err) {
			msg = "refused: " + msg
			if len(got) != len(results.Axes) {
				t.Errorf("%s: refused, but the cell is %v", said, got)
			}
		}
		if msg != want {
			t.Errorf("%s: %s, want %s", said, msg, want)
		}
	}
	if _, err := toyCatalogue().Resolve(Cell{"sett": "default"}); err == nil || !strings.Contains(err.Error(), `nearest: "set"`) {
		t.Errorf("unknown axis: %v", err)
	}
}

// drawCell says a few axes, some of them wrongly.
func drawCell(t *rapid.T) Cell {
	c := Cell{}
	for axis, values := range map[string][]string{
		"problem": {"poisson2d", "lent", "bare"}, "form": {"pinn", "ritz"}, "metric": {"gn", "twice"}, "net": {"2x3", "3x1+sine"},
		"points": {"4", "12+3"}, "opt": {"sgd", "dense", "nystrom", "short"}, "rank": {"0", "3", "auto", "07"},
		"damp": {"none", "0", "1e-3", "lm"}, "search": {"none", "kfac"}, "set": {"default", "tuned"}, "seed": {"0", "12"},
	} {
		if rapid.Bool().Draw(t, axis+"?") {
			c[axis] = rapid.SampledFrom(values).Draw(t, axis)
		}
	}
	return c
}

// Resolving again changes nothing, in a refused cell either; what was said stays, integers written anew.
func TestResolveTwice(t *testing.T) {
	c := toyCatalogue()
	rapid.Check(t, func(t *rapid.T) {
		said := drawCell(t)
		before := said.Clone()
		once, err := c.Resolve(said)
		if !cmp.Equal(said, before) {
			t.Fatal("Resolve wrote into its argument")
		}
		if err != nil && !isRefusal(err) {
			return
		}
		twice, again := c.Resolve(once)
		if d := cmp.Diff(once, twice); d != "" || (err == nil) != (again == nil) {
			t.Fatalf("%v: %v\n%s", err, again, d)
		}
		for axis, v := range said {
			if once[axis] != v && v != "07" && v != "short" {
				t.Fatalf("%s=%s became %s", axis, v, once[axis])
			}
		}
		spec, err := c.ResolveSpec(Spec{Cell: said})
		if err != nil && !isRefusal(err) {
			return
		}
		if same, _ := c.ResolveSpec(spec); !cmp.Equal(spec, same) {
			t.Fatal("a specification changes:", cmp.Diff(spec, same))
		}
	})
}

func TestSettings(t *testing.T) {
	c := toyCatalogue()
	sets := map[string]Settings{"wild": {"lr": "1e6"}, "tuned": {"resample": "5"}, "noisy": {"noise": "1"}}
	for said, want := range map[string]struct {
		s Settings
		l results.Limits
	}{
		"opt=sgd":                     {Settings{"lr": "0.1"}, results.Limits{Steps: DefaultSteps}},
		"opt=sgd set=wild":            {Settings{"lr": "1e6"}, results.Limits{Steps: DefaultSteps}},
		"opt=sgd set=tuned":           {Settings{"lr": "0.2", "resample": "5"}, results.Limits{Steps: 7}},
		"opt=sgd set=tuned steps=9":   {Settings{"lr": "0.2", "resample": "5"}, results.Limits{Steps: 9}},
		"opt=sgd set=tuned target=1":  {Settings{"lr": "0.2", "resample": "5"}, results.Limits{Steps: 7, Target: 1}},
		"opt=sgd set=tuned seconds=1": {Settings{"lr": "0.2", "resample": "5"}, results.Limits{Seconds: 1}},
		"opt=sgd set=noisy":           {Settings{"lr": "0.1"}, results.Limits{Steps: DefaultSteps}}, // sgd has no noise
		"opt=dense set=noisy":         {Settings{"lr": "1", "noise": "1"}, results.Limits{Steps: DefaultSteps}},
	} {
		cell, l, err := ParseCell(strings.Fields(said))
		if err != nil {
			t.Fatal(err)
		}
		_, spec, err := c.resolveSpec(Spec{Cell: cell, Limits: l}, sets)
		if err != nil || !cmp.Equal(spec.Settings, want.s) || spec.Limits != want.l {
			t.Errorf("%s: %v %+v, %v; want %v %+v", said, spec.Settings, spec.Limits, err, want.s, want.l)
		}
	}
	for _, e := range []struct {
		spec Spec
		want string
	}{
		{Spec{Cell: Cell{"opt": "sgd", "set": "tunned"}}, `unknown set "tunned" (nearest: "tuned")`},
		{Spec{Cell: Cell{"opt": "dense", "set": "tuned"}}, `set=tuned: opt=dense has no such set`},
		{Spec{Cell: Cell{"opt": "sgd"}, Settings: Settings{"lrr": "1"}}, `opt=sgd: unknown setting "lrr" (nearest: "lr")`},
		{Spec{Cell: Cell{"opt": "sgd"}, Settings: Settings{"resample": "-1"}}, `set=default: resample=-1: want an integer ≥ 0`},
		{Spec{Cell: Cell{"opt": "sgd"}, Settings: Settings{"steps": "0"}}, `set=default: steps=0: want an integer > 0`},
		{Spec{Cell: Cell{"opt": "sgd"}, Limits: results.Limits{Seconds: -1}}, `set=default: limits {Steps:0 Seconds:-1 Target:0}: below zero`},
		{Spec{GOMAXPROCS: -1}, `GOMAXPROCS -1: want an integer > 0`},
	} {
		if _, err := c.ResolveSpec(e.spec); err == nil || err.Error() != e.want {
			t.Errorf("%+v: %v, want %s", e.spec, err, e.want)
		}
	}
	if _, err := c.ResolveSpec(Spec{Kernels: "avx9"}); err == nil || !strings.Contains(err.Error(), "avx9") {
		t.Errorf("unknown kernel path: %v", err)
	}
}

// A part brings its settings; without it they are unknown, and parts have one order.
func TestPartSettings(t *testing.T) {
	c := toyCatalogue()
	got, err := c.ResolveSpec(Spec{Cell: Cell{"opt": "dense+quick+geo"}})
	if err != nil || got.Settings["reach"] != "0.75" || got.Cell["opt"] != "dense+geo+quick" {
		t.Errorf("%v %v: %v", got.Cell, got.Settings, err)
	}
	if got, err = c.ResolveSpec(Spec{Cell: Cell{"opt": "dense"}}); err != nil || len(got.Settings) != 2 {
		t.Errorf("%v: %v", got.Settings, err)
	}
	for opt, want := range map[string]string{
		"dense":         `opt=dense: unknown setting "reach"`,
		"dense+geo+geo": `opt=dense+geo+geo: the part "geo" twice`,
	} {
		if _, err := c.ResolveSpec(Spec{Cell: Cell{"opt": opt}, Settings: Settings{"reach": "1"}}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", opt, err, want)
		}
	}
}
