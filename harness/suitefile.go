package harness

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"ngdbench/results"
)

// suiteSchema is the version of the suite file.
const suiteSchema = 1

// Keys of a suite file. Block keys stand at the top of a file with one block, or in each entry of blocks; at the top of a
// file with blocks the inherited ones hold for every block that does not say its own.
var (
	inheritedKeys = []string{"axes", "exclude", "seeds", "limits", "jobs", "gomaxprocs", "timeout", "memory", "diagnose"}
	blockKeys     = append([]string{"name", "variants", "include"}, inheritedKeys...)
	suiteKeys     = append([]string{"schema", "suite", "doc", "settings", "targets", "profiles", "blocks", "variants", "include"}, inheritedKeys...)
	profileKeys   = []string{"doc", "filter", "set", "seeds", "limits", "jobs", "timeout", "memory"}
)

// LoadSuite reads a suite file: YAML in which an unknown or doubled key is an error. Names are checked against the
// catalogue. Errors give file, line and column, with the lines around them.
func LoadSuite(c Catalogue, path string) (Suite, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Suite{}, err
	}
	return ParseSuite(c, path, b)
}

// ParseSuite is LoadSuite of a text; file is its name in messages.
//
// Every value is taken as the text that stands there: 1e-4 stays 1e-4 and no stays no. A byte-order mark and carriage
// returns do no harm.
func ParseSuite(c Catalogue, file string, text []byte) (Suite, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	f := suiteFile{c: c, name: file}
	doc, err := parser.ParseBytes(text, 0)
	if err != nil {
		return Suite{}, f.syntax(err)
	}
	var body []ast.Node
	for _, d := range doc.Docs {
		if d.Body != nil && d.Body.Type() != ast.NullType {
			body = append(body, d.Body)
		}
	}
	if len(body) != 1 {
		return Suite{}, fmt.Errorf("%s: want one YAML document, found %d", file, len(body))
	}
	s, err := f.suite(body[0])
	if err != nil {
		return Suite{}, err
	}
	if err := checkSuite(c, s); err != nil {
		return Suite{}, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// suiteFile reads the nodes of one file.
type suiteFile struct {
	c    Catalogue
	name string
}

func (f suiteFile) suite(n ast.Node) (s Suite, err error) {
	m, err := f.mapping(n, suiteKeys)
	if err != nil {
		return s, err
	}
	if err = f.schema(n, m["schema"]); err != nil {
		return s, err
	}
	if m["suite"] == nil {
		return s, f.errorAt(n, "no name: say suite: NAME")
	}
	if s.Name, err = f.text(m["suite"]); err != nil {
		return s, err
	}
	if err = checkSuiteName(s.Name); err != nil {
		return s, f.errorAt(m["suite"], "%v", err)
	}
	if m["doc"] != nil {
		if s.Doc, err = f.text(m["doc"]); err != nil {
			return s, err
		}
	}
	if s.Settings, err = f.settings(m["settings"]); err != nil {
		return s, err
	}
	if s.Targets, err = f.targets(m["targets"]); err != nil {
		return s, err
	}
	if s.Profiles, err = f.profiles(m["profiles"]); err != nil {
		return s, err
	}
	s.Blocks, err = f.blocks(m)
	return s, err
}

// targets reads relative L2 errors.
func (f suiteFile) targets(n ast.Node) (out []float64, err error) {
	if n == nil {
		return nil, nil
	}
	words, err := f.texts(n)
	if err != nil {
		return nil, err
	}
	for _, w := range words {
		v, err := positive("targets", w)
		if err != nil {
			return nil, f.errorAt(n, "%v", err)
		}
		out = append(out, v)
	}
	return out, nil
}

func (f suiteFile) profiles(n ast.Node) (map[string]Profile, error) {
	if n == nil {
		return nil, nil
	}
	named, err := f.mapping(n, nil)
	if err != nil {
		return nil, err
	}
	out := map[string]Profile{}
	for _, name := range sortedKeys(named) {
		if out[name], err = f.profile(named[name]); err != nil {
			return nil, err
		}
		if err := results.CheckValue("profile", name); err != nil {
			return nil, f.errorAt(named[name], "%v", err)
		}
		if err := out[name].check(f.c); err != nil {
			return nil, f.errorAt(named[name], "profile %s: %v", name, err)
		}
	}
	return out, nil
}

func (f suiteFile) profile(n ast.Node) (p Profile, err error) {
	m, err := f.mapping(n, profileKeys)
	if err != nil {
		return p, err
	}
	for key, to := range map[string]*string{"doc": &p.Doc, "filter": &p.Filter} {
		if m[key] != nil {
			if *to, err = f.text(m[key]); err != nil {
				return p, err
			}
		}
	}
	if m["set"] != nil {
		if p.Set, err = f.cell(m["set"]); err != nil {
			return p, err
		}
	}
	var b Block // all of these are those of a block
	err = f.numbers(&b, m)
	p.Seeds, p.Limits, p.Jobs, p.Timeout, p.Memory = b.Seeds, b.Limits, b.Jobs, b.Timeout, b.Memory
	return p, err
}

// cell reads a map of one value an axis.
func (f suiteFile) cell(n ast.Node) (Cell, error) {
	axes, out := map[string][]string{}, Cell{}
	if err := f.axes(n, axes); err != nil {
		return nil, err
	}
	for axis, values := range axes {
		if len(values) != 1 {
			return nil, f.errorAt(n, "%s: want one value, not %d", axis, len(values))
		}
		out[axis] = values[0]
	}
	return out, nil
}

func (f suiteFile) schema(file, n ast.Node) error {
	if n == nil {
		return f.errorAt(file, "no schema: say schema: %d", suiteSchema)
	}
	v, err := f.text(n)
	if err != nil {
		return err
	}
	k, err := strconv.Atoi(v)
	switch {
	case err != nil || k < 1:
		return f.errorAt(n, "schema: want %d", suiteSchema)
	case k > suiteSchema:
		return f.errorAt(n, "schema %d is newer than this program's %d", k, suiteSchema)
	}
	return nil
}

func (f suiteFile) settings(n ast.Node) (map[string]Settings, error) {
	if n == nil {
		return nil, nil
	}
	sets, err := f.mapping(n, nil)
	if err != nil {
		return nil, err
	}
	out := map[string]Settings{}
	for _, set := range sortedKeys(sets) {
		values, err := f.mapping(sets[set], nil)
		if err != nil {
			return nil, err
		}
		out[set] = Settings{}
		for _, name := range sortedKeys(values) {
			if err := f.c.checkSetting(name); err != nil {
				return nil, f.errorAt(values[name], "%v", err)
			}
			if out[set][name], err = f.text(values[name]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// blocks reads the blocks of a file, or its one block, which has the name main.
func (f suiteFile) blocks(m map[string]ast.Node) ([]Block, error) {
	base := Block{Name: "main"}
	if err := f.block(&base, m); err != nil {
		return nil, err
	}
	if m["blocks"] == nil {
		return []Block{base}, nil
	}
	for _, key := range []string{"variants", "include"} {
		if m[key] != nil {
			return nil, f.errorAt(m[key], "%s beside blocks: put it into a block", key)
		}
	}
	list, ok := m["blocks"].(*ast.SequenceNode)
	if !ok {
		return nil, f.errorAt(m["blocks"], "blocks: want a list")
	}
	var out []Block
	for _, n := range list.Values {
		entry, err := f.mapping(n, blockKeys)
		if err != nil {
			return nil, err
		}
		b := base
		b.Axes, b.Exclude = cloneAxes(base.Axes), slices.Clone(base.Exclude)
		if entry["name"] == nil {
			return nil, f.errorAt(n, "a block without a name")
		}
		if b.Name, err = f.text(entry["name"]); err != nil {
			return nil, err
		}
		if err := results.CheckValue("block", b.Name); err != nil {
			return nil, f.errorAt(entry["name"], "%v", err)
		}
		if err := f.block(&b, entry); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func cloneAxes(axes map[string][]string) map[string][]string {
	out := map[string][]string{}
	for a, v := range axes {
		out[a] = v
	}
	return out
}

// block puts what m says over b.
func (f suiteFile) block(b *Block, m map[string]ast.Node) (err error) {
	if n := m["axes"]; n != nil {
		if b.Axes == nil {
			b.Axes = map[string][]string{}
		}
		if err = f.axes(n, b.Axes); err != nil {
			return err
		}
	}
	if b.Variants, err = f.cells(m["variants"]); err != nil {
		return err
	}
	include, err := f.cells(m["include"])
	if err != nil {
		return err
	}
	if len(include) > 0 && len(b.Variants) == 0 && len(b.Axes) > 0 {
		b.Variants = []Cell{{}} // the product itself, beside what is included
	}
	b.Variants = append(b.Variants, include...)
	exclude, err := f.cells(m["exclude"])
	if err != nil {
		return err
	}
	b.Exclude = append(b.Exclude, exclude...)
	return f.numbers(b, m)
}

// numbers reads seeds, limits, jobs, gomaxprocs, timeout, memory and diagnose.
func (f suiteFile) numbers(b *Block, m map[string]ast.Node) (err error) {
	if n := m["seeds"]; n != nil {
		words, err := f.texts(n)
		if err != nil {
			return err
		}
		if b.Seeds, err = ParseSeeds(strings.Join(words, ",")); err != nil {
			return f.errorAt(n, "%v", err)
		}
	}
	if n := m["limits"]; n != nil {
		said, err := f.mapping(n, limitNames)
		if err != nil {
			return err
		}
		var l results.Limits
		for _, key := range sortedKeys(said) {
			v, err := f.text(said[key])
			if err != nil {
				return err
			}
			if err := setLimit(&l, key, v); err != nil {
				return f.errorAt(said[key], "%v", err)
			}
		}
		b.Limits = override(b.Limits, l)
	}
	for key, to := range map[string]*int{"jobs": &b.Jobs, "gomaxprocs": &b.GOMAXPROCS} {
		if n := m[key]; n != nil {
			v, err := f.text(n)
			if err != nil {
				return err
			}
			if *to, err = strconv.Atoi(v); err != nil || *to < 1 {
				return f.errorAt(n, "%s: want an integer > 0, not %q", key, v)
			}
		}
	}
	return f.bounds(b, m)
}

// bounds reads what no training knows of: the limits of the child, and whether it is diagnosed.
func (f suiteFile) bounds(b *Block, m map[string]ast.Node) error {
	if n := m["timeout"]; n != nil {
		v, err := f.text(n)
		if err != nil {
			return err
		}
		if b.Timeout, err = time.ParseDuration(v); err != nil || b.Timeout <= 0 {
			return f.errorAt(n, "timeout: want a time > 0, as in 10m, not %q", v)
		}
	}
	if n := m["diagnose"]; n != nil {
		v, err := f.text(n)
		if err != nil {
			return err
		}
		if b.Diagnose, err = strconv.ParseBool(v); err != nil {
			return f.errorAt(n, "diagnose: want true or false, not %q", v)
		}
	}
	if n := m["memory"]; n != nil {
		v, err := f.text(n)
		if err != nil {
			return err
		}
		if b.Memory, err = parseBytes(v); err != nil || b.Memory == 0 {
			return f.errorAt(n, "memory: want a size > 0, as in 500MB or 4GiB, not %q", v)
		}
	}
	return nil
}
