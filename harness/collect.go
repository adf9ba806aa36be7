package harness

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/renameio/v2"

	"ngdbench/results"
)

// collection brings the records of several folders into one. It looks at all of them before it decides, so that the order
// of the folders does not matter.
type collection struct {
	into *folder
	note func(string)

	all     []entry
	code    string // records of other code go to superseded/
	kept    int
	copied  int
	known   int      // records that were there already, or came twice
	old     int      // records of other code or other settings
	differ  []string // trainings of one cell whose bits are not the same
	damaged int
}

// entry is a record of one of the folders.
type entry struct {
	stored
	dir               string
	cell              string // block and name
	started, finished time.Time
}

// manifestsOf reads the manifests of the folders, those without one left out. They must be of one suite.
func manifestsOf(dirs []string) (list []Manifest, err error) {
	for _, dir := range dirs {
		m, err := readManifest(dir)
		if err != nil {
			return nil, usagef("damaged manifest: %w", err)
		}
		if m == nil {
			continue
		}
		if len(list) > 0 && m.Suite.Name != list[0].Suite.Name {
			return nil, usagef("%s holds suite %s, the folders before it %s: collect joins parts of one suite", dir, m.Suite.Name, list[0].Suite.Name)
		}
		list = append(list, *m)
	}
	return list, nil
}

// joined is one manifest with the invocations of all, each once, the newest on top with its suite.
func joined(list []Manifest) (m Manifest, ok bool) {
	var all []Invocation
	for _, other := range list {
		if !ok || other.Started.After(m.Started) {
			m.Suite, m.Started, ok = other.Suite, other.Started, true
		}
		all = append(append(all, other.Earlier...), other.Invocation)
	}
	slices.SortStableFunc(all, func(a, b Invocation) int {
		return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.Shard, b.Shard), slices.Compare(a.CommandLine, b.CommandLine), open(a)-open(b))
	})
	all = slices.CompactFunc(all, Invocation.same) // the first of equal ones stays: one that has ended, where one has
	if n := len(all); n > 0 {
		m.Invocation, m.Earlier = all[n-1], all[:n-1]
	}
	m.Schema = ManifestSchema
	return m, ok
}

// open is 1 for an invocation of which nobody knows the end.
func open(i Invocation) int {
	if i.Finished == nil {
		return 1
	}
	return 0
}

// look reads the records of a folder.
func (c *collection) look(dir string) error {
	from, err := readFolder(dir)
	if err != nil {
		return err
	}
	have, err := from.list()
	if err != nil {
		return usage(err)
	}
	if dir != c.into.dir {
		if len(have) == 0 {
			c.note(dir + " has no records")
		}
		if by := from.held(); by != "" {
			c.note(fmt.Sprintf("%s is held by %s: what ends there from now on is not collected", dir, by))
		}
	}
	for _, s := range have {
		rec, err := results.ReadRecord(s.File)
		if err == nil && (rec.Key != s.Key || rec.Code != s.Code || rec.Status != s.Status) {
			err = errors.New(s.File + ": what it holds does not agree with its name")
		}
		if err != nil {
			c.damaged++
			c.note("damaged record, left out: " + oneLine(err))
			continue
		}
		c.all = append(c.all, entry{s, dir, rec.Block + " " + rec.Name, rec.Started, rec.Finished})
	}
	return nil
}

// decide sends what is out of date to superseded/ and takes the best record of each cell that is left. Of records of one
// cell under other settings (other keys) those of the newest training count, as they do for run.
func (c *collection) decide() error {
	newest := map[string]entry{} // by cell
	for _, e := range c.all {
		if c.code == "" {
			c.code = e.Code
		}
		if was, has := newest[e.cell]; e.Code == c.code && (!has || cmp.Or(e.started.Compare(was.started), cmp.Compare(e.Key, was.Key)) > 0) {
			newest[e.cell] = e
		}
	}
	groups := map[string][]entry{} // by key
	for _, e := range c.all {
		if e.Code == c.code && e.Key == newest[e.cell].Key {
			groups[e.Key] = append(groups[e.Key], e)
		} else if err := c.aside(e); err != nil {
			return err
		}
	}
	for _, key := range sortedKeys(groups) {
		if err := c.takeBest(groups[key]); err != nil {
			return err
		}
	}
	return nil
}

