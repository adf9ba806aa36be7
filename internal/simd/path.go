package simd

import (
	"fmt"
	"os"
	"strings"
)

// Names of the kernel paths.
const (
	AVX2   = "avx2"   // Go assembly, amd64 with AVX2 and FMA
	Scalar = "scalar" // the twins in Go, everywhere
)

// Environment names the variable that forces a path. go test does not notice it in its cache of results: use -count=1.
const Environment = "NGDBENCH_KERNELS"

// vector says that the AVX2 kernels run. It changes only in Use, never while kernels run.
var vector bool

var environment error

func init() {
	vector = hasAVX2
	if name := os.Getenv(Environment); name != "" {
		if err := Use(name); err != nil {
			environment = fmt.Errorf("%s: %w", Environment, err)
		}
	}
}

// Path returns the name of the path that runs.
func Path() string {
	if vector {
		return AVX2
	}
	return Scalar
}

// Paths returns the names of the paths that this machine has, fastest first.
func Paths() []string {
	if hasAVX2 {
		return []string{AVX2, Scalar}
	}
	return []string{Scalar}
}

// Use makes the named path the one that runs. It is meant for the start of a process and for tests: it must not be
// called while kernels run. A name that this machine lacks is an error and changes nothing.
func Use(name string) error {
	for _, p := range Paths() {
		if p == name {
			vector = name == AVX2
			return nil
		}
	}
	return fmt.Errorf("kernel path %q is not one of %s on this machine", name, strings.Join(Paths(), ", "))
}

// EnvironmentError returns why the path that NGDBENCH_KERNELS names could not be taken, or nil. A process that computes
// results must end on it: the default path runs in the meantime.
func EnvironmentError() error { return environment }
