//go:build race

package harness_test

// raceDetector: its runtime dies of want of memory with words of its own.
const raceDetector = true
