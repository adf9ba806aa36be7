package harness

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"ngdbench/results"
)

// outcome is the record of a cell whose child has ended: the child's own, or one that says how it failed and keeps the
// rows that had come.
func outcome(c Catalogue, s Spec, limit time.Duration, e ending) results.Record {
	if e.Record != nil && e.State.Success() {
		rec := *e.Record
		rec.Key, rec.Code = s.Key, s.Code
		return rec
	}
	rec := failedRecord(c, s, e)
	switch {
	case e.Err != nil:
		rec.Status, rec.Cause = results.Crashed, "the process did not start: "+e.Err.Error()
	case e.TimedOut:
		rec.Status, rec.Cause = results.Timeout, fmt.Sprintf("not done after %s of wall time", limit)
	case outOfMemory(e):
		rec.Status, rec.Cause = results.OOM, "out of memory"
	default:
		rec.Status, rec.Cause = results.Crashed, crashCause(e)
	}
	return rec
}

// failedRecord is the record of a cell whose child did not get to its end, with what is known all the same.
func failedRecord(c Catalogue, s Spec, e ending) results.Record {
	rec := NewRecord(c, s)
	rec.Finished, rec.Log = rec.Started, logTail(e.Log)
	if !e.Started.IsZero() {
		rec.Started, rec.Finished = e.Started.UTC(), e.Finished.UTC()
	}
	if n := len(e.Rows); n > 0 {
		rec.Trace = e.Rows
		rec.Metrics["steps"] = results.Float(e.Rows[n-1].Step)
	}
	return rec
}

// outOfMemory recognises the runtime's last words, of which it has several (for the heap, its metadata, a stack), and
// the system's kill.
func outOfMemory(e ending) bool {
	for line := range strings.Lines(e.Log) {
		if strings.Contains(line, "cannot allocate memory") {
			return true
		}
		if (strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "runtime: ")) && strings.Contains(line, "out of memory") {
			return true
		}
	}
	return e.OOMKilled && e.signal() == syscall.SIGKILL
}

func (e ending) signal() syscall.Signal {
	if e.State == nil {
		return 0
	}
	if w, ok := e.State.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return w.Signal()
	}
	return 0
}

// crashCause says in one line how a process ended that was neither too slow nor too large.
func crashCause(e ending) string {
	for line := range strings.Lines(e.Log) {
		for _, start := range []string{"panic: ", "fatal error: ", "benchrun: "} {
			if strings.HasPrefix(line, start) {
				return strings.TrimSpace(line)
			}
		}
	}
	switch sig := e.signal(); {
	case sig != 0:
		return fmt.Sprintf("killed by signal %d (%s)", sig, sig)
	case e.State != nil && e.State.Success():
		return "ended with exit code 0 and no result"
	case e.State != nil:
		return fmt.Sprintf("ended with exit code %d and no result", e.State.ExitCode())
	}
	return "no result"
}

// logTail is what a record keeps of a log: from the last words of the runtime on where there are any, for the reason and
// the frames that matter follow them, else the end.
func logTail(log string) string {
	const most = 4096
	for _, words := range []string{"panic: ", "fatal error: "} {
		if i := strings.Index(log, words); i >= 0 {
			return log[i:min(len(log), i+most)]
		}
	}
	if len(log) <= most {
		return log
	}
	log = log[len(log)-most:]
	if i := strings.IndexByte(log, '\n'); i >= 0 {
		log = log[i+1:]
	}
	return log
}
