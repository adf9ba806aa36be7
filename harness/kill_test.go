package harness_test

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ngdbench/results"
)

// benchrun makes a command that is this test binary under the name benchrun. The mark in its environment finds its
// children, also when their parent is gone.
func benchrun(t testing.TB, mark string, args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	cmd = exec.Command(exe)
	cmd.Args = append([]string{"benchrun"}, args...)
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), "BENCHRUN_MARK="+mark)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd, stdout, stderr
}

func exitCodeOf(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// childrenOf lists the living child processes of benchruns with this mark. Zombies are dead.
func childrenOf(mark string) (pids []int) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		line, _ := os.ReadFile(filepath.Join(d, "cmdline"))
		env, _ := os.ReadFile(filepath.Join(d, "environ"))
		if bytes.Equal(line, []byte("benchrun\x00child\x00")) && bytes.Contains(env, []byte("BENCHRUN_MARK="+mark+"\x00")) {
			n, _ := strconv.Atoi(filepath.Base(d))
			pids = append(pids, n)
		}
	}
	return pids
}

func needsProc(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("children are found through /proc")
	}
}

// noneAlive waits for the children to be gone: 3 s are what a user is promised.
func noneAlive(t *testing.T, mark string) {
	t.Helper()
	for end := time.Now().Add(3 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		left := childrenOf(mark)
		if len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("children %v outlive their parent", left)
		}
	}
}

// moments is how often a test kills: 50 times, fewer under -short.
func moments() int {
	if testing.Short() {
		return 5
	}
	return 50
}

