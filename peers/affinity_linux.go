package main

import (
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// startPinned starts cmd on the first n of the cores that this process may use: a child inherits the cores of the
// thread that starts it. It says whether the cores could be set.
func startPinned(cmd *exec.Cmd, n int) (pinned bool, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var all, some unix.CPUSet
	if unix.SchedGetaffinity(0, &all) == nil {
		for i, left := 0, n; left > 0 && i < 64*len(all); i++ {
			if all.IsSet(i) {
				some.Set(i)
				left--
			}
		}
		if unix.SchedSetaffinity(0, &some) == nil {
			pinned = true
			defer unix.SchedSetaffinity(0, &all)
		}
	}
	return pinned, cmd.Start()
}
