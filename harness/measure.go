package harness

import (
	"bufio"
	"bytes"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"ngdbench/cost"
	"ngdbench/results"
)

// cpuTime is the processor time of this process so far, all threads, in user and system mode.
func cpuTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMemory is the peak resident memory of this process in bytes, and what was measured: VmHWM of the process's own
// status file where there is one. Elsewhere it is ru_maxrss, which on some systems begins at the size of the parent.
func peakMemory() (bytes int64, measure string) {
	if b, err := os.ReadFile("/proc/self/status"); err == nil {
		if kb, ok := statusField(b, "VmHWM"); ok {
			return kb * 1024, "VmHWM"
		}
	}
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0, "none"
	}
	unit := int64(1024)
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		unit = 1 // there, and only there, it is in bytes
	}
	return int64(u.Maxrss) * unit, "ru_maxrss"
}

// statusField reads a field in kB of a status file of /proc.
func statusField(status []byte, name string) (kb int64, ok bool) {
	lines := bufio.NewScanner(bytes.NewReader(status))
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ":")
		if number, unit, _ := strings.Cut(strings.TrimSpace(value), " "); key == name && unit == "kB" {
			kb, err := strconv.ParseInt(number, 10, 64)
			return kb, err == nil
		}
	}
	return 0, false
}

// environmentOf is what a timing of s in this process depends on.
func environmentOf(s Spec) results.Environment {
	_, measure := peakMemory()
	return results.Environment{
		GOMAXPROCS: s.GOMAXPROCS, Kernels: s.Kernels, Timing: s.Timing, CPU: cpuName(), MemoryMeasure: measure, Calibration: cost.Current().Digest(),
		GoVersion: runtime.Version(), GOAMD64: GOAMD64(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH,
	}
}
