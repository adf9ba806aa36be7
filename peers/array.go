package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// Arrays travel as .npy files of format 1.0: magic, version, length of the header, the header as a Python dictionary
// padded to a multiple of 64 bytes, then float64, little-endian, the last axis fastest.
const (
	arrayEnd   = ".npy"
	arrayMagic = "\x93NUMPY\x01\x00"
	arrayAlign = 64
)

// arrayHeader accepts what numpy and writeArray write for float64.
var arrayHeader = regexp.MustCompile(`^\{'descr': '<f8', 'fortran_order': False, 'shape': \(([0-9, ]*)\), \} *\n$`)

// writeArray writes data as a matrix of the shape.
func writeArray(path string, data []float64, shape ...int) error {
	size := 1
	words := ""
	for _, n := range shape {
		size *= n
		words += strconv.Itoa(n) + ", "
	}
	if size != len(data) {
		panic("peers: shape and data differ in size")
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
	return os.WriteFile(path, b, 0o644)
}

// readArray reads what writeArray or numpy wrote.
func readArray(path string) (shape []int, data []float64, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	if shape, data, err = decodeArray(b); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return shape, data, nil
}

func decodeArray(b []byte) (shape []int, data []float64, err error) {
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
