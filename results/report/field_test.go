package report

import (
	"bytes"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ngdbench/results"
)

// saved writes a field.npz of two functions on a lattice with a corner missing, and one point that is not finite.
func saved(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	points, u, ref := []float64{}, []float64{}, []float64{}
	for i := range 11 {
		for k := range 11 {
			if i > 5 && k < 5 {
				continue
			}
			x, y := float64(i)/10, float64(k)/10
			points = append(points, x, y, 0.5)
			u, ref = append(u, x+y, 1), append(ref, x*y, 1)
		}
	}
	u[4] = math.NaN()
	n := len(points) / 3
	err := results.WriteArrays(filepath.Join(dir, results.FieldFile),
		results.Array{Name: results.FieldPoints, Shape: []int{n, 3}, Data: points},
		results.Array{Name: results.FieldSolution, Shape: []int{n, 2}, Data: u},
		results.Array{Name: results.FieldReference, Shape: []int{n, 2}, Data: ref})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "theta.json"), []byte(`{"fields": ["u", "p"]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Every field becomes a picture, from the files alone and the same each time.
func TestFieldsAreDrawn(t *testing.T) {
	dir := saved(t)
	var out, errs bytes.Buffer
	if code := Main([]string{"field", dir}, &out, &errs); code != exitDone {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	if s := out.String(); !strings.Contains(s, "u: largest error") || !strings.Contains(s, "field-p.png") {
		t.Errorf("output %q", s)
	}
	first := map[string][]byte{}
	for _, name := range []string{"field-u.png", "field-p.png", "field-u.svg", "field-p.svg"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		first[name] = b
	}
	img, err := png.Decode(bytes.NewReader(first["field-u.png"]))
	if err != nil {
		t.Fatal(err)
	}
	colors := map[any]bool{}
	for x := range img.Bounds().Dx() {
		colors[img.At(x, img.Bounds().Dy()/2)] = true
	}
	if len(colors) < 20 {
		t.Errorf("%d colours in the middle of the picture", len(colors))
	}
	if code := Main([]string{"field", dir}, &out, &errs); code != exitDone {
		t.Fatal(errs.String())
	}
	for name, b := range first {
		if again, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(b, again) {
			t.Errorf("%s differs the second time (%v)", name, err)
		}
	}
}

func TestFieldsRefused(t *testing.T) {
	short := saved(t)
	path := filepath.Join(short, results.FieldFile)
	if err := results.WriteArrays(path, results.Array{Name: results.FieldPoints, Shape: []int{2, 1}, Data: []float64{0, 1}},
		results.Array{Name: results.FieldSolution, Shape: []int{1, 1}, Data: []float64{0}}); err != nil {
		t.Fatal(err)
	}
	broken := saved(t)
	if err := os.WriteFile(filepath.Join(broken, results.FieldFile), []byte("PK"), 0o644); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"cell --save":        {"field", t.TempDir()},
		"do not belong":      {"field", short},
		results.FieldFile:    {"field", broken},
		"one folder":         {"field"},
		`unknown flag --otu`: {"field", short, "--otu", "x"},
	} {
		var out, errs bytes.Buffer
		if code := Main(args, &out, &errs); code != exitUsage || !strings.Contains(errs.String(), want) {
			t.Errorf("%v: exit %d, %q, want %q", args, code, errs.String(), want)
		}
	}
}
