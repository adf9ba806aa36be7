package harness

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"ngdbench/objective"
	"ngdbench/results"
)

// Files of a saved training, inside its folder; docs/records.md describes them.
const (
	thetaFile  = "theta.npy"
	layoutFile = "theta.json"
)

// ParamsFolder is where run --keep-params saves trainings, a folder for each key, inside the folder of a run.
const ParamsFolder = "params"

// savedLayout is theta.json.
type savedLayout struct {
	Name   string       `json:"name"`
	Cell   Cell         `json:"cell"`
	Net    string       `json:"net"`
	Digest string       `json:"digest"` // of θ, as in the record
	Blocks []savedBlock `json:"blocks"`
	Fields []string     `json:"fields,omitempty"` // the columns of solution and reference in field.npz
}

// savedBlock is a named array in θ: rows×cols numbers from offset on, row by row.
type savedBlock struct {
	Name   string `json:"name"`
	Offset int    `json:"offset"`
	Rows   int    `json:"rows"`
	Cols   int    `json:"cols"`
}

// save writes θ with its layout, and the solution beside the reference where the judge can show them.
func save(dir string, rec results.Record, t Training, theta []float64) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	l := savedLayout{Name: rec.Name, Cell: rec.Cell, Net: rec.Cell["net"], Digest: rec.Digests.Theta}
	at := 0
	for _, b := range t.Objective.Params() {
		l.Blocks = append(l.Blocks, savedBlock{b.Name, at, b.Rows, b.Cols})
		at += b.Rows * b.Cols
	}
	if f, ok := t.Judge.(objective.Fielder); ok {
		field := f.Field(theta)
		l.Fields = field.Names
		n, c := len(field.X)/field.Dim, len(field.Names)
		arrays := []results.Array{
			{Name: results.FieldPoints, Shape: []int{n, field.Dim}, Data: field.X},
			{Name: results.FieldSolution, Shape: []int{n, c}, Data: field.U},
		}
		if field.Exact != nil {
			arrays = append(arrays, results.Array{Name: results.FieldReference, Shape: []int{n, c}, Data: field.Exact})
		}
		if err := results.WriteArrays(filepath.Join(dir, results.FieldFile), arrays...); err != nil {
			return fmt.Errorf("cannot save the solution: %w", err)
		}
	}
	if err := results.WriteArray(filepath.Join(dir, thetaFile), theta, len(theta)); err != nil {
		return err
	}
	b, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, layoutFile), append(b, '\n'), 0o644, renameio.WithTempDir(dir))
}
