package main

import (
	"fmt"
	"strings"
	"time"

	"ngdbench/harness"
)

// manifestSchema is the version of manifest.
const manifestSchema = 1

// manifest is peers.json: what was measured, where, from which code, and every sample.
type manifest struct {
	Schema      int        `json:"schema"`
	Started     time.Time  `json:"started"`
	Finished    *time.Time `json:"finished"` // null: it still runs, or was interrupted
	CommandLine []string   `json:"command_line"`
	Threads     int        `json:"threads"`
	Rounds      int        `json:"rounds"`
	Pinned      bool       `json:"pinned"` // to cores
	MemoryLimit float64    `json:"memory_limit_bytes"`
	Tolerance   float64    `json:"tolerance"`
	Memory      string     `json:"memory_settings"` // of the peers' allocator

	Code     harness.CodeFacts    `json:"code"`
	Machine  harness.MachineFacts `json:"machine"`
	Peers    []peerRecord         `json:"peers"`
	Warnings []string             `json:"warnings,omitempty"`
	Tables   []*table             `json:"tables"`
}

type peerRecord struct {
	Name     string            `json:"name"`
	Doc      string            `json:"doc"`
	Versions map[string]string `json:"versions,omitempty"`
	Packages []string          `json:"packages,omitempty"`
}

func newManifest(opt options, args []string) *manifest {
	identity, _ := harness.CodeIdentity() // empty: unknown
	return &manifest{Schema: manifestSchema, Started: time.Now().UTC().Truncate(time.Second), CommandLine: args,
		Threads: opt.threads, Rounds: opt.rounds, Tolerance: tolerance, Memory: largeArrays,
		Code: harness.ReadCodeFacts(identity), Machine: harness.ReadMachineFacts()}
}

// record takes over what the peers said of themselves.
func (m *manifest) record(peers []*peer, interrupted bool) {
	m.Peers, m.Pinned, m.Warnings = nil, true, nil
	for _, p := range peers {
		m.Peers = append(m.Peers, peerRecord{p.name, p.doc, p.versions, p.packages})
		m.Pinned = m.Pinned && (p.pinned || p.broken != "")
	}
	if !m.Pinned {
		m.Warnings = append(m.Warnings, "The processes could not be tied to cores.")
	}
	if interrupted {
		m.Warnings = append(m.Warnings, "The run was interrupted.")
	}
}

// provenance says in a paragraph what was measured where.
func (m *manifest) provenance() string {
	revision := m.Code.Revision[:min(12, len(m.Code.Revision))]
	if m.Code.Dirty != nil && *m.Code.Dirty {
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
