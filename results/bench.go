package results

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// benchBase is the Go benchmark that every cell is a sub-benchmark of.
const benchBase = "Cell"

// BenchName is "BenchmarkCell/problem=…/seed=1-2". The suffix is GOMAXPROCS, written for 1 too: without it a reader
// would take the end of a name such as damp=1e-10 for one.
func BenchName(c Cell, gomaxprocs int) string {
	return fmt.Sprintf("Benchmark%s/%s-%d", benchBase, c.Name(), gomaxprocs)
}

// ParseBenchName reads what BenchName wrote, with or without the word Benchmark.
func ParseBenchName(name string) (c Cell, gomaxprocs int, err error) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(name, "Benchmark"), benchBase+"/")
	i := strings.LastIndexByte(rest, '-')
	if !ok || i < 0 {
		return nil, 0, fmt.Errorf("results: %q is not BenchmarkCell/AXIS=VALUE/…-N", name)
	}
	if gomaxprocs, err = strconv.Atoi(rest[i+1:]); err != nil || gomaxprocs < 1 {
		return nil, 0, fmt.Errorf("results: %q does not end in -GOMAXPROCS", name)
	}
	c, err = ParseName(rest[:i])
	return c, gomaxprocs, err
}

// WriteBench writes records in the Go benchmark format, one line each with one iteration, in the order of Sort; the
// stock benchstat reads it. Above each stretch of lines stand goos, goarch, cpu and suite (left out where empty).
// benchstat makes a table of its own for each value of these, so nothing stands there in which two runs that are to be
// compared differ: the revision is in the manifest, not here.
//
// Numbers have full precision. What is not finite has no place in the format (one NaN spoils a whole row of benchstat)
// and is left out, as is a time of exactly zero, which x/perf would not convert to seconds and so put into a table of
// its own. Every unit's direction is stated at the top, the same in every file, since a second statement that differs
// is an error for the reader. A record with nothing to measure becomes a comment, which readers skip.
func WriteBench(w io.Writer, records []Record) error {
	bw := benchfmt.NewWriter(w)
	for _, u := range Units {
		if better := u.Direction(); better != "" {
			unit := benchfmt.UnitMetadata{UnitMetadataKey: benchfmt.UnitMetadataKey{Unit: u.Name, Key: "better"}, OrigUnit: u.Name, Value: better}
			if err := bw.Write(&unit); err != nil {
				return err
			}
		}
	}
	for _, rec := range Sort(records) {
		res := benchResult(rec)
		if len(res.Values) == 0 {
			if _, err := fmt.Fprintf(w, "# %s: %s\n", BenchName(rec.Cell, rec.procs()), rec.Status); err != nil {
				return err
			}
			continue
		}
		if err := bw.Write(res); err != nil {
			return err
		}
	}
	return nil
}

func (rec Record) procs() int { return max(1, rec.Environment.GOMAXPROCS) }

func benchResult(rec Record) *benchfmt.Result {
	name := strings.TrimPrefix(BenchName(rec.Cell, rec.procs()), "Benchmark")
	res := &benchfmt.Result{Name: benchfmt.Name(name), Iters: 1}
	e := rec.Environment
	for _, kv := range [][2]string{{"goos", e.GOOS}, {"goarch", e.GOARCH}, {"cpu", e.CPU}, {"suite", rec.Suite}} {
		if v := oneLine(kv[1]); v != "" {
			res.Config = append(res.Config, benchfmt.Config{Key: kv[0], Value: []byte(v), File: true})
		}
	}
	for _, u := range Units {
		v, ok := rec.Metrics[u.Name]
		zeroTime := v == 0 && (u.Name == "ns/op" || u.Name == "cpu-ns")
		if ok && v.Finite() && !zeroTime {
			res.Values = append(res.Values, benchfmt.Value{Value: float64(v), Unit: u.Name})
		}
	}
	return res
}

// oneLine keeps a value of the configuration on its line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Bench is one line of a benchmark file.
type Bench struct {
	Cell       Cell
	GOMAXPROCS int
	Config     map[string]string
	Values     map[string]float64 // by unit as x/perf tidies it: ns/op becomes sec/op
}

// ReadBench reads the cells of a file in the Go benchmark format; other benchmarks in it are passed over. The name is
// for messages.
func ReadBench(r io.Reader, name string) ([]Bench, error) {
	var list []Bench
	br := benchfmt.NewReader(r, name)
	for br.Scan() {
		switch rec := br.Result().(type) {
		case *benchfmt.SyntaxError:
			return nil, fmt.Errorf("results: %w", rec)
		case *benchfmt.Result:
			if !bytes.HasPrefix(rec.Name, []byte(benchBase+"/")) {
				continue
			}
			b := Bench{Config: map[string]string{}, Values: map[string]float64{}}
			var err error
			if b.Cell, b.GOMAXPROCS, err = ParseBenchName(rec.Name.String()); err != nil {
				return nil, err
			}
			for _, c := range rec.Config {
				b.Config[c.Key] = string(c.Value)
			}
			for _, v := range rec.Values {
				b.Values[v.Unit] = v.Value
			}
			list = append(list, b)
		}
	}
	return list, br.Err()
}
