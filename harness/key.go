package harness

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"ngdbench/results"
)

// Key is the hash of everything resolved: 20 hexadecimal digits of the SHA-256 of KeyText.
func Key(s Spec) string {
	h := sha256.Sum256([]byte(KeyText(s)))
	return hex.EncodeToString(h[:10])
}

// KeyText is what Key hashes, one fact a line: schema, cell, limits, settings, GOMAXPROCS, kernel path, Go version,
// architecture. Where two keys differ, the lines that differ say why.
func KeyText(s Spec) string {
	var b strings.Builder
	line := func(k, v string) { b.WriteString(k + "=" + v + "\n") }
	line("schema", strconv.Itoa(results.Schema))
	for _, a := range results.Axes {
		line(a.Name, s.Cell[a.Name])
	}
	line("steps", strconv.Itoa(s.Limits.Steps))
	line("seconds", decimal(s.Limits.Seconds))
	line("target", decimal(s.Limits.Target))
	for _, k := range sortedKeys(s.Settings) {
		line("setting "+k, s.Settings[k])
	}
	line("gomaxprocs", strconv.Itoa(s.GOMAXPROCS))
	line("kernels", s.Kernels)
	line("go", runtime.Version())
	line("goarch", runtime.GOARCH)
	line("goamd64", GOAMD64())
	return b.String()
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// GOAMD64 is the level of the amd64 architecture that the program was compiled for, "" elsewhere. From v3 on the
// compiler fuses multiplications with additions, which changes bits. Where the binary does not say, it is the default.
var GOAMD64 = sync.OnceValue(func() string {
	if runtime.GOARCH != "amd64" {
		return ""
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		return cmp.Or(buildSetting(info, "GOAMD64"), "v1")
	}
	return "v1"
})
