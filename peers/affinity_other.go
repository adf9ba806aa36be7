//go:build !linux

package main

import "os/exec"

// startPinned starts cmd; there is no portable way to choose its cores.
func startPinned(cmd *exec.Cmd, _ int) (pinned bool, err error) { return false, cmd.Start() }
