package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// peer is one column of the table: how to start its process, and the process while it runs.
type peer struct {
	name     string
	doc      string
	command  []string // INPUTS OUTPUTS THREADS are added
	versions map[string]string
	packages []string // all that is installed in its environment
	broken   string   // why it cannot be started at all
	pinned   bool

	proc *process
}

// process is a running peer.
type process struct {
	cmd      *exec.Cmd
	in       io.WriteCloser
	answers  chan answer // closed at the end of the output
	failure  error       // of reading; to be read after answers is closed
	complain string      // file of its standard error
}

// errLate is a process that was ended because no answer came in time.
var errLate = errors.New("no answer in time")

// foreign are environment variables that would change what a peer is, left out for all alike.
var foreign = []string{"OPENBLAS_", "MKL_", "OMP_", "KMP_", "GOMP_", "XLA_", "JAX_", "TORCH_", "PYTORCH_", "PYTHON", "CUDA_", "MALLOC_", "GLIBC_TUNABLES=", "LD_PRELOAD=", "GOMAXPROCS=", "GOGC=", "GOMEMLIMIT="}

// largeArrays are settings of glibc's malloc: huge pages, and no return of freed arrays to the system below 256 MB. JAX
// and PyTorch take new memory for each result; with 4 KB pages, clearing it is most of the time of an explicit T. Other
// allocators ignore them; Go's, too, and ngdbench takes its memory once.
const largeArrays = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=67108864:glibc.malloc.trim_threshold=268435456"

// childEnvironment is the environment of every peer: no accelerator, no packages but its own.
func childEnvironment(memory float64) []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return slices.ContainsFunc(foreign, func(f string) bool { return strings.HasPrefix(v, f) })
	})
	return append(env, "JAX_PLATFORMS=cpu", "CUDA_VISIBLE_DEVICES=", "PYTHONNOUSERSITE=1", "PYTHONDONTWRITEBYTECODE=1", "GLIBC_TUNABLES="+largeArrays,
		fmt.Sprintf("PEERS_MEMORY_BYTES=%.0f", memory))
}

// start starts the process and waits for its first line.
func (p *peer) start(ctx context.Context, inputs, outputs string, threads int, memory float64, wait time.Duration) error {
	args := append(slices.Clone(p.command[1:]), inputs, outputs, strconv.Itoa(threads))
	proc := &process{cmd: exec.Command(p.command[0], args...), answers: make(chan answer), complain: filepath.Join(outputs, "stderr.txt")}
	stderr, err := os.Create(proc.complain)
	if err != nil {
		return err
	}
	defer stderr.Close()
	proc.cmd.Env, proc.cmd.Stderr = childEnvironment(memory), stderr
	out, err := proc.cmd.StdoutPipe()
	if err == nil {
		proc.in, err = proc.cmd.StdinPipe()
	}
	if err == nil {
		p.pinned, err = startPinned(proc.cmd, threads)
	}
	if err != nil {
		return err
	}
	go proc.read(out)
	p.proc = proc
	hello, err := p.next(ctx, wait)
	p.versions = hello.Versions
	return err
}

// read passes lines on until there are no more.
func (p *process) read(out io.Reader) {
	defer close(p.answers)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var a answer
		if p.failure = json.Unmarshal(lines.Bytes(), &a); p.failure != nil {
			return
		}
		p.answers <- a
	}
	p.failure = lines.Err()
}

// ask sends a request and waits for its answer. After an error the process is gone.
func (p *peer) ask(ctx context.Context, q request, wait time.Duration) (answer, error) {
	b, err := json.Marshal(q)
	if err != nil {
		return answer{}, err
	}
	if _, err := p.proc.in.Write(append(b, '\n')); err != nil {
		return answer{}, p.died()
	}
	a, err := p.next(ctx, wait)
	if err == nil && a.Unit != q.Unit {
		err = fmt.Errorf("asked for %s, answered %q", q.Unit, a.Unit)
		p.kill()
	}
	return a, err
}

func (p *peer) next(ctx context.Context, wait time.Duration) (answer, error) {
	clock := time.NewTimer(wait)
	defer clock.Stop()
	select {
	case a, ok := <-p.proc.answers:
		if !ok {
			return a, p.died()
		}
		return a, nil
	case <-ctx.Done():
		p.kill()
		return answer{}, ctx.Err()
	case <-clock.C:
		p.kill()
		return answer{}, fmt.Errorf("%w (%s)", errLate, wait.Round(time.Second))
	}
}

// died collects a process that stopped answering by itself, and says why as well as it can.
func (p *peer) died() error {
	proc := p.proc
	p.kill()
	state := fmt.Sprint(proc.cmd.ProcessState)
	if proc.failure != nil {
		state = proc.failure.Error()
	}
	if b, err := os.ReadFile(proc.complain); err == nil && len(b) > 0 {
		state += ": " + lastLine(string(b))
	}
	return errors.New("ended: " + state)
}

// kill ends the process at once.
func (p *peer) kill() {
	if p.proc == nil {
		return
	}
	p.proc.cmd.Process.Kill()
	p.stop()
}

// stop ends the process by the end of its input, and collects it. It must not be working on a request.
func (p *peer) stop() {
	if p.proc == nil {
		return
	}
	p.proc.in.Close()
	for range p.proc.answers { // what was still on its way
	}
	p.proc.cmd.Wait()
	p.proc = nil
}
