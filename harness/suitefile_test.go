package harness

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ngdbench/results"
)

const blowup = `schema: 1
suite: blowup
axes: {problem: [poisson2d], opt: [sgd, nystrom, dense], set: [wild, default]}   # every pair
exclude: [{opt: [dense, nystrom], set: wild}]
settings: {wild: {lr: 1e6}}
seeds: 1..2
limits: {steps: 100}
`

func parse(t *testing.T, text string) Suite {
	t.Helper()
	s, err := ParseSuite(toyCatalogue(), "blowup.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSuiteFile(t *testing.T) {
	want := Suite{
		Name: "blowup", Settings: map[string]Settings{"wild": {"lr": "1e6"}},
		Blocks: []Block{{
			Name:    "main",
			Axes:    map[string][]string{"problem": {"poisson2d"}, "opt": {"sgd", "nystrom", "dense"}, "set": {"wild", "default"}},
			Exclude: []Cell{{"opt": "dense", "set": "wild"}, {"opt": "nystrom", "set": "wild"}},
			Seeds:   []int{1, 2}, Limits: results.Limits{Steps: 100},
		}},
	}
	if d := cmp.Diff(want, parse(t, blowup)); d != "" {
		t.Error(d)
	}
	for name, text := range map[string]string{
		"CRLF": strings.ReplaceAll(blowup, "\n", "\r\n"), "BOM": "\xef\xbb\xbf" + blowup, "document marks": "---\n" + blowup + "...\n",
	} {
		if d := cmp.Diff(want, parse(t, text)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	path := filepath.Join(t.TempDir(), "blowup.yaml")
	if err := os.WriteFile(path, []byte(blowup), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := LoadSuite(toyCatalogue(), path)
	if err != nil || !cmp.Equal(s, want) {
		t.Error("from disk:", err)
	}
	specs := expand(t, s, Options{})
	cells := map[string]string{}
	for _, s := range specs {
		cells[s.Cell["opt"]+" "+s.Cell["set"]+" "+s.Cell["seed"]] = s.Settings["lr"] + s.Skip
	}
	const norank = "1rank=0: opt=nystrom needs a rank"
	if d := cmp.Diff(map[string]string{
		"sgd wild 1": "1e6", "sgd wild 2": "1e6", "sgd default 1": "0.1", "sgd default 2": "0.1", "dense default 1": "1", "dense default 2": "1",
		"nystrom default 1": norank, "nystrom default 2": norank,
	}, cells); d != "" {
		t.Error(d)
	}
}

func TestSuiteFileBlocks(t *testing.T) {
	got := parse(t, `
schema: 1
suite: two.blocks
doc: |
  several
  blocks
axes:
  problem: poisson2d
  damp: [1e-4, 0x10, "1e-10"]
seeds: [1, 4..6]
limits: {seconds: 0.5, target: 1e-3}
gomaxprocs: 2
exclude:
  - damp: loss
blocks:
  - name: small
    axes: {net: [2x2, 3x3]}
    variants:
      - {opt: dense}
      - {opt: nystrom, rank: [2, 4]}
    include:
      - {opt: sgd, damp: none}
    jobs: 2
    diagnose: true
  - name: large
    axes: {damp: 0}
    exclude: [{net: 2x1}]
    seeds: 7
    limits: {steps: 5}
    gomaxprocs: 1
`)
	want := []Block{{
		Name: "small", Axes: map[string][]string{"problem": {"poisson2d"}, "damp": {"1e-4", "0x10", "1e-10"}, "net": {"2x2", "3x3"}},
		Variants: []Cell{{"opt": "dense"}, {"opt": "nystrom", "rank": "2"}, {"opt": "nystrom", "rank": "4"}, {"opt": "sgd", "damp": "none"}},
		Exclude:  []Cell{{"damp": "loss"}},
		Seeds:    []int{1, 4, 5, 6}, Limits: results.Limits{Seconds: 0.5, Target: 1e-3}, GOMAXPROCS: 2, Jobs: 2, Diagnose: true,
	}, {
		Name: "large", Axes: map[string][]string{"problem": {"poisson2d"}, "damp": {"0"}}, Exclude: []Cell{{"damp": "loss"}, {"net": "2x1"}},
		Seeds: []int{7}, Limits: results.Limits{Steps: 5, Target: 1e-3}, GOMAXPROCS: 1,
	}}
	if d := cmp.Diff(want, got.Blocks); d != "" {
		t.Error(d)
	}
	if got.Doc != "several\nblocks" {
		t.Errorf("doc %q", got.Doc)
	}
}

// An included cell takes the other axes from the grid, beside the grid itself; alone it is all there is.
func TestSuiteFileInclude(t *testing.T) {
	s := parse(t, "schema: 1\nsuite: s\naxes: {opt: [dense, sgd], net: [2x2, 3x3]}\ninclude: [{opt: nystrom, rank: 2}]\n")
	if d := cmp.Diff([]string{
		"main poisson2d 2x2 dense 0 1", "main poisson2d 2x2 nystrom 2 1", "main poisson2d 2x2 sgd 0 1",
		"main poisson2d 3x3 dense 0 1", "main poisson2d 3x3 nystrom 2 1", "main poisson2d 3x3 sgd 0 1",
	}, brief(expand(t, s, Options{}))); d != "" {
		t.Error(d)
	}
	s = parse(t, "schema: 1\nsuite: s\ninclude: [{opt: nystrom, rank: 2}]\n")
	if d := cmp.Diff([]string{"main poisson2d 2x1 nystrom 2 1"}, brief(expand(t, s, Options{}))); d != "" {
		t.Error(d)
	}
}

func TestSuiteFileErrors(t *testing.T) {
	const top = "schema: 1\nsuite: s\n"
	for text, want := range map[string]string{
		top + "axis: {opt: sgd}\n":                           `s.yaml:3:1: unknown key "axis" (nearest: "axes")`,
		top + "axes:\n  optt: sgd\n":                         `s.yaml:4:3: unknown key "optt" (nearest: "opt")`,
		top + "axes:\n  opt: [sgd, nystrim]\n":               `s.yaml:4:14: unknown opt "nystrim" (nearest: "nystrom")`,
		top + "axes:\n  opt: Sgd\n":                          `s.yaml:4:8: opt=Sgd: values are lower case`,
		top + "axes: {seed: [1]}\n":                          `s.yaml:3:14: seed is no axis of a grid: say seeds`,
		top + "axes: {opt: []}\n":                            `s.yaml:3:13: an empty list`,
		top + "axes: {opt: }\n":                              `s.yaml:3:`,
		top + "axes: {opt: {sgd: 1}}\n":                      `s.yaml:3:`,
		top + "axes: [sgd]\n":                                `s.yaml:3:7: want a map KEY: VALUE, not a list`,
		top + "axes: {opt: &a sgd, damp: *a}\n":              `s.yaml:3:27: want one value, not an anchor or alias`,
		top + "exclude: {opt: sgd}\n":                        `s.yaml:3:10: want a list of maps, not a map`,
		top + "exclude: [{opt: sdg}]\n":                      `s.yaml:3:17: unknown opt "sdg" (nearest: "sgd")`,
		top + "exclude: [{}]\n":                              `s.yaml:3:11: an empty map`,
		top + "settings: {wild: {lrr: 1}}\n":                 `s.yaml:3:24: no solver knows the setting "lrr" (nearest: "lr")`,
		top + "settings: {wild: 1}\n":                        `s.yaml:3:18: want a map KEY: VALUE, not integer`,
		top + "seeds: 3..1\n":                                `s.yaml:3:8: seeds "3..1": want FIRST..LAST`,
		top + "limits: {steps: -5}\n":                        `s.yaml:3:17: steps=-5: want an integer > 0`,
		top + "limits: {time: 5}\n":                          `s.yaml:3:10: unknown key "time"`,
		top + "diagnose: maybe\n":                            `s.yaml:3:11: diagnose: want true or false, not "maybe"`,
		top + "jobs: 0\n":                                    `s.yaml:3:7: jobs: want an integer > 0, not "0"`,
		top + "gomaxprocs: two\n":                            `s.yaml:3:13: gomaxprocs: want an integer > 0, not "two"`,
		top + "blocks: {name: a}\n":                          `s.yaml:3:9: blocks: want a list`,
		top + "blocks: [{axes: {opt: sgd}}]\n":               `s.yaml:3:10: a block without a name`,
		top + "blocks: [{name: a, nam: b}]\n":                `s.yaml:3:20: unknown key "nam" (nearest: "name")`,
		top + "blocks: [{name: a}, {name: a}]\n":             `s.yaml: suite s: two blocks are called "a"`,
		top + "blocks: [{name: a}]\ninclude: [{opt: sgd}]\n": `s.yaml:4:10: include beside blocks: put it into a block`,
		top + "seeds: 1\nseeds: 2\n":                         `s.yaml:4:1: mapping key "seeds" already defined`,
		top + "seeds: [1\n":                                  `s.yaml:3:8: `,
		top + "\tseeds: 1\n":                                 `s.yaml:3:1: `,
		"suite: s\n":                                         `s.yaml:1:6: no schema: say schema: 1`,
		"schema: 2\nsuite: s\n":                              `s.yaml:1:9: schema 2 is newer than this program's 1`,
		"schema: one\nsuite: s\n":                            `s.yaml:1:9: schema: want 1`,
		"schema: 1\n":                                        `s.yaml:1:7: no name: say suite: NAME`,
		"schema: 1\nsuite: ../up\n":                          `s.yaml:2:8: suite=../up: values are lower case from [a-z0-9_.+-], not '/'`,
		"schema: 1\nsuite: ..\n":                             `s.yaml:2:8: suite=..: a name begins with a letter or digit`,
		"":                                                   `s.yaml: want one YAML document, found 0`,
		"# nothing\n":                                        `s.yaml: want one YAML document, found 0`,
		top + "---\n" + top:                                  `s.yaml: want one YAML document, found 2`,
		"just words\n":                                       `s.yaml:1:1: want a map KEY: VALUE, not string`,
	} {
		s, err := ParseSuite(toyCatalogue(), "s.yaml", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s\n(%+v)", text, err, want, s)
		}
	}
	if _, err := LoadSuite(toyCatalogue(), "nowhere.yaml"); err == nil || !strings.Contains(err.Error(), "nowhere.yaml") {
		t.Errorf("a file that is not there: %v", err)
	}
	_, err := ParseSuite(toyCatalogue(), "s.yaml", []byte(top+"axes:\n  opt: [sgd, nystrim]\n  net: 2x2\n"))
	if lines := strings.Split(err.Error(), "\n"); len(lines) < 4 || !strings.Contains(err.Error(), "^") || !strings.Contains(err.Error(), "opt: [sgd, nystrim]") {
		t.Errorf("no excerpt: %v", err)
	}
}

// No text makes the reader panic, and what it accepts can be expanded or says why not.
func FuzzParseSuite(f *testing.F) {
	f.Add([]byte(blowup))
	f.Add([]byte("schema: 1\nsuite: s\nblocks:\n  - {name: a, axes: {opt: sgd}, include: [{net: 2x2}]}\n"))
	f.Add([]byte("? a\n: b\n<<: *x\n!!binary x: |\n"))
	c := toyCatalogue()
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParseSuite(c, "f.yaml", text)
		if err == nil && len(text) < 500 {
			_, _ = Expand(c, s, Options{})
		}
	})
}
