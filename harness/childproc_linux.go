package harness

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// childAttributes puts a child into its own process group and lets it die with the thread that starts it.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// pin moves the calling thread, and so the child that it starts next, onto the named processors. It returns the way back.
func pin(cpus []int) (restore func()) {
	var before, set unix.CPUSet
	if cpus == nil || unix.SchedGetaffinity(0, &before) != nil {
		return func() {}
	}
	for _, c := range cpus {
		set.Set(c)
	}
	if unix.SchedSetaffinity(0, &set) != nil {
		return func() {}
	}
	return func() { _ = unix.SchedSetaffinity(0, &before) }
}

// processors lists the processors that this process may use, one slice for each core: the threads of a core share it.
func processors() [][]int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return nil
	}
	var cores [][]int
	index := map[string]int{}
	for c := range 1024 {
		if !set.IsSet(c) {
			continue
		}
		b, err := os.ReadFile(filepath.Join("/sys/devices/system/cpu", "cpu"+strconv.Itoa(c), "topology/thread_siblings_list"))
		name := strings.TrimSpace(string(b))
		if err != nil || name == "" {
			name = strconv.Itoa(c)
		}
		i, ok := index[name]
		if !ok {
			i = len(cores)
			index[name], cores = i, append(cores, nil)
		}
		cores[i] = append(cores[i], c)
	}
	return slices.Clip(cores)
}

// limitMemory makes allocations beyond n bytes fail in this process. RLIMIT_AS would not do: Go reserves address space
// that it never uses.
func limitMemory(n int64) error {
	return unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: uint64(n), Max: uint64(n)})
}

// oomKills counts the processes that the system killed for want of memory in our control group; 0 where it does not say.
func oomKills() int {
	for _, file := range []string{"/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"} {
		b, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(b)) {
			if f := strings.Fields(line); len(f) == 2 && f[0] == "oom_kill" {
				n, _ := strconv.Atoi(f[1])
				return n
			}
		}
	}
	return 0
}
