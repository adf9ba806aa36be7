package harness

import (
	"encoding/json"
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

// ManifestSchema is the version of Manifest.
const ManifestSchema = 1

// Manifest is manifest.json of a folder: what ran there, from which code, on which machine. One for each folder; the
// invocations before the last are kept in it.
type Manifest struct {
	Schema int   `json:"schema"`
	Suite  Suite `json:"suite"` // as it was read; what the command line changes is in command_line
	Invocation
	Earlier []Invocation `json:"earlier,omitempty"` // oldest first
}

// Invocation is one benchrun on the folder.
type Invocation struct {
	Started     time.Time  `json:"started"`
	Finished    *time.Time `json:"finished"` // null: it was killed, or still runs
	Exit        int        `json:"exit"`
	CommandLine []string   `json:"command_line"`
	ShuffleSeed uint64     `json:"shuffle_seed"` // of the order of the cells
	Shard       string     `json:"shard,omitempty"`
	Cells       CellCounts `json:"cells"`

	Code     CodeFacts    `json:"code"`
	Machine  MachineFacts `json:"machine"`
	Kernels  string       `json:"kernels"`    // kernel path of the children
	Procs    []int        `json:"gomaxprocs"` // of the children, by block
	Jobs     []int        `json:"jobs"`       // side by side, by block
	Timing   []string     `json:"timing"`     // exclusive, pinned or shared, by block
	Warnings []string     `json:"warnings,omitempty"`
}

// CellCounts says how many cells an invocation wanted in all shards, how many of them were its own, and of these, how many
// it found done, ran, and left as failed.
type CellCounts struct {
	Wanted int `json:"wanted"`
	Mine   int `json:"mine"`
	Reused int `json:"reused"`
	Ran    int `json:"ran"`
	Failed int `json:"failed"`
}

// readManifest reads the manifest of a folder; nil where there is none.
func readManifest(dir string) (*Manifest, error) {
	b, err := os.ReadFile(filepath.Join(dir, results.ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var m Manifest
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, results.ManifestFile), err)
	}
	return &m, nil
}

// begin puts an invocation on top of the folder's manifest before its first cell: a run that is killed is in it too.
func (f *folder) begin(s Suite, in Invocation, note func(string)) error {
	return f.exclusively(func() error {
		m := Manifest{Schema: ManifestSchema, Suite: s, Invocation: in}
		old, err := f.manifest(note)
		if err != nil {
			return err
		}
		if old != nil {
			m.Earlier = append(old.Earlier, old.Invocation)
		}
		return m.write(f.dir)
	})
}

// manifest reads the manifest; one that cannot be read is kept aside and named.
func (f *folder) manifest(note func(string)) (*Manifest, error) {
	m, err := readManifest(f.dir)
	if err == nil {
		return m, nil
	}
	to, e := f.setAside(filepath.Join(f.dir, results.ManifestFile), damagedFolder)
	if e == nil {
		note(fmt.Sprintf("damaged manifest: %s; kept as %s", oneLine(err), to))
	}
	return nil, e
}

// end writes how an invocation ended to where begin put it: another shard may have put its own on top since.
func (f *folder) end(s Suite, in Invocation, note func(string)) error {
	return f.exclusively(func() error {
		m, err := f.manifest(note)
		if err != nil {
			return err
		}
		if m == nil {
			m = &Manifest{Schema: ManifestSchema, Suite: s, Invocation: in}
		}
		for i := range m.Earlier {
			if m.Earlier[i].same(in) {
				m.Earlier[i] = in
			}
		}
		if m.same(in) {
			m.Invocation = in
		}
		return m.write(f.dir)
	})
}

// same reports whether two are records of one invocation.
func (i Invocation) same(o Invocation) bool {
	return i.Started.Equal(o.Started) && i.Shard == o.Shard && slices.Equal(i.CommandLine, o.CommandLine)
}

func (m *Manifest) write(dir string) error {
	b, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, results.ManifestFile), append(b, '\n'), 0o644, renameio.WithTempDir(dir))
}
