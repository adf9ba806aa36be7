package harness

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ngdbench/results"
)

func toySuite() Suite {
	return Suite{Name: "toys", Blocks: []Block{{
		Name:     "a",
		Axes:     map[string][]string{"problem": {"poisson2d", "lent"}, "net": {"2x2", "3x3"}},
		Variants: []Cell{{"opt": "dense"}, {"opt": "nystrom", "rank": "2"}, {"opt": "nystrom", "rank": "4"}, {"opt": "sgd", "net": "2x1"}},
		Exclude:  []Cell{{"opt": "nystrom", "problem": "lent"}},
		Seeds:    []int{1, 2, 3}, Limits: results.Limits{Seconds: 4}, GOMAXPROCS: 2,
	}, {
		Name: "b", Axes: map[string][]string{"opt": {"sgd"}, "rank": {"0", "3"}},
	}}}
}

func expand(t testing.TB, s Suite, o Options) []Spec {
	t.Helper()
	specs, err := Expand(toyCatalogue(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return specs
}

// brief lists the cells by the axes that matter here, sorted.
func brief(specs []Spec) (out []string) {
	for _, s := range specs {
		out = append(out, strings.Join([]string{s.Block, s.Cell["problem"], s.Cell["net"], s.Cell["opt"], s.Cell["rank"], s.Cell["seed"]}, " "))
	}
	slices.Sort(out)
	return out
}

func TestExpand(t *testing.T) {
	specs := expand(t, toySuite(), Options{})
	var want []string
	for _, seed := range []string{"1", "2", "3"} {
		for _, cell := range []string{
			"poisson2d 2x2 dense 0", "poisson2d 3x3 dense 0", "lent 2x2 dense 0", "lent 3x3 dense 0",
			"poisson2d 2x2 nystrom 2", "poisson2d 3x3 nystrom 2", "poisson2d 2x2 nystrom 4", "poisson2d 3x3 nystrom 4",
			"poisson2d 2x1 sgd 0", "lent 2x1 sgd 0",
		} {
			want = append(want, "a "+cell+" "+seed)
		}
	}
	want = append(want, "b poisson2d 2x1 sgd 0 1", "b poisson2d 2x1 sgd 3 1")
	slices.Sort(want)
	if d := cmp.Diff(want, brief(specs)); d != "" {
		t.Fatal(d)
	}
	for _, s := range specs {
		if s.Block == "a" && (s.Limits != results.Limits{Seconds: 4} || s.GOMAXPROCS != 2) || s.Block == "b" && s.Limits.Steps != DefaultSteps {
			t.Errorf("%s: %+v on %d", s.Cell.Name(), s.Limits, s.GOMAXPROCS)
		}
		if skip := map[bool]string{true: "rank=3: opt=sgd has no rank"}[s.Cell["rank"] == "3"]; s.Skip != skip {
			t.Errorf("%s: skip %q, want %q", s.Cell.Name(), s.Skip, skip)
		}
		if s.Key != Key(s) || s.Suite != "toys" {
			t.Errorf("%s is not complete", s.Cell.Name())
		}
	}
}

// Seeds are outermost; within one, cells are in another order, the same for the same order seed.
func TestExpandOrder(t *testing.T) {
	specs := expand(t, toySuite(), Options{})
	for i, s := range specs[:30] {
		if want := []string{"1", "2", "3"}[i/10]; s.Cell["seed"] != want || s.Block != "a" {
			t.Fatalf("cell %d is %s of block %s", i, s.Cell.Name(), s.Block)
		}
	}
	order := func(o Options, from int) (out []string) {
		for _, s := range expand(t, toySuite(), o)[from : from+10] {
			c := s.Cell.Clone()
			delete(c, "seed")
			out = append(out, c.Name())
		}
		return out
	}
	a, b := order(Options{}, 0), order(Options{}, 10)
	if slices.Equal(a, b) || !slices.Equal(a, order(Options{}, 0)) || slices.Equal(a, order(Options{Order: 1}, 0)) {
		t.Error("the order is not shuffled by seed and order seed alone")
	}
}

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
		want []string
	}{
		{"seeds", Options{Seeds: []int{9}, Filter: "/opt:dense /net:2x2"}, []string{"a lent 2x2 dense 0 9", "a poisson2d 2x2 dense 0 9"}},
		{"seed", Options{Set: Cell{"seed": "4"}, Filter: `/rank:(2 OR "4") -/net:3x3`}, []string{"a poisson2d 2x2 nystrom 2 4", "a poisson2d 2x2 nystrom 4 4"}},
		{"set axis", Options{Set: Cell{"net": "9x1"}, Filter: "/opt:dense /seed:1"}, []string{"a lent 9x1 dense 0 1", "a poisson2d 9x1 dense 0 1"}},
		// a rank is said only for those that have one, and cells that fall together are one
		{"set rank", Options{Set: Cell{"rank": "3"}, Seeds: []int{1}, Filter: "/problem:poisson2d -/net:3x3"}, []string{
			"a poisson2d 2x1 sgd 0 1", "a poisson2d 2x2 dense 0 1", "a poisson2d 2x2 nystrom 3 1", "b poisson2d 2x1 sgd 0 1", "b poisson2d 2x1 sgd 3 1",
		}},
		{"block", Options{Filter: "block:b"}, []string{"b poisson2d 2x1 sgd 0 1", "b poisson2d 2x1 sgd 3 1"}},
		{"suite", Options{Filter: "suite:other"}, nil},
		{"regexp", Options{Filter: "/opt:/^nys/ /rank:4 /seed:(1 OR 3) /net:/^2x2$/"}, []string{"a poisson2d 2x2 nystrom 4 1", "a poisson2d 2x2 nystrom 4 3"}},
		{"threads", Options{GOMAXPROCS: 4, Filter: "/gomaxprocs:2"}, nil},
	} {
		if d := cmp.Diff(c.want, brief(expand(t, toySuite(), c.o))); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	for _, s := range expand(t, toySuite(), Options{Limits: results.Limits{Steps: 3, Target: 1}, GOMAXPROCS: 1}) {
		if s.Limits != (results.Limits{Steps: 3, Target: 1}) || s.GOMAXPROCS != 1 {
			t.Errorf("%s: %+v on %d", s.Cell.Name(), s.Limits, s.GOMAXPROCS)
		}
	}
}

// An exclusion holds for what was said and for what it resolved to.
func TestExclude(t *testing.T) {
	for _, c := range []struct{ pattern, left Cell }{
		{Cell{"opt": "short"}, Cell{"opt": "sgd"}}, {Cell{"opt": "dense+quick"}, Cell{"opt": "sgd"}}, {Cell{"search": "grid", "points": "5+1"}, Cell{"opt": "sgd"}},
		{Cell{"damp": "none"}, Cell{"opt": "dense+quick"}},
	} {
		s := Suite{Name: "s", Blocks: []Block{{Axes: map[string][]string{"opt": {"short", "sgd"}}, Exclude: []Cell{c.pattern}}}}
		if specs := expand(t, s, Options{}); len(specs) != 1 || !matches([]Cell{c.left}, specs[0].Cell) {
			t.Errorf("without %v: %v", c.pattern, brief(specs))
		}
	}
	if matches([]Cell{{}}, Cell{"opt": "sgd"}) {
		t.Error("an empty pattern excludes everything")
	}
}

func TestExpandErrors(t *testing.T) {
	block := func(b Block) Suite { b.Name = "b"; return Suite{Name: "s", Blocks: []Block{b}} }
	for _, c := range []struct {
		s    Suite
		o    Options
		want string
	}{
		{block(Block{Axes: map[string][]string{"opt": {"dense", "nystrim"}}}), Options{}, `suite s, block b: unknown opt "nystrim" (nearest: "nystrom")`},
		{block(Block{Axes: map[string][]string{"optt": {"dense"}}}), Options{}, `suite s, block b: unknown axis "optt" (nearest: "opt")`},
		{block(Block{Axes: map[string][]string{"opt": nil}}), Options{}, `suite s, block b: axis opt has no values`},
		{block(Block{Axes: map[string][]string{"seed": {"1"}}}), Options{}, `suite s, block b: seed is no axis of a grid: say seeds`},
		{block(Block{Axes: map[string][]string{"set": {"wilde"}}}), Options{}, `suite s, block b: unknown set "wilde"`},
		{block(Block{Exclude: []Cell{{"opt": "sdg"}}}), Options{}, `suite s, block b: unknown opt "sdg" (nearest: "sgd")`},
		{block(Block{Seeds: []int{1, 1}}), Options{}, `suite s, block b: seed 1 is below zero or said twice`},
		{Suite{Name: "s", Settings: map[string]Settings{"wild": {"lrr": "1"}}}, Options{}, `suite s, set wild: no solver knows the setting "lrr" (nearest: "lr")`},
		{Suite{Name: ".."}, Options{}, `suite=..: a name begins with a letter or digit`},
		{Suite{Name: "s", Blocks: []Block{{}, {}}}, Options{}, `suite s: two blocks are called ""`},
		{toySuite(), Options{Filter: "/optt:dense"}, `filter "/optt:dense": unknown key "/optt" (nearest: "/opt")`},
		{toySuite(), Options{Filter: "opt:dense"}, `filter "opt:dense": unknown key "opt" (nearest: "/opt")`},
		{toySuite(), Options{Filter: "/opt:(dense"}, `filter "/opt:(dense": `},
		{toySuite(), Options{Set: Cell{"opt": "sdg"}}, `suite toys, block a: unknown opt "sdg"`},
		{toySuite(), Options{Set: Cell{"seed": "-1"}}, `suite toys, block a: seed=-1: want an integer ≥ 0`},
		{toySuite(), Options{Kernels: "avx9"}, `suite toys, block a: kernel path "avx9"`},
	} {
		specs, err := Expand(toyCatalogue(), c.s, c.o)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%d cells, error %v, want %s", len(specs), err, c.want)
		}
	}
}

