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

	"github.com/google/renameio/v2"

	"ngdbench/results"
)

// collection brings the records of several folders into one.
type collection struct {
	into *folder
	note func(string)

	code    string            // records of other code go to superseded/
	at      map[string]stored // what is in the folder, by key
	copied  int
	other   int      // records of other code
	known   int      // records that were there already, or came twice
	differ  []string // trainings of one cell whose bits are not the same
	damaged int
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

// take copies the records of a folder, with their logs and saved parameters.
func (c *collection) take(dir string) error {
	from, err := readFolder(dir)
	if err != nil {
		return err
	}
	have, err := from.list()
	if err != nil {
		return usage(err)
	}
	if len(have) == 0 {
		c.note(dir + " has no records")
	}
	if by := from.held(); by != "" {
		c.note(fmt.Sprintf("%s is held by %s: what ends there from now on is not collected", dir, by))
	}
	for _, s := range have {
		if err := c.record(s); err != nil {
			return err
		}
	}
	for _, extra := range []string{logsFolder, ParamsFolder} {
		if err := c.tree(dir, extra); err != nil {
			return err
		}
	}
	return nil
}

// record takes one record in.
func (c *collection) record(s stored) error {
	b, err := os.ReadFile(s.File)
	if err != nil {
		return err
	}
	rec, err := results.Decode(b)
	if err != nil || rec.Key != s.Key || rec.Code != s.Code || rec.Status != s.Status {
		c.damaged++
		c.note(fmt.Sprintf("damaged record, left out: %s: %s", s.File, oneLine(cmp.Or(err, errors.New("what it holds does not agree with its name")))))
		return nil
	}
	if s.Code != c.code {
		c.other++
		return c.write(filepath.Join(c.into.dir, supersededFolder, s.Code), s, b)
	}
	old, has := c.at[s.Key]
	if !has {
		c.copied++
		c.at[s.Key] = stored{s.Key, s.Code, s.Status, filepath.Join(c.into.cells(), filepath.Base(s.File))}
		return c.write(c.into.cells(), s, b)
	}
	c.known++
	was, err := results.ReadRecord(old.File)
	if err != nil {
		return err
	}
	if text := unlike(was, rec); text != "" {
		c.differ = append(c.differ, fmt.Sprintf("%s: %s", rec.Name, text))
	}
	if !better(rec, was) {
		return nil
	}
	if err := c.write(c.into.cells(), s, b); err != nil {
		return err
	}
	c.at[s.Key] = stored{s.Key, s.Code, s.Status, filepath.Join(c.into.cells(), filepath.Base(s.File))}
	if c.at[s.Key].File != old.File {
		return os.Remove(old.File)
	}
	return nil
}

// better decides between two records of one cell, whichever comes first: one that has not failed, then the earlier one.
func better(a, b results.Record) bool {
	if x, y := results.Failed(a.Status), results.Failed(b.Status); x != y {
		return y
	}
	return cmp.Or(a.Started.Compare(b.Started), a.Finished.Compare(b.Finished), cmp.Compare(a.Status, b.Status)) < 0
}

// unlike says where two trainings of one cell differ that should have the same bits; a shorter one (by the clock) is the
// beginning of the longer.
func unlike(a, b results.Record) string {
	if len(a.Trace) == 0 || len(b.Trace) == 0 || results.Failed(a.Status) || results.Failed(b.Status) {
		return ""
	}
	if a.Trace[len(a.Trace)-1].Step < b.Trace[len(b.Trace)-1].Step {
		a, b = b, a
	}
	b.Limits.Steps = b.Trace[len(b.Trace)-1].Step // it was not to go further
	text, _ := compareTraces(a, b)
	return text
}

func (c *collection) write(dir string, s stored, b []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	path := filepath.Join(dir, filepath.Base(s.File))
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, b) {
		return nil
	}
	return renameio.WriteFile(path, b, 0o644, renameio.WithTempDir(dir))
}

// tree copies the files below a folder of dir that are not there yet. Links are not followed.
func (c *collection) tree(dir, name string) error {
	root := filepath.Join(dir, name)
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && path == root:
			return nil
		case err != nil:
			return err
		case !d.Type().IsRegular():
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		to := filepath.Join(c.into.dir, rel)
		if exists(to) {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return renameio.WriteFile(to, b, 0o644, renameio.WithTempDir(filepath.Dir(to)))
	})
}
