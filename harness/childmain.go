package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"ngdbench/internal/simd"
	"ngdbench/results"
)

// Descriptors that a child finds open.
const (
	eventsDescriptor   = 3
	lifelineDescriptor = 4
)

// childMain is the child process: it reads an order from stdin, trains, and reports on descriptor 3. What anything
// prints meanwhile goes to the log. Exit code 0 says that the report is whole.
func childMain(c Catalogue, stdin io.Reader, stderr io.Writer) int {
	if !isPipe(eventsDescriptor) || !isPipe(lifelineDescriptor) {
		fmt.Fprintln(stderr, "benchrun: child is started by benchrun alone, never by hand; the command cell runs one cell")
		return ExitUsage
	}
	syscall.CloseOnExec(eventsDescriptor) // what the cell starts must hold neither of them open
	syscall.CloseOnExec(lifelineDescriptor)
	events, life := os.NewFile(eventsDescriptor, "events"), os.NewFile(lifelineDescriptor, "lifeline")
	signal.Ignore(syscall.SIGINT) // a Ctrl-C is the parent's to pass on
	go dieWith(life)
	var o order
	if err := json.NewDecoder(stdin).Decode(&o); err != nil {
		fmt.Fprintln(stderr, "benchrun: child: no order:", err)
		return ExitFailed
	}
	if err := simd.EnvironmentError(); err != nil {
		fmt.Fprintln(stderr, "benchrun: child:", err)
		return ExitFailed
	}
	if o.Memory > 0 {
		debug.SetMemoryLimit(o.Memory / 10 * 9) // so that the collector tries before the system refuses
		if err := limitMemory(o.Memory); err != nil {
			fmt.Fprintln(stderr, "benchrun: child: memory limit:", err)
			return ExitFailed
		}
	}
	return trainAndReport(c, o.Spec, json.NewEncoder(events), stderr)
}

func trainAndReport(c Catalogue, s Spec, events *json.Encoder, stderr io.Writer) int {
	say := func(e event) {
		if err := events.Encode(e); err != nil {
			os.Exit(ExitFailed) // nobody listens
		}
	}
	rec, err := RunCell(c, s, func(r results.Row) { say(event{Row: &r}) })
	var refusal *Refusal
	if err != nil && !errors.As(err, &refusal) {
		fmt.Fprintln(stderr, "benchrun: child:", err)
		return ExitFailed
	}
	e := event{Record: &rec}
	if refusal != nil {
		e.Refused = refusal.Reason
	}
	say(e)
	return ExitDone
}

func isPipe(descriptor int) bool {
	var s syscall.Stat_t
	return syscall.Fstat(descriptor, &s) == nil && s.Mode&syscall.S_IFMT == syscall.S_IFIFO
}

// dieWith ends this process group when the other end of the lifeline is gone: the parent was killed.
func dieWith(life *os.File) {
	var b [1]byte
	if _, err := life.Read(b[:]); err != nil && !errors.Is(err, io.EOF) {
		return // no lifeline: the system's own means must do
	}
	_ = syscall.Kill(0, syscall.SIGKILL)
}
