package harness_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"ngdbench/results"
)

// small mounts a file system of so many bytes, which takes the rights of an administrator.
func small(t *testing.T, bytes int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+strconv.Itoa(bytes)); err != nil {
		t.Skip("no small file system to fill:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestFullDisk fills a file system of 512 kB with records: the run says so and ends, every record that is there is whole,
// and with room again the same command completes the grid.
func TestFullDisk(t *testing.T) {
	dir := filepath.Join(small(t, 512<<10), "run")
	fill := filepath.Join(filepath.Dir(dir), "fill")
	if err := os.WriteFile(fill, make([]byte, 416<<10), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "slow", "--out", dir, "--seeds", "1..10"}
	cmd, _, stderr := benchrun(t, t.Name(), args...)
	if code := exitCodeOf(t, cmd); code != 1 || !strings.Contains(stderr.String(), "no space left on device") {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	before := wholeRecords(t, dir)
	if len(before) == 0 || len(before) >= 20 {
		t.Fatalf("%d records fit, want some of 20", len(before))
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	cmd, _, stderr = benchrun(t, t.Name(), args...)
	if code := exitCodeOf(t, cmd); code != 0 {
		t.Fatalf("exit code %d with room again\n%s", code, stderr)
	}
	after := readFolder(t, dir)
	if len(after) != 20 {
		t.Errorf("%d records of 20", len(after))
	}
	sameOrMore(t, before, after, 0)
	noStrays(t, dir)
}

// TestReadOnlyFolder writes nothing and says why, before anything is trained; status and verify work.
func TestReadOnlyFolder(t *testing.T) {
	dir := filepath.Join(small(t, 1<<20), "run")
	cmd, _, stderr := benchrun(t, t.Name(), "run", "quick", "--out", dir)
	if code := exitCodeOf(t, cmd); code != 0 {
		t.Fatal(stderr)
	}
	if err := syscall.Mount("", filepath.Dir(dir), "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip("no file system to read only:", err)
	}
	for _, c := range []struct {
		code int
		want string
		args []string
	}{
		{2, "not writable: read-only file system", []string{"run", "quick", "--seeds", "1..4", "--out", dir}},
		{0, "", []string{"status", dir}},
		{0, "", []string{"plan", "quick", "--out", dir}},
		{0, "", []string{"verify", dir, "--sample", "1"}},
	} {
		cmd, _, stderr := benchrun(t, t.Name(), c.args...)
		if code := exitCodeOf(t, cmd); code != c.code || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%v: exit code %d\n%s", c.args, code, stderr)
		}
	}
}

// TestQuota runs under a limit of the size of files that a record exceeds and the manifest does not: an error of the write,
// not the death of the run; without the limit the same command completes the grid.
func TestQuota(t *testing.T) {
	dir := t.TempDir()
	args := []string{"run", "fat", "--out", dir}
	cmd, _, stderr := benchrun(t, t.Name(), args...)
	limited := exec.Command("bash", "-c", `ulimit -f 12; exec -a benchrun "$@"`, "bash", cmd.Path)
	limited.Args = append(limited.Args, args...)
	limited.Dir, limited.Env, limited.Stderr = cmd.Dir, cmd.Env, stderr
	if code := exitCodeOf(t, limited); code != 1 || !strings.Contains(stderr.String(), "file too large") {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	if n := len(wholeRecords(t, dir)); n != 0 {
		t.Errorf("%d records", n)
	}
	if _, err := os.Stat(filepath.Join(dir, results.ManifestFile)); err != nil {
		t.Error(err)
	}
	cmd, _, stderr = benchrun(t, t.Name(), args...)
	if code := exitCodeOf(t, cmd); code != 0 || len(readFolder(t, dir)) != 3 {
		t.Errorf("exit code %d without the limit\n%s", code, stderr)
	}
	noStrays(t, dir)
}