// Expansion, name, and what x/perf makes of the name agree: a filter that spells out a cell finds that cell alone.
func TestFilterFindsCell(t *testing.T) {
	specs := expand(t, toySuite(), Options{})
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(specs).Draw(t, "spec")
		query := ""
		for axis, v := range s.Cell {
			query += " /" + axis + ":" + `"` + v + `"`
		}
		query += " block:" + s.Block
		found, err := Expand(toyCatalogue(), toySuite(), Options{Filter: query})
		if err != nil || len(found) != 1 || found[0].Key != s.Key {
			t.Fatalf("%s found %v, %v", query, brief(found), err)
		}
		c, n, err := results.ParseBenchName(results.BenchName(s.Cell, s.GOMAXPROCS))
		if err != nil || n != s.GOMAXPROCS || !cmp.Equal(c, s.Cell) {
			t.Fatalf("%v -%d, %v", c, n, err)
		}
	})
}

func TestParseSeeds(t *testing.T) {
	for s, want := range map[string][]int{"1..3": {1, 2, 3}, "7": {7}, "1,2,5..7": {1, 2, 5, 6, 7}, "0..0": {0}} {
		if got, err := ParseSeeds(s); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "3..1", "1-3", "1..", "..3", "-1", "a", "1,1", "1..3,2", "0..1000000000", "1...3", "1, 2"} {
		if got, err := ParseSeeds(s); err == nil {
			t.Errorf("%q: %v", s, len(got))
		}
	}
}

// A set of a suite may name a setting that only a part of a solver has.
func TestSetOfPart(t *testing.T) {
	if err := toyCatalogue().checkSetting("reach"); err != nil {
		t.Error(err)
	}
}
