package tables

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ngdbench/results"
)

// Manifest is what a report shows of manifest.json, which holds more.
type Manifest struct {
	Suite    string
	Started  time.Time
	Revision string
	Dirty    bool
	Wanted   int       // cells that the run was to have; 0 where unknown
	Targets  []float64 // of the suite, the easiest first; nil: it names none
	Warnings []string  // of the run itself
}

func (m Manifest) targets() []float64 {
	if len(m.Targets) > 0 {
		return m.Targets
	}
	return Targets
}

// readManifest reads the manifest of a run folder. Keys that it does not know are passed over: a manifest grows.
func readManifest(dir string) (Manifest, error) {
	b, err := os.ReadFile(filepath.Join(dir, results.ManifestFile))
	if err != nil {
		return Manifest{}, err
	}
	var f struct {
		Suite struct {
			Name    string
			Targets []float64
		}
		Started time.Time
		Cells   struct{ Wanted int }
		Code    struct {
			Revision string
			Dirty    *bool
		}
		Warnings []string
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return Manifest{}, err
	}
	slices.SortFunc(f.Suite.Targets, func(a, b float64) int { return cmp.Compare(b, a) })
	return Manifest{
		Suite: f.Suite.Name, Started: f.Started, Revision: f.Code.Revision, Dirty: f.Code.Dirty != nil && *f.Code.Dirty,
		Wanted: f.Cells.Wanted, Targets: slices.Compact(f.Suite.Targets), Warnings: f.Warnings,
	}, nil
}

// manifestOf reads what can be read; notes say what could not.
func manifestOf(dir string) (Manifest, []string) {
	m, err := readManifest(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return m, []string{"no " + results.ManifestFile + ": revision and start of the run are unknown"}
	case err != nil:
		return m, []string{clip(fmt.Sprintf("%s cannot be read: %v", results.ManifestFile, err))}
	}
	var notes []string
	for _, w := range m.Warnings {
		notes = append(notes, clip("the run itself warned: "+w))
	}
	return m, notes
}
