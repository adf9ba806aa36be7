package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"ngdbench/results"
)

func fieldCommand(stdout io.Writer) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:                   "field DIR [--out DIR]",
		DisableFlagsInUseLine: true,
		Short:                 "solution, reference and error of a saved training",
		Long: `field draws what benchrun cell --save DIR, or run --keep-params, wrote: solution, reference and error on the grid of
DIR/field.npz, from that file alone, as field-NAME.svg and field-NAME.png for each field, into DIR or the folder that
--out names. In more than two dimensions it is the plane of the first two coordinates through the middle of the others.`,
		Example: "  benchrun cell problem=lshape form=feinn seconds=10 --save /tmp/lshape\n  benchreport field /tmp/lshape",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("field wants one folder that benchrun cell --save wrote, not %d", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				out = args[0]
			}
			return writeFields(args[0], out, stdout)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder for the figures (default DIR)")
	cmd.SetFlagErrorFunc(flagError)
	return cmd
}

// writeFields draws every field of a saved training.
func writeFields(dir, out string, stdout io.Writer) error {
	pictures, err := loadFields(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("cannot write the figures: %w", err)
	}
	for _, p := range pictures {
		if err := writeFile(out, p.file()+".svg", svgOf(p.width(), fieldHeight, p.draw, p.alt(), "")); err != nil {
			return err
		}
		if err := writeFile(out, p.file()+".png", pngOf(p.width(), fieldHeight, p.draw, "")); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(stdout, "%s: largest error %.3g, of a field between %.4g and %.4g: %s\n",
			p.name, p.largest(), slices.Min(p.solution), slices.Max(p.solution), filepath.Join(out, p.file()+".png")); err != nil {
			return err
		}
	}
	return nil
}

// field is one function on a grid: of its first coordinate, or of the first two.
type field struct {
	name                string
	x, y                []float64 // coordinates of the points; y is nil in one dimension
	solution, reference []float64 // reference is nil where there is none
}

func (f *field) file() string { return "field-" + safe(f.name) }

func (f *field) alt() string {
	return "solution, reference and error of the field " + f.name
}

// largest is the largest error, NaN without a reference.
func (f *field) largest() float64 {
	if f.reference == nil {
		return math.NaN()
	}
	m := 0.0
	for i, v := range f.solution {
		m = max(m, math.Abs(v-f.reference[i]))
	}
	return m
}

// loadFields reads field.npz, and the names of the fields beside it where they are known.
func loadFields(dir string) ([]*field, error) {
	path := filepath.Join(dir, results.FieldFile)
	arrays, err := results.ReadArrays(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s has no %s: benchrun cell --save writes one", dir, results.FieldFile)
	}
	if err != nil {
		return nil, err
	}
	points, solution := arrays[results.FieldPoints], arrays[results.FieldSolution]
	reference, known := arrays[results.FieldReference]
	if len(points.Shape) != 2 || len(solution.Shape) != 2 || points.Shape[0] != solution.Shape[0] || points.Shape[0] == 0 || points.Shape[1] == 0 ||
		known && !slices.Equal(reference.Shape, solution.Shape) {
		return nil, fmt.Errorf("%s: points and solution of the shapes %v and %v do not belong together", path, points.Shape, solution.Shape)
	}
	names := fieldNames(dir, solution.Shape[1])
	var out []*field
	for k, name := range names {
		f := &field{name: name}
		for i := range points.Shape[0] {
			at := points.Data[i*points.Shape[1]:]
			f.x = append(f.x, at[0])
			if points.Shape[1] > 1 {
				f.y = append(f.y, at[1])
			}
			f.solution = append(f.solution, solution.Data[i*len(names)+k])
			if known {
				f.reference = append(f.reference, reference.Data[i*len(names)+k])
			}
		}
		out = append(out, f)
	}
	return out, nil
}

// fieldNames are those of theta.json, or numbers.
func fieldNames(dir string, n int) []string {
	var l struct {
		Fields []string `json:"fields"`
	}
	if b, err := os.ReadFile(filepath.Join(dir, "theta.json")); err == nil && json.Unmarshal(b, &l) == nil && len(l.Fields) == n {
		return l.Fields
	}
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("%d", i+1))
	}
	return names
}
