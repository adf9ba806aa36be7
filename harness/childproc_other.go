//go:build !linux

package harness

import (
	"errors"
	"syscall"
)

// childAttributes puts a child into its own process group. It ends with its parent by the lifeline alone.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// pin does nothing: this system does not say where a thread runs.
func pin([]int) (restore func()) { return func() {} }

// processors is nil: this system cannot pin.
func processors() [][]int { return nil }

func limitMemory(int64) error { return errors.New("this system has no limit of data memory") }

func oomKills() int { return 0 }
