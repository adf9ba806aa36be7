package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"

	"ngdbench/internal/simd"
	"ngdbench/results"
)

// childCommand is the hidden command under which the binary runs itself again.
const childCommand = "child"

// grace is what a child gets between the polite signal and the other one.
const grace = 2 * time.Second

// order is what a child reads on standard input.
type order struct {
	Spec   Spec  `json:"spec"`
	Memory int64 `json:"memory,omitempty"` // limit of data memory in bytes; 0: none
}

// event is one line of what a child says on descriptor 3: rows as they come, then its record.
type event struct {
	Row     *results.Row    `json:"row,omitempty"`
	Record  *results.Record `json:"record,omitempty"`
	Refused string          `json:"refused,omitempty"` // beside a skipped record: the setting that does not fit
}

// childProc is one cell in a process of its own.
//
// The child is the leader of a process group, so that whatever it starts ends with it. It does not outlive its parent:
// the system kills it with the thread that started it (Linux), and it watches the pipe whose other end dies with the
// parent (everywhere).
type childProc struct {
	Order      order
	GOMAXPROCS int
	Kernels    string
	Limit      time.Duration     // hard limit of wall time
	CPUs       []int             // where it may run; nil: anywhere
	Row        func(results.Row) // may be nil
	Kill       context.Context   // kills at once when done; nil: never
}

// ending is how a child ended.
type ending struct {
	Started, Finished time.Time

	Record  *results.Record // nil: it did not get there
	Rows    []results.Row   // what it said on the way
	Refused string

	TimedOut, Interrupted bool
	OOMKilled             bool // the system killed something in our control group meanwhile
	State                 *os.ProcessState
	Log                   string
	Err                   error // it could not even start
}

// run starts the child and returns when nothing of it is left. The calling goroutine must be locked to its thread, for
// the system ties the death of the child to the thread that started it.
func (p childProc) run(ctx context.Context, life *lifeline) (e ending) {
	limited, cancel := context.WithTimeout(ctx, p.Limit)
	defer cancel()
	in, err := json.Marshal(p.Order)
	if err != nil {
		return ending{Err: err}
	}
	out, childOut, err := os.Pipe()
	if err != nil {
		return ending{Err: err}
	}
	defer out.Close()
	var log tailBuffer
	cmd := exec.CommandContext(limited, ownBinary())
	cmd.Args = []string{os.Args[0], childCommand}
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(p.GOMAXPROCS), simd.Environment+"="+p.Kernels)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &log, &log
	cmd.ExtraFiles = []*os.File{childOut, life.read}
	cmd.SysProcAttr = childAttributes()
	cmd.WaitDelay = 2 * grace
	hard := newGroupKill()
	cmd.Cancel = func() error { return hard.soon(cmd.Process.Pid) }

	ooms := oomKills()
	e.Started = time.Now()
	restore := pin(p.CPUs)
	err = cmd.Start()
	restore()
	childOut.Close()
	if err != nil {
		return ending{Err: err}
	}
	if p.Kill != nil {
		defer context.AfterFunc(p.Kill, func() { hard.now(cmd.Process.Pid) })()
	}
	read := make(chan struct{})
	go func() { defer close(read); e.read(out, p.Row) }()
	_ = cmd.Wait() // what it says is in State and in the events
	hard.now(cmd.Process.Pid)
	hard.stop()
	_ = out.SetReadDeadline(time.Now().Add(grace)) // a stranger may hold the pipe open
	<-read
	e.Finished = time.Now()
	e.State, e.Log = cmd.ProcessState, log.String()
	e.Interrupted = ctx.Err() != nil
	e.TimedOut = !e.Interrupted && errors.Is(limited.Err(), context.DeadlineExceeded)
	e.OOMKilled = oomKills() > ooms
	return e
}

// read takes the child's events in. A line that is no event ends it: what follows cannot be trusted.
func (e *ending) read(r io.Reader, row func(results.Row)) {
	for d := json.NewDecoder(io.LimitReader(r, 1<<30)); ; {
		var v event
		if d.Decode(&v) != nil {
			_, _ = io.Copy(io.Discard, r) // so that the child does not block on a full pipe
			return
		}
		if v.Row != nil {
			e.Rows = append(e.Rows, *v.Row)
			if row != nil {
				row(*v.Row)
			}
		}
		if v.Record != nil {
			e.Record, e.Refused = v.Record, v.Refused
		}
	}
}

// ownBinary is the file to run again. On Linux it is the running one even where it was replaced meanwhile (a rebuild
// during a long run).
func ownBinary() string {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe"
	}
	exe, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return exe
}

// lifeline is a pipe that nobody writes to. Children hold its reading end, and read its end when the parent is gone.
type lifeline struct{ read, write *os.File }

func newLifeline() (*lifeline, error) {
	r, w, err := os.Pipe()
	return &lifeline{r, w}, err
}

func (l *lifeline) close() { l.read.Close(); l.write.Close() }

// groupKill ends a process group: SIGTERM, then SIGKILL.
type groupKill struct {
	mu    sync.Mutex
	timer *time.Timer
	over  bool // the group is gone: its number may be another's
}

func newGroupKill() *groupKill { return &groupKill{} }

func (g *groupKill) soon(pid int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.over && g.timer == nil {
		g.timer = time.AfterFunc(grace, func() { g.now(pid) })
		return syscall.Kill(-pid, syscall.SIGTERM)
	}
	return nil
}

func (g *groupKill) now(pid int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.over {
		_ = syscall.Kill(-pid, syscall.SIGKILL) // it may be gone already
	}
}

func (g *groupKill) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	if g.timer != nil {
		g.timer.Stop()
	}
}

// tailBuffer keeps the beginning and the end of what a child prints.
type tailBuffer struct {
	mu         sync.Mutex
	head, tail []byte
	dropped    int64
}

const headCap, tailCap = 16 << 10, 48 << 10

// Write takes everything, and keeps what fits.
func (t *tailBuffer) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(b)
	if room := headCap - len(t.head); room > 0 {
		k := min(room, len(b))
		t.head, b = append(t.head, b[:k]...), b[k:]
	}
	if len(b) > tailCap {
		t.dropped += int64(len(b) - tailCap)
		b = b[len(b)-tailCap:]
	}
	if over := len(t.tail) + len(b) - tailCap; over > 0 {
		t.dropped += int64(over)
		t.tail = append(t.tail[:0], t.tail[over:]...)
	}
	t.tail = append(t.tail, b...)
	return n, nil
}

func (t *tailBuffer) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dropped == 0 {
		return string(t.head) + string(t.tail)
	}
	return fmt.Sprintf("%s\n[%d bytes left out]\n%s", t.head, t.dropped, t.tail)
}
