package harness_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"ngdbench/results"
)

// TestScripts runs testdata/*.txt. Beside testscript's own commands there are
//
//	exits CODE ARG...  runs benchrun and wants that exit code; standard output goes to the file o, standard error to e
//	records DIR n      the folder holds n records, all readable, no key twice, no temporary file
//	plain FILE...      no file holds an ESC or a carriage return, and each ends with a whole line
//	lines FILE n       the file has n lines
//	truncate-record DIR OPT   cuts the first record of that solver in half
//	tamper DIR OPT STEP  changes the digest of that row in the first record of that solver
//	other-go DIR OPT   says in the first record of that solver that another Go version made it
//	json FILE          the file is JSON
//	completes DIR      without the file fault, run flaky completes the six cells of that folder
//	nobody-left        no grandchild of flaky is alive
//	smaller DIR n      the files in that folder have at most n bytes in all, and there is one
//	for-suite NAME     writes named.yaml, a suite of that name
//	same-results DIR DIR  both folders have the same cells with the same bits and statuses
//	same-files DIR DIR    both folders have the same records, byte by byte, and the same derived files
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata", ContinueOnError: os.Getenv("KEEP") != "",
		Condition: func(cond string) (bool, error) {
			if cond != "race" {
				return false, fmt.Errorf("unknown condition %q", cond)
			}
			return raceDetector, nil
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("NO_COLOR", "")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits,
			"records": func(ts *testscript.TestScript, _ bool, args []string) {
				if n := len(readFolder(ts, ts.MkAbs(args[0]))); args[1] != itoa(n) {
					ts.Fatalf("%d records, want %s", n, args[1])
				}
			},
			"plain": func(ts *testscript.TestScript, _ bool, args []string) {
				for _, a := range args {
					text := ts.ReadFile(a)
					if i := strings.IndexAny(text, "\x1b\r"); i >= 0 {
						ts.Fatalf("%s: byte %#x at %d in %q", a, text[i], i, text)
					}
					if text != "" && !strings.HasSuffix(text, "\n") {
						ts.Fatalf("%s: the last line does not end: %q", a, text)
					}
				}
			},
			"lines": func(ts *testscript.TestScript, _ bool, args []string) {
				if n := strings.Count(ts.ReadFile(args[0]), "\n"); itoa(n) != args[1] {
					ts.Fatalf("%s: %d lines, want %s:\n%s", args[0], n, args[1], ts.ReadFile(args[0]))
				}
			},
			"truncate-record": func(ts *testscript.TestScript, _ bool, args []string) {
				path := recordOf(ts, ts.MkAbs(args[0]), args[1])
				b, err := os.ReadFile(path)
				ts.Check(err)
				ts.Check(os.WriteFile(path, b[:len(b)/2], 0o644))
			},
			"tamper": func(ts *testscript.TestScript, _ bool, args []string) {
				rec, err := results.ReadRecord(recordOf(ts, ts.MkAbs(args[0]), args[1]))
				ts.Check(err)
				for i := range rec.Trace {
					if itoa(rec.Trace[i].Step) == args[2] {
						rec.Trace[i].Digest = "0123456789abcdef"
					}
				}
				_, err = results.WriteRecord(filepath.Join(ts.MkAbs(args[0]), results.CellsFolder), rec)
				ts.Check(err)
			},
			"other-go": func(ts *testscript.TestScript, _ bool, args []string) {
				rec, err := results.ReadRecord(recordOf(ts, ts.MkAbs(args[0]), args[1]))
				ts.Check(err)
				rec.Environment.GoVersion = "go1.0"
				_, err = results.WriteRecord(filepath.Join(ts.MkAbs(args[0]), results.CellsFolder), rec)
				ts.Check(err)
			},
			"completes": func(ts *testscript.TestScript, neg bool, args []string) {
				ts.Check(os.Remove(ts.MkAbs("fault")))
				exits(ts, neg, []string{"0", "run", "flaky", "--out", args[0]})
				for _, rec := range readFolder(ts, ts.MkAbs(args[0])) {
					if rec.Status != results.Budget || rec.Metrics["steps"] != 5 {
						ts.Fatalf("%s: %s after %v steps", rec.Name, rec.Status, rec.Metrics["steps"])
					}
				}
				if text := ts.ReadFile("e"); !strings.Contains(text, "6 cells, 3 done, 3 to run (3 failed)") {
					ts.Fatalf("%s", text)
				}
			},
			"nobody-left": func(ts *testscript.TestScript, _ bool, _ []string) {
				lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
				for _, f := range lines {
					if text, _ := os.ReadFile(f); bytes.Contains(text, []byte(breeding+" # flaky")) {
						ts.Fatalf("%s is alive", f)
					}
				}
			},
			"smaller": func(ts *testscript.TestScript, _ bool, args []string) {
				files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*"))
				ts.Check(err)
				n := 0
				for _, f := range files {
					n += len(ts.ReadFile(f))
				}
				if limit, _ := strconv.Atoi(args[1]); n == 0 || n > limit {
					ts.Fatalf("%d bytes, want 1 to %d", n, limit)
				}
			},
			"for-suite": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.WriteFile(ts.MkAbs("named.yaml"), []byte("schema: 1\nsuite: "+args[0]+"\naxes: {opt: [descent]}\n"), 0o644))
			},
			"same-results": func(ts *testscript.TestScript, _ bool, args []string) {
				a, b := readFolder(ts, ts.MkAbs(args[0])), readFolder(ts, ts.MkAbs(args[1]))
				if len(a) != len(b) || len(a) == 0 {
					ts.Fatalf("%d and %d records", len(a), len(b))
				}
				for key, rec := range a {
					if o := b[key]; o.Digests != rec.Digests || o.Status != rec.Status {
						ts.Fatalf("%s: %s %s, %s %s", rec.Name, rec.Status, rec.Digests.Trajectory, o.Status, o.Digests.Trajectory)
					}
				}
			},
			"same-files": func(ts *testscript.TestScript, _ bool, args []string) {
				files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), results.CellsFolder, "*.json"))
				ts.Check(err)
				for _, f := range append(files, "/"+results.BenchFile, "/"+results.LinesFile) {
					rel := strings.TrimPrefix(f, ts.MkAbs(args[0]))
					if a, b := ts.ReadFile(filepath.Join(args[0], rel)), ts.ReadFile(filepath.Join(args[1], rel)); a != b {
						ts.Fatalf("%s is another file in %s", rel, args[1])
					}
				}
			},
			"json": func(ts *testscript.TestScript, _ bool, args []string) {
				if !json.Valid([]byte(ts.ReadFile(args[0]))) {
					ts.Fatalf("%s is no JSON", args[0])
				}
			},
		},
	})
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

