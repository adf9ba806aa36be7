package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
	Cells       CellCounts `json:"cells"`

	Code     CodeFacts    `json:"code"`
	Machine  MachineFacts `json:"machine"`
	Kernels  string       `json:"kernels"`    // kernel path of the children
	Procs    []int        `json:"gomaxprocs"` // of the children, by block
	Jobs     []int        `json:"jobs"`       // side by side, by block
	Timing   []string     `json:"timing"`     // exclusive, pinned or shared, by block
	Warnings []string     `json:"warnings,omitempty"`
}

// CellCounts says how many cells an invocation wanted, found done, and ran, and how many of those wanted are failed.
type CellCounts struct {
	Wanted int `json:"wanted"`
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

// follow puts the invocations of an older manifest before m's.
func (m *Manifest) follow(old *Manifest) {
	if old != nil {
		m.Earlier = append(old.Earlier, old.Invocation)
	}
}

func (m *Manifest) write(dir string) error {
	b, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, results.ManifestFile), append(b, '\n'), 0o644, renameio.WithTempDir(dir))
}