// takeBest takes one of several records of one key.
func (c *collection) takeBest(group []entry) error {
	best := slices.MinFunc(group, worse)
	c.kept++
	c.known += len(group) - 1
	for _, e := range group {
		if err := c.compare(best, e); err != nil {
			return err
		}
		if e.dir == c.into.dir && e.File != best.File { // it may have the name of the best
			if err := c.into.supersede(e.stored); err != nil {
				return err
			}
		}
	}
	if best.dir == c.into.dir {
		return nil
	}
	c.copied++
	return c.copy(best)
}

// worse orders records of one key: those that have not failed first, then the earlier ones.
func worse(a, b entry) int {
	failed := map[bool]int{true: 1}
	return cmp.Or(failed[results.Failed(a.Status)]-failed[results.Failed(b.Status)], a.started.Compare(b.started), a.finished.Compare(b.finished), cmp.Compare(a.Status, b.Status))
}

// compare says where two trainings of one cell differ that should have the same bits; a shorter one (by the clock) is the
// beginning of the longer.
func (c *collection) compare(x, y entry) error {
	if x.File == y.File || results.Failed(x.Status) || results.Failed(y.Status) {
		return nil
	}
	a, err := results.ReadRecord(x.File)
	if err != nil {
		return err
	}
	b, err := results.ReadRecord(y.File)
	if err != nil || len(a.Trace) == 0 || len(b.Trace) == 0 {
		return err
	}
	if a.Trace[len(a.Trace)-1].Step < b.Trace[len(b.Trace)-1].Step {
		a, b = b, a
	}
	b.Limits.Steps = b.Trace[len(b.Trace)-1].Step // it was not to go further
	if text, _ := compareTraces(a, b); text != "" {
		c.differ = append(c.differ, fmt.Sprintf("%s: %s", a.Name, text))
	}
	return nil
}

// aside puts a record that is out of date into superseded/, where nothing is overwritten.
func (c *collection) aside(e entry) error {
	c.old++
	if e.dir == c.into.dir {
		return c.into.supersede(e.stored)
	}
	b, err := os.ReadFile(e.File)
	if err != nil {
		return err
	}
	base := filepath.Join(c.into.dir, supersededFolder, e.Code, filepath.Base(e.File))
	path := base
	for n := 2; exists(path); n++ {
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, b) {
			return nil
		}
		path = fmt.Sprintf("%s.%d", base, n)
	}
	return put(path, b)
}

// copy takes a record with its log and what its training saved, in place of those of another training.
func (c *collection) copy(e entry) error {
	for _, name := range []string{filepath.Join(results.CellsFolder, filepath.Base(e.File)), filepath.Join(logsFolder, e.Key+".log")} {
		b, err := os.ReadFile(filepath.Join(e.dir, name))
		if err == nil {
			err = put(filepath.Join(c.into.dir, name), b)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	saved := filepath.Join(e.dir, ParamsFolder, e.Key)
	files, err := os.ReadDir(saved)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		if err != nil || !f.Type().IsRegular() {
			continue
		}
		var b []byte
		if b, err = os.ReadFile(filepath.Join(saved, f.Name())); err == nil {
			err = put(filepath.Join(c.into.dir, ParamsFolder, e.Key, f.Name()), b)
		}
	}
	return err
}

// put writes a file whole or not at all, and its folder where that is missing.
func put(path string, b []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return renameio.WriteFile(path, b, 0o644, renameio.WithTempDir(dir))
}
