package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// Words that this test binary obeys as a peer, in the place of serveWord.
const (
	lieWord    = "lie"    // computes at a θ that is off by 1e-9
	mumbleWord = "mumble" // says what is no JSON
	hangWord   = "hang"   // answers the first request, and no other
	crashWord  = "crash"  // ends at the first request
)

func TestMain(m *testing.M) {
	if len(os.Args) == 5 {
		switch os.Args[1] {
		case serveWord:
			os.Exit(serveOurs(os.Args[2], os.Args[3]))
		case lieWord, mumbleWord, hangWord, crashWord:
			os.Exit(misbehave(os.Args[1], os.Args[2], os.Args[3]))
		}
	}
	os.Exit(m.Run())
}

// deafAfterOne reads one request, which comes in one piece, and then nothing.
type deafAfterOne struct{ deaf bool }

func (d *deafAfterOne) Read(b []byte) (int, error) {
	if d.deaf {
		time.Sleep(time.Minute)
	}
	d.deaf = true
	return os.Stdin.Read(b)
}

func misbehave(how, inputs, outputs string) int {
	s, in, err := readInputs(inputs)
	if err != nil {
		return exitFailed
	}
	switch how {
	case lieWord:
		for i := range in.theta {
			in.theta[i] *= 1 + 1e-9
		}
		err = serve(newOurs(s, in), outputs, os.Stdin, os.Stdout)
	case mumbleWord:
		fmt.Println("Hello.")
		time.Sleep(time.Minute)
	case hangWord:
		err = serve(newOurs(s, in), outputs, &deafAfterOne{}, os.Stdout)
	case crashWord:
		fmt.Println("{}")
		bufio.NewReader(os.Stdin).ReadString('\n')
		fmt.Fprintln(os.Stderr, "out of ideas")
		return 7
	}
	if err != nil {
		return exitFailed
	}
	return exitDone
}

// testBench has ngdbench and peers that this binary plays.
func testBench(t *testing.T, words ...string) *bench {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{threads: 1, rounds: 2, dir: t.TempDir(), memory: 1e9, wait: 10 * time.Second, say: func(string) {}, turnSeconds: 1e-4, rest: 0}
	for i, w := range append([]string{serveWord}, words...) {
		name := w
		if i == 0 {
			name = "ngdbench"
		}
		b.peers = append(b.peers, &peer{name: name, command: []string{self, w}})
	}
	return b
}

func testSetting(t *testing.T) setting {
	t.Helper()
	s, err := parseSetting("2x5x4x1:30")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestHonestPeer runs the whole dialogue with a peer that computes the same: all agree, to the last bit.
func TestHonestPeer(t *testing.T) {
	table, err := testBench(t, serveWord).measure(context.Background(), testSetting(t))
	if err != nil {
		t.Fatal(err)
	}
	if !table.ok() {
		t.Errorf("not every figure is there: %+v", table.Cells)
	}
	for i, u := range units {
		c := table.Cells[i][1]
		if len(c.Rounds) != 2 || !(c.Median > 0) || c.First <= 0 || len(c.Differences) != len(u.outputs) {
			t.Errorf("%s: %+v", u.name, c)
		}
	}
	if d, ok := table.worst(); !ok || d != 0 {
		t.Errorf("the same code differs by %g", d)
	}
}

// TestPeersThatFail: a figure is shown only where the numbers agree, and a peer that fails takes no other with it.
func TestPeersThatFail(t *testing.T) {
	b := testBench(t, lieWord, mumbleWord, crashWord)
	table, err := b.measure(context.Background(), testSetting(t))
	if err != nil {
		t.Fatal(err)
	}
	if table.ok() {
		t.Error("all is said to be there")
	}
	for i, u := range units {
		row := table.Cells[i]
		for j, want := range []string{"", "disagrees: ", "invalid character", "exit status 7: out of ideas"} {
			if got := row[j].Reason; (want == "") != (got == "") || !strings.Contains(got, want) {
				t.Errorf("%s of %s: %q, want %q", u.name, table.Peers[j], got, want)
			}
			if want != "" && row[j].Median != 0 {
				t.Errorf("%s of %s has a figure", u.name, table.Peers[j])
			}
		}
	}
}

func TestSilentPeer(t *testing.T) {
	b := testBench(t, hangWord)
	b.wait = 300 * time.Millisecond
	full := units
	units = units[:1]
	defer func() { units = full }()
	table, err := b.measure(context.Background(), testSetting(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := table.Cells[0][1].Reason; !strings.Contains(got, errLate.Error()) {
		t.Errorf("reason %q", got)
	}
}

// TestInterrupted: what earlier rounds gave stands, and the files say that the run was interrupted.
func TestInterrupted(t *testing.T) {
	b := testBench(t, hangWord)
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	out := t.TempDir()
	m := &manifest{Threads: 1, Rounds: 2}
	ok, err := m.measure(ctx, b, []setting{testSetting(t), testSetting(t)}, out)
	if err != nil || ok {
		t.Fatalf("ok %t, error %v", ok, err)
	}
	if len(m.Tables) != 1 || m.Finished != nil {
		t.Fatalf("%d tables, finished %v", len(m.Tables), m.Finished)
	}
	cells := m.Tables[0].Cells
	if c := cells[0][1]; c.Reason != "" || len(c.Rounds) != 1 || c.Median == 0 {
		t.Errorf("the round before: %+v", c)
	}
	if c := cells[1][0]; c.Reason != "interrupted" {
		t.Errorf("the unit after: %+v", c)
	}
	page, err := os.ReadFile(out + "/" + tableFile)
	if err != nil || !strings.Contains(string(page), "The run was interrupted.") {
		t.Errorf("%v\n%s", err, page)
	}
}
