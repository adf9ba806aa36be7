package results

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
)

// Names inside the folder of a run.
const (
	ManifestFile = "manifest.json" // what ran, from which code, on which machine
	CellsFolder  = "cells"         // the records, one file each
	BenchFile    = "bench.txt"     // derived from them by WriteBench
	LinesFile    = "results.jsonl" // derived from them by WriteLines
)

// FileName is "<key>-<code>-<status>.json": what there is can be told from a listing, without reading a file.
func FileName(key, code, status string) string { return key + "-" + code + "-" + status + ".json" }

// ParseFileName reads what FileName wrote; the folder before it is dropped. A name that is none is refused: temporary
// files and strangers are not records.
func ParseFileName(path string) (key, code, status string, err error) {
	name := filepath.Base(path)
	stem, ok := strings.CutSuffix(name, ".json")
	parts := strings.Split(stem, "-")
	if !ok || len(parts) != 3 || !isHex(parts[0]) || !isHex(parts[1]) || !slices.Contains(Statuses, parts[2]) {
		return "", "", "", fmt.Errorf("%s is not KEY-CODE-STATUS.json", name)
	}
	return parts[0], parts[1], parts[2], nil
}

func isHex(s string) bool {
	return s != "" && strings.Trim(s, "0123456789abcdef") == ""
}

// WriteRecord writes rec into dir under its FileName and returns the path. The file appears whole or not at all: it is
// written beside its place, forced to disk, and renamed. Temporary files begin with a dot.
func WriteRecord(dir string, rec Record) (string, error) {
	path := filepath.Join(dir, FileName(rec.Key, rec.Code, rec.Status))
	if _, _, _, err := ParseFileName(path); err != nil {
		return "", fmt.Errorf("results: key %q and code %q must be hexadecimal: %w", rec.Key, rec.Code, err)
	}
	b, err := Encode(rec)
	if err != nil {
		return "", fmt.Errorf("results: %s: %w", path, err)
	}
	if err := renameio.WriteFile(path, b, 0o644, renameio.WithTempDir(dir)); err != nil {
		return "", fmt.Errorf("results: %w", err)
	}
	return path, nil
}

// ReadName reads of a record file which cell it is of, and of which block. It reads the beginning of a file that Encode
// wrote, which is quick, and all of any other.
func ReadName(path string) (name, block string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", "", fmt.Errorf("results: %w", err)
	}
	defer f.Close()
	var head [4096]byte
	n, _ := f.Read(head[:])
	name, named := member(head[:n], "name")
	block, blocked := member(head[:n], "block")
	if named && blocked {
		return name, block, nil
	}
	rec, err := ReadRecord(path)
	return rec.Name, rec.Block, err
}

// member is the value of a key on a line of its own, where it is a string without escapes.
func member(text []byte, key string) (string, bool) {
	_, after, found := bytes.Cut(text, []byte("\n\t\""+key+"\": \""))
	value, _, ends := bytes.Cut(after, []byte("\""))
	return string(value), found && ends && !bytes.ContainsRune(value, '\\')
}

// ReadRecord reads one record file. Its name need not be FileName's: what the file says counts.
func ReadRecord(path string) (Record, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Record{}, fmt.Errorf("results: %w", err)
	}
	rec, err := Decode(b)
	if err != nil {
		return Record{}, fmt.Errorf("results: %s: %w", path, err)
	}
	return rec, nil
}
