package results

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRecordFile(t *testing.T) {
	dir := t.TempDir()
	rec := sample()
	path, err := WriteRecord(dir, rec)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "0123abcd-beef-diverged.json"); path != want {
		t.Errorf("path %s, want %s", path, want)
	}
	if _, err := WriteRecord(dir, rec); err != nil {
		t.Fatal("writing twice:", err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d files after writing one record twice", len(files))
	}
	back, err := ReadRecord(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(rec, back, sameFloat); d != "" {
		t.Error(d)
	}
	key, code, status, err := ParseFileName(path)
	if key != rec.Key || code != rec.Code || status != rec.Status || err != nil {
		t.Error(key, code, status, err)
	}
}

func TestFileErrors(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "torn.json")
	b, _ := Encode(sample())
	if err := os.WriteFile(path, b[:200], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadRecord(path); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "truncated") {
		t.Errorf("torn file: %v", err)
	}
	rec := sample()
	rec.Key = "../up"
	if _, err := WriteRecord(dir, rec); err == nil {
		t.Error("a key may leave the folder")
	}
	if _, err := WriteRecord(filepath.Join(dir, "nowhere"), sample()); err == nil {
		t.Error("a folder that is not there is no error")
	}
	for _, name := range []string{"a-b.json", "a-b-budget", "a-b-fine.json", "x-b-budget.json", ".a-b-budget.json12", "a-b-budget-c.json", ""} {
		if k, c, s, err := ParseFileName(name); err == nil {
			t.Errorf("%q read as %s %s %s", name, k, c, s)
		}
	}
}

func TestLines(t *testing.T) {
	list := benchSample()
	var a, b bytes.Buffer
	if err := WriteLines(&a, list); err != nil {
		t.Fatal(err)
	}
	back, err := ReadLines(bytes.NewReader(a.Bytes()), "results.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(Sort(list), back, sameFloat); d != "" {
		t.Error(d)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	if WriteLines(&b, list); !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the file depends on the order of the records")
	}
	cut := a.Bytes()[:a.Len()-10]
	if _, err := ReadLines(bytes.NewReader(cut), "results.jsonl"); err == nil || !strings.Contains(err.Error(), "results.jsonl: record 3") {
		t.Errorf("cut file: %v", err)
	}
}

func TestCompareValues(t *testing.T) {
	want := []string{"0", "1e-10", "0.001", "1e-3", "2", "32", "128", "auto", "none", "poisson2d"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, CompareValues)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCellNames(t *testing.T) {
	c := Cell{"seed": "1", "problem": "heat"}
	if c.Name() != "problem=heat/seed=1" {
		t.Error(c.Name())
	}
	for _, bad := range []string{"", "problem", "speed=1", "problem=heat/"} {
		if _, err := ParseName(bad); err == nil {
			t.Errorf("%q is a name", bad)
		}
	}
	for _, bad := range []string{"", "A", "a/b", "a b", "é", "a=b", "a,b"} {
		if CheckValue("opt", bad) == nil {
			t.Errorf("%q is a value", bad)
		}
	}
}
