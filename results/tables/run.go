// Package tables rebuilds the tables and the words of a report from the files of a run alone, also years later.
//
// Load reads a run folder into a Run; Run.Sections groups its cells so that a row of a table differs from its
// neighbours by what its label says and by nothing else; NewPage and AddSection make the Page, which is written as text
// and as Markdown; WriteBrief is the page that a run ends with. The order and the names of record files decide nothing.
//
// Figures are drawn a storey higher, in results/report: what links this package links no plotting, and a process whose
// Memory is measured stays small.
package tables

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ngdbench/internal/par"
	"ngdbench/results"
)

// Run is what a run folder holds, in the order of results.Sort.
type Run struct {
	Dir      string
	Manifest Manifest
	Cells    []Cell
	Notes    []string // files that could not be read, records left out: shown as warnings
}

// Cell is one record with its trace in compact form; Record.Trace is empty.
type Cell struct {
	results.Record
	Curve Curve
}

// Load reads manifest.json and cells/*.json of a run folder. A record that cannot be read becomes a note, for the rest
// is still worth a report; a folder without records is an error.
func Load(dir string) (*Run, error) {
	m, notes := manifestOf(dir)
	var cells []Cell
	broken, err := eachRecord(dir, func(rec results.Record) { cells = append(cells, compact(rec)) })
	if err != nil {
		return nil, err
	}
	for _, why := range broken {
		notes = append(notes, clip("left out: "+why))
	}
	if missing := m.Wanted - len(cells); missing > 0 {
		notes = append(notes, fmt.Sprintf("%s of the %d that the run wanted are not there.", Count(missing, "cell"), m.Wanted))
	}
	slices.Sort(notes)
	return newRun(dir, m, cells, notes), nil
}

// ReadRecords reads the records of a run folder whole, in the order of results.Sort, and says which could not be read and
// why. A folder without records is an error.
func ReadRecords(dir string) (records []results.Record, broken []string, err error) {
	broken, err = eachRecord(dir, func(rec results.Record) { records = append(records, rec) })
	return results.Sort(records), broken, err
}

// eachRecord hands on the records of a run folder as they are listed.
func eachRecord(dir string, take func(results.Record)) (broken []string, err error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s: no such run folder", dir)
	}
	paths, err := filepath.Glob(filepath.Join(escapeGlob(dir), results.CellsFolder, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	paths = slices.DeleteFunc(paths, func(p string) bool { return strings.HasPrefix(filepath.Base(p), ".") }) // records being written
	n := 0
	for batch := range slices.Chunk(paths, readTogether) {
		for _, r := range readAll(batch) {
			if r.err != nil {
				broken = append(broken, r.err.Error())
				continue
			}
			take(r.rec)
			n++
		}
	}
	if n == 0 {
		return nil, fmt.Errorf("%s: no readable records in %s", dir, filepath.Join(dir, results.CellsFolder))
	}
	return broken, nil
}

// readTogether is the number of records that are read at a time: whole ones take room.
const readTogether = 64

// reading is a record, or why there is none.
type reading struct {
	rec results.Record
	err error
}

// readAll reads records on all cores, in the order of their paths.
func readAll(paths []string) []reading {
	list := make([]reading, len(paths))
	par.Each(len(paths), func(i int) { list[i].rec, list[i].err = results.ReadRecord(paths[i]) })
	return list
}

// NewRun makes a Run of records in memory, in any order.
func NewRun(m Manifest, records []results.Record) *Run {
	cells := make([]Cell, len(records))
	for i, rec := range records {
		cells[i] = compact(rec)
	}
	return newRun("", m, cells, nil)
}

func newRun(dir string, m Manifest, cells []Cell, notes []string) *Run {
	cells, dropped := newest(cells)
	if dropped > 0 {
		notes = append(notes, fmt.Sprintf("%s of the same cell left out: the newest counts", Count(dropped, "older record")))
	}
	if m.Suite == "" && len(cells) > 0 {
		m.Suite = cells[0].Suite
	}
	return &Run{Dir: dir, Manifest: m, Cells: cells, Notes: notes}
}

// newest sorts the cells and keeps, of those that name the same training, the one that started last. What a cell is
// (axes, limits, threads, kernels) tells trainings apart, not the key: the code may have changed.
func newest(cells []Cell) ([]Cell, int) {
	slices.SortFunc(cells, func(a, b Cell) int {
		return cmp.Or(compareTraining(a, b), b.Started.Compare(a.Started),
			cmp.Compare(a.Key, b.Key), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Digests.Trajectory, b.Digests.Trajectory))
	})
	n := len(cells)
	kept := slices.CompactFunc(cells, func(a, b Cell) bool { return compareTraining(a, b) == 0 })
	return kept, n - len(kept)
}

func compareTraining(a, b Cell) int {
	return cmp.Or(cmp.Compare(a.Suite, b.Suite), cmp.Compare(a.Block, b.Block), results.Compare(a.Cell, b.Cell),
		cmp.Compare(a.Limits.Seconds, b.Limits.Seconds), cmp.Compare(a.Limits.Steps, b.Limits.Steps),
		cmp.Compare(a.Limits.Target, b.Limits.Target),
		cmp.Compare(a.Environment.GOMAXPROCS, b.Environment.GOMAXPROCS), cmp.Compare(a.Environment.Kernels, b.Environment.Kernels))
}

// escapeGlob makes a folder name with brackets or stars match itself only.
func escapeGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(dir)
}

// Count is "1 record", "3 records".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