// TestKillParent kills benchrun at 50 moments and starts it again: no child outlives it, every record that was whole
// stays as it is, none is doubled or broken, and at the end all are there. Every other kill comes soon after the start;
// the rest wait for a few more records first, so that the moments lie where the work is on any machine.
func TestKillParent(t *testing.T) {
	needsProc(t)
	dir, mark := t.TempDir(), t.Name()
	args := []string{"run", "slow", "--out", dir, "--seeds", "1..150"}
	r := rand.New(rand.NewPCG(1, 2))
	before := map[string]results.Record{}
	for kill := range moments() {
		cmd, _, stderr := benchrun(t, mark, args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if kill%2 == 1 {
			waitForRecords(t, dir, min(300, len(before)+1+r.IntN(3)))
		}
		time.Sleep(time.Duration(r.IntN(60_000)) * time.Microsecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if strings.Contains(stderr.String(), "panic") {
			t.Fatal(stderr)
		}
		noneAlive(t, mark)
		before = sameOrMore(t, before, wholeRecords(t, dir), kill)
	}
	cmd, stdout, stderr := benchrun(t, mark, args...)
	if code := exitCodeOf(t, cmd); code != 0 {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	after := readFolder(t, dir)
	if len(after) != 300 || !strings.Contains(stdout.String(), "300 cells: budget 300") {
		t.Errorf("%d records of 300\n%s", len(after), stdout)
	}
	if len(before) == 0 || len(before) == 300 {
		t.Errorf("%d records before the last run: the kills came at no interesting moments", len(before))
	}
	sameOrMore(t, before, after, moments())
	noStrays(t, dir)
}

// TestKillShards kills one of two shards in one folder at ten moments and starts it again: together they make the grid, each
// cell once, and nothing that was whole is made again.
func TestKillShards(t *testing.T) {
	needsProc(t)
	dir, mark := t.TempDir(), t.Name()
	args := func(i string) []string {
		return []string{"run", "slow", "--out", dir, "--seeds", "1..40", "--shard", i + "/2"}
	}
	other, _, stderr := benchrun(t, mark+"other", args("2")...)
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	before := map[string]results.Record{}
	for kill := range 10 {
		cmd, _, _ := benchrun(t, mark, args("1")...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.IntN(150_000)) * time.Microsecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		noneAlive(t, mark)
		before = sameOrMore(t, before, wholeRecords(t, dir), kill)
	}
	if err := other.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	cmd, _, stderr := benchrun(t, mark, args("1")...)
	if code := exitCodeOf(t, cmd); code != 0 {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	after := wholeRecords(t, dir)
	sameOrMore(t, before, after, 10)
	lines, err := os.ReadFile(filepath.Join(dir, results.LinesFile))
	if n := bytes.Count(lines, []byte("\n")); err != nil || len(after) != 80 || n != 80 {
		t.Errorf("%d records and %d lines of 80, %v", len(after), n, err)
	}
	whole, _, stderr := benchrun(t, mark, "run", "slow", "--out", dir, "--seeds", "1..40") // alone, it tidies
	if code := exitCodeOf(t, whole); code != 0 || !strings.Contains(stderr.String(), "80 done, 0 to run") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	readFolder(t, dir)
	noStrays(t, dir)
}

// waitForRecords returns when a folder has n records.
func waitForRecords(t *testing.T, dir string, n int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		files, _ := filepath.Glob(filepath.Join(dir, results.CellsFolder, "*.json"))
		if len(files) >= n {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d records of %d after a minute", len(files), n)
		}
	}
}

// wholeRecords reads a folder that a killed benchrun left: temporary files may lie about, records must be whole.
func wholeRecords(t *testing.T, dir string) map[string]results.Record {
	t.Helper()
	out := map[string]results.Record{}
	files, _ := filepath.Glob(filepath.Join(dir, results.CellsFolder, "*.json"))
	for _, f := range files {
		rec, err := results.ReadRecord(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := out[rec.Key]; twice {
			t.Fatalf("two records of %s", rec.Name)
		}
		out[rec.Key] = rec
	}
	return out
}

// sameOrMore checks that every record of before is in after, not trained again.
func sameOrMore(t *testing.T, before, after map[string]results.Record, moment int) map[string]results.Record {
	t.Helper()
	for key, rec := range before {
		if now, ok := after[key]; !ok || !now.Started.Equal(rec.Started) || now.Digests != rec.Digests {
			t.Fatalf("moment %d: the record of %s was lost or made again", moment, rec.Name)
		}
	}
	return after
}

// noStrays checks that nothing but what belongs there lies in a finished folder.
func noStrays(t *testing.T, dir string) {
	t.Helper()
	for _, d := range []string{dir, filepath.Join(dir, results.CellsFolder), filepath.Join(dir, "logs")} {
		entries, err := os.ReadDir(d)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(e.Name(), ".lock") {
				t.Errorf("%s is left", filepath.Join(d, e.Name()))
			}
		}
	}
}

// TestKillChild kills children of one run at 50 moments: their cells are crashed, all others done, and the same command
// finishes the grid.
func TestKillChild(t *testing.T) {
	needsProc(t)
	dir, mark := t.TempDir(), t.Name()
	args := []string{"run", "slow", "--out", dir, "--seeds", "1..100", "--filter", "/opt:patient", "--steps", "12"}
	cmd, _, _ := benchrun(t, mark, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	killed := 0
	for killed < moments() {
		select {
		case <-ended:
			ended <- nil
		default:
			if kids := childrenOf(mark); len(kids) > 0 && syscall.Kill(kids[0], syscall.SIGKILL) == nil {
				killed++
			}
			time.Sleep(30 * time.Millisecond)
			continue
		}
		break
	}
	<-ended
	if killed < moments()/2 || cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("%d children killed, exit code %d, want 1", killed, cmd.ProcessState.ExitCode())
	}
	crashed := 0
	for _, rec := range readFolder(t, dir) {
		switch rec.Status {
		case results.Crashed:
			crashed++
			if rec.Cause != "killed by signal 9 (killed)" {
				t.Errorf("cause %q", rec.Cause)
			}
		case results.Budget:
		default:
			t.Errorf("%s: %s", rec.Name, rec.Status)
		}
	}
	if crashed == 0 || crashed > killed {
		t.Errorf("%d crashed records, %d children killed", crashed, killed)
	}
	cmd, _, stderr := benchrun(t, mark, args...)
	if code := exitCodeOf(t, cmd); code != 0 || !strings.Contains(stderr.String(), strconv.Itoa(crashed)+" to run") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	for _, rec := range readFolder(t, dir) {
		if rec.Status != results.Budget {
			t.Errorf("%s: %s", rec.Name, rec.Status)
		}
	}
	noStrays(t, dir)
}

// TestInterrupt sends one Ctrl-C, and two: exit code 130, no child, finished cells kept, the command to go on.
func TestInterrupt(t *testing.T) {
	needsProc(t)
	for _, presses := range []int{1, 2} {
		dir, mark := t.TempDir(), t.Name()+strconv.Itoa(presses)
		cmd, stdout, stderr := benchrun(t, mark, "run", "slow", "--out", dir, "--seeds", "1..100")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitForRecords(t, dir, 2)
		for range presses {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != 130 {
			t.Errorf("exit code %d, want 130\n%s%s", code, stdout, stderr)
		}
		want := "to go on: benchrun run slow --out " + dir + " --seeds 1..100\n"
		if !strings.HasSuffix(stderr.String(), want) {
			t.Errorf("no resume command %q in %q", want, stderr)
		}
		noneAlive(t, mark)
		if n := len(readFolder(t, dir)); n < 2 {
			t.Errorf("%d records kept", n)
		}
		noStrays(t, dir)
	}
}

// TestTwoRunners starts two runs on one folder: the second says who holds it, and the first is not disturbed. After a
// kill -9 of the holder nothing has to be unlocked.
func TestTwoRunners(t *testing.T) {
	needsProc(t)
	dir, mark := t.TempDir(), t.Name()
	first, _, _ := benchrun(t, mark, "run", "long", "--out", dir)
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	for len(childrenOf(mark)) == 0 {
		time.Sleep(time.Millisecond)
	}
	second, _, stderr := benchrun(t, mark, "run", "long", "--out", dir)
	if code := exitCodeOf(t, second); code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
	want := "is held by process " + strconv.Itoa(first.Process.Pid) + " on "
	if !strings.Contains(stderr.String(), want) || strings.Count(stderr.String(), "\n") != 1 {
		t.Errorf("%q, want one line with %q", stderr, want)
	}
	status, stdout, _ := benchrun(t, mark, "status", dir)
	if code := exitCodeOf(t, status); code != 0 || !strings.Contains(stdout.String(), "running: held by process") {
		t.Errorf("status: exit code %d\n%s", code, stdout)
	}
	_ = first.Process.Kill()
	_ = first.Wait()
	noneAlive(t, mark)
	third, _, stderr := benchrun(t, mark, "run", "long", "--out", dir, "--steps", "2")
	if code := exitCodeOf(t, third); code != 0 {
		t.Errorf("exit code %d after the holder was killed\n%s", code, stderr)
	}
}

// TestStoppedChild stops a child for a while and lets it go on: its record says for how long, and the table leaves its
// time out.
func TestStoppedChild(t *testing.T) {
	needsProc(t)
	dir, mark := t.TempDir(), t.Name()
	cmd, stdout, _ := benchrun(t, mark, "run", "slow", "--out", dir, "--seeds", "1", "--filter", "/opt:patient", "--steps", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var kids []int
	for len(kids) == 0 {
		kids = childrenOf(mark)
		time.Sleep(time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond)
	for _, s := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGCONT} {
		if err := syscall.Kill(kids[0], s); err != nil {
			t.Fatal(err)
		}
		if s == syscall.SIGSTOP {
			time.Sleep(1300 * time.Millisecond)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, rec := range readFolder(t, dir) {
		if s := float64(rec.Environment.Suspended); s < 1 || s > 5 {
			t.Errorf("suspended for %g s, want about 1.3", s)
		}
	}
	if !strings.Contains(stdout.String(), "was stopped for 1.") {
		t.Errorf("the table does not say so:\n%s", stdout)
	}
}

// TestClosedPipes takes the readers away: the run ends cleanly and keeps what is finished.
func TestClosedPipes(t *testing.T) {
	needsProc(t)
	dir, mark := t.TempDir(), t.Name()
	cmd, _, stderr := benchrun(t, mark, "run", "quick", "--out", dir)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	cmd.Stdout = w
	if code := exitCodeOf(t, cmd); code != 0 {
		t.Errorf("standard output closed: exit code %d\n%s", code, stderr)
	}
	w.Close()
	if n := len(readFolder(t, dir)); n != 9 {
		t.Errorf("%d records, want 9", n)
	}

	dir = t.TempDir()
	cmd, _, _ = benchrun(t, mark, "run", "slow", "--out", dir, "--seeds", "1..100")
	if r, w, err = os.Pipe(); err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	for lines := bufio.NewScanner(r); lines.Scan() && !strings.HasPrefix(lines.Text(), "[3/200] "); {
	}
	r.Close() // as head -4 would
	_ = cmd.Wait()
	noneAlive(t, mark)
	noStrays(t, dir)
	if n := len(readFolder(t, dir)); n < 3 || n > 20 {
		t.Errorf("%d records after the third line was read", n)
	}
}
