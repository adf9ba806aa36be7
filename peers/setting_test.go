package main

import (
	"context"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestParseSetting(t *testing.T) {
	s, err := parseSetting("2x64x64x64x1:4000")
	if err != nil || s.name != "2x64x64x64x1" || s.n != 4000 || s.net.Size() != 8577 {
		t.Errorf("%+v %v", s, err)
	}
	for _, bad := range []string{"", "2x8x1", "2x8x1:", "2x8x1:0", "2x8x1:-3", "2x8x1:many", "2x1:10", "2x8x2:10", "2x8x1+sine:10", "2x8x1+hard:10", "8:10"} {
		if _, err := parseSetting(bad); err == nil {
			t.Errorf("%q: accepted", bad)
		}
	}
}

// TestInputsComeBack: a peer reads what was drawn, and the next run draws the same.
func TestInputsComeBack(t *testing.T) {
	s, dir := testSetting(t), t.TempDir()
	in := newInputs(s)
	if err := in.write(dir, s); err != nil {
		t.Fatal(err)
	}
	got, back, err := readInputs(dir)
	if err != nil || got.name != s.name || got.n != s.n || !reflect.DeepEqual(back, in) {
		t.Errorf("%+v %v", got, err)
	}
	if !reflect.DeepEqual(newInputs(s), in) {
		t.Error("drawn twice, and not the same")
	}
	if in.rows[0] != 0 || !slices.IsSorted(in.rows) || in.rows[len(in.rows)-1] >= float64(s.n) {
		t.Errorf("sampled rows %v of %d", in.rows, s.n)
	}
}

func TestTooLarge(t *testing.T) {
	s, err := parseSetting("2x256x256x256x1:2000")
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		got := u.tooLarge(s, 12e9)
		want := ""
		if u.name == "gramian" {
			want = "does not fit: it takes 143 GB, and a peer may have 12.0 GB"
		}
		if got != want {
			t.Errorf("%s: %q", u.name, got)
		}
	}
	b := testBench(t, serveWord)
	b.memory = 8 * 30 * 44 // N·P: T fits, TTᵀ and TᵀT do not
	table, err := b.measure(context.Background(), testSetting(t))
	if err != nil {
		t.Fatal(err)
	}
	if !table.ok() {
		t.Error("what does not fit counts as a failure")
	}
	for i, u := range units {
		want := u.name == "sketch" || u.name == "kernel" || u.name == "gramian"
		if table.Cells[i][0].LeftOut != want || table.Cells[i][1].LeftOut != want {
			t.Errorf("%s: left out is %t, want %t", u.name, !want, want)
		}
	}
}

func TestParseCommandLine(t *testing.T) {
	opt, set, err := parse([]string{"--threads", "1"})
	if err != nil || len(set) != 2 || opt.rounds != 3 || !slices.Equal(opt.peers, peerNames()) {
		t.Errorf("%+v %v %v", opt, set, err)
	}
	for _, bad := range []string{"--threads=0", "--threads=100000", "--rounds=0", "--peers=numpy", "--case=2x8x1", "extra", "--none"} {
		if _, _, err := parse([]string{bad}); err == nil {
			t.Errorf("%s: accepted", bad)
		}
	}
}

// TestChildEnvironment: what a user has set for other programs does not reach a peer.
func TestChildEnvironment(t *testing.T) {
	for _, name := range []string{"OPENBLAS_CORETYPE", "OMP_NUM_THREADS", "XLA_FLAGS", "GOMAXPROCS", "GLIBC_TUNABLES"} {
		t.Setenv(name, "foreign")
	}
	env := childEnvironment(3)
	for _, v := range env {
		if strings.HasSuffix(v, "=foreign") {
			t.Error(v)
		}
	}
	if !slices.Contains(env, "PEERS_MEMORY_BYTES=3") || !slices.Contains(env, "PATH="+os.Getenv("PATH")) {
		t.Error(env)
	}
}

func TestNoPython(t *testing.T) {
	if _, err := checkPython(context.Background(), "/nowhere/python3"); err == nil || !strings.Contains(err.Error(), "--python") {
		t.Errorf("%v", err)
	}
}
