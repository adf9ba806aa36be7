package main

import (
	"cmp"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/klauspost/cpuid/v2"
	"github.com/shirou/gopsutil/v4/mem"

	"ngdbench/harness"
)

// manifestSchema is the version of manifest.
const manifestSchema = 1

// manifest is peers.json: what was measured, where, from which code, and every sample.
type manifest struct {
	Schema      int          `json:"schema"`
	Started     time.Time    `json:"started"`
	Finished    time.Time    `json:"finished"` // zero: it was still running
	CommandLine []string     `json:"command_line"`
	Threads     int          `json:"threads"`
	Rounds      int          `json:"rounds"`
	Pinned      bool         `json:"pinned"` // to cores
	MemoryLimit float64      `json:"memory_limit_bytes"`
	Tolerance   float64      `json:"tolerance"`
	Code        code         `json:"code"`
	Machine     machine      `json:"machine"`
	Peers       []peerRecord `json:"peers"`
	Warnings    []string     `json:"warnings,omitempty"`
	Tables      []*table     `json:"tables"`
}

type code struct {
	Identity string `json:"identity"` // of the code that decides results, as in the records
	Revision string `json:"revision"`
	Dirty    bool   `json:"dirty"`
	Go       string `json:"go"`
}

type machine struct {
	OS       string `json:"os"`
	Arch     string `json:"arch"`
	CPU      string `json:"cpu"`
	Features string `json:"cpu_features"`
	Usable   int    `json:"usable_threads"`
	Memory   uint64 `json:"memory_bytes"`
}

type peerRecord struct {
	Name     string            `json:"name"`
	Doc      string            `json:"doc"`
	Versions map[string]string `json:"versions,omitempty"`
	Packages []string          `json:"packages,omitempty"`
}

func newManifest(opt options, args []string) *manifest {
	m := &manifest{Schema: manifestSchema, Started: time.Now().UTC().Truncate(time.Second), CommandLine: args,
		Threads: opt.threads, Rounds: opt.rounds, Tolerance: tolerance}
	m.Code = code{Revision: "unknown", Go: runtime.Version()}
	m.Code.Identity, _ = harness.CodeIdentity() // empty: unknown
	if out, err := exec.Command("git", "rev-parse", "HEAD").Output(); err == nil {
		m.Code.Revision = strings.TrimSpace(string(out))
	}
	if out, err := exec.Command("git", "status", "--porcelain").Output(); err == nil {
		m.Code.Dirty = len(out) > 0
	}
	m.Machine = machine{OS: runtime.GOOS, Arch: runtime.GOARCH, Features: strings.Join(cpuid.CPU.FeatureSet(), " "), Usable: runtime.NumCPU(),
		CPU: cmp.Or(strings.Join(strings.Fields(cpuid.CPU.BrandName), " "), "unknown CPU")}
	if v, err := mem.VirtualMemory(); err == nil {
		m.Machine.Memory = v.Total
	}
	return m
}

// record takes over what the peers said of themselves.
func (m *manifest) record(peers []*peer) {
	m.Peers, m.Pinned = nil, true
	for _, p := range peers {
		m.Peers = append(m.Peers, peerRecord{p.name, p.doc, p.versions, p.packages})
		m.Pinned = m.Pinned && (p.pinned || p.broken != "")
	}
}

// provenance says in a paragraph what was measured where.
func (m *manifest) provenance() string {
	revision := m.Code.Revision[:min(12, len(m.Code.Revision))]
	if m.Code.Dirty {
		revision += " with uncommitted changes"
	}
	words := []string{m.Machine.CPU, fmt.Sprintf("%s/%s", m.Machine.OS, m.Machine.Arch), plural(m.Threads, "thread"),
		m.Started.Format("2006-01-02"), "revision " + revision, plural(m.Rounds, "round")}
	for _, p := range m.Peers {
		words = append(words, p.Name+": "+p.Doc+p.versionText())
	}
	return strings.Join(words, "; ") + "."
}

// versionText names what matters of the versions, in a fixed order.
func (p peerRecord) versionText() string {
	var list []string
	for _, name := range []string{"go", "kernels", "jax", "torch", "python"} {
		if v, ok := p.Versions[name]; ok {
			list = append(list, name+" "+v)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}
