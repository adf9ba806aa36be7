package tables

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Where runs lie, from the root of the repository.
var (
	runsFolder      = filepath.Join("results", "runs")
	referenceFolder = filepath.Join("results", "reference")
)

// Folders lists the run folders of a working directory, the kept ones last.
func Folders() (list []string) {
	for _, parent := range []string{runsFolder, referenceFolder} {
		entries, _ := os.ReadDir(parent)
		for _, e := range entries {
			dir := filepath.Join(parent, e.Name())
			if _, err := readManifest(dir); err == nil {
				list = append(list, dir)
			}
		}
	}
	return list
}

// Latest returns the run folder below results/runs whose manifest started last; of equal starts the last by name.
// Modification times say nothing: a copied or checked out folder is not newer.
func Latest() (string, error) {
	entries, err := os.ReadDir(runsFolder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	type run struct {
		dir     string
		started time.Time
	}
	var runs []run
	for _, e := range entries {
		dir := filepath.Join(runsFolder, e.Name())
		if m, err := readManifest(dir); err == nil {
			runs = append(runs, run{dir, m.Started})
		}
	}
	if len(runs) == 0 {
		return "", fmt.Errorf("no run in %s: start one with benchrun, or name a folder, one of %s for a kept run", runsFolder, referenceFolder)
	}
	newest := slices.MaxFunc(runs, func(a, b run) int { return cmp.Or(a.started.Compare(b.started), cmp.Compare(a.dir, b.dir)) })
	return newest.dir, nil
}
