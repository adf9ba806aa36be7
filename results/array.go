package results

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/google/renameio/v2"
)

// Arrays travel as .npy files of format 1.0: magic, version, length of the header, the header as a Python dictionary
// padded to a multiple of 64 bytes, then float64, little-endian, the last axis fastest.
const (
	// ArrayEnd is how the name of a file with one array ends.
	ArrayEnd   = ".npy"
	arrayMagic = "\x93NUMPY\x01\x00"
	arrayAlign = 64
)

// arrayHeader accepts what numpy and EncodeArray write for float64.
var arrayHeader = regexp.MustCompile(`^\{'descr': '<f8', 'fortran_order': False, 'shape': \(([0-9, ]*)\), \} *\n$`)

// FieldFile is the solution of a saved training beside its reference, on points of the domain; inside it, the arrays
// points (n×d), solution and reference (n×fields).
const (
	FieldFile      = "field.npz"
	FieldPoints    = "points"
	FieldSolution  = "solution"
	FieldReference = "reference"
)

// Array is a named array of float64, the last axis fastest.
type Array struct {
	Name  string
	Shape []int
	Data  []float64
}

// EncodeArray is data of a shape as an .npy file.
func EncodeArray(data []float64, shape ...int) []byte {
	size := 1
	words := ""
	for _, n := range shape {
		size *= n
		words += strconv.Itoa(n) + ", "
	}
	if size != len(data) {
		panic("results: shape and data differ in size")
	}
	if len(shape) > 1 {
		words = strings.TrimSuffix(words, ", ")
	} else {
		words = strings.TrimSuffix(words, " ")
	}
	header := fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }", words)
	used := len(arrayMagic) + 2 + len(header) + 1
	header += strings.Repeat(" ", (arrayAlign-used%arrayAlign)%arrayAlign) + "\n"
	b := make([]byte, 0, len(arrayMagic)+2+len(header)+8*size)
	b = append(b, arrayMagic...)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	b = append(b, header...)
	for _, x := range data {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

// WriteArray writes an .npy file, which appears whole or not at all.
func WriteArray(path string, data []float64, shape ...int) error {
	return renameio.WriteFile(path, EncodeArray(data, shape...), 0o644, renameio.WithTempDir(filepath.Dir(path)))
}

// ReadArray reads an .npy file that EncodeArray or numpy wrote.
func ReadArray(path string) (shape []int, data []float64, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	if shape, data, err = DecodeArray(b); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return shape, data, nil
}

// DecodeArray reads what EncodeArray or numpy made of float64 in C order.
func DecodeArray(b []byte) (shape []int, data []float64, err error) {
	rest, ok := bytes.CutPrefix(b, []byte(arrayMagic))
	if !ok || len(rest) < 2 {
		return nil, nil, fmt.Errorf("no .npy file of format 1.0")
	}
	n := int(binary.LittleEndian.Uint16(rest))
	rest = rest[2:]
	if len(rest) < n {
		return nil, nil, io.ErrUnexpectedEOF
	}
	m := arrayHeader.FindSubmatch(rest[:n])
	if m == nil {
		return nil, nil, fmt.Errorf("not float64 in C order: %q", rest[:n])
	}
	size := 1
	for _, w := range strings.FieldsFunc(string(m[1]), func(r rune) bool { return r == ',' || r == ' ' }) {
		k, err := strconv.Atoi(w)
		if err != nil || k < 0 || k > 0 && size > math.MaxInt/8/k {
			return nil, nil, fmt.Errorf("shape %q", m[1])
		}
		shape, size = append(shape, k), size*k
	}
	if rest = rest[n:]; len(rest) != 8*size {
		return nil, nil, fmt.Errorf("%d bytes of data for %d numbers", len(rest), size)
	}
	data = make([]float64, size)
	for i := range data {
		data[i] = math.Float64frombits(binary.LittleEndian.Uint64(rest[8*i:]))
	}
	return shape, data, nil
}

// WriteArrays writes arrays as an .npz file, a zip archive of .npy files, which appears whole or not at all.
func WriteArrays(path string, arrays ...Array) error {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, a := range arrays {
		w, err := z.Create(a.Name + ArrayEnd)
		if err != nil {
			return err
		}
		if _, err := w.Write(EncodeArray(a.Data, a.Shape...)); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return renameio.WriteFile(path, b.Bytes(), 0o644, renameio.WithTempDir(filepath.Dir(path)))
}

// ReadArrays reads an .npz file, by name.
func ReadArrays(path string) (map[string]Array, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer z.Close()
	out := map[string]Array{}
	for _, f := range z.File {
		a := Array{Name: strings.TrimSuffix(f.Name, ArrayEnd)}
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, f.Name, err)
		}
		b, err := io.ReadAll(r)
		if err == nil {
			a.Shape, a.Data, err = DecodeArray(b)
		}
		if r.Close(); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, f.Name, err)
		}
		out[a.Name] = a
	}
	return out, nil
}
