package results

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestArrayBytes holds a file that numpy.save wrote against ours, byte for byte.
func TestArrayBytes(t *testing.T) {
	for _, c := range []struct {
		shape  []int
		header string
	}{
		{[]int{2, 3}, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"},
		{[]int{6}, "{'descr': '<f8', 'fortran_order': False, 'shape': (6,), }"},
	} {
		path := filepath.Join(t.TempDir(), "a.npy")
		if err := WriteArray(path, []float64{0, 1, 2, 3, 4, 5}, c.shape...); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) != 128+48 || string(b[:10]) != "\x93NUMPY\x01\x00\x76\x00" || string(b[10:10+len(c.header)]) != c.header || b[127] != '\n' {
			t.Errorf("%q", b)
		}
	}
}

func TestArraysComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.npy")
	rapid.Check(t, func(t *rapid.T) {
		rows, cols := rapid.IntRange(0, 9).Draw(t, "rows"), rapid.IntRange(0, 9).Draw(t, "columns")
		data := rapid.SliceOfN(rapid.Float64(), rows*cols, rows*cols).Draw(t, "data")
		if len(data) > 0 {
			data[0] = math.NaN()
		}
		if err := WriteArray(path, data, rows, cols); err != nil {
			t.Fatal(err)
		}
		shape, got, err := ReadArray(path)
		same := slices.EqualFunc(got, data, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) })
		if err != nil || !slices.Equal(shape, []int{rows, cols}) || !same {
			t.Fatalf("%v %v %v, want %v", shape, got, err, data)
		}
	})
}

// FuzzArray: no bytes make DecodeArray panic, or return a shape that is not that of the data.
func FuzzArray(f *testing.F) {
	path := filepath.Join(f.TempDir(), "a.npy")
	if err := WriteArray(path, []float64{1, 2}, 2); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add([]byte(arrayMagic + "\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		shape, data, err := DecodeArray(b)
		if err != nil {
			return
		}
		size := 1
		for _, n := range shape {
			size *= n
		}
		if size != len(data) {
			t.Errorf("shape %v, %d numbers", shape, len(data))
		}
	})
}

func TestArrayRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.npy")
	if err := WriteArray(path, []float64{1, 2}, 2); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	float32s := slices.Clone(good)
	float32s[10+len("{'descr': '<f")] = '4'
	for name, b := range map[string][]byte{"short": good[:len(good)-8], "long": append(good[:len(good):len(good)], 0), "float32": float32s, "empty": nil} {
		if _, _, err := DecodeArray(b); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestArchivesComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.npz")
	want := []Array{{"points", []int{2, 2}, []float64{1, 2, 3, math.Inf(1)}}, {"u", []int{1}, []float64{-0.5}}}
	if err := WriteArrays(path, want...); err != nil {
		t.Fatal(err)
	}
	got, err := ReadArrays(path)
	if err != nil || len(got) != 2 || !slices.Equal(got["points"].Data, want[0].Data) || !slices.Equal(got["u"].Shape, want[1].Shape) {
		t.Fatalf("%v %v", got, err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b[:len(b)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadArrays(path); err == nil {
		t.Error("half an archive is read")
	}
}
