package harness

import (
	"errors"
	"fmt"
	"strings"
)

// Exit codes of benchrun.
const (
	ExitDone        = 0
	ExitFailed      = 1 // some cells failed (timeout, oom, crashed), or an internal error
	ExitUsage       = 2 // usage or bad input
	ExitDiffers     = 3 // verify found a digest that differs
	ExitNothing     = 4 // verify found nothing to compare
	ExitInterrupted = 130
)

// exitError carries the exit code of an error, and whether lines after its first show the place in a file.
type exitError struct {
	code    int
	err     error
	excerpt bool
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// usagef is an error in what the user wrote: exit 2.
func usagef(format string, args ...any) error {
	return &exitError{code: ExitUsage, err: fmt.Errorf(format, args...)}
}

// usage marks err as an error in what the user wrote, where it says nothing else.
func usage(err error) error {
	var e *exitError
	if err == nil || errors.As(err, &e) {
		return err
	}
	return &exitError{code: ExitUsage, err: err}
}

// exit ends with a code and a message.
func exit(code int, format string, args ...any) error {
	return &exitError{code: code, err: fmt.Errorf(format, args...)}
}

// exitCode returns the code of err: what it carries, else 1.
func exitCode(err error) int {
	var e *exitError
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &e):
		return e.code
	}
	return ExitFailed
}

// message is what a person sees of err: one line, and below it the place in a file where there is one.
func message(err error) string {
	var e *exitError
	if errors.As(err, &e) && e.excerpt {
		return strings.TrimRight(err.Error(), "\n")
	}
	return oneLine(err)
}

// oneLine makes err fit one line: scripts and people look at the last line of standard error.
func oneLine(err error) string {
	text := strings.ReplaceAll(err.Error(), "\t", " ")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}