// fatal is what a test and a script have in common.
type fatal interface{ Fatalf(string, ...any) }

// readFolder reads all records of a folder and checks that none is doubled or broken and that no temporary file is left.
func readFolder(t fatal, dir string) map[string]results.Record {
	out := map[string]results.Record{}
	entries, err := os.ReadDir(filepath.Join(dir, results.CellsFolder))
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, e := range entries {
		rec, err := results.ReadRecord(filepath.Join(dir, results.CellsFolder, e.Name()))
		if err != nil {
			t.Fatalf("%v", err)
		}
		if _, twice := out[rec.Key]; twice {
			t.Fatalf("two records of %s", rec.Name)
		}
		if e.Name() != results.FileName(rec.Key, rec.Code, rec.Status) {
			t.Fatalf("%s holds %s", e.Name(), results.FileName(rec.Key, rec.Code, rec.Status))
		}
		out[rec.Key] = rec
	}
	return out
}

func recordOf(ts *testscript.TestScript, dir, opt string) string {
	files, err := filepath.Glob(filepath.Join(dir, results.CellsFolder, "*.json"))
	ts.Check(err)
	for _, f := range files {
		b, err := os.ReadFile(f)
		ts.Check(err)
		if bytes.Contains(b, []byte("/opt="+opt+"/")) {
			return f
		}
	}
	ts.Fatalf("no record of opt=%s in %s", opt, dir)
	return ""
}

// exits runs benchrun in the script's folder and environment.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	var o, e bytes.Buffer
	cmd := exec.Command("benchrun", args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.Getenv("CWD"), &o, &e
	if cmd.Dir == "" {
		cmd.Dir = ts.MkAbs(".")
	}
	cmd.Env = []string{"PATH=" + ts.Getenv("PATH"), "HOME=" + ts.Getenv("HOME"), "TERM=" + ts.Getenv("TERM"), "NO_COLOR=" + ts.Getenv("NO_COLOR"),
		"NGDBENCH_KERNELS=" + ts.Getenv("NGDBENCH_KERNELS"), "GORACE=" + os.Getenv("GORACE"), "GIT_CONFIG_GLOBAL=" + ts.Getenv("GIT_CONFIG_GLOBAL")}
	err := cmd.Run()
	ts.Check(os.WriteFile(ts.MkAbs("o"), o.Bytes(), 0o644))
	ts.Check(os.WriteFile(ts.MkAbs("e"), e.Bytes(), 0o644))
	if cmd.ProcessState == nil {
		ts.Fatalf("benchrun: %v", err)
	}
	if got := cmd.ProcessState.ExitCode(); itoa(got) != args[0] {
		ts.Fatalf("exit code %d, want %s\n%s%s", got, args[0], o.Bytes(), e.Bytes())
	}
	if strings.Contains("\n"+e.String(), "\ngoroutine ") {
		ts.Fatalf("it panics:\n%s", e.Bytes())
	}
}
