package benchmarks

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"ngdbench/harness"
	"ngdbench/results"
)

// The saved parameters, by the layout beside them and in plain loops, give the saved solution.
func TestSavedNetwork(t *testing.T) {
	for _, cell := range []harness.Cell{
		{"problem": "lshape", "form": "rvpinn+hats", "net": "2x9x8x1", "points": "200+30"},
		{"problem": "kovasznay", "net": "2x10x3", "points": "60+20"},
		{"problem": "heat3d", "net": "4x7x1", "points": "60+20+10"},
		{"problem": "poisson1d", "form": "feinn", "net": "1x6x1", "points": "20+0"},
	} {
		dir := filepath.Join(t.TempDir(), "saved")
		if _, err := harness.RunCell(Catalogue(), harness.Spec{Cell: cell, Limits: results.Limits{Steps: 5}, Save: dir}, nil); err != nil {
			t.Fatal(err)
		}
		_, theta, err := results.ReadArray(filepath.Join(dir, "theta.npy"))
		if err != nil {
			t.Fatal(err)
		}
		var layout struct {
			Blocks []struct {
				Name               string
				Offset, Rows, Cols int
			}
		}
		b, err := os.ReadFile(filepath.Join(dir, "theta.json"))
		if err == nil {
			err = json.Unmarshal(b, &layout)
		}
		if err != nil {
			t.Fatal(err)
		}
		field, err := results.ReadArrays(filepath.Join(dir, results.FieldFile))
		if err != nil {
			t.Fatal(err)
		}
		x, u, exact := field[results.FieldPoints], field[results.FieldSolution], field[results.FieldReference]
		if x.Shape[0] != u.Shape[0] || len(exact.Data) != len(u.Data) || x.Shape[0] < 1000 {
			t.Fatalf("shapes %v %v %v", x.Shape, u.Shape, exact.Shape)
		}
		for i := range x.Shape[0] {
			a := x.Data[i*x.Shape[1]:][:x.Shape[1]]
			for l := 0; l < len(layout.Blocks); l += 2 {
				w, bias := layout.Blocks[l], layout.Blocks[l+1]
				z := make([]float64, w.Rows)
				for o := range z {
					z[o] = theta[bias.Offset+o]
					for k, v := range a {
						z[o] += theta[w.Offset+o*w.Cols+k] * v
					}
					if l+2 < len(layout.Blocks) {
						z[o] = math.Tanh(z[o])
					}
				}
				a = z
			}
			for o, v := range a {
				if got := u.Data[i*u.Shape[1]+o]; math.Abs(got-v) > 1e-13*(1+math.Abs(v)) {
					t.Fatalf("%v, point %d: %v, by hand %v", cell, i, got, v)
				}
			}
		}
	}
}
