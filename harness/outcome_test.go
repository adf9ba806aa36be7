package harness

import "testing"

// TestOutOfMemory: the last words of the Go runtime, as its sources have them, and words that only look like them.
func TestOutOfMemory(t *testing.T) {
	for log, want := range map[string]bool{
		"runtime: out of memory: cannot allocate 8388608-byte block (3 in use)\nfatal error: out of memory\n": true,
		"fatal error: runtime: out of memory\n":                       true,
		"fatal error: out of memory (stackalloc)\n":                   true,
		"fatal error: out of memory allocating heap arena metadata\n": true,
		"fatal error: runtime: cannot allocate memory\n":              true,
		"panic: the solver says that it is out of memory\n":           false,
		"out of memory, says a library, and goes on\n":                false,
		"": false,
	} {
		if got := outOfMemory(ending{Log: log}); got != want {
			t.Errorf("%q: %v", log, got)
		}
	}
}
