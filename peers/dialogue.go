package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"ngdbench/internal/simd"
)

// serveWord is the first argument of this program as a peer: peers serve INPUTS OUTPUTS THREADS.
const serveWord = "serve"

// request asks for samples of a unit: until they took so many seconds, or are so many.
type request struct {
	Unit    string  `json:"unit"`
	Seconds float64 `json:"seconds"`
	Most    int     `json:"most"`
}

// answer is a line of a peer: first what it is, then one for each request.
type answer struct {
	Versions map[string]string `json:"versions,omitempty"`
	Unit     string            `json:"unit,omitempty"`
	Samples  []float64         `json:"samples,omitempty"` // seconds
	First    float64           `json:"first,omitempty"`   // seconds of the first call of the unit, which is no sample; 0 later
	Error    string            `json:"error,omitempty"`
}

// serveOurs is the child process that measures ngdbench. Its threads are those of the cores it was started on.
func serveOurs(inputs, outputs string) int {
	s, in, err := readInputs(inputs)
	if err == nil {
		err = simd.EnvironmentError()
	}
	if err == nil {
		err = serve(newOurs(s, in), outputs, os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		return exitFailed
	}
	return exitDone
}

// serve answers requests until an empty line or the end of the input.
func serve(o *ours, outputs string, r io.Reader, w io.Writer) error {
	say := json.NewEncoder(w)
	versions := map[string]string{"go": runtime.Version(), "kernels": simd.Path(), "gomaxprocs": fmt.Sprint(runtime.GOMAXPROCS(0))}
	if err := say.Encode(answer{Versions: versions}); err != nil {
		return err
	}
	current, call := "", func() {}
	for lines := bufio.NewScanner(r); lines.Scan() && len(lines.Bytes()) > 0; {
		var ask request
		if err := json.Unmarshal(lines.Bytes(), &ask); err != nil {
			return err
		}
		a := answer{Unit: ask.Unit}
		if ask.Unit != current {
			call = nil // its memory goes before the next unit's comes
			debug.FreeOSMemory()
			start := time.Now()
			var result func() map[string][]float64
			call, result = o.calls(ask.Unit)
			call()
			a.First = time.Since(start).Seconds()
			if err := writeResult(outputs, ask.Unit, result()); err != nil {
				return err
			}
			current = ask.Unit
		}
		a.Samples = ask.sample(call)
		if err := say.Encode(a); err != nil {
			return err
		}
	}
	return nil
}

func (q request) sample(call func()) (samples []float64) {
	for total := 0.0; len(samples) == 0 || total < q.Seconds && len(samples) < q.Most; {
		start := time.Now()
		call()
		sec := time.Since(start).Seconds()
		samples, total = append(samples, sec), total+sec
	}
	return samples
}
